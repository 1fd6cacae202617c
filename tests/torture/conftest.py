"""A real installation for each test: founded by the real acts, served by the real program, on ports of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.installation import Installation
from tests.torture import processes

MAILBOXES = 5


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation that nothing runs in yet; at the end of the test no process of it is left."""
    made = Installation(tmp_path)
    try:
        yield made
    finally:
        processes.end(made)


@pytest.fixture
def addresses(installation: Installation) -> list[str]:
    """The official addresses of the installation."""
    return installation.ask("bench.inside", "found", str(MAILBOXES))["addresses"]


@pytest.fixture
def seed() -> int:
    """What the dice of this run begin with; CONGVU_TORTURE_SEED repeats a run."""
    return int(os.environ.get("CONGVU_TORTURE_SEED") or int.from_bytes(os.urandom(4)))
