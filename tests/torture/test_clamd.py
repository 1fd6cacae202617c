"""The real daemon of ClamAV, with a signature of our own: found, too large, down, slow, restarting."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from congvu.mail.attaching import concerns, scanning
from congvu.mail.attaching.scanning import NotAnsweredError
from tests import requires

pytestmark = pytest.mark.torture
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STREAM = 1 << 20  # octets that this daemon takes
CONFIGURATION = """
Foreground yes
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}/database
LogFile {folder}/log
StreamMaxLength 1M
"""


class Daemon:
    """One clamd in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.program = requires.program("clamd", package="clamav-daemon")
        self.folder, self.socket = folder, folder / "clamd.sock"
        (folder / "database").mkdir()
        (folder / "database" / "own.ndb").write_text(f"Own.Test:0:*:{EICAR.hex()}\n")
        (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder))
        self.running: subprocess.Popen[bytes] | None = None

    @property
    def where(self) -> str:
        return str(self.socket)

    def start(self) -> None:
        self.running = subprocess.Popen(
            [self.program, "-c", self.folder / "clamd.conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                scanning.virus(b"x", where=self.where)
            except NotAnsweredError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())

    def stop(self) -> None:
        if self.running:
            self.running.send_signal(signal.SIGCONT)
            self.running.kill()
            self.running.wait()
            self.running = None


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    made = Daemon(tmp_path)
    made.start()
    made.wait()
    yield made
    made.stop()


def words(daemon: Daemon, content: bytes, seconds: float = 5) -> list[str]:
    return sorted(concerns.of_file("notes.txt", content, clamd=daemon.where, seconds=seconds).concerns)


def test_a_virus_is_named_wherever_it_stands(daemon: Daemon) -> None:
    assert scanning.virus(EICAR, where=daemon.where) == "Own.Test.UNOFFICIAL"
    assert scanning.virus(b"x" * 600_000 + EICAR, where=daemon.where) == "Own.Test.UNOFFICIAL"
    assert [words(daemon, one) for one in (b"", b"a clean file", EICAR[:-1])] == [[], [], []]


def test_more_than_the_daemon_takes_is_not_scanned_and_said(daemon: Daemon) -> None:
    assert words(daemon, b"x" * (STREAM - 1)) == []
    assert words(daemon, EICAR + b"x" * STREAM) == ["not_scanned"]
    assert words(daemon, b"x" * (20 * STREAM)) == ["not_scanned"]
    assert words(daemon, EICAR) == ["virus"]


def test_a_daemon_that_is_down_then_up_is_asked_again(daemon: Daemon) -> None:
    daemon.stop()
    assert words(daemon, EICAR) == ["not_scanned"]
    daemon.start()
    daemon.wait()
    assert words(daemon, EICAR) == ["virus"]


def test_while_it_restarts_nothing_is_called_clean(daemon: Daemon) -> None:
    seen = set()
    for _ in range(3):
        daemon.stop()
        daemon.start()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            found = words(daemon, EICAR)
            seen.add(tuple(found))
            if found == ["virus"]:
                break
    assert seen == {("not_scanned",), ("virus",)}


def test_a_daemon_that_hangs_is_left_in_time(daemon: Daemon) -> None:
    assert daemon.running
    daemon.running.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    assert words(daemon, b"x" * 900_000, seconds=1) == ["not_scanned"]
    assert time.monotonic() - begun < 4
    daemon.running.send_signal(signal.SIGCONT)
    daemon.wait()
    assert words(daemon, EICAR) == ["virus"]
