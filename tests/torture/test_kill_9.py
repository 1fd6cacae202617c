"""`kill -9` of the running program under mail load, again and again."""

import collections
import contextlib
import os
import random
import statistics
import time

import pytest

from bench.installation import Installation, NotReadyError
from tests.torture import processes
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

ROUNDS = int(os.environ.get("CONGVU_TORTURE_ROUNDS", "20"))
# door and clerk hold the data, so they die most often; "program" is the one that starts the others
VICTIMS = (*["door"] * 6, *["clerk"] * 5, *["everything"] * 5, *["program"] * 2, *["web"] * 2)
SERVE_SECONDS = 60.0

pytestmark = pytest.mark.torture


def test_nothing_acknowledged_is_lost_when_processes_are_killed_under_load(
    installation: Installation, addresses, tmp_path, seed
):
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
    installation.start()
    _wait_serving(installation, "")
    seen, took = [], {}
    with load(port=installation.ports["smtp"], recipients=addresses, folder=tmp_path, seed=seed):
        for _ in range(ROUNDS):
            time.sleep(chance.uniform(0.2, 2.0))
            victim = chance.choice(VICTIMS)
            seen.append(_newest(installation))
            killed = processes.kill(installation, victim)
            assert killed, victim
            if victim in ("everything", "program"):
                installation.running["all"].wait()
                installation.start()
            took.setdefault(victim, []).append(_wait_serving(installation, seen[-1]))
    parts = collections.Counter(processes.of(installation).values())
    assert (parts["program"], parts["door"], parts["clerk"]) == (1, 1, 1)  # no orphan of an earlier life
    report = settled(installation)
    proof = compare(report, acknowledged(tmp_path))
    heads = assert_consistent(installation, report["year"], report["vkey"], seen)
    tell(
        "kill -9",
        rounds=ROUNDS,
        seed=seed,
        acknowledged=proof.acknowledged,
        lost=len(proof.lost),
        again=proof.again,
        entries=proof.entries,
        entries_lost=len(proof.unproven),
        checkpoints=heads,
        stray_blobs=proof.stray_blobs,
        seconds_to_serve={
            part: [round(statistics.median(all_), 1), round(max(all_), 1)] for part, all_ in took.items()
        },
    )
    assert_whole(proof)
    assert_ledger_whole(installation)
    assert proof.acknowledged > ROUNDS


def _newest(installation: Installation) -> str:
    """Return the checkpoint of the newest year."""
    years = sorted((installation.data / "ledger" / "public" / "ubnd").glob("*"))
    return checkpoint(installation, int(years[-1].name)) if years else ""


def _wait_serving(installation: Installation, before: str) -> float:
    """Wait until mail is taken, the web answers, and evidence is signed again; return how long that took."""
    began = time.monotonic()
    while (waited := time.monotonic() - began) < SERVE_SECONDS:
        signs = {
            "mail": _greets(installation),
            "web": processes.answers_web(installation),
            "signed": not before or _newest(installation) != before,
        }
        if all(signs.values()):
            return waited
        time.sleep(0.02)
    said = installation.log.read_text()[-3_000:]
    raise AssertionError(f"not serving again: {signs} {processes.of(installation)}\n{said}")


def _greets(installation: Installation) -> bool:
    with contextlib.suppress(NotReadyError):
        installation.wait_smtp(seconds=1)
        return True
    return False
