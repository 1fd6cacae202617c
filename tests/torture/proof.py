"""What must be true of an installation after anything: nothing acknowledged is lost, nothing is there twice."""

import collections
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.installation import Installation
from congvu.standards import checkpoints, merkle, notes, tiles

SETTLE_SECONDS = 60
QUIET_SECONDS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was found; every list is empty when all is well, and its names say what is wrong."""

    acknowledged: int
    stored: int
    entries: int
    again: int  # stored once more, because the answer to an earlier try never arrived
    stray_blobs: int
    report: dict
    lost: list[str]
    changed: list[str]
    doubled: list[str]
    misplaced: list[str]
    unproven: list[str]
    strangers: int


def settled(installation: Installation) -> dict:
    """Return the inspection of an installation once nothing waits for the sequencer any more; its clerk runs."""
    end = time.monotonic() + SETTLE_SECONDS
    while True:
        found = installation.ask("tests.torture.inspection")
        if not found["waiting"] or time.monotonic() > end:
            return found
        time.sleep(QUIET_SECONDS)


def compare(report: dict, acknowledged: Sequence[dict]) -> Proof:
    """Compare what clients were told with what is there."""
    stored = collections.defaultdict(list)
    for row in report["messages"]:
        stored[row["id"]].append(row)
    told = {one["id"]: one for one in acknowledged}
    copies = {name: (len(stored[name]), one["tries"]) for name, one in told.items()}
    return Proof(
        acknowledged=len(told),
        stored=len(report["messages"]),
        entries=report["entries"],
        again=sum(count - 1 for count, _ in copies.values() if count),
        stray_blobs=report["stray_blobs"],
        report=report,
        lost=[name for name, (count, _) in copies.items() if count == 0],
        doubled=[name for name, (count, tries) in copies.items() if count > tries],
        changed=[
            name
            for name, one in told.items()
            if any(row["sha256"] != one["sha256"] or not row["is_digest_right"] for row in stored[name])
        ],
        misplaced=[
            name
            for name, one in told.items()
            if any(row["boxes"] != sorted(one["recipients"]) for row in stored[name])
        ],
        unproven=[
            row["id"]
            for row in report["messages"]
            if row["accepted"] != 1 or row["delivered"] != len(row["boxes"])
        ],
        strangers=report["strangers"],
    )


def assert_whole(proof: Proof) -> None:
    """Everything acknowledged is in its boxes, unchanged, with its entries once each; nothing else is evidenced."""
    faults = {
        "lost": proof.lost,
        "changed": proof.changed,
        "doubled": proof.doubled,
        "misplaced": proof.misplaced,
        "unproven": proof.unproven,
        "strangers": proof.strangers,
    }
    assert faults == {
        "lost": [],
        "changed": [],
        "doubled": [],
        "misplaced": [],
        "unproven": [],
        "strangers": 0,
    }


def assert_ledger_whole(installation: Installation) -> None:
    """`congvu ledger check` says that every log is whole."""
    checked = installation.congvu("ledger", "check")
    assert (checked.returncode, "DAMAGED" in checked.stdout) == (0, False), checked.stdout + checked.stderr


def checkpoint(installation: Installation, year: int) -> str:
    """Return the public checkpoint of the year's log; empty while there is none."""
    path = _public(installation, year) / "checkpoint"
    return path.read_text() if path.exists() else ""


def assert_consistent(installation: Installation, year: int, vkey: str, seen: Sequence[str]) -> int:
    """Every checkpoint that was ever seen is signed and a prefix of the last one; return how many sizes there were."""
    key, folder = notes.parse_verifier_key(vkey), _public(installation, year)
    last = checkpoints.verify(checkpoint(installation, year), key=key)
    earlier = {checkpoints.verify(note, key=key) for note in seen if note}
    for old in earlier:
        proof = tiles.consistency_proof(old.size, last.size, lambda name: (folder / name).read_bytes())
        assert merkle.verify_consistency(
            old=old.size, new=last.size, old_root=old.root, new_root=last.root, proof=proof
        ), (old, last)
    return len(earlier)


def tell(words: str, **numbers: object) -> None:
    """Print one line of a summary."""
    print(f"\n{words}: {json.dumps(numbers)}", flush=True)  # noqa: T201 -- the point of a long run is its figures


def _public(installation: Installation, year: int) -> Path:
    return installation.data / "ledger" / "public" / "ubnd" / str(year)
