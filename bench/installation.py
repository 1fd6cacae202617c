"""An installation of its own for a measurement or a test: a data folder, free ports, the real program."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

READY_SECONDS = 60.0
STOP_SECONDS = 20.0


class NotReadyError(Exception):
    """A server did not answer in time; the argument is its port, or the end of what it said."""


@dataclass(slots=True)
class Installation:
    """A folder with data, ports on this machine, and the processes that were started in it."""

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)  # environment beyond what is set below
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Choose three free ports."""
        self.ports = dict(zip(("web", "smtp", "submission"), free_ports(3), strict=True))

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Return the file that takes what the programs say."""
        return self.folder / "said.txt"

    @property
    def processes(self) -> dict[str, int]:
        """Return the ids of what was started."""
        return {part: process.pid for part, process in self.running.items()}

    def environment(self) -> dict[str, str]:
        """Return the environment of every process of this installation; nothing of ours leaks in."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONGVU_")}
        return {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "congvu.config.settings",
            "CONGVU_DATA": str(self.data),
            "CONGVU_CHECKPOINT_COPY": str(self.folder / "copy"),
            "CONGVU_WEB_PORT": str(self.ports["web"]),
            "CONGVU_SMTP_PORT": str(self.ports["smtp"]),
            "CONGVU_SUBMISSION_PORT": str(self.ports["submission"]),
            "CONGVU_DNS": "off",
            **self.extra,
        }

    def ask(self, module: str, *arguments: str) -> Any:
        """Run a module inside the installation and return what it printed last, as JSON."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, env=self.environment(), capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        return json.loads(done.stdout.decode().splitlines()[-1])

    def congvu(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the command `congvu` to its end."""
        command = [sys.executable, "-m", "congvu.cli", *arguments]
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)

    def start(self, *parts: str) -> None:
        """Start `congvu run --only` for each part, or the whole program when none is named."""
        for part in parts or ("all",):
            command = [sys.executable, "-m", "congvu.cli", "run"]
            command += [] if part == "all" else ["--only", part]
            with self.log.open("ab") as said:
                self.running[part] = _start(command, self.environment(), said)

    def wait_smtp(self, *, seconds: float = READY_SECONDS) -> float:
        """Wait until the mail door greets; return how long that took. Raises NotReadyError."""
        try:
            return wait_greeting(self.ports["smtp"], seconds=seconds)
        except NotReadyError as error:
            raise NotReadyError(self.log.read_text()[-2_000:]) from error

    def stop(self) -> None:
        """Ask every process that was started to end, and wait."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                kill_group(process.pid)
                process.wait()
        self.running.clear()

    @contextlib.contextmanager
    def serving(self, *parts: str) -> Iterator[None]:
        """Keep parts running for the length of the block."""
        try:
            self.start(*parts)
            self.wait_smtp()
            yield
        finally:
            self.stop()


def _start(command: list[str], environment: dict[str, str], said: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, env=environment, stdout=said, stderr=said, start_new_session=True)


def kill_group(group: int) -> None:
    """Kill -9 a process, its group and its session, and wait until nothing of it holds a port or a lock."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
    while living := _living(group):
        for one in living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        time.sleep(0.005)


def _living(group: int) -> list[int]:
    """Return a process and those of its group or session that have not ended (proc(5), stat)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, own, session = path.read_text("latin-1").rpartition(")")[2].split()[:4]
            if str(group) in (path.parent.name, own, session) and state not in "ZX":
                found.append(int(path.parent.name))
    return found


def free_ports(count: int) -> list[int]:
    """Return ports of 127.0.0.1 that nobody listens on just now."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def wait_greeting(port: int, *, seconds: float = READY_SECONDS) -> float:
    """Wait until a mail server greets with 220; return the seconds that it took. Raises NotReadyError."""
    began = time.monotonic()
    while (waited := time.monotonic() - began) < seconds:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as met:
            if met.recv(64).startswith(b"220"):
                return waited
        time.sleep(0.02)
    raise NotReadyError(port)
