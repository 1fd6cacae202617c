"""congvu run: a working agency on one machine, in one program of three parts; drafts are tried beside them."""

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
import types
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError

from congvu.base import clock
from congvu.base.database import is_read_only
from congvu.base.processes import end_with_parent, is_orphan
from congvu.cli import demonstration, parts, ports
from congvu.ledger.fence import SequencerRunningError
from congvu.ledger.sequencer import Sequencer

STOP_SECONDS = 15
RESTART_PAUSE = 1.0


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `run`."""
    parser = subparsers.add_parser("run", help="start the agency: web, mail door and clerk")
    parser.add_argument("--demonstration", action="store_true", help="make the demonstration agency first")
    parser.add_argument("--only", choices=parts.PARTS, help="start one part alone")
    parser.add_argument("--replay", help=argparse.SUPPRESS)  # the handle of one that the clerk took up
    parser.add_argument("--under", type=int, help=argparse.SUPPRESS)  # the id of the supervisor to end with
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Start what was asked for and stay until a signal comes."""
    if arguments.under:
        end_with_parent()
        if is_orphan(arguments.under):  # it died before the tie was made
            return 0
    if arguments.replay:
        return _replay(arguments.replay)
    if arguments.only:
        return parts.work(arguments.only)
    if taken := ports.taken():
        print(f"congvu: in use by another program: {', '.join(taken)}; set other ports", file=sys.stderr)
        return 1
    began = time.monotonic()
    parts.preload()
    status, signs = _prepared(demonstrated=arguments.demonstration)
    return status or Supervisor(began, signs).serve()


def _prepared(*, demonstrated: bool) -> tuple[int, list[str]]:
    """Bring the tables up to date and pass the gate, in a process of its own: who forks the parts opens nothing.

    Returns its exit status, and the lines for the greeting.
    """
    signs, theirs = parts.FORK.Pipe(duplex=False)
    child = parts.FORK.Process(target=_prepare, args=(demonstrated, theirs, os.getpid()))
    child.start()
    theirs.close()
    try:
        return 0, signs.recv()
    except EOFError:
        child.join()
        return child.exitcode or 1, []
    finally:
        child.join()


def _prepare(demonstrated: bool, theirs: Connection, parent: int) -> None:  # noqa: FBT001 -- the start of a process
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who waits for it tells the operator
    end_with_parent()
    if is_orphan(parent):
        return
    try:
        theirs.send(_signs(demonstrated=demonstrated))
    except (OSError, DatabaseError) as error:
        if not is_read_only(error):
            raise
        print(
            f"congvu: {settings.CONGVU_DATA} cannot be written: the disk is read-only. After errors of the disk the"
            " system makes it so; look at the disk first. Nothing was changed.",
            file=sys.stderr,
        )
        sys.exit(1)


def _signs(*, demonstrated: bool) -> list[str]:
    """Bring the tables up to date and pass the gate; return the lines for the greeting."""
    call_command("migrate", verbosity=0, interactive=False)
    try:
        signs = demonstration.prepare(_say) if demonstrated else []
    except demonstration.NotEmptyError as error:
        print(f"congvu: {error} is no demonstration; start it with: congvu run", file=sys.stderr)
        sys.exit(1)
    try:
        with Sequencer() as fenced:  # before any door opens: a restored backup must acknowledge nothing
            fenced.pass_gates(clock.now())
    except SequencerRunningError:
        print(parts.SECOND_CLERK, file=sys.stderr)
        sys.exit(3)
    return signs


def _replay(handle: str) -> int:
    from congvu.cli import replayer  # noqa: PLC0415 -- only this process needs it

    return replayer.work(handle)


class Supervisor:
    """Starts the parts, starts again what fell, and stops all of them in order."""

    def __init__(self, began: float, signs: list[str]) -> None:
        self._began = began
        self._signs = signs
        self._children: dict[str, BaseProcess] = {}
        self._stop = threading.Event()

    def serve(self) -> int:
        """Run until SIGINT or SIGTERM."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._on_signal)
        try:
            for part in parts.PARTS:
                self._start(part)
            if self._wait_ready():
                self._greet()
            while not self._stop.wait(RESTART_PAUSE):
                self._restart_fallen()
        finally:  # whatever happened here, no part is left behind
            self._halt()
        return 0

    def _on_signal(self, number: int, frame: types.FrameType | None) -> None:
        del number, frame
        self._stop.set()

    def _start(self, part: str) -> None:
        self._children[part] = parts.begin(part)

    def _restart_fallen(self) -> None:
        for part, child in self._children.items():
            if child.exitcode is not None:
                _say(f"The {part} process ended with status {child.exitcode}; it is started again.")
                self._start(part)

    def _wait_ready(self) -> bool:
        while not self._stop.is_set():
            if ports.answers_web() and ports.answers_smtp():
                return True
            self._restart_fallen()
            self._stop.wait(0.1)
        return False

    def _greet(self) -> None:
        _say(f"\nReady after {time.monotonic() - self._began:.1f} seconds.\n")
        _say(f"  Web         http://localhost:{settings.CONGVU_WEB_PORT}/")
        _say(f"  Mail in     smtp://localhost:{settings.CONGVU_SMTP_PORT}")
        _say(f"  Submission  smtp://localhost:{settings.CONGVU_SUBMISSION_PORT} (application passwords)\n")
        for line in self._signs:
            _say(line)
        _say("Stop with Ctrl+C.")

    def _halt(self) -> None:
        _say("\nStopping …")
        for child in self._children.values():
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children.values():
            child.join(max(0.1, deadline - time.monotonic()))
            if child.is_alive():
                child.kill()
                child.join()
        _say("Stopped. Nothing that was acknowledged is lost.")


def _say(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):  # who listened has gone; the agency goes on
        print(line, flush=True)
