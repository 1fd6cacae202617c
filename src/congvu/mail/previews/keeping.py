"""Pages that were drawn, kept beside the letter that brought the file, and destroyed with it."""

import json
from dataclasses import dataclass
from datetime import timedelta

from congvu.base import derived
from congvu.base.confined.asking import RefusedError
from congvu.mail import guarding
from congvu.mail.attaching import kinds
from congvu.mail.attaching.concerns import Findings
from congvu.mail.previews import choosing, rendering
from congvu.mail.previews.rendering import Page

DAYS = timedelta(days=7)  # that a page is kept
MOST = 2 << 30  # octets of pages that are kept


class NoPreviewError(Exception):
    """A file of a kind that is not drawn."""


class RefusedFileError(Exception):
    """A file that the policy about attached files gives no preview; `findings` say why."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(sorted(findings.concerns))
        self.findings = findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An attached file: the blob of its letter, its place there, its name and its bytes."""

    blob: str
    index: int
    name: str
    content: bytes


def page(source: Source, *, number: int) -> Page:
    """Return one page, drawn once and then kept.

    Raises NoPreviewError, RefusedFileError, RefusedError, NoOfficeError or BusyError.
    """
    place = f"{source.index}-{number}"
    known = _known(source.blob, place)
    if known:
        return known
    findings = guarding.looked_at(source.name, source.content)
    if choosing.is_refused(findings):
        raise RefusedFileError(findings)
    kind = choosing.of_file(source.name, source.content)
    if not kind:
        raise NoPreviewError
    try:
        if kind == "office":
            drawn = rendering.page(_document(source), "pdf", number=number)
        else:
            drawn = rendering.page(source.content, kind, number=number)
    except RefusedError as error:
        derived.keep(source.blob, f"{place}.json", json.dumps({"refused": error.reason}).encode())
        raise
    said = {"text": drawn.text, "pages": drawn.pages, "is_cut": drawn.is_cut}
    derived.keep(source.blob, f"{place}.png", drawn.png)
    derived.keep(source.blob, f"{place}.json", json.dumps(said).encode())
    return drawn


def _known(blob: str, place: str) -> Page | None:
    """Return a page that was drawn before. Raises RefusedError where it was tried in vain."""
    said = derived.find(blob, f"{place}.json")
    if said is None:
        return None
    held = json.loads(said)
    if "refused" in held:
        raise RefusedError(held["refused"])
    png = derived.find(blob, f"{place}.png")
    return Page(png=png, text=held["text"], pages=held["pages"], is_cut=held["is_cut"]) if png else None


def _document(source: Source) -> bytes:
    """Return an office file as the PDF that was made of it."""
    name = f"{source.index}.pdf"
    found = derived.find(source.blob, name)
    if found is None:
        found = rendering.converted(source.content, (kinds.extensions(source.name) or ["doc"])[-1])
        derived.keep(source.blob, name, found)
    return found
