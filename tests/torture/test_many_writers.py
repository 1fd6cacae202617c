"""Many writers on PostgreSQL that commit in any order, for ten minutes, while sequencers and sessions are killed."""

import os
from dataclasses import asdict
from pathlib import Path

import pytest

from bench.postgresql import serving
from tests import requires
from tests.torture.proof import tell
from tests.torture.writers_proof import write_at_once

SECONDS = float(os.environ.get("CONGVU_TORTURE_SECONDS", "600"))

pytestmark = pytest.mark.torture


@pytest.mark.parametrize("writers", [8, 32])
def test_no_entry_of_many_writers_is_missed_or_doubled(tmp_path: Path, seed: int, writers: int):
    with serving(requires.postgresql()) as server:
        done, proof = write_at_once(
            tmp_path, server, "many", writers=writers, seconds=SECONDS, seed=seed, backends=1
        )
    tell("many writers", **done, **asdict(proof))
    assert proof.faults == 0
    assert proof.transactions > writers
