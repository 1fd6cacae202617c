"""Something done with a stranger's file by a short-lived process with limits; nothing of the file is decoded here."""

import contextlib
import json
import logging
import os
import signal
import stat
import subprocess  # the confined process
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

QUEUE = 20  # seconds that a file waits for others
AT_ONCE = 2  # processes of one server process for the tasks of one file
LARGEST_ANSWER = 400_000
REFUSALS = frozenset(("encrypted", "damaged", "too_large", "too_slow"))
_INSIDE = Path(__file__).with_name("inside.py")
_places: dict[Path, threading.BoundedSemaphore] = {}


class RefusedError(Exception):
    """Nothing was made of the file; `reason` is one of REFUSALS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BusyError(Exception):
    """Other files are being worked on; a little later there is room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a task may take: octets of address space, seconds of processor and of patience, open files."""

    memory: int
    seconds: int
    wait: float
    open_files: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A function of a file that imports nothing of Congvu, and a program that it starts ("" for none)."""

    source: Path
    name: str
    limits: Limits
    program: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the task said, and the folder in which its files lie."""

    folder: Path
    said: dict[str, Any]

    def made(self, name: str, *, most: int) -> bytes:
        """Return a file that the task made. Raises RefusedError for none, no plain one, or a large one."""
        return _read(self.folder / name, most)


@contextlib.contextmanager
def asked(task: Task, *arguments: str, content: bytes, name: str = "in.bin") -> Iterator[Answer]:
    """Let the task work on a file of that name, given to it before the arguments; its folder is removed after.

    Raises RefusedError or BusyError.
    """
    places = _places.setdefault(task.source, threading.BoundedSemaphore(AT_ONCE))
    if not places.acquire(timeout=QUEUE):
        raise BusyError
    try:
        with tempfile.TemporaryDirectory(prefix="congvu-confined-", ignore_cleanup_errors=True) as made:
            folder = Path(made)
            (folder / name).write_bytes(content)
            _run([*_command(task), name, *arguments], folder, task.limits.wait)
            yield Answer(folder=folder, said=_said(folder))
    finally:
        places.release()


def _command(task: Task) -> list[str]:
    limits = {
        "memory": task.limits.memory,
        "seconds": task.limits.seconds,
        "open_files": task.limits.open_files,
        "program": task.program,
    }
    return [sys.executable, "-I", "-B", str(_INSIDE), str(task.source), task.name, json.dumps(limits)]


def _run(command: list[str], folder: Path, seconds: float) -> None:
    """Run the process and all that it starts, for so long and no longer. Raises RefusedError."""
    process = subprocess.Popen(  # noqa: S603 -- our own worker
        command,
        cwd=folder,
        env={"LC_ALL": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        close_fds=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise RefusedError("too_slow") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise RefusedError("too_slow")


def _said(folder: Path) -> dict[str, Any]:
    """Read the process's answer, which is believed in form only. Raises RefusedError."""
    try:
        said = json.loads(_read(folder / "out.json", LARGEST_ANSWER))
    except (ValueError, RecursionError) as error:
        raise RefusedError("damaged") from error
    if not isinstance(said, dict):
        raise RefusedError("damaged")
    if said.get("is_shut") is not True:
        log.warning("Files are opened without a shut network: seccomp is not available on this machine")
    if said.get("is_hidden") is not True:
        log.warning("Files are opened in sight of other files: Landlock is not available on this machine")
    if "refused" in said:
        reason = str(said["refused"])
        raise RefusedError(reason if reason in REFUSALS else "damaged")
    return said


def _read(path: Path, most: int) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # nothing waits at a pipe
    except OSError as error:
        raise RefusedError("damaged") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RefusedError("damaged")
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise RefusedError("too_large")
    return data
