"""The fault library finds programs that promise too early, and clears those that keep their promises."""

import random
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import disk, library, programs

CUTS = [f"cut-{at}" for at in range(6, 66, 4)]
FAILED = [f"fsync-{at}" for at in range(50, 76, 2)]
ALL = [f"{kind}-12" for kind in library.KINDS]
FORGETFUL, CAREFUL = ["forgets", "file-only", "sqlite-off"], ["careful", "sqlite-full", "keys"]


@dataclass(frozen=True, slots=True)
class Run:
    """What a program promised before its fault was over, its folder, and its disk."""

    promised: set[int]
    folder: Path
    disk: disk.Disk


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> dict[str, Run]:
    """Every program under every fault, by NAME/KIND-AT."""
    place = tmp_path_factory.mktemp("faults")
    chosen = [f"{name}/{fault}" for name in FORGETFUL + CAREFUL for fault in CUTS]
    chosen += [f"{name}/{fault}" for name in CAREFUL for fault in ALL]
    chosen += [f"{name}/{fault}" for name in ("keys", "keys-unmended") for fault in FAILED]
    before = {one: _laid(place / one / "data", one) for one in chosen}
    command = [sys.executable, "-m", "tests.faults.programs", str(place), *chosen]
    environment = library.environment(library.build(place))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return {one: _run(place / one, before[one]) for one in chosen}


def _run(place: Path, before: disk.Disk) -> Run:
    said = {int(line) for line in (place / "said").read_text().split()}
    return Run(said, place / "data", before.run(disk.journal(place / "journal")))


def _laid(folder: Path, name: str) -> disk.Disk:
    folder.mkdir(parents=True)
    if name.startswith("sqlite"):
        made = sqlite3.connect(folder / "records.sqlite3")
        made.executescript("PRAGMA journal_mode=WAL; CREATE TABLE record (number INTEGER, body BLOB);")
        made.close()
    return disk.Disk(folder, random.Random(name))  # noqa: S311 -- dice, not keys


def kept(left: dict[str, bytes | None], folder: Path, name: str) -> set[int]:
    """Return which records a disk holds whole after the power cut."""
    if name.startswith("keys"):
        return _kept_keys(left, folder)
    if not name.startswith("sqlite"):
        whole = {f"{folder}/{number}/record": number for number in range(programs.RECORDS)}
        return {number for path, number in whole.items() if left.get(path) == b"record %d" % number * 200}
    shutil.rmtree(folder)
    disk.lay(left)
    try:
        rows = sqlite3.connect(folder / "records.sqlite3").execute("SELECT number, length(body) FROM record")
        return {number for number, length in rows if length == 3_000}
    except sqlite3.DatabaseError:
        return set()


def _kept_keys(left: dict[str, bytes | None], folder: Path) -> set[int]:
    shutil.rmtree(folder)
    disk.lay(left)
    try:
        rows = sqlite3.connect(folder / "keys.sqlite3").execute(
            "SELECT handle FROM record_key WHERE handle <> ''"
        )
        return {int(handle.split("-")[0]) for (handle,) in rows}
    except sqlite3.DatabaseError:
        return set()


def lost(runs: dict[str, Run], name: str, faults: list[str] = CUTS) -> int:
    """Return in how many power cuts a promise was broken."""
    cut = [runs[f"{name}/{fault}"] for fault in faults]
    return sum(bool(one.promised - kept(one.disk.cut(), one.folder, name)) for one in cut)


@pytest.mark.parametrize("name", FORGETFUL)
def test_a_program_that_forgets_to_sync_is_caught(runs, name):
    assert lost(runs, name) > 0


@pytest.mark.parametrize("name", CAREFUL)
def test_a_careful_program_keeps_its_promises(runs, name):
    assert lost(runs, name) == 0


def test_a_store_of_keys_keeps_its_promises_after_a_sync_that_failed(runs):
    assert lost(runs, "keys", FAILED) == 0


def test_a_store_of_keys_that_did_not_write_its_journal_again_would_be_caught(runs):
    assert lost(runs, "keys-unmended", FAILED) > 0


@pytest.mark.parametrize("name", CAREFUL)
def test_every_fault_reaches_python_and_sqlite(runs, name):
    every = set(range(programs.RECORDS))
    complete = {
        kind
        for kind, fault in zip(library.KINDS, ALL, strict=True)
        if runs[f"{name}/{fault}"].promised == every
    }
    assert complete == {"none", "short"}
