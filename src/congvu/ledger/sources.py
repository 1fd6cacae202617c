"""Where the pieces of a damaged log may come from: another copy of it, and receipts. Nothing here is believed."""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final, Protocol

from congvu.base.fetching import Bounds, FetchError, StatusError, fetch
from congvu.base.places import host_of
from congvu.ledger.heights import hashes_or_word
from congvu.standards import checkpoints, merkle, notes, proofs, receipts, tiles

_BOUNDS: Final = Bounds(seconds=60, octets=tiles.WIDTH * (2 + tiles.LARGEST_ENTRY))  # of the largest bundle
_SCHEMES: Final = ("http://", "https://")


class BadSourceError(Exception):
    """This is neither a folder, nor an address, nor a receipt; the argument says what it is instead."""


class UnreachableSourceError(Exception):
    """Nothing comes from this address; the argument is the address and why, in the words of fetching."""


class Source(Protocol):
    """Something that may have pieces of a log; what it gives is verified by whoever asks."""

    def hashes(self, tile: tiles.Tile) -> Sequence[bytes] | None:
        """Return what should be a tile's hashes, or None."""

    def entries(self, bundle: tiles.Tile) -> Iterable[bytes]:
        """Return what may be entries of a bundle, in any order."""

    def note(self) -> str:
        """Return what may be a signed checkpoint; empty when there is none."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """Another copy of a log's public files and bundles, read by name."""

    read: tiles.Read

    def hashes(self, tile: tiles.Tile) -> Sequence[bytes] | None:
        """Return the copy's tile; a copy that has grown further is cut."""
        row = hashes_or_word(tile, self.read)
        return None if isinstance(row, str) else row

    def entries(self, bundle: tiles.Tile) -> Iterable[bytes]:
        """Return the entries of the copy's bundle as far as they can be told apart."""
        try:
            return tiles.salvage_entries(tiles.read_bundle(bundle, self.read))
        except (OSError, tiles.BrokenTileError):
            return ()

    def note(self) -> str:
        """Return the copy's checkpoint."""
        try:
            return self.read("checkpoint").decode()
        except (OSError, UnicodeDecodeError):
            return ""


@dataclass(slots=True)
class Receipts:
    """What receipts hold of a log: entries, and the hashes of subtrees on their paths."""

    leaves: dict[int, bytes] = field(default_factory=dict)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)  # by level and index

    def add(self, data: bytes, key: notes.VerifierKey) -> bool:
        """Take a receipt that the log's key vouches for; return whether it is one. Raises BadSourceError."""
        try:
            bundle = json.loads(data)
            if bundle["congvu"] != receipts.FORMAT:
                raise BadSourceError(bundle["congvu"])
            leaf, proof = base64.b64decode(bundle["entry"]), proofs.parse(bundle["proof"])
            head = checkpoints.verify(proof.checkpoint, key=key)
        except notes.UnverifiedNoteError:
            return False  # a receipt of another log
        except (ValueError, KeyError, TypeError) as error:
            raise BadSourceError("receipt") from error
        if not merkle.verify_inclusion(
            index=proof.index,
            size=head.size,
            leaf=merkle.leaf_hash(leaf),
            proof=proof.path,
            root=head.root,
        ):
            raise BadSourceError("receipt")
        self.leaves[proof.index] = leaf
        self._learn(proof, head.size, merkle.leaf_hash(leaf))
        return True

    def hashes(self, tile: tiles.Tile) -> Sequence[bytes] | None:
        """Return a tile's hashes when the receipts hold every one of them."""
        level, first = (tile.level or 0) * tiles.HEIGHT, tile.index * tiles.WIDTH
        row = [self.nodes.get((level, first + at)) for at in range(tile.width)]
        found = [one for one in row if one is not None]
        return found if len(found) == tile.width else None

    def entries(self, bundle: tiles.Tile) -> Iterable[bytes]:
        """Return the entries of a bundle of which there are receipts."""
        first = bundle.index * tiles.WIDTH
        return [self.leaves[at] for at in range(first, first + bundle.width) if at in self.leaves]

    def note(self) -> str:
        """Return nothing: a receipt's checkpoint may be an old one."""
        return ""

    def _learn(self, proof: proofs.Proof, size: int, leaf: bytes) -> None:
        """Keep the hashes of the perfect subtrees on a path, and what follows from two neighbors."""
        self._keep(0, proof.index, leaf)
        for span, digest in zip(merkle.path_spans(proof.index, size), proof.path, strict=True):
            width = len(span)
            if width & (width - 1) == 0:  # the others, at the right edge, stand in no tile
                self._keep(width.bit_length() - 1, span.start // width, digest)

    def _keep(self, level: int, index: int, digest: bytes) -> None:
        while (level, index) not in self.nodes:
            self.nodes[level, index] = digest
            neighbor = self.nodes.get((level, index ^ 1))
            if neighbor is None:
                return
            pair = (digest, neighbor) if index % 2 == 0 else (neighbor, digest)
            digest, level, index = merkle.node_hash(*pair), level + 1, index // 2


def opened(places: Iterable[str], *, slug: str, name: str, key: notes.VerifierKey) -> list[Source]:
    """Return sources for one log from folders, addresses and receipts' files.

    A folder is a copy of the log (`checkpoint`, `tile/…`), of a whole `ledger` folder, or one of receipts.
    Raises BadSourceError or UnreachableSourceError.
    """
    found: list[Source] = []
    known = Receipts()
    for place in places:
        path = Path(place)
        if place.startswith(_SCHEMES):
            found.append(_reached(place))
        elif path.is_dir():
            found.append(Mirror(_folder_reader(path, slug, name)))
            for one in sorted(path.glob("*.congvu.json")):
                known.add(_small(one), key)
        elif path.is_file():
            known.add(_small(path), key)
        else:
            raise BadSourceError(place)
    return [*found, known] if known.leaves else found


def _small(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(receipts.LARGEST + 1)


def _folder_reader(place: Path, slug: str, name: str) -> tiles.Read:
    tails = ("", f"public/{slug}/{name}", f"entries/{slug}/{name}")
    roots = [place / prefix / tail for prefix in ("", "ledger") for tail in tails]

    def read(name: str) -> bytes:
        for root in roots:
            if (root / name).is_file():
                return (root / name).read_bytes()
        raise FileNotFoundError(name)

    return read


def _reached(address: str) -> Mirror:
    read = _fetcher(address)
    try:
        read("checkpoint")
    except FileNotFoundError:
        pass  # it may have tiles all the same
    except OSError as error:
        raise UnreachableSourceError(f"{address} ({error})") from error
    return Mirror(read)


def _fetcher(address: str) -> tiles.Read:
    def read(name: str) -> bytes:
        try:
            return fetch(f"{address.rstrip('/')}/{name}", bounds=_BOUNDS, allowed={host_of(address)})
        except FetchError as error:
            if isinstance(error, StatusError) and error.status == HTTPStatus.NOT_FOUND:
                raise FileNotFoundError(name) from error
            raise OSError(error.word) from error

    return read
