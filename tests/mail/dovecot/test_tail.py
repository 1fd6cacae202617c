"""A log that is renamed, compressed, copied away or cut off while it is read: every line once, in order."""

import gzip
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from congvu.mail.dovecot.tail import Position, read


class Log:
    """A log with somebody who reads it, a chunk at a time."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "dovecot.log"
        self.position = Position()
        self.heard: list[str] = []
        self.count = 0

    def write(self, lines: int = 1, *, ending: str = "\n") -> None:
        with self.path.open("a") as file:
            for _ in range(lines):
                self.count += 1
                file.write(f"line {self.count}{ending}")

    def read(self, *, octets: int = 64) -> None:
        is_more = True
        while is_more:
            chunk = read(self.path, self.position, octets=octets)
            self.heard += chunk.lines
            self.position, is_more = chunk.position, chunk.is_more

    def rename(self) -> None:
        for number in (3, 2, 1):
            old = self.path.with_name(f"dovecot.log.{number}")
            if old.exists():
                old.rename(self.path.with_name(f"dovecot.log.{number + 1}"))
        self.path.rename(self.path.with_name("dovecot.log.1"))

    @property
    def all(self) -> list[str]:
        return [f"line {number}" for number in range(1, self.count + 1)]


@pytest.fixture
def log(tmp_path) -> Log:
    return Log(tmp_path)


def test_there_may_be_no_log_yet(log):
    log.read()
    assert (log.heard, log.position) == ([], Position())


def test_a_line_counts_when_it_is_whole(log):
    log.write(2)
    log.write(1, ending="")
    log.read()
    assert log.heard == ["line 1", "line 2"]
    with log.path.open("a") as file:
        file.write("\n")
    log.read()
    assert log.heard == log.all


def test_what_was_renamed_before_it_was_read_is_read_first(log):
    log.write(30)
    log.read()
    log.write(5)
    log.rename()
    log.write(5)
    log.read()
    assert log.heard == log.all


def test_several_rotations_during_an_outage_lose_nothing(log):
    log.write(30)
    log.read()
    for _ in range(3):
        log.write(7)
        log.rename()
    log.write(3)
    log.read()
    assert log.heard == log.all


def test_a_rotated_log_may_be_compressed_meanwhile(log):
    log.write(30)
    log.read()
    log.write(5)
    log.rename()
    rotated = log.path.with_name("dovecot.log.1")
    with gzip.open(f"{rotated}.gz", "wb") as file:
        file.write(rotated.read_bytes())
    rotated.unlink()
    log.write(5)
    log.read()
    assert log.heard == log.all


def test_a_log_that_is_copied_and_cut_off_is_read_from_its_copy(log):
    log.write(30)
    log.read()
    log.write(5)
    shutil.copy(log.path, log.path.with_name("dovecot.log.1"))
    log.path.write_bytes(b"")
    log.write(5)
    log.read()
    assert log.heard == log.all


def test_a_log_that_is_cut_off_without_a_copy_goes_on_and_says_so(log, caplog):
    log.write(30)
    log.read()
    log.write(5)
    log.path.write_bytes(b"")
    log.write(2)
    log.read()
    assert log.heard == [*log.all[:30], *log.all[35:]]
    assert "openings may be missing" in caplog.text


def test_octets_that_are_no_text_stop_nothing(log):
    log.path.write_bytes(b"\xff\xfe\x00\n" + b"x" * 300 + b"\nline 1\n")
    log.count = 1
    log.read()
    assert log.heard[-1] == "line 1"


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["write", "read", "rename"]), max_size=25), st.integers(16, 200))
def test_whatever_happens_between_reads_every_line_comes_once(tmp_path_factory, steps, octets):
    log = Log(tmp_path_factory.mktemp("log"))
    log.write(1)
    log.read()  # reading begins with the log that is there
    rotations = 0
    for step in steps:
        if step == "write":
            log.write(4)
        elif step == "read":
            log.read(octets=octets)
            rotations = 0
        elif log.path.exists() and rotations < 3:
            log.rename()
            rotations += 1
            log.write(1)
    log.read(octets=octets)
    assert log.heard == log.all
