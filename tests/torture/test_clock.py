"""A clock that jumps back: while the program runs, over a stop, and over New Year."""

import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.installation import Installation
from tests import requires
from tests.torture.clients import acknowledged, load
from tests.torture.proof import (
    assert_consistent,
    assert_ledger_whole,
    assert_whole,
    checkpoint,
    compare,
    settled,
    tell,
)

SECONDS = 3

pytestmark = pytest.mark.torture


@pytest.fixture
def clock(installation: Installation, tmp_path: Path):
    """A clock that the test sets: `clock(instant)`, in force at once for every process of the installation."""
    faketime = requires.program("faketime", package="faketime")
    stamp = tmp_path / "clock"
    shown = subprocess.run([faketime, "-m", "-f", "+0s", "env"], capture_output=True, text=True, check=True)
    preload = next(line for line in shown.stdout.splitlines() if line.startswith("LD_PRELOAD="))
    installation.extra |= {
        "LD_PRELOAD": preload.partition("=")[2],
        "FAKETIME_TIMESTAMP_FILE": str(stamp),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }

    def set_to(instant: datetime) -> None:
        behind = int((instant - datetime.now(UTC)).total_seconds())
        stamp.write_text(f"{behind:+d}s\n")

    return set_to


def test_a_clock_that_jumps_back_loses_nothing_and_leaves_evidence(
    clock, installation: Installation, addresses, tmp_path, seed
):
    new_year = datetime(2031, 1, 1, tzinfo=UTC)
    clock(new_year - timedelta(hours=12))
    seen = []
    with installation.serving("door", "clerk"):
        _send(installation, addresses, tmp_path / "first", seed)
        clock(new_year + timedelta(hours=12))  # and so the log of 2031 begins
        _send(installation, addresses, tmp_path / "second", seed + 100)
        settled(installation)
        seen.append(checkpoint(installation, 2031))
        clock(new_year - timedelta(hours=6))  # back over New Year
        _send(installation, addresses, tmp_path / "third", seed + 200)
        settled(installation)
        seen.append(checkpoint(installation, 2031))
    with installation.serving("door", "clerk"):  # started again while the clock is behind
        _send(installation, addresses, tmp_path / "fourth", seed + 300)
        report = settled(installation)
    told = [line for name in ("first", "second", "third", "fourth") for line in acknowledged(tmp_path / name)]
    proof = compare(report, told)
    heads = assert_consistent(installation, report["year"], report["vkey"], seen)
    tell("clock", seed=seed, acknowledged=proof.acknowledged, lost=len(proof.lost), checkpoints=heads)
    assert_whole(proof)
    assert_ledger_whole(installation)
    assert report["year"] == 2031
    assert report["kinds"]["ledger.clock.stepped_back"] == 1


def _send(installation: Installation, addresses: list[str], folder: Path, seed: int) -> None:
    folder.mkdir()
    with load(port=installation.ports["smtp"], recipients=addresses, folder=folder, seed=seed, clients=2):
        time.sleep(SECONDS)
    assert acknowledged(folder)
