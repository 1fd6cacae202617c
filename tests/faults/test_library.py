"""The fault library finds programs that promise too early, and clears those that keep their promises."""

import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import disk, library, programs


@pytest.fixture(scope="module")
def faults(tmp_path_factory) -> Path:
    return library.build(tmp_path_factory.mktemp("faults"))


def promised(faults: Path, place: Path, name: str, *chosen: str) -> list[tuple[set[int], disk.Disk]]:
    """Run a program once for each fault (KIND-AT); return what it promised, and its disk."""
    before = [_laid(place / one / "data", name) for one in chosen]
    command = [sys.executable, "-m", "tests.faults.programs", name, str(place), *chosen]
    done = subprocess.run(
        command, env=library.environment(faults), capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    said = [{int(line) for line in (place / one / "said").read_text().split()} for one in chosen]
    journals = [disk.journal(place / one / "journal") for one in chosen]
    return [(known, one.run(calls)) for known, one, calls in zip(said, before, journals, strict=True)]


def _laid(folder: Path, name: str) -> disk.Disk:
    folder.mkdir(parents=True)
    if name.startswith("sqlite"):
        made = sqlite3.connect(folder / "records.sqlite3")
        made.executescript("PRAGMA journal_mode=WAL; CREATE TABLE record (number INTEGER, body BLOB);")
        made.close()
    return disk.Disk(folder, random.Random(folder.parent.name))  # noqa: S311 -- dice, not keys


def kept(left: dict[str, bytes | None], folder: Path, name: str) -> set[int]:
    """Return which records a disk holds whole after the power cut."""
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


def lost(faults: Path, place: Path, name: str) -> int:
    """Return in how many power cuts a promise was broken."""
    chosen = [f"cut-{at}" for at in range(6, 66, 3)]
    runs = zip(chosen, promised(faults, place, name, *chosen), strict=True)
    return sum(bool(known - kept(one.cut(), place / fault / "data", name)) for fault, (known, one) in runs)


@pytest.mark.parametrize("name", ["forgets", "file-only", "sqlite-off"])
def test_a_program_that_forgets_to_sync_is_caught(faults, tmp_path, name):
    assert lost(faults, tmp_path, name) > 0


@pytest.mark.parametrize("name", ["careful", "sqlite-full"])
def test_a_careful_program_keeps_its_promises(faults, tmp_path, name):
    assert lost(faults, tmp_path, name) == 0


@pytest.mark.parametrize("name", ["careful", "sqlite-full"])
def test_every_fault_reaches_python_and_sqlite(faults, tmp_path, name):
    every = set(range(programs.RECORDS))
    said = promised(faults, tmp_path, name, *(f"{kind}-12" for kind in library.KINDS))
    complete = {kind for kind, (known, _) in zip(library.KINDS, said, strict=True) if known == every}
    assert complete == {"none", "short"}
