"""Proofs and entries."""

import json

import pytest

import congvu_verify
from congvu.ledger import actions, queries, sequencer
from congvu.ledger.models import Disclosure
from tests.ledger.conftest import mend


def test_a_bundle_convinces_a_stranger(ledger):
    made = mend(ledger, 300, actor="an", lamp="bridge")
    sequencer.settle()
    for entry in (made[0], made[150], made[-1]):
        verdict = congvu_verify.verify(queries.prove(entry, agency=ledger.agency))
        assert verdict.ok
        assert verdict.facts.disclosed == {"actor": "an", "lamp": "bridge"}


def test_a_bundle_shows_only_what_is_disclosed(ledger):
    (entry,) = mend(ledger, actor="an", lamp="bridge")
    sequencer.settle()
    data = queries.prove(entry, agency=ledger.agency, disclose=["lamp"])
    assert congvu_verify.verify(data).facts.disclosed == {"lamp": "bridge"}
    assert len(json.loads(data)["disclosures"]) == 1


def test_an_entry_without_checkpoint_is_pending(ledger):
    (entry,) = mend(ledger)
    with pytest.raises(queries.PendingError):
        queries.prove(entry, agency=ledger.agency)
    with pytest.raises(queries.PendingError):
        queries.entry(entry, agency=ledger.agency)


def test_an_unknown_entry_is_missing(ledger):
    with pytest.raises(queries.EntryMissingError):
        queries.prove("nothing", agency=ledger.agency)


def test_a_damaged_disclosure_reads_as_a_destroyed_one(ledger):
    (entry,) = mend(ledger)
    sequencer.settle()
    Disclosure.objects.update(sealed=b"broken")
    read = queries.entry(entry, agency=ledger.agency)
    assert (read.destroyed, read.disclosures) == (True, {})


def test_the_same_instant_comes_back(ledger):
    (entry,) = mend(ledger)
    sequencer.settle()
    read = queries.entry(entry, agency=ledger.agency)
    assert actions.instant(read.at) == read.at.isoformat().replace("+00:00", "Z")
