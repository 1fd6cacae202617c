"""A log of ours as an agency has it: real acts, recorded and sequenced in uneven batches, with all its files."""

from dataclasses import dataclass
from pathlib import Path

from congvu.ledger import log_keys, sequencer
from congvu.ledger.models import Ledger, Log
from congvu.ledger.store import Folder
from congvu.standards import checkpoints, notes, tiles
from tests.ledger.conftest import found, mend

BATCHES = (1, 254, 3, 40, 300, 1, 170)


@dataclass(frozen=True)
class RealLog:
    """A log's files, its signed checkpoint, and the key that its agency publishes."""

    folder: Folder
    note: str
    key: notes.VerifierKey

    @property
    def head(self) -> checkpoints.Checkpoint:
        return checkpoints.verify(self.note, key=self.key)

    @property
    def files(self) -> list[Path]:
        """Return every tile and bundle of the log's size."""
        named = [*tiles.hash_tiles(self.head.size), *tiles.bundles(self.head.size)]
        return [self.folder.path(one.path) for one in named]

    def leaf(self, index: int) -> bytes:
        return tiles.entry(index, self.head.size, self.folder.read)

    def path(self, index: int) -> list[bytes]:
        return tiles.inclusion_proof(index, self.head.size, self.folder.read)


def real_log() -> RealLog:
    ledger: Ledger = found()
    for count in BATCHES:
        mend(ledger, count)
        sequencer.settle()
    log = Log.objects.get(agency=ledger.agency)
    folder = Folder.of(ledger.slug, log.year)
    return RealLog(folder, folder.checkpoint(), log_keys.verifier(log.origin, folder))
