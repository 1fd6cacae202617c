"""A real full disk, and one that becomes read-only: a small file system of its own under the data folder."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.installation import Installation
from tests import requires
from tests.torture import processes
from tests.torture.clients import AnsweredError, Dialogue, acknowledged, letter, load
from tests.torture.proof import assert_ledger_whole, assert_whole, compare, settled, tell

MEGABYTES = 48
BALLAST = 24_000_000  # octets that are freed again
LONGEST = 120.0

pytestmark = pytest.mark.torture


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes where the data folder will be."""
    folder = tmp_path / "data"
    folder.mkdir()
    if os.geteuid() != 0:
        requires.missing("a small file system can be mounted by root only")
    options = ["-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
    mounted = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if mounted.returncode:
        requires.missing(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_loses_nothing_and_is_over_when_there_is_room(
    small_disk: Path, installation: Installation, addresses, tmp_path, seed
):
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * BALLAST)
    with installation.serving("door", "clerk"):
        with load(port=installation.ports["smtp"], recipients=addresses, folder=tmp_path, seed=seed):
            refusal = _fill(installation, addresses)
            time.sleep(3)
            during = len(acknowledged(tmp_path))
            ballast.unlink()
            waited = _wait_accepted(installation, addresses)
            time.sleep(2)
        report = settled(installation)
        proof = compare(report, acknowledged(tmp_path))
        tell(
            "full disk",
            seed=seed,
            answer=refusal.decode().strip(),
            acknowledged_when_full=during,
            acknowledged=proof.acknowledged,
            lost=len(proof.lost),
            seconds_to_accept_again=round(waited, 1),
            stray_blobs=proof.stray_blobs,
        )
        assert refusal.startswith(b"452 4.3.1 ")
        assert_whole(proof)
        assert_ledger_whole(installation)
        assert proof.acknowledged > during
        assert processes.of(installation)


def test_a_read_only_disk_is_said_in_one_sentence_and_loses_nothing(
    small_disk: Path, installation: Installation, addresses, tmp_path, seed
):
    with (
        installation.serving("door", "clerk"),
        load(port=installation.ports["smtp"], recipients=addresses, folder=tmp_path, seed=seed),
    ):
        time.sleep(3)
    _remount(small_disk, "ro")
    started = installation.congvu("run")
    _remount(small_disk, "rw")
    assert started.returncode == 1
    assert started.stderr == (
        f"congvu: {installation.data} cannot be written: the disk is read-only. After errors of the disk the"
        " system makes it so; look at the disk first. Nothing was changed.\n"
    )
    with installation.serving("door", "clerk"):
        waited = _wait_accepted(installation, addresses)
        proof = compare(settled(installation), acknowledged(tmp_path))
    tell(
        "read-only disk",
        seed=seed,
        acknowledged=proof.acknowledged,
        lost=len(proof.lost),
        seconds=round(waited, 1),
    )
    assert_whole(proof)
    assert_ledger_whole(installation)


def _remount(folder: Path, mode: str) -> None:
    """As the kernel does after errors of a disk."""
    subprocess.run(["mount", "-o", f"remount,{mode}", str(folder)], check=True)


def _fill(installation: Installation, addresses: list[str]) -> bytes:
    """Send large messages until one is refused; return the refusal."""
    end = time.monotonic() + LONGEST
    number = 0
    while time.monotonic() < end:
        number += 1
        try:
            _send(installation, addresses, f"large-{number}@outside.example", 400_000)
        except AnsweredError as error:
            return bytes(error.args[0])
    raise AssertionError("the disk never became full")


def _wait_accepted(installation: Installation, addresses: list[str]) -> float:
    began = time.monotonic()
    while time.monotonic() - began < LONGEST:
        try:
            _send(installation, addresses, "after@outside.example", 1_000)
        except (AnsweredError, OSError):
            time.sleep(0.1)
        else:
            return time.monotonic() - began
    raise AssertionError("nothing was accepted after there was room again")


def _send(installation: Installation, addresses: list[str], name: str, octets: int) -> None:
    dialogue = Dialogue(installation.ports["smtp"])
    try:
        dialogue.greet()
        dialogue.message(addresses[:1], letter(name, addresses[:1], octets))
    finally:
        dialogue.close()
