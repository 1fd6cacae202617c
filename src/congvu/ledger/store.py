"""A log's files: hash tiles and checkpoint in a public folder, entry bundles in another (C2SP tlog-tiles)."""

import contextlib
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from congvu.base.journal import sync
from congvu.ledger.models import Ledger, Log
from congvu.standards import closings

_ENTRIES = "tile/entries/"


class ReadBackError(Exception):
    """What the disk gave back is not what was written."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where one log lies: `public` may be served to anyone, `entries` only to auditors."""

    public: Path
    entries: Path
    key: Path
    copy: Path  # of the last checkpoint, elsewhere

    @classmethod
    def of(cls, slug: str, name: str | int) -> "Folder":
        """Return the folder of an agency's log by its name; a year alone is the year's first."""
        root, tail = Path(settings.CONGVU_DATA) / "ledger", Path(slug) / str(name)
        return cls(
            public=root / "public" / tail,
            entries=root / "entries" / tail,
            key=root / "keys" / slug / f"{name}.key",
            copy=Path(settings.CONGVU_CHECKPOINT_COPY) / slug / f"{name}.checkpoint",
        )

    @classmethod
    def of_log(cls, log: Log) -> "Folder":
        """Return the folder of a log."""
        slug = Ledger.objects.values_list("slug", flat=True).get(agency=log.agency)
        return cls.of(slug, log.name)

    @property
    def public_key(self) -> Path:
        """Return where the log's public key lies: beside the checkpoint."""
        return self.public / "key"

    def path(self, name: str) -> Path:
        """Return where a tile or bundle lies."""
        return (self.entries if name.startswith(_ENTRIES) else self.public) / name

    def read(self, name: str) -> bytes:
        """Return a tile's or bundle's bytes; raises FileNotFoundError."""
        return self.path(name).read_bytes()

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write tiles and bundles; they are on disk, and were read back equal, when this returns."""
        folders: set[Path] = set()
        for name, data in files.items():
            folders.update(replace(self.path(name), data))
        for folder in folders:
            sync(folder)
        for name, data in files.items():
            if self.read(name) != data:
                raise ReadBackError(name)

    def drop(self, names: Iterable[str]) -> None:
        """Remove folders of partial tiles whose full tile is durable."""
        for name in names:
            shutil.rmtree(self.path(name), ignore_errors=True)

    def checkpoint(self) -> str:
        """Return the last signed checkpoint beside the tiles; empty when there is none."""
        return _text(self.public / "checkpoint")

    def checkpoint_copy(self) -> str:
        """Return the copy of the last signed checkpoint that is kept elsewhere; empty when there is none."""
        return _text(self.copy)

    def cosigned(self) -> str:
        """Return the newest checkpoint that witnesses cosigned as the policy asks; empty when there is none."""
        return _text(self.public / "cosigned")

    def show(self, note: str) -> None:
        """Publish a cosigned checkpoint; lost in a power cut, it is cosigned again."""
        replace(self.public / "cosigned", note.encode())

    def statement(self) -> str:
        """Return the policy of witnesses that the log's key has signed; empty when there is none."""
        return _text(self.public / "policy")

    def state(self, note: str) -> None:
        """Publish the signed policy; lost in a power cut, it is signed again."""
        replace(self.public / "policy", note.encode())

    def succeed(self, note: str) -> None:
        """Publish the note by which the key of the year before vouches for this log's."""
        write_durably(self.public / "succession", note.encode())

    def closing(self) -> str:
        """Return the note that closed this log, the one here or its copy elsewhere; empty while it is open.

        Where neither can be read, it is what stands in the first.
        """
        found = self.closings()
        return next(filter(_is_closing, found), "".join(found[:1]))

    def closings(self) -> list[str]:
        """Return what stands beside the log, and elsewhere, as the note that closed it; nothing while it is open."""
        places = [path for path in (self.public / "closing", self._closing_copy) if path.exists()]
        return [path.read_bytes().decode(errors="replace") for path in places]

    def close(self, note: str, checkpoint: str) -> None:
        """Publish the note that closed this log, and its last checkpoint; lost in a power cut, both come again."""
        for path in (self.public / "closing", self._closing_copy):
            write_durably(path, note.encode())
        if checkpoint:
            self.publish(checkpoint)

    @property
    def _closing_copy(self) -> Path:
        return self.copy.with_suffix(".closing")

    def publish(self, note: str) -> None:
        """Put a signed checkpoint in its place and its copy elsewhere.

        After a power cut the older name may stand: the same tree is signed again, to the same bytes.
        """
        for path in (self.public / "checkpoint", self.copy):
            replace(path, note.encode())


def write_durably(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace a file as a whole; it and its name are on disk when this returns."""
    for folder in replace(path, data, mode):
        sync(folder)


def replace(path: Path, data: bytes, mode: int = 0o644) -> set[Path]:
    """Replace a file as a whole and sync it; return the folders that must be synced before its name is on disk."""
    made = _make(path.parent)
    fresh = waiting(path)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.replace(path)
    return {path.parent, *made}


def waiting(path: Path) -> Path:
    """Return where a file is written before it takes its place; what a crash left there is written over."""
    return path.with_name(f"{path.name}.new")


def _make(folder: Path) -> list[Path]:
    if folder.is_dir():
        return []
    made = []
    missing = folder
    while not missing.is_dir():
        made.append(missing.parent)
        missing = missing.parent
    folder.mkdir(parents=True, exist_ok=True)
    return made


def _is_closing(note: str) -> bool:
    with contextlib.suppress(closings.MalformedClosingError):
        return bool(closings.read(note))
    return False


def _text(path: Path) -> str:
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes().decode()  # no other line end passes for ours
    return ""
