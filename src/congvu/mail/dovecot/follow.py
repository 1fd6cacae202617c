"""Reading the mail server's log as it grows, and looking up what a dead gate left open."""

import logging
import threading
from pathlib import Path

from django.db import close_old_connections

from congvu.base import clock
from congvu.mail.actions import handing
from congvu.mail.dovecot import actions, tail
from congvu.mail.dovecot.behavior import Act, Watch
from congvu.mail.dovecot.models import LogPosition
from congvu.mail.dovecot.records import record
from congvu.mail.dovecot.tail import Position

PAUSE = 1.0  # seconds between two looks

_log = logging.getLogger(__name__)


def follow(stop: threading.Event, *, path: Path | None, life: str) -> None:
    """Read on until told to stop; what fails is logged and tried again. Without a log, only look things up."""
    while not stop.wait(PAUSE):
        try:
            close_old_connections()
            if path is not None:
                catch_up(path)
            now = clock.now()
            actions.resolve(life=life, now=now, has_log=path is not None)
            handing.give_up(now=now)
        except Exception:  # noqa: BLE001 -- logged, and tried again
            _log.exception("the mail server's log was not read on, and will be tried again")


def catch_up(path: Path) -> int:
    """Read the log to its end; return how many lines there were."""
    count = 0
    while True:
        lines, is_more = _step(path)
        count += lines
        if not is_more:
            return count


def _step(path: Path) -> tuple[int, bool]:
    """Read one chunk and take it over."""
    kept = LogPosition.objects.filter(path=str(path)).first() or LogPosition(path=str(path))
    before = Position(inode=kept.inode, offset=kept.offset, head=kept.head)
    chunk = tail.read(path, before)
    watch, now = Watch(kept.state), clock.now()
    acts: list[Act] = []
    for line in chunk.lines:
        one = record(line)
        if one:
            acts += watch.take(one)
    if not chunk.is_more:
        acts += watch.settle(now)
    state = watch.state()
    if acts or chunk.position != before or state != kept.state:
        actions.take_over(acts, path=str(path), before=before, after=chunk.position, state=state, now=now)
    return len(chunk.lines), chunk.is_more
