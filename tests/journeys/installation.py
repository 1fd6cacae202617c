"""A real installation: its own folder, its own ports, the real `congvu` beside the Python that runs the tests."""

import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from pathlib import Path

COMMANDS = Path(sys.executable).parent
READY_SECONDS = 300  # a machine may be busy; how fast it is, is measured elsewhere
STOP_SECONDS = 30


@dataclass(slots=True)
class Installation:
    """An agency on one machine; `said` is what `congvu run` printed, `sessions` the cookies of who is signed in."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    ports: tuple[int, int, int] = (0, 0, 0)
    sessions: dict[str, dict] = field(default_factory=dict)
    _process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.ports[0]}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def environment(self) -> dict[str, str]:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("CONGVU_", "DJANGO_"))
        }
        names = ("CONGVU_WEB_PORT", "CONGVU_SMTP_PORT", "CONGVU_SUBMISSION_PORT")
        ports = {name: str(port) for name, port in zip(names, self.ports, strict=True)}
        return (
            inherited
            | ports
            | {"CONGVU_DATA": str(self.data), "CONGVU_DNS": "off", "NO_COLOR": "1"}
            | self.settings
        )

    def congvu(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        self.data.mkdir(parents=True, exist_ok=True)
        return subprocess.run(
            [COMMANDS / "congvu", *arguments],
            env=self.environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=READY_SECONDS,
            check=False,
        )

    def start(self, *arguments: str, ports: tuple[int, int, int] | None = None) -> None:
        """Start `congvu run` and wait until it says that it is ready."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.ports = ports or free_ports()
        self.said.clear()
        self._process = subprocess.Popen(
            [COMMANDS / "congvu", "run", *arguments],
            env=self.environment(),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        try:
            self.wait_until(self._has_greeted, READY_SECONDS)
        except AssertionError:
            self.stop_if_running()
            raise

    def stop(self) -> int:
        """Ask it to stop as an operator does, and return its exit status."""
        process, self._process = self._process, None
        if process is None:
            raise AssertionError("it does not run")
        parts = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for part in [process.pid, *map(int, parts)]:
                os.kill(part, signal.SIGKILL)
            raise AssertionError(f"it did not stop:\n{''.join(self.said)}") from None

    def kill(self) -> None:
        """End every process at once, as when the power fails."""
        process, self._process = self._process, None
        if process is None:
            raise AssertionError("it does not run")
        parts = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for part in [process.pid, *map(int, parts)]:
            os.kill(part, signal.SIGKILL)
        process.wait(STOP_SECONDS)

    def stop_if_running(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()

    def wait_until(self, happened: Callable[[], bool], seconds: float = 20) -> None:
        """Wait for something that the running agency does by itself."""
        deadline = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < deadline, (
                f"not within {seconds} s; it said:\n{''.join(self.said[-40:])}"
            )
            time.sleep(0.1)

    def incoming(self) -> smtplib.SMTP:
        """Connect as another mail server does."""
        return smtplib.SMTP("localhost", self.ports[1], timeout=30)

    def submission(self) -> smtplib.SMTP:
        """Connect as a mail program does."""
        return smtplib.SMTP("localhost", self.ports[2], timeout=30)

    def receive(self, message: EmailMessage) -> None:
        """Hand over mail from outside."""
        with self.incoming() as connection:
            connection.send_message(message)

    def holds_on_disk(self, text: str) -> list[str]:
        """Name the files of the data folder in which the text stands unencrypted."""
        wanted = text.encode()
        files = [one for one in self.folder.rglob("*") if one.is_file()]
        return [str(one.relative_to(self.folder)) for one in files if wanted in one.read_bytes()]

    def copy_to(self, folder: Path) -> "Installation":
        """Copy a stopped installation, as a backup would."""
        for name in ("data", "data-checkpoints"):
            shutil.copytree(self.folder / name, folder / name, ignore=shutil.ignore_patterns("run"))
        return Installation(folder)

    def _has_greeted(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"it ended:\n{''.join(self.said)}"
        return any(line.startswith("Stop with") for line in self.said)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.said.append(line)


def free_ports() -> tuple[int, int, int]:
    """Return three ports of this machine that nobody listens on."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    first, second, third = (one.getsockname()[1] for one in held)
    for one in held:
        one.close()
    return first, second, third


def verify(receipt: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the real `congvu-verify`, which knows nothing of the installation."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CONGVU_", "DJANGO_"))}
    return subprocess.run(
        [COMMANDS / "congvu-verify", *arguments, receipt],
        env=clean,
        cwd=receipt.parent,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def letter(sender: str, to: str, subject: str, text: str = "Kính gửi.", **fields: str) -> EmailMessage:
    """Write a letter as a mail program does."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = localtime(), make_msgid(domain="program.example")
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message
