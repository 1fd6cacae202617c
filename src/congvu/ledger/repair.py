# writes: it puts back pieces of the log that the signed root vouches for
"""Restoring damaged files of a log, from above to below: nothing is taken that the signed root does not vouch for.

Candidates are what lies there, what the entries give, other copies, and receipts. A piece that is good is never
touched; what was damaged is kept aside, since it is evidence too.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from congvu.base.database import atomic
from congvu.ledger import check, gate, log_keys, memories
from congvu.ledger.actions import record
from congvu.ledger.check import Damage, Progress
from congvu.ledger.events import LogRepaired
from congvu.ledger.gate import Head
from congvu.ledger.heights import Heights, edge_root, edge_tiles, start
from congvu.ledger.models import Ledger, Log
from congvu.ledger.sources import Mirror, Source
from congvu.ledger.store import Folder, write_durably
from congvu.standards import checkpoints, merkle, notes, tiles

_MOST = 4_096  # combinations of what neighbors may hold, until one gives the hash above them


class ForkedError(Exception):
    """Two genuine checkpoints do not belong to one history; nothing is repaired from either."""


class NoHeadError(Exception):
    """No genuine checkpoint is left anywhere, so nothing can be verified."""


@dataclass(slots=True)
class Outcome:
    """The names of the files that were restored, and what is still lost."""

    restored: list[str] = field(default_factory=list)
    lost: list[Damage] = field(default_factory=list)


def repair(
    folder: Folder,
    head: Head,
    sources: Sequence[Source],
    *,
    aside: Path,
    processes: int = 1,
    progress: Progress | None = None,
) -> Outcome:
    """Restore a log's tiles and bundles up to a signed head; damaged files are kept in the folder `aside`."""
    work = _Work(
        folder, aside, Heights.read_from(folder.read, head.size, head.root), [Mirror(folder.read), *sources]
    )
    if not work.restore_edge():
        work.outcome.lost.append(Damage("checkpoint", 0, "root"))
        return work.outcome
    work.restore_heights()
    for number in check.suspects(folder, head.size, processes=processes, progress=progress):
        work.restore_lowest(number)
    return work.outcome


def head_of(origin: str, folder: Folder, kept: str, sources: Sequence[Source]) -> tuple[Head, str]:
    """Return the newest signed head that is of one history with ours, and its note.

    `kept` is the note that the database holds. Raises NoHeadError, ForkedError.
    """
    head, note = memories.newest(origin, folder, kept)
    for source in sources if not folder.closing() else ():  # what follows a closing counts for nothing
        other, text = memories.genuine(origin, folder, source.note())
        if not _continues(source, head, other):
            raise ForkedError(origin)
        if other.size > head.size:
            head, note = other, text
    if not head.size:
        raise NoHeadError(origin)
    return head, note


def conclude(ledger: Ledger, log: Log, outcome: Outcome, at: datetime) -> str:
    """Record that files were restored, and lift the seal when the gate lets the log pass; return its reason if not."""
    reason = gate.inspect(log, Folder.of(ledger.slug, log.name))
    if reason or not (outcome.restored or outcome.lost):
        return reason
    with atomic():
        Ledger.objects.filter(pk=ledger.pk).update(sealed="")
        event = LogRepaired(
            year=log.year, number=log.number, files=len(outcome.restored), lost=len(outcome.lost)
        )
        record(event, agency=ledger.agency, at=at, disclosures={})
    return ""


def restore_memories(origin: str, folder: Folder, note: str) -> Outcome:
    """Put the signed checkpoint and the public key back where they are damaged or older; the key itself may be lost."""
    done = Outcome()
    size = checkpoints.parse(notes.parse(note).text).size
    wrong = {fault.file: fault for fault in memories.faults(origin, folder)}
    for memory in memories.recall(origin, folder):
        if memory.what or memory.head.size < size:
            done.restored.append(memory.place)
    if done.restored:
        folder.publish(note)
    if str(folder.key) in wrong:
        done.lost.append(wrong[str(folder.key)])
    elif str(folder.public_key) in wrong:
        folder.public_key.unlink(missing_ok=True)
        log_keys.publish(origin, folder)
        done.restored.append(str(folder.public_key))
    return done


def _continues(source: Source, ours: Head, other: Head) -> bool:
    """Return whether a copy's head and ours are of one history; what is not larger is compared by the gate's way."""
    if not ours.size or not other.size or other.size < ours.size:
        return True
    if other.size == ours.size:
        return other.root == ours.root
    try:
        proof = tiles.consistency_proof(ours.size, other.size, _hash_reader(source))
    except (OSError, tiles.BrokenTileError):
        return False
    return merkle.verify_consistency(
        old=ours.size, new=other.size, old_root=ours.root, new_root=other.root, proof=proof
    )


def _hash_reader(source: Source) -> tiles.Read:
    def read(name: str) -> bytes:
        tile = tiles.parse_path(name)
        row = None if tile is None else source.hashes(tile)
        if row is None:
            raise FileNotFoundError(name)
        return b"".join(row)

    return read


@dataclass(slots=True)
class _Work:
    folder: Folder
    aside: Path
    heights: Heights
    sources: list[Source]  # what lies there first
    outcome: Outcome = field(default_factory=Outcome)

    def restore_edge(self) -> bool:
        """Find the partial tiles that give the signed root; return whether there are such."""
        edge = edge_tiles(self.heights.size)
        if not self.heights.is_signed:
            choices = itertools.product(*(self._candidates(tile) for tile in edge))
            for rows in itertools.islice(choices, _MOST):
                pairs = list(zip(edge, rows, strict=True))
                if edge_root(self.heights.size, pairs) == self.heights.root:
                    break
            else:
                return False
            for tile, row in pairs:
                if self.heights.rows[tile] != list(row):
                    self._put_tile(tile, row)
            self.heights.prove()
        return True

    def restore_heights(self) -> None:
        """Restore the full tiles above level 0, from the highest down."""
        for tile in sorted(self.heights.rows, key=lambda one: one.level or 0, reverse=True):
            if not tile.level or tile in self.heights.proven or self.heights.parent(tile) is None:
                continue
            row = self._vouched(tile)
            if row is None:
                self.outcome.lost.append(Damage(tile.path, start(tile), "hashes"))
            else:
                self._put_tile(tile, row)
                self.heights.prove()

    def restore_lowest(self, number: int) -> None:
        """Restore a hash tile of level 0 and the bundle below it."""
        tile, bundle = self.heights.lowest(number)
        row = self._vouched(tile)
        if row is None:
            self.outcome.lost += [Damage(one.path, start(one), "hashes") for one in (tile, bundle)]
            return
        if self.sources[0].hashes(tile) != list(row):
            self._put_tile(tile, row)
        self._restore_bundle(bundle, row)

    def _restore_bundle(self, bundle: tiles.Tile, row: Sequence[bytes]) -> None:
        found: dict[bytes, bytes] = {}
        for source in self.sources:
            if any(one not in found for one in row):
                found.update((merkle.leaf_hash(one), one) for one in source.entries(bundle))
        missing = [at for at, one in enumerate(row) if one not in found]
        if missing:
            self.outcome.lost += [Damage(bundle.path, start(bundle) + at, "entries") for at in missing]
            return
        data = tiles.encode_entries(found[one] for one in row)
        if self._lies(bundle.path) != data:
            self._put(bundle.path, data)

    def _vouched(self, tile: tiles.Tile) -> Sequence[bytes] | None:
        """Return those hashes for which a proven tile above, or the root itself, vouches."""
        parent = self.heights.parent(tile)
        if parent is not None and parent not in self.heights.proven:
            return None
        return next((row for row in self._candidates(tile) if self.heights.allows(tile, row)), None)

    def _candidates(self, tile: tiles.Tile) -> Iterator[Sequence[bytes]]:
        """Yield what a tile's hashes may be, each once."""
        told: set[bytes] = set()
        for row in itertools.chain((source.hashes(tile) for source in self.sources), self._derived(tile)):
            if row is not None and (joined := b"".join(row)) not in told:
                told.add(joined)
                yield row

    def _derived(self, tile: tiles.Tile) -> Iterator[Sequence[bytes] | None]:
        """Yield what the entries, or the tiles below, give for a tile."""
        if not tile.level:
            for source in self.sources:
                row = [
                    merkle.leaf_hash(one) for one in source.entries(tiles.Tile(None, tile.index, tile.width))
                ]
                yield row if len(row) == tile.width else None
            return
        claims: Sequence[bytes | None] = self.sources[0].hashes(tile) or [None] * tile.width
        first = tile.index * tiles.WIDTH
        below = [
            self._roots(tiles.Tile(tile.level - 1, first + at), claim) for at, claim in enumerate(claims)
        ]
        yield from itertools.islice(itertools.product(*below), _MOST)

    def _roots(self, tile: tiles.Tile, claim: bytes | None) -> list[bytes]:
        """Return the hashes that may stand for a full tile; one only when two of ours agree.

        They are what the tile above claims, what its own hashes give, and what is below it.
        """
        lies = self.sources[0].hashes(tile)
        is_told = lies is not None and tile.level
        below = None if is_told else next(iter(self._derived(tile)), None)
        ours = [one for one in (claim, *(merkle.root(row) for row in (lies, below) if row)) if one]
        agreed = [one for one, count in Counter(ours).items() if count > 1]
        others = (source.hashes(tile) for source in self.sources[1:])
        return agreed or list(dict.fromkeys([*ours, *(merkle.root(row) for row in others if row)]))

    def _put_tile(self, tile: tiles.Tile, row: Sequence[bytes]) -> None:
        self._put(tile.path, b"".join(row))
        if tile in self.heights.rows:
            self.heights.rows[tile] = list(row)

    def _put(self, name: str, data: bytes) -> None:
        damaged = self._lies(name)
        if damaged is not None:
            number = itertools.count(1)
            path = next(one for at in number if not (one := self.aside / f"{name}.{at}").exists())
            write_durably(path, damaged)
        self.folder.write({name: data})
        self.outcome.restored.append(name)

    def _lies(self, name: str) -> bytes | None:
        try:
            return self.folder.read(name)
        except OSError:
            return None
