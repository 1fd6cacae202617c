"""The agency's policy about attached files: what is refused, and what a file is looked at for."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from congvu.mail import messages, mime
from congvu.mail.attaching import concerns
from congvu.mail.attaching.concerns import Concern, Findings

MANY = 100  # files of one message that are looked at
SCANNING = (
    30.0  # seconds that ClamAV may take for all files of one message, which waits at the door meanwhile
)


class HarmfulFileError(Exception):
    """A file that the agency's policy refuses."""

    def __init__(self, name: str, concern: Concern, findings: Findings) -> None:
        super().__init__(name, concern)
        self.name, self.concern, self.findings = name, concern, findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A file of a message: where it stands, its name, and what speaks against opening it."""

    index: int
    name: str
    findings: Findings


def refused() -> frozenset[str]:
    """Return the concerns for which the agency refuses a message."""
    return frozenset(one.strip() for one in settings.CONGVU_ATTACHMENTS_REFUSED.split(",") if one.strip())


def is_wanted() -> bool:
    """Tell whether anything is refused, so that files must be looked at."""
    words = refused()
    return bool(words) and (words != {Concern.VIRUS} or bool(settings.CONGVU_CLAMD))


def looked_at(name: str, content: bytes) -> Findings:
    """Look at one file, with ClamAV where the agency runs it."""
    return concerns.of_file(name, content, clamd=settings.CONGVU_CLAMD)


def refuse(files: Iterable[tuple[str, bytes]]) -> None:
    """Raise HarmfulFileError for the first file that the policy refuses."""
    if not is_wanted():
        return
    words = refused()
    until = time.monotonic() + SCANNING
    for name, content in files:
        left = until - time.monotonic()
        found = concerns.of_file(name, content, clamd=settings.CONGVU_CLAMD, seconds=left)
        for one in sorted(found.concerns & words):
            raise HarmfulFileError(name, one, found)


def refuse_message(raw: bytes) -> None:
    """Raise HarmfulFileError for the first file of a message that the policy refuses."""
    refuse(_files(raw))


def of_message(raw: bytes, indexes: Iterable[int]) -> list[Named]:
    """Look at files of a message by their place, without ClamAV, which is asked when one is fetched."""
    found, tree = [], mime.take_apart(raw)
    for index in list(indexes)[:MANY]:
        name, _, content = messages.attached(tree, index=index)
        found.append(Named(index=index, name=name, findings=concerns.of_file(name, content)))
    return found


def _files(raw: bytes) -> Iterable[tuple[str, bytes]]:
    for index, part in enumerate(mime.take_apart(raw).leaves[:MANY]):
        if not part.content_type.startswith("text/") or part.disposition()[0] == "attachment":
            yield messages.filename(part, index=index), part.content()
