"""What many writers were told, held against the log as it lies on disk."""

import itertools
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.postgresql import Server
from congvu.ledger.check import first_damage
from congvu.ledger.store import Folder
from congvu.standards import checkpoints, notes, tiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How many entries of committed transactions the log lacks or has twice, and what else must be none."""

    entries: int
    transactions: int
    rolled_back: int
    unknown: int
    heads: int
    missed: int
    doubled: int
    ghosts: int  # entries of transactions that were rolled back
    torn: int  # transactions of which a part is there, or whose entries do not stand together in their order
    overtaken: int  # transactions of one writer that stand in another order than it wrote them
    forked: int  # published checkpoints that are no earlier state of the log
    damaged: int

    @property
    def faults(self) -> int:
        """Return how much is wrong in all."""
        return (
            self.missed + self.doubled + self.ghosts + self.torn + self.overtaken + self.forked + self.damaged
        )


def write_at_once(
    folder: Path, server: Server, database: str, **orders: object
) -> tuple[dict[str, object], Proof]:
    """Let many writers work in an installation of their own; return what was done to them, and the proof."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CONGVU_")},
        "DJANGO_SETTINGS_MODULE": "congvu.config.settings",
        "CONGVU_DATA": str(folder / "data"),
        "CONGVU_CHECKPOINT_COPY": str(folder / "copy"),
        "CONGVU_DATABASE": server.make(database),
        "CONGVU_LOG_LEVEL": "CRITICAL",
        **{f"CONGVU_TORTURE_{name.upper()}": str(value) for name, value in orders.items()},
    }
    command = [sys.executable, "-m", "tests.torture.many_writers", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    return json.loads(done.stdout.splitlines()[-1]), prove(folder)


def prove(folder: Path, slug: str = "many") -> Proof:
    """Compare the writers' own files with every entry of the log."""
    at, size, root = _log(folder, slug)
    order = _entries(at, size)
    counted = Counter(order)
    place = {one: index for index, one in enumerate(order)}
    told = [_told(path) for path in sorted(folder.glob("writer-*"))]
    every = [(word, ids) for lines in told for word, ids in lines if ids]
    done = [ids for word, ids in every if word == "done"]
    there = [ids for word, ids in every if word != "lost" and ids[0] in place]
    return Proof(
        entries=size,
        transactions=len(done),
        rolled_back=sum(word == "lost" for word, _ in every),
        unknown=sum(word == "unknown" for word, _ in every),
        heads=len(_heads(folder)),
        missed=sum(one not in place for ids in done for one in ids),
        doubled=sum(count - 1 for count in counted.values()),
        ghosts=sum(one in place for word, ids in every if word == "lost" for one in ids),
        torn=sum(
            [place.get(one) for one in ids] != list(range(place[ids[0]], place[ids[0]] + len(ids)))
            for ids in there
        ),
        overtaken=sum(_overtaken(lines, place) for lines in told),
        forked=sum(tiles.root(head.size, at.read) != head.root for head in _heads(folder)),
        damaged=int(first_damage(at, size) is not None or tiles.root(size, at.read) != root),
    )


def _overtaken(lines: list[tuple[str, list[str]]], place: dict[str, int]) -> int:
    first = [place[ids[0]] for word, ids in lines if word != "lost" and ids and ids[0] in place]
    return sum(later < earlier for earlier, later in itertools.pairwise(first))


def _told(path: Path) -> list[tuple[str, list[str]]]:
    lines = [line.split() for line in path.read_text().splitlines()]
    return [(words[0], words[1:]) for words in lines if words]


def _log(folder: Path, slug: str) -> tuple[Folder, int, bytes]:
    (public,) = (folder / "data" / "ledger" / "public" / slug).glob("*")
    at = Folder(
        public=public,
        entries=folder / "data" / "ledger" / "entries" / slug / public.name,
        key=Path("/nowhere"),
        copy=Path("/nowhere"),
    )
    head = checkpoints.parse(notes.parse(at.checkpoint()).text)
    return at, head.size, head.root


def _entries(at: Folder, size: int) -> list[str]:
    leaves = [leaf for bundle in tiles.bundles(size) for leaf in tiles.read_entries(bundle, at.read)]
    assert json.loads(leaves[0])["kind"] == "ledger.log.opened"
    return [json.loads(leaf)["id"] for leaf in leaves]


def _heads(folder: Path) -> list[checkpoints.Checkpoint]:
    kept = [json.loads(line) for line in (folder / "checkpoints").read_text().splitlines()]
    return [checkpoints.parse(notes.parse(note).text) for note in kept if note]
