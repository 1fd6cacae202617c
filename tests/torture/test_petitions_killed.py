"""`kill -9` of the running program while citizens ask by the pages and by mail: what they were told is true, once."""

import collections
import os
import random
import time

import pytest

from bench.installation import Installation
from congvu.petitions import numbers
from tests.torture import processes
from tests.torture.askers import Told, asking
from tests.torture.proof import assert_ledger_whole, tell

ROUNDS = int(os.environ.get("CONGVU_TORTURE_ROUNDS", "20"))
VICTIMS = (*["web"] * 6, *["clerk"] * 6, *["door"] * 3, *["everything"] * 3)
SERVE_SECONDS = SETTLE_SECONDS = 120.0
TAKEN_IN = [
    "petition.received",
    "petition.registered",
    "stage.reached",
    "stage.reached",
    "petition.forwarded",
]

pytestmark = pytest.mark.torture


def test_no_number_that_a_citizen_was_given_is_lost_and_nobody_is_told_twice(
    installation: Installation, seed
):
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
    installation.ask("tests.torture.petitioning", "found")
    installation.extra["CONGVU_PETITION_PACE"] = "0"
    installation.start()
    _wait_serving(installation)
    killed: collections.Counter[str] = collections.Counter()
    with asking(web=installation.ports["web"], smtp=installation.ports["smtp"], seed=seed) as told:
        for _ in range(ROUNDS):
            time.sleep(chance.uniform(0.5, 4.0))
            victim = chance.choice(VICTIMS)
            assert processes.kill(installation, victim), victim
            killed[victim] += 1
            if victim == "everything":
                installation.running["all"].wait()
                installation.start()
            _wait_serving(installation)
    report = _settled(installation)
    faults = _faults(report, told)
    tell(
        "petitions, kill -9",
        seed=seed,
        killed=dict(killed),
        by_pages=len(told.numbers),
        by_mail=len(told.sent),
        petitions=len(report["petitions"]),
        letters_to_citizens=report["letters"],
        faults={name: len(found) for name, found in faults.items()},
    )
    assert not any(faults.values()), faults
    assert report["strangers"] == 0
    assert_ledger_whole(installation)
    assert len(told.numbers) > 0 < len(told.sent)


def _faults(report: dict, told: Told) -> dict[str, list[str]]:
    """Return what is wrong, by what it is; every list is empty when all is well."""
    rows = report["petitions"]
    found = collections.defaultdict(list)
    for one in rows:
        found[one["content"]].append(one["number"])
    year = 2000 + int(rows[0]["number"][:2])
    return {
        "lost or doubled by the pages": [word for word, one in told.numbers.items() if found[word] != [one]],
        "lost or doubled by mail": [
            word for word, tries in told.sent.items() if not 1 <= len(found[word]) <= tries
        ],
        "numbers": [
            one["number"]
            for place, one in enumerate(rows, 1)
            if one["number"] != numbers.spelled(year, place)
        ],
        "without whoever asked": [one["number"] for one in rows if one["who"] != one["content"]],
        "steps": [one["number"] for one in rows if sorted(one["kinds"][:5]) != sorted(TAKEN_IN)],
        "evidence": [one["number"] for one in rows if set(one["evidenced"]) != {1}],
        "not told once": [one["number"] for one in rows if one["letters"] != 1],
    }


def _wait_serving(installation: Installation) -> None:
    """Wait until the pages and the mail door answer again."""
    end = time.monotonic() + SERVE_SECONDS
    while not processes.answers_web(installation):
        assert time.monotonic() < end, installation.log.read_text()[-3_000:]
        time.sleep(0.05)
    installation.wait_smtp(seconds=SERVE_SECONDS)


def _settled(installation: Installation) -> dict:
    """Return what is there once every letter was looked at, everybody told, and everything signed."""
    end = time.monotonic() + SETTLE_SECONDS
    while (found := installation.ask("tests.torture.petitioning", "report"))["waiting"]:
        assert time.monotonic() < end, (found, installation.log.read_text()[-3_000:])
        time.sleep(0.5)
    return found
