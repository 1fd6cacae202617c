"""The report of a replay in the reader's words: one line for each difference, old beside new, people only on sight."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from congvu.base.chunks import chunked
from congvu.base.texts import Texts, pick
from congvu.directory.models import Agency, Person, Unit
from congvu.rules.policies import Sight

CHUNK = 200  # lines whose names are fetched at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """One side of a line; `tone` is that of the status. `opened_at` is None where both sides begin together."""

    article: str
    status: str
    tone: str
    due_at: datetime | None
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One difference as it is read. `person` is empty when the reader may not know it, or nobody bears it alone."""

    kind: str
    kind_words: str
    is_worse: bool
    changes: str
    norm: str
    unit: str
    person: str
    opened_at: datetime
    old: Half | None
    new: Half | None


TONES = {
    "fulfilled": "good",
    "compensated": "warning",
    "late": "warning",
    "breached": "bad",
    "reported": "warning",
}


def kind_words(kind: str) -> str:
    """Return what a difference is called."""
    return {"new": _("New"), "gone": _("Gone"), "changed": _("Changed")}[kind]


def status_words(status: str) -> str:
    """Return a status in words."""
    known = {
        "pending": _("Pending"),
        "fulfilled": _("Fulfilled"),
        "late": _("Late"),
        "compensated": _("Made good"),
        "breached": _("Breached"),
        "reported": _("Reported"),
        "excused": _("Excused"),
        "annulled": _("Annulled"),
    }
    return known.get(status, status)


def change_words(changes: Sequence[str]) -> str:
    """Return in what a duty changed."""
    known = {
        "opened": _("beginning"),
        "status": _("status"),
        "due": _("due time"),
        "bearer": _("bearer"),
        "article": _("article"),
    }
    return ", ".join(known[one] for one in changes)


class Report:
    """Turns kept bodies into lines for one reader, with the titles of `figures`; `sight` None shows no person."""

    def __init__(self, agency: Agency, *, figures: Mapping[str, Any], sight: Sight | None = None) -> None:
        self.agency, self.sight = agency, sight
        self.titles = {(book, norm): texts for book, norm, texts in figures["titles"]}

    def lines(self, bodies: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
        """Yield a line for each body."""
        for some in chunked(bodies, CHUNK):
            names = self._names(some)
            yield from (self._line(one, names) for one in some)

    def norm(self, book: str, norm: str) -> str:
        """Return the title that a norm had when it was replayed."""
        return _said(self.titles.get((book, norm), {})) or norm

    def unit(self, handle: str) -> str:
        """Return the name of a unit."""
        return _said(self._units.get(handle, {})) or (_("unknown unit") if handle else "")

    @cached_property
    def _units(self) -> dict[str, Texts]:
        return dict(Unit.objects.filter(agency=self.agency).values_list("handle", "name"))

    def _names(self, bodies: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """Return the names of those whom the reader may know, by handle."""
        if self.sight is None:
            return {}
        sides = [one["new"] or one["old"] for one in bodies]
        known = {one["person"] for one in sides if self.sight.covers(one["person"], one["unit"])}
        return dict(Person.objects.filter(handle__in=known - {""}).values_list("handle", "full_name"))

    def _line(self, one: Mapping[str, Any], names: Mapping[str, str]) -> Line:
        side = one["new"] or one["old"]
        may = self.sight is not None and self.sight.covers(side["person"], side["unit"])
        return Line(
            kind=one["kind"],
            kind_words=kind_words(one["kind"]),
            is_worse=one["is_worse"],
            changes=change_words(one["changes"]),
            norm=self.norm(one["book"], one["norm"]),
            unit=self.unit(side["unit"]),
            person=names.get(side["person"], "") if may else "",
            opened_at=datetime.fromisoformat(side["opened_at"]),
            old=_half(one["old"], has_moved="opened" in one["changes"]),
            new=_half(one["new"], has_moved="opened" in one["changes"]),
        )


def _half(side: Mapping[str, Any] | None, *, has_moved: bool) -> Half | None:
    if side is None:
        return None
    return Half(
        article=side["article"],
        status=status_words(side["status"]),
        tone=TONES.get(side["status"], "neutral"),
        due_at=datetime.fromisoformat(side["due_at"]) if side["due_at"] else None,
        opened_at=datetime.fromisoformat(side["opened_at"]) if has_moved else None,
    )


def _said(texts: Texts) -> str:
    return pick(texts, get_language() or "vi")[0] if texts else ""
