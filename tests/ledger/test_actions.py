"""Recording evidence."""

import json

import pytest

from congvu.base import clock, keys
from congvu.base.database import atomic
from congvu.ledger import actions, queries, sequencer
from congvu.ledger.disposal.removing import remove
from congvu.ledger.models import Disclosure, Ledger, Outbox
from tests.ledger.conftest import LampMended, found, mend


def test_evidence_outside_a_transaction_is_refused(ledger):
    with pytest.raises(actions.NoTransactionError):
        actions.record(LampMended(), agency=ledger.agency, at=clock.now(), disclosures={})
    assert Outbox.objects.count() == 0


def test_an_act_that_fails_leaves_no_evidence(ledger):
    def act() -> None:
        with atomic():
            actions.record(LampMended(), agency=ledger.agency, at=clock.now(), disclosures={"actor": "an"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert (Outbox.objects.count(), Disclosure.objects.count()) == (0, 0)


def test_a_leaf_holds_nothing_that_identifies(ledger):
    mend(ledger, actor="Nguyễn Thị An", lamp="số 7 đường Lê Lợi")
    leaf = bytes(Outbox.objects.get().leaf)
    read = json.loads(leaf)
    assert sorted(read) == ["agency", "at", "attributes", "digests", "id", "kind", "version"]
    assert read["attributes"] == {"height": 0}
    assert len(read["digests"]) == 2
    assert all(word.encode() not in leaf for word in ("Nguy", 'An"', "Lê Lợi", "actor", 'lamp"'))


def test_the_same_person_leaves_another_digest_each_time(ledger):
    mend(ledger, 2, actor="an")
    one, two = (json.loads(bytes(row.leaf))["digests"] for row in Outbox.objects.all())
    assert one != two


def test_a_sealed_ledger_takes_nothing(ledger):
    Ledger.objects.update(sealed="forked")
    with pytest.raises(actions.ReadOnlyError, match="forked"):
        mend(ledger)


def test_an_agency_without_ledger_is_refused(transactional_db):
    with pytest.raises(actions.NoLedgerError), atomic():
        actions.record(LampMended(), agency="nobody", at=clock.now(), disclosures={})


def test_a_demonstration_clock_meets_only_demonstration_logs(ledger):
    fiction = found(demonstration=True)
    with clock.demonstration(clock.now()):
        with pytest.raises(actions.DemonstrationClockError):
            mend(ledger)
        assert len(mend(fiction)) == 1


def test_an_entry_that_no_bundle_can_hold_is_refused(ledger):
    many = {f"name-{at}": "x" for at in range(2_000)}
    with pytest.raises(actions.EntryTooLargeError):
        mend(ledger, **many)


def test_destroying_a_record_leaves_a_tombstone(ledger):
    (entry,) = mend(ledger)
    sequencer.settle()
    remove([entry], agency=ledger.agency)
    stone = queries.entry(entry, agency=ledger.agency)
    assert (stone.destroyed, stone.disclosures, stone.attributes) == (True, {}, {"height": 0})
    assert keys.get_many([entry]) == {}
