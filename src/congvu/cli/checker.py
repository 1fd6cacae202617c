"""Checking whole logs at night, each in a process of its own at the lowest priority.

The process keeps its result itself, and ends with the clerk. If it was stopped, it has said nothing and the log stays
due; if it fell, the clerk says so, and the next night is another one.
"""

import logging
import os
import subprocess
import sys
import threading
from datetime import datetime

from congvu.base import clock
from congvu.cli.replayer import watch
from congvu.ledger import full_checks
from congvu.ledger.models import Ledger, Log

log_book = logging.getLogger(__name__)


def check_due(stop: threading.Event) -> int:
    """Check every log that is due; return how many came to a result."""
    done = 0
    for ledger, log in full_checks.due(clock.now()):
        if stop.is_set():
            break
        before = _result_of(log)
        status = watch(_start(ledger, log), stop)
        if _result_of(log) != before:
            done += 1
        elif not stop.is_set():
            log_book.warning("the check of %s ended with status %s", log.origin, status)
            full_checks.note_end(log, status, now=clock.now())
    return done


def _result_of(log: Log) -> datetime | None:
    row = full_checks.last(log.agency).get(log.name)
    return None if row is None else row.tried_at


def _start(ledger: Ledger, log: Log) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "congvu.cli", "ledger", "check", "--gently"]
    command += ["--agency", ledger.slug, "--year", log.name, "--under", str(os.getpid())]
    return subprocess.Popen(  # noqa: S603 -- our own program
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
