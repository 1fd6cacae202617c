"""What only PostgreSQL makes possible: commits in any order, sessions that are cut off, dumps of other servers.

Run by test_postgresql.py inside a real server.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from congvu.base import clock
from congvu.base.database import SharedTransactionError, UnknownOutcomeError, atomic, lazily
from congvu.ledger import actions, log_keys, queries, readers, sequencer
from congvu.ledger.closing import actions as closing
from congvu.ledger.closing.actions import Decision
from congvu.ledger.closing.heads import Last
from congvu.ledger.fence import LOCK, SequencerRunningError, TakenOverError
from congvu.ledger.models import Entry, Fence, Log, Outbox
from congvu.ledger.sequencer import Sequencer
from congvu.ledger.store import Folder
from congvu.standards import checkpoints
from tests.ledger.conftest import LampMended, mend
from tests.ledger.test_readers import Counting


@contextmanager
def slow_writer(ledger, height: int) -> Iterator[list[str]]:
    """Record in another session, and commit at the end of the block."""
    recorded, may_commit, made = threading.Event(), threading.Event(), []

    def write() -> None:
        try:
            with atomic(shared=True):
                made.append(record(ledger, height))
                recorded.set()
                may_commit.wait(30)
        finally:
            recorded.set()
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    recorded.wait(30)
    try:
        yield made
    finally:
        may_commit.set()
        thread.join()


def record(ledger, height: int) -> str:
    return actions.record(
        LampMended(height=height), agency=ledger.agency, at=clock.now(), disclosures={"actor": "an"}
    )


def quick(ledger, height: int) -> str:
    with atomic(shared=True):
        return record(ledger, height)


def order(ledger) -> list[str]:
    rows = Entry.objects.filter(agency=ledger.agency, index__gt=0).order_by("index")
    return list(rows.values_list("entry", flat=True))


def cut_off_the_holder() -> None:
    """End the session that holds the fence, as the server does when it hears no more of a machine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s",
            [LOCK[1]],
        )


def test_a_late_commit_is_waited_for_and_keeps_its_place(ledger):
    with slow_writer(ledger, 1) as slow:
        later = [quick(ledger, 2), quick(ledger, 3)]
        assert sequencer.settle() == 0
        assert order(ledger) == []
    assert sequencer.settle() == 4
    assert order(ledger) == [*slow, *later]


def test_what_committed_before_a_long_transaction_began_does_not_wait(ledger):
    early = quick(ledger, 1)
    with slow_writer(ledger, 2) as slow:
        sequencer.settle()
        assert order(ledger) == [early]
    sequencer.settle()
    assert order(ledger) == [early, *slow]


def test_the_first_leaf_stands_before_a_transaction_that_began_earlier(ledger):
    early = quick(ledger, 1)
    with slow_writer(ledger, 2) as slow:
        sequencer.settle()
    sequencer.settle()
    first = Entry.objects.get(agency=ledger.agency, index=0).entry
    assert order(ledger) == [early, *slow]
    assert first not in {early, *slow}


def test_an_act_alone_waits_for_those_that_share(ledger):
    done = []
    with slow_writer(ledger, 1):
        thread = threading.Thread(target=lambda: (mend(ledger), done.append("alone"), connection.close()))
        thread.start()
        thread.join(0.3)
        assert done == []
    thread.join(30)
    assert done == ["alone"]


def test_a_reader_reads_on_while_a_writer_is_not_done(ledger):
    quick(ledger, 1)
    sequencer.settle()
    read = []
    with slow_writer(ledger, 2):
        thread = threading.Thread(
            target=lambda: (
                read.append(readers.advance(Counting(), agency=ledger.agency)),
                connection.close(),
            )
        )
        thread.start()
        thread.join(10)
        assert read == [2]
    thread.join(30)


def test_the_same_reader_at_once_in_two_sessions_reads_each_entry_once(ledger):
    quick(ledger, 1)
    sequencer.settle()
    readers.advance(Counting(), agency=ledger.agency)
    quick(ledger, 2)
    sequencer.settle()
    heights, raised = [], []

    class Slow(Counting):
        def apply(self, entries):
            super().apply(entries)
            time.sleep(0.5)  # meanwhile the other one finds the same place

    def read() -> None:
        one = Slow()
        try:
            readers.advance(one, agency=ledger.agency)
            heights.extend(one.heights)
        except readers.OvertakenError as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (heights, len(raised)) == ([2], 1)


def test_an_act_that_must_be_alone_is_refused_inside_a_shared_one(ledger):
    with pytest.raises(SharedTransactionError), atomic(shared=True), atomic():
        pass
    with atomic(), atomic(shared=True):
        pass


def test_who_was_cut_off_while_nobody_else_came_goes_on(ledger):
    with Sequencer() as fenced:
        mend(ledger)
        assert fenced.step(clock.now()) == 2
        cut_off_the_holder()
        mend(ledger)
        assert fenced.step(clock.now()) == 1


def test_who_was_taken_over_writes_and_signs_nothing_more(ledger):
    with Sequencer() as old:
        mend(ledger)
        old.step(clock.now())
        _lose_folder_lock()
        cut_off_the_holder()
        with Sequencer() as new:
            mend(ledger, 2)
            before = _files()
            with pytest.raises(TakenOverError):
                old.step(clock.now())
            assert _files() == before
            assert new.step(clock.now()) == 2


def test_a_session_keeps_a_second_machine_out(ledger):
    with Sequencer():
        _lose_folder_lock()
        with pytest.raises(SequencerRunningError), Sequencer():
            pass


def test_the_number_counts_on_beside_an_older_database(ledger):
    with Sequencer() as one:
        number = one._fence.number
    Fence.objects.update(number=0)
    with Sequencer() as two:
        assert two._fence.number == number + 1


def test_what_waited_in_a_dump_of_another_server_enters_in_its_order(ledger):
    made = [*mend(ledger), *mend(ledger)]
    Outbox.objects.update(transaction=2**60)
    made += mend(ledger)
    assert sequencer.settle() == 4
    assert order(ledger) == made


def test_a_connection_that_drops_in_an_act_leaves_nothing_and_is_made_anew(ledger):
    with pytest.raises(OperationalError) as caught, atomic():  # noqa: PT012 -- the act is the whole block
        record(ledger, 1)
        _die()
        record(ledger, 2)
    assert not isinstance(caught.value, UnknownOutcomeError)
    assert Outbox.objects.count() == 0
    assert len(mend(ledger)) == 1


def test_a_connection_that_drops_in_the_commit_leaves_a_question(ledger):
    with pytest.raises(UnknownOutcomeError), atomic():  # noqa: PT012 -- as above
        record(ledger, 1)
        _die()
    assert Outbox.objects.count() == 0  # here it had not begun


def test_what_waits_for_no_disk_says_so_and_no_longer_than_its_block(ledger):
    assert _synchronous() == "on"
    with lazily():
        assert _synchronous() == "off"
    assert _synchronous() == "on"


def test_any_text_of_strangers_can_be_kept(ledger):
    ledger.host = "a\0b"
    ledger.save()
    ledger.refresh_from_db()
    assert ledger.host == "a\ufffdb"


def _synchronous() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return cursor.fetchone()[0]


def _die() -> None:
    """Have the server end this session, as seen by its next statement."""
    killer = connection.copy()
    with killer.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    killer.close()


def _lose_folder_lock() -> None:
    """Do as a network's file server does that forgot a lock."""
    (Path(settings.CONGVU_DATA) / "ledger" / "fence").unlink()


def _files() -> dict[str, bytes]:
    folder = Path(settings.CONGVU_DATA) / "ledger"
    return {
        str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "fence"
    }


def test_what_lay_behind_the_last_head_comes_before_what_waits(ledger):
    mend(ledger)
    sequencer.settle()
    log = Log.objects.get(agency=ledger.agency)
    folder, key = Folder.of_log(log), log_keys.verifier(log.origin, Folder.of_log(log))
    last = Last(key=key, head=checkpoints.verify(log.checkpoint, key=key), note=log.checkpoint)
    behind = mend(ledger, 7)
    sequencer.settle()
    log.refresh_from_db()
    waiting = mend(ledger, 2)
    decision = Decision(reason="stolen", by="An", approved_by="Chi")
    with Sequencer() as fenced:
        closing.close(ledger, log, last, decision=decision, now=clock.now())
        while fenced.step(clock.now()):
            pass
    new = Log.objects.get(agency=ledger.agency, closing="")
    found = queries.entries_of(ledger.agency, new.name, range(99))
    assert [one.id for one in found[1:]] == [*behind, *waiting]
    assert found[0].kind == "ledger.log.closed"
    assert folder.closing() == Log.objects.get(pk=log.pk).closing
