"""The clerk: the one process that sequences, judges, ticks, indexes, and sends what waits for others."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import connection

from congvu.base import clock, database, keys
from congvu.base.database import lazily
from congvu.base.doorbell import Listener
from congvu.cli import checker, replayer
from congvu.config.readers import readers
from congvu.desk import tasks as desk
from congvu.desk.watching import tasks as watching
from congvu.ledger import queries, sequencer
from congvu.ledger import readers as reading
from congvu.ledger.disposal import tasks as disposal
from congvu.ledger.fence import SequencerRunningError
from congvu.ledger.gossip import tasks as gossip
from congvu.ledger.models import Ledger
from congvu.ledger.sequencer import Sequencer
from congvu.ledger.timestamping import tasks as timestamping
from congvu.ledger.witnesses import tasks as witnesses
from congvu.mail import tasks as mail
from congvu.mail.outcomes import tasks as outcomes
from congvu.mail.polling import tasks as polling
from congvu.mail.revocations import tasks as revocations
from congvu.petitions import tasks as petitions
from congvu.rules import tasks as rules
from congvu.rules.replays import actions as replays

Done = TypeVar("Done")
log = logging.getLogger(__name__)
PAUSE = 1.0  # seconds without a bell, after which the clock alone may make something due
GATHERING = 0.25  # at most, after a batch: what is recorded meanwhile shares tiles, signature and syncs
READING = 1.0  # at most, after a run of readers: what is signed meanwhile is judged and indexed together
WRITING = 5.0  # at most, after a run of letters to citizens: who asks meanwhile need not wait for them
RESTING = (
    2  # times what the work took: so much is waited after it, so that a machine at ease makes nobody wait
)
QUEUE_PAUSE = 2.0
MINUTE, HOUR = 60.0, 3_600.0
YIELDING = 5  # priority of readers: under load, taking and signing mail goes before indexing it


def serve(stop: threading.Event, ready: Callable[[], None]) -> None:
    """Work until told to stop; an error is logged and the round tried again, so that nothing waits forever.

    Sequencing goes before all else; readers and the queue have threads of their own and hold up no signature.
    """
    bell, news = Listener(), threading.Event()
    beside = [
        threading.Thread(target=_send, args=(stop,), name="queue"),
        threading.Thread(target=_work_off, args=(stop, mail.check_signatures, PAUSE), name="signatures"),
        threading.Thread(
            target=_work_off, args=(stop, petitions.work, QUEUE_PAUSE, WRITING), name="petitions"
        ),
        threading.Thread(target=_work_off, args=(stop, revocations.ask, QUEUE_PAUSE), name="authorities"),
        threading.Thread(target=_work_off, args=(stop, timestamping.tend, MINUTE), name="stamps"),
        threading.Thread(target=_work_off, args=(stop, disposal.tend, QUEUE_PAUSE), name="disposal"),
        threading.Thread(target=witnesses.serve, args=(stop,), name="witnesses"),
        threading.Thread(target=gossip.serve, args=(stop,), name="gossip"),
        threading.Thread(target=_settle, args=(stop,), name="outcomes"),
        threading.Thread(target=_poll, args=(stop,), name="polling"),
        threading.Thread(target=_read_on, args=(stop, news), name="readers"),
        threading.Thread(target=_replay, args=(stop,), name="replays"),
        threading.Thread(target=_check, args=(stop,), name="checks"),
        threading.Thread(target=_move_journals, args=(stop,), name="journals"),
        threading.Thread(target=_count_for_planner, args=(stop,), name="planner"),
        threading.Thread(target=_work_off, args=(stop, watching.watch, MINUTE), name="watch"),
    ]
    try:
        with Sequencer() as fenced:
            _attempt(partial(fenced.pass_gates, clock.now()))
            _attempt(partial(_watch_clocks, clock.now()))
            for thread in beside:
                thread.start()
            ready()
            last = clock.now()
            while not stop.is_set():
                now = clock.now()
                if now < last:
                    _attempt(partial(_watch_clocks, now, last))
                last, begun = now, time.monotonic()
                if _sequence(fenced, now):
                    news.set()
                    _rest(stop, begun, GATHERING)
                else:
                    bell.wait(PAUSE)
    finally:
        stop.set()
        news.set()
        for thread in beside:
            if thread.is_alive():
                thread.join()
        bell.close()


def round_(fenced: Sequencer, now: datetime) -> bool:
    """Do one round of sequencing and reading; return whether there may be more at once."""
    sequenced = _sequence(fenced, now)
    return bool(_read()) or sequenced


def _sequence(fenced: Sequencer, now: datetime) -> bool:
    sequenced = _attempt(partial(fenced.step, now))
    return bool(_attempt(partial(rules.tick, now)) or sequenced)


def _yield_to_mail() -> None:
    """Lower the priority of this thread."""
    if sys.platform == "linux":  # there a thread has a priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), YIELDING)


def _read_on(stop: threading.Event, news: threading.Event) -> None:
    _yield_to_mail()
    while not stop.is_set():
        news.clear()
        begun = time.monotonic()
        with lazily():  # what readers keep follows from the log: after a power cut they read a little again
            most = _read()
        if most == 0:
            news.wait(PAUSE)
        elif most < reading.RUN:
            _rest(stop, begun, READING)
    connection.close()


def _rest(stop: threading.Event, begun: float, longest: float) -> None:
    """Let more come together, for a time that follows what the work since `begun` took."""
    stop.wait(min(RESTING * (time.monotonic() - begun), longest))


def _read() -> int:
    """Let every reader read on a little in every log; return how many entries the longest run had.

    What fails holds up no other reader and no other agency.
    """
    agencies = list(_attempt(lambda: list(Ledger.objects.values_list("agency", flat=True))) or ())
    read = reading.shared()  # for this round alone: what is destroyed is not remembered
    runs = [
        _attempt(partial(reading.advance, reader, agency=agency, read=read))
        for agency in agencies
        for reader in readers()
    ]
    return max((run or 0 for run in runs), default=0)


def _attempt(work: Callable[[], Done]) -> Done | None:
    try:
        return work()
    except SequencerRunningError:
        raise  # another clerk has taken over, and this one ends
    except Exception:
        log.exception("the clerk's round failed and will be tried again")
        connection.close()
        return None


def _send(stop: threading.Event) -> None:
    while not stop.wait(QUEUE_PAUSE):
        _attempt(lambda: mail.run_queue(clock.now()))
        _attempt(lambda: mail.watch_receipts(clock.now()))
        _attempt(lambda: mail.answer_absences(clock.now()))
    connection.close()


def _work_off(
    stop: threading.Event, work: Callable[[datetime], int], pause: float, rest: float = 0.0
) -> None:
    """Do one kind of work as long as there is some; `pause` and, after each round, `rest` at most, in seconds."""
    _yield_to_mail()
    while not stop.is_set():
        begun = time.monotonic()
        if _attempt(lambda: work(clock.now())):
            _rest(stop, begun, rest)
        else:
            stop.wait(pause)
    connection.close()


def _poll(stop: threading.Event) -> None:
    _yield_to_mail()
    while not stop.wait(QUEUE_PAUSE):
        _attempt(lambda: polling.look(clock.now(), is_over=stop.is_set))
    connection.close()


def _settle(stop: threading.Event) -> None:
    """Look every minute: is a wait over, a day of mail to be counted, a window closed, somebody gone, a preview old."""
    _yield_to_mail()
    while not stop.is_set():
        _attempt(lambda: outcomes.settle(clock.now()))
        _attempt(lambda: desk.tell_late(clock.now()))
        _attempt(lambda: petitions.fall_back(clock.now()))
        _attempt(lambda: mail.forget_previews(clock.now()))
        stop.wait(MINUTE)
    connection.close()


def _replay(stop: threading.Event) -> None:
    """Have drafts tried on evidence when somebody asked for it; what a former clerk left half done was interrupted."""
    _attempt(lambda: replays.interrupt(at=clock.now()))
    while not stop.wait(QUEUE_PAUSE):
        _attempt(partial(replayer.run_next, stop))
    connection.close()


def _check(stop: threading.Event) -> None:
    """Look every minute whether a log is to be checked as a whole."""
    while not stop.wait(MINUTE):
        _attempt(partial(checker.check_due, stop))
    connection.close()


def _move_journals(stop: threading.Event) -> None:
    """Move what was committed into SQLite's files, so that no act has to; often, for then little is moved at a time."""
    while not stop.wait(PAUSE):
        _attempt(database.checkpoint)
        _attempt(keys.checkpoint)


def _count_for_planner(stop: threading.Event) -> None:
    """Tell the database's planner every hour how large everything is."""
    _yield_to_mail()
    pause = MINUTE
    while not stop.wait(pause):
        _attempt(database.count_for_planner)
        pause = HOUR
    connection.close()


def _watch_clocks(now: datetime, last: datetime | None = None) -> None:
    """Say so in evidence when the machine's clock stands before what it said last, or was already recorded."""
    for ledger in Ledger.objects.all():
        newest = last or queries.newest_at(ledger.agency)
        if newest is not None and sequencer.watch_clock(ledger.agency, now, newest):
            log.warning("the clock stands before evidence of agency %s: set the machine's time", ledger.slug)
