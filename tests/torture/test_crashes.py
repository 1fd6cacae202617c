"""Faults of disk and power, one injection a round: nothing acknowledged is lost, and nothing signed is forked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import library
from tests.torture.proof import tell

pytestmark = pytest.mark.torture
ROUNDS = int(os.environ.get("CONGVU_TORTURE_ROUNDS", "1000"))
CONTROLS = 30
MEMORY = Path("/dev/shm")  # noqa: S108 -- a folder of its own is made in it


@pytest.fixture(scope="module")
def faults(tmp_path_factory) -> Path:
    return library.build(tmp_path_factory.mktemp("faults"))


def crash(faults: Path, place: Path, kind: str, rounds: int, seed: int, forgets: str = "") -> dict[str, int]:
    command = [sys.executable, "-m", "tests.torture.crashing", kind, str(rounds), str(seed), str(place)]
    environment = {**library.environment(faults), "CONGVU_TORTURE_FORGETS": forgets}
    inherited = {name: value for name, value in environment.items() if not name.startswith("CONGVU_DATA")}
    done = subprocess.run(command, env=inherited, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    told: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.fixture
def place(tmp_path, request):
    """A folder in memory, where syncing costs nothing: the power cut is in the journal."""
    if not MEMORY.is_dir():
        yield tmp_path / "run"
        return
    folder = MEMORY / f"congvu-{os.getpid()}-{tmp_path.name}"
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.mark.parametrize("kind", [kind for kind in library.KINDS if kind != "none"])
def test_nothing_is_lost_and_nothing_forked(faults, place, seed, kind):
    told = crash(faults, place, kind, ROUNDS, seed)
    tell(f"crash: {kind}", **{name: value for name, value in told.items() if name != "kind"})
    assert told["recorded"] > ROUNDS
    assert {name: told[name] for name in ("lost", "forked", "damaged", "sealed")} == dict.fromkeys(
        ("lost", "forked", "damaged", "sealed"), 0
    )


def test_a_sequencer_that_did_not_sync_its_files_would_be_caught(faults, place, seed):
    told = crash(faults, place, "cut", CONTROLS, seed, forgets="files")
    assert told["damaged"] + told["sealed"] > 0


def test_a_recorder_that_did_not_sync_its_commits_would_be_caught(faults, place, seed):
    told = crash(faults, place, "cut", CONTROLS, seed, forgets="commits")
    assert told["lost"] + told["sealed"] > 0
