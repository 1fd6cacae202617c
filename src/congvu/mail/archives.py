"""Archives of mail as other programs leave them: mbox, Maildir, .eml, and tar or gzip of these. RFC 4155."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One message of an archive; (source, offset) is stable, so that an import can go on where it stopped.

    `source` is a path relative to the archive; `offset` the byte (unpacked) where its message begins.
    """

    source: str
    offset: int
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulty:
    """A place in an archive that could not be read, or only in part; `reason` is a short code."""

    source: str
    offset: int
    reason: str


# def messages(path: Path, *, limit: int = 50 MiB per message) -> Iterator[Found | Difficulty]
