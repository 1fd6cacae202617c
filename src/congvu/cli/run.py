"""congvu run: a working agency on one machine, in one program of three processes; a fourth tries drafts."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import types
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command

from congvu.base import clock
from congvu.base.processes import end_with_parent, is_orphan
from congvu.cli import demonstration, ports
from congvu.ledger.sequencer import Sequencer, SequencerRunningError

PARTS = ("web", "door", "clerk")
STOP_SECONDS = 15
RESTART_PAUSE = 1.0
SECOND_CLERK = "congvu: another clerk works on this data folder; this one ends."


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `run`."""
    parser = subparsers.add_parser("run", help="start the agency: web, mail door and clerk")
    parser.add_argument("--demonstration", action="store_true", help="make the demonstration agency first")
    parser.add_argument("--only", choices=PARTS, help="start one part alone")
    parser.add_argument("--replay", help=argparse.SUPPRESS)  # the handle of one that the clerk took up
    parser.add_argument("--under", type=int, help=argparse.SUPPRESS)  # the id of the supervisor to end with
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Start what was asked for and stay until a signal comes."""
    if arguments.under:
        end_with_parent()
        if is_orphan(arguments.under):  # it died before the tie was made
            return 0
    if arguments.replay or arguments.only:
        return _replay(arguments.replay) if arguments.replay else _part(arguments.only)
    if taken := ports.taken():
        print(f"congvu: in use by another program: {', '.join(taken)}; set other ports", file=sys.stderr)
        return 1
    began = time.monotonic()
    call_command("migrate", verbosity=0, interactive=False)
    try:
        signs = demonstration.prepare(_say) if arguments.demonstration else []
    except demonstration.NotEmptyError as error:
        print(f"congvu: {error} is no demonstration; start it with: congvu run", file=sys.stderr)
        return 1
    try:
        with Sequencer() as fenced:  # before any door opens: a restored backup must acknowledge nothing
            fenced.pass_gates(clock.now())
    except SequencerRunningError:
        print(SECOND_CLERK, file=sys.stderr)
        return 3
    return Supervisor(began, signs).serve()


class Supervisor:
    """Starts the parts, starts again what fell, and stops all of them in order."""

    def __init__(self, began: float, signs: list[str]) -> None:
        self._began = began
        self._signs = signs
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._stop = threading.Event()

    def serve(self) -> int:
        """Run until SIGINT or SIGTERM."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._on_signal)
        try:
            for part in PARTS:
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
        command = [sys.executable, "-m", "congvu.cli", "run", "--only", part, "--under", str(os.getpid())]
        self._children[part] = subprocess.Popen(command, start_new_session=True)  # noqa: S603 -- our own program

    def _restart_fallen(self) -> None:
        for part, child in self._children.items():
            if child.poll() is not None:
                _say(f"The {part} process ended with status {child.returncode}; it is started again.")
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
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
        _say("Stopped. Nothing that was acknowledged is lost.")


def _part(part: str) -> int:
    if part == "web":
        return _web()
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    try:
        _server(part)(stop, lambda: None)
    except SequencerRunningError:
        print(SECOND_CLERK, file=sys.stderr)
        return 3
    return 0


def _replay(handle: str) -> int:
    from congvu.cli import replayer  # noqa: PLC0415 -- only this process needs it

    return replayer.work(handle)


def _server(part: str) -> Callable[[threading.Event, Callable[[], None]], None]:
    if part == "door":
        from congvu.mail import server  # noqa: PLC0415 -- only this part needs it

        return server.serve
    from congvu.cli import clerk  # noqa: PLC0415 -- only this part needs it

    return clerk.serve


def _web() -> int:
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"),
        *("--host", settings.CONGVU_WEB_ADDRESS, "--port", str(settings.CONGVU_WEB_PORT)),
        *("--blocking-threads", str(settings.CONGVU_WEB_THREADS), "--workers", "1"),
        "congvu.config.wsgi:application",
    ]
    os.execv(sys.executable, command)  # noqa: S606 -- the part becomes the web server


def _say(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):  # who listened has gone; the agency goes on
        print(line, flush=True)
