"""One fenced sequencer: order, durability, the year's turn."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest

from congvu.base import clock
from congvu.ledger import queries, sequencer
from congvu.ledger.fence import SequencerRunningError
from congvu.ledger.models import Entry, Ledger, Log, Outbox
from congvu.ledger.sequencer import Sequencer
from congvu.ledger.store import Folder
from congvu.standards import checkpoints, merkle, notes, tiles
from tests.ledger.conftest import LampMended, found, mend


def head(ledger: Ledger) -> tuple[Log, Folder, checkpoints.Checkpoint]:
    log = Log.objects.filter(agency=ledger.agency).order_by("-name").first()
    folder = Folder.of(ledger.slug, log.year)
    return log, folder, checkpoints.parse(notes.parse(folder.checkpoint()).text)


def test_entries_stand_in_the_order_of_their_commits(ledger):
    made = [*mend(ledger, 3), *mend(ledger, 2)]
    assert sequencer.settle() == 6
    rows = Entry.objects.filter(agency=ledger.agency).order_by("index").values_list("index", "entry")
    assert list(rows)[1:] == list(enumerate(made, 1))
    assert Outbox.objects.count() == 0


def test_the_first_leaf_says_that_the_log_was_opened(ledger):
    mend(ledger)
    sequencer.settle()
    assert queries.entries_from(ledger.agency, 0, 0, 1)[0].kind == "ledger.log.opened"


def test_the_tree_on_disk_is_the_tree_of_the_leaves(ledger):
    for count in (1, 254, 3, 300, 1):
        mend(ledger, count)
        sequencer.settle()
    _, folder, checkpoint = head(ledger)
    leaves = [tiles.entry(at, 560, folder.read) for at in range(560)]
    ids = Entry.objects.filter(agency=ledger.agency).order_by("index").values_list("entry", flat=True)
    assert [json.loads(leaf)["id"] for leaf in leaves] == list(ids)
    assert checkpoint.size == 560
    assert checkpoint.root == merkle.root([merkle.leaf_hash(leaf) for leaf in leaves])


def test_a_partial_tile_goes_once_its_full_tile_is_durable(ledger):
    mend(ledger, 100)
    sequencer.settle()
    _, folder, _ = head(ledger)
    assert folder.path("tile/0/000.p/101").exists()
    mend(ledger, 200)
    sequencer.settle()
    assert not folder.path("tile/0/000.p").exists()
    assert folder.path("tile/0/000").exists()


def test_every_checkpoint_extends_the_one_before(ledger):
    heads = []
    for count in (1, 5, 250, 7):
        mend(ledger, count)
        sequencer.settle()
        heads.append(head(ledger)[2])
    folder = head(ledger)[1]
    for old, new in itertools.pairwise(heads):
        proof = tiles.consistency_proof(old.size, new.size, folder.read)
        assert merkle.verify_consistency(
            old=old.size, new=new.size, old_root=old.root, new_root=new.root, proof=proof
        )


def test_a_second_sequencer_is_kept_out(ledger):
    with Sequencer(), pytest.raises(SequencerRunningError), Sequencer():
        pass


def test_a_sequencer_that_cannot_begin_keeps_nobody_out(ledger, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("congvu.ledger.ordering.mend", _fall)
        with pytest.raises(PowerCutError), Sequencer():
            pass
    with Sequencer() as fenced:
        assert fenced.step(clock.now()) == 0


@pytest.mark.parametrize("point", ["_swap", "_sign"])
def test_a_fall_in_the_middle_of_a_batch_neither_loses_nor_forks(ledger, monkeypatch, point):
    mend(ledger, 10)
    sequencer.settle()
    before = head(ledger)[2]
    made = mend(ledger, 300)
    fall_at(point, monkeypatch)
    assert head(ledger)[2] == before
    more = mend(ledger, 5)
    sequencer.settle()
    log, folder, after = head(ledger)
    rows = Entry.objects.filter(agency=ledger.agency, index__gte=11).order_by("index")
    assert [row.entry for row in rows] == [*made, *more]
    proof = tiles.consistency_proof(before.size, after.size, folder.read)
    assert merkle.verify_consistency(
        old=before.size, new=after.size, old_root=before.root, new_root=after.root, proof=proof
    )
    assert (log.size, log.signed_size) == (316, 316)


def test_a_batch_that_could_not_be_signed_is_signed_though_nothing_more_comes(ledger, monkeypatch):
    mend(ledger, 3)
    monkeypatch.setattr(sequencer, "RETRY", 0)
    with Sequencer() as fenced:
        with monkeypatch.context() as patch:
            patch.setattr(Sequencer, "_sign", _fall)
            for _ in range(2):
                with pytest.raises(PowerCutError):
                    fenced.step(clock.now())
        assert queries.entries_from(ledger.agency, 0, 0, 10) == []
        assert (fenced.step(clock.now()), fenced.step(clock.now())) == (4, 0)
    assert head(ledger)[2].size == len(queries.entries_from(ledger.agency, 0, 0, 10)) == 4


def test_what_a_killed_sequencer_left_unsigned_is_signed_by_the_next(ledger, monkeypatch):
    mend(ledger, 3)
    fall_at("_sign", monkeypatch)
    assert (sequencer.settle(), sequencer.settle()) == (4, 0)
    assert head(ledger)[2].size == 4


def test_readers_see_nothing_that_is_not_signed(ledger, monkeypatch):
    mend(ledger)
    fall_at("_sign", monkeypatch)
    assert queries.entries_from(ledger.agency, 0, 0, 10) == []


def test_a_new_year_continues_the_last_checkpoint_of_the_old(transactional_db):
    ledger = found(demonstration=True)
    eve = datetime(2025, 12, 31, 16, 59, tzinfo=UTC)  # 23:59 in Vietnam
    with clock.demonstration(eve):
        mend(ledger, 3)
        sequencer.settle()
    with clock.demonstration(eve + timedelta(minutes=2)):
        mend(ledger, 2)
        sequencer.settle()
    old, new = Log.objects.filter(agency=ledger.agency).order_by("name")
    first = queries.entries_from(ledger.agency, 2026, 0, 1)[0]
    assert (old.year, new.year, old.size, new.size) == (2025, 2026, 4, 3)
    assert first.kind == "ledger.log.continued"
    assert first.attributes == {"origin": old.origin, "root": old.root, "size": 4}
    assert [one.year for one in queries.entries_from(ledger.agency, 0, 0, 10)] == [2025] * 4 + [2026] * 3


def test_a_clock_that_jumps_back_reopens_no_old_year(transactional_db):
    ledger = found(demonstration=True)
    with clock.demonstration(datetime(2026, 1, 1, 3, tzinfo=UTC)):
        mend(ledger)
        sequencer.settle()
    with clock.demonstration(datetime(2025, 6, 1, tzinfo=UTC)):
        mend(ledger)
        sequencer.settle()
    assert [log.year for log in Log.objects.filter(agency=ledger.agency)] == [2026]


def test_a_clock_that_jumped_back_is_told_in_evidence(ledger):
    mend(ledger)
    sequencer.settle()
    newest = queries.newest_at(ledger.agency)
    assert not sequencer.watch_clock(ledger.agency, newest - timedelta(seconds=1), newest)
    assert sequencer.watch_clock(ledger.agency, newest - timedelta(hours=2), newest)
    sequencer.settle()
    told = queries.entries_from(ledger.agency, 0, 0, 10)[-1]
    assert (told.kind, told.attributes) == ("ledger.clock.stepped_back", {"seconds": 7200})


def test_a_demonstration_says_so_in_its_origin(transactional_db):
    fiction, real = found(demonstration=True), found()
    assert sequencer.origin(fiction, 2026) == f"demonstration.congvu.example/log/{fiction.slug}/2026"
    assert sequencer.origin(real, 2026) == f"congvu.example/log/{real.slug}/2026"


def test_agencies_do_not_share_a_log(ledger):
    other = found()
    ours, theirs = mend(ledger, 2), mend(other, 3)
    sequencer.settle()
    ids = {one.agency: [] for one in (ledger, other)}
    for agency in ids:
        ids[agency] = [one.id for one in queries.entries_from(agency, 0, 0, 9)][1:]
    assert ids == {ledger.agency: ours, other.agency: theirs}
    assert LampMended.kind == queries.entry(ours[0], agency=ledger.agency).kind
    with pytest.raises(queries.EntryMissingError):
        queries.entry(ours[0], agency=other.agency)


class PowerCutError(Exception):
    pass


def _fall(*_: object) -> None:
    raise PowerCutError


def fall_at(point: str, monkeypatch) -> None:
    """Let a sequencer fall in its first step where it comes to a point."""
    with monkeypatch.context() as patch, Sequencer() as fallen:
        patch.setattr(Sequencer, point, _fall)
        with pytest.raises(PowerCutError):
            fallen.step(clock.now())


def test_a_fall_between_the_years_leaves_the_new_log_bound_to_the_old(transactional_db, monkeypatch):
    ledger = found(demonstration=True)
    eve = datetime(2025, 12, 31, 16, 59, tzinfo=UTC)
    with clock.demonstration(eve):
        mend(ledger, 3)
        sequencer.settle()
        mend(ledger, 2)
        fall_at("_sign", monkeypatch)  # the old year's last entries are in, and not signed
    with clock.demonstration(eve + timedelta(minutes=2)):
        mend(ledger)
        with monkeypatch.context() as patch, Sequencer() as fallen:
            patch.setattr(sequencer, "_record_first", _fall)  # the new log is made, and has no first leaf
            with pytest.raises(PowerCutError):
                fallen.step(clock.now())
        sequencer.settle()
    old, new = Log.objects.filter(agency=ledger.agency).order_by("name")
    first = queries.entries_from(ledger.agency, 2026, 0, 1)[0]
    assert (old.size, old.signed_size, new.size) == (6, 6, 2)
    assert (first.kind, first.attributes) == (
        "ledger.log.continued",
        {"origin": old.origin, "root": old.root, "size": 6},
    )


def test_what_fails_for_one_agency_holds_up_no_other(ledger, monkeypatch):
    other, tried = found(), []
    monkeypatch.setattr(sequencer, "BATCH", 2)
    monkeypatch.setattr(sequencer, "RETRY", 1_000)
    mend(ledger, 3)  # more than one batch holds
    mend(other)
    append = Sequencer._append

    def append_to_others(self, opened, batch):
        if opened.log.agency == ledger.agency:
            tried.append(batch)
            raise PowerCutError
        append(self, opened, batch)

    with monkeypatch.context() as patch, Sequencer() as fenced:
        patch.setattr(Sequencer, "_append", append_to_others)
        with pytest.raises(PowerCutError):
            fenced.step(clock.now())
        assert fenced.step(clock.now()) == 2  # the log's first entry is one
        with pytest.raises(PowerCutError):
            fenced.step(clock.now())
    assert len(queries.entries_from(other.agency, 0, 0, 9)) == 2
    assert len(tried) == 1
    sequencer.settle()
    assert len(queries.entries_from(ledger.agency, 0, 0, 9)) == 4


def test_the_failure_of_an_agency_that_is_sealed_is_told_no_more(ledger, monkeypatch):
    mend(ledger)
    with monkeypatch.context() as patch, Sequencer() as fenced:
        patch.setattr(Sequencer, "_append", _fall)
        with pytest.raises(PowerCutError):
            fenced.step(clock.now())
        Ledger.objects.update(sealed="forked")
        assert fenced.step(clock.now()) == 0
