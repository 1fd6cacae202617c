"""`kill -9` of door, clerk and the database server itself under mail load: what was acknowledged is there."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.installation import Installation
from bench.postgresql import serving
from tests import requires
from tests.torture import processes
from tests.torture.clients import acknowledged, load
from tests.torture.proof import assert_ledger_whole, assert_whole, compare, settled, tell

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("CONGVU_TORTURE_ROUNDS", "10"))
VICTIMS = ("database", "database", "door", "clerk", "everything")

pytestmark = pytest.mark.torture


def test_nothing_acknowledged_is_lost_when_the_database_is_killed_under_load(tmp_path, seed):
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
    with serving(requires.postgresql()) as server:
        installation = Installation(tmp_path, extra={"CONGVU_DATABASE": server.make("agency")})
        try:
            addresses = installation.ask("bench.inside", "found", "5")["addresses"]
            installation.start()
            installation.wait_smtp()
            with load(port=installation.ports["smtp"], recipients=addresses, folder=tmp_path, seed=seed):
                for _ in range(ROUNDS):
                    time.sleep(chance.uniform(0.5, 3.0))
                    _kill(chance.choice(VICTIMS), installation, server)
                time.sleep(2)
            report = settled(installation)
            proof = compare(report, acknowledged(tmp_path))
            assert_ledger_whole(installation)
        finally:
            processes.end(installation)
    tell(
        "kill -9 on PostgreSQL",
        rounds=ROUNDS,
        seed=seed,
        acknowledged=proof.acknowledged,
        lost=len(proof.lost),
    )
    assert_whole(proof)
    assert proof.acknowledged > ROUNDS


def test_the_tests_of_ledger_and_directory_hold_on_postgresql():
    packages = [str(ROOT / "tests" / name) for name in ("ledger", "directory")]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nomigrations",
        "-m",
        "not torture and not corpus",
        *packages,
    ]
    with serving(requires.postgresql()) as server:
        environment = {**os.environ, "CONGVU_TEST_DATABASE": server.url("inside")}
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5_000:]


def _kill(victim: str, installation: Installation, server) -> None:
    if victim == "database":
        server.kill()
        server.start()
        return
    assert processes.kill(installation, victim)
    if victim == "everything":
        installation.running["all"].wait()
        installation.start()
    installation.wait_smtp()
