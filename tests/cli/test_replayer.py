"""A replay has a process of its own: whoever is killed, no replay is left as running, and the next one is done."""

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.installation import Installation
from congvu.cli.replayer import NICE
from tests.torture import processes

SECONDS = 60.0

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("replayed"))
    made.extra["TMPDIR"] = str(made.folder)
    try:
        yield made
    finally:
        processes.end(made)


@pytest.fixture(scope="module")
def asked(installation) -> list[str]:
    return installation.ask("tests.cli.replayed", "4")


def row(installation: Installation, handle: str) -> tuple[str, int, int]:
    with closing(sqlite3.connect(installation.data / "truth.sqlite3", timeout=30)) as file:
        asked = "SELECT state, done, total FROM rules_replay WHERE handle = ?"
        return file.execute(asked, (handle,)).fetchone()


def state(installation: Installation, handle: str) -> str:
    return row(installation, handle)[0]


def wait(happened) -> None:
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def replaying(installation: Installation) -> list[int]:
    return [pid for pid, part in processes.of(installation).items() if part == "replay"]


def under_way(installation: Installation, handle: str) -> int:
    """Wait until a replay has read something, and return its process."""
    wait(lambda: row(installation, handle)[1] > 0)
    assert state(installation, handle) == "running"
    (pid,) = replaying(installation)
    return pid


def test_no_replay_stays_running_whichever_process_is_killed(installation, asked):
    first, second, third, fourth = asked
    installation.start("clerk")
    clerk = installation.running["clerk"]

    pid = under_way(installation, first)
    assert int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[16]) == min(
        19, os.nice(0) + NICE
    )
    os.kill(pid, signal.SIGKILL)
    wait(lambda: state(installation, first) == "interrupted")
    assert clerk.poll() is None

    pid = under_way(installation, second)
    os.kill(clerk.pid, signal.SIGKILL)
    clerk.wait()
    wait(lambda: not replaying(installation))
    assert state(installation, second) == "running"
    installation.start("clerk")
    wait(lambda: state(installation, second) == "interrupted")

    under_way(installation, third)
    installation.stop()
    assert (replaying(installation), state(installation, third)) == ([], "interrupted")

    installation.start("clerk")
    wait(lambda: state(installation, fourth) not in {"waiting", "running"})
    found, done, total = row(installation, fourth)
    assert (found, done) == ("finished", total)
    wait(lambda: not replaying(installation))
    assert list(Path(installation.extra["TMPDIR"]).glob("congvu-replay-*")) == []
