"""Trying drafts on evidence in a process of its own, at low priority, so that no signature and no letter waits for it.

The clerk takes a replay up, starts the process and watches it. One that worked to an end has said so itself; whatever
else became of it (killed, out of memory), the clerk says that the replay was interrupted, so that none stays running.
"""

import logging
import os
import signal
import subprocess
import sys
import threading

from congvu.base import clock
from congvu.rules.replay import spare_collector
from congvu.rules.replays import actions, tasks

log = logging.getLogger(__name__)
NICE = 10
LOOK = 0.2  # seconds between two looks at the process
STOP_SECONDS = 5.0


def run_next(stop: threading.Event) -> bool:
    """Have the replay that waits longest done, and stay until its process ended; return whether there was one."""
    replay = actions.take_up(at=clock.now())
    if replay is None:
        return False
    try:
        status = watch(_start(replay.handle), stop)
        if status:
            log.warning("the process of a replay ended with status %s", status)
    finally:
        actions.interrupt(at=clock.now())
    return True


def work(handle: str) -> int:
    """Do one replay that was taken up: all that the process is there for."""
    os.nice(NICE)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    spare_collector()
    tasks.run(handle, clock.now, stopped=stop.is_set)
    return 0


def _start(handle: str) -> "subprocess.Popen[bytes]":
    """Start the process; it is tied to this thread, which therefore waits for it."""
    command = [sys.executable, "-m", "congvu.cli", "run", "--replay", handle, "--under", str(os.getpid())]
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603 -- our own program


def watch(process: "subprocess.Popen[bytes]", stop: threading.Event) -> int:
    """Wait for the end of the process, or see to it; return its exit status."""
    while process.poll() is None and not stop.wait(LOOK):
        pass
    if process.poll() is None:
        process.terminate()
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()
