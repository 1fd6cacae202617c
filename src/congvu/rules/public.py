"""The books in reading form, for the portal and for every page that cites them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from congvu.base.fold import fold
from congvu.directory.models import Agency
from congvu.rules import agenda, canonical, differences, legalruleml, shelf, words
from congvu.rules.book import Book, Parameter
from congvu.rules.calendars import NationalCalendar
from congvu.rules.models import Adoption, Closure, ParameterDecision
from congvu.rules.showing import BookShown, NormShown, Said, book_shown, norm_shown, said
from congvu.rules.subjects import SUBJECTS

__all__ = [
    "AgencyShown",
    "AskedShown",
    "BookShown",
    "ChangeShown",
    "DayShown",
    "DecisionShown",
    "MonthShown",
    "NormShown",
    "Said",
    "VersionShown",
    "agencies",
    "as_json",
    "as_legalruleml",
    "book",
    "books",
    "changes",
    "countries",
    "decisions",
    "levels",
    "month",
    "said",
    "search",
    "subjects",
    "versions",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionShown:
    """What an agency that adopted a book decided where the book leaves it open; `value` is empty until it did."""

    agency: Said
    title: Said
    value: str
    decided_by: str
    decided_at: datetime | None
    number: str  # of the deciding document


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShown:
    """One version of a book and how long it is in force."""

    version: int
    in_force_from: date
    in_force_to: date | None
    is_in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeShown:
    """One norm that two versions hold differently; `how` is added, removed or changed."""

    id: str
    how: str
    before: NormShown | None
    after: NormShown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedShown:
    """What a norm asks for on a day; `why` is by, period or window."""

    norm: str
    title: Said
    why: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShown:
    """One day of a book's calendar; `own` is closed or working where the agency changed it."""

    day: date
    is_off: bool
    own: str
    asked: tuple[AskedShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyShown:
    """An agency that adopted a book."""

    slug: str
    name: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthShown:
    """A month of a book, by the calendar that `calendar` names."""

    days: tuple[DayShown, ...]
    calendar: Said
    library: str
    through: date


def books(*, language: str) -> tuple[BookShown, ...]:
    """Return the newest version of every book."""
    return tuple(book_shown(one, language) for one in shelf.latest())


def search(
    text: str, *, language: str, country: str = "", level: str = "", subject: str = ""
) -> tuple[BookShown, ...]:
    """Return the newest version of the books that hold every word, by country, level, subject and title."""
    asked = fold(text).split()
    known = [
        shown
        for one in shelf.latest()
        if all(word in _searchable(one) for word in asked)
        for shown in [book_shown(one, language)]
        if (country in {"", shown.country})
        and (level in {"", shown.level})
        and subject in {"", shown.subject}
    ]
    return tuple(sorted(known, key=_place))


def _place(shown: BookShown) -> tuple[str, int, int, str]:
    levels = ("nation", "ministry", "city", "agency")
    return shown.country, levels.index(shown.level), SUBJECTS.index(shown.subject), fold(shown.title.text)


def _searchable(book: Book) -> str:
    norms = (text for norm in book.norms for text in (norm.code, *norm.title.values()))
    texts = (book.id, book.source.number, *book.title.values(), *book.source.issuer.values(), *norms)
    return fold(" ".join(texts))


def book(name: str, *, language: str, version: int | None = None) -> BookShown | None:
    """Return one book, its newest version unless told otherwise; None when there is none."""
    found = _found(name, version)
    return book_shown(found, language) if found else None


def versions(name: str, *, on: date) -> tuple[VersionShown, ...]:
    """Return the versions of a book, the newest first, and which is in force on a day."""
    return tuple(
        VersionShown(
            version=one.version,
            in_force_from=one.in_force_from,
            in_force_to=one.in_force_to,
            is_in_force=one.is_in_force(on),
        )
        for one in reversed(shelf.versions(name))
    )


def changes(name: str, before: int, after: int, *, language: str) -> tuple[ChangeShown, ...] | None:
    """Return the norms that two versions of a book hold differently, None when there is no such version."""
    old, new = _found(name, before), _found(name, after)
    if old is None or new is None:
        return None
    return tuple(
        ChangeShown(
            id=one.id,
            how=one.how,
            before=norm_shown(old, one.before, language) if one.before else None,
            after=norm_shown(new, one.after, language) if one.after else None,
        )
        for one in differences.norms(old, new)
    )


def agencies(name: str, *, language: str) -> tuple[AgencyShown, ...]:
    """Return the agencies that adopted a book."""
    rows = Adoption.objects.filter(book=name).select_related("agency").order_by("id")
    return tuple(AgencyShown(slug=row.agency.slug, name=said(row.agency.name, language)) for row in rows)


def month(name: str, first: date, *, language: str, agency: str = "") -> MonthShown | None:
    """Return a month of a book by its own calendar, or by that of an agency (slug) that adopted it, with its days."""
    found = shelf.versions(name)
    if not found:
        return None
    calendar, own = _calendar(found[-1], agency)
    days = agenda.month(found, first, calendar.calendar, own)
    return MonthShown(
        days=tuple(_day(one, language) for one in days),
        calendar=said(calendar.title, language),
        library=calendar.library,
        through=calendar.through,
    )


def _calendar(book: Book, slug: str) -> tuple[NationalCalendar, dict[date, bool]]:
    adopted = Adoption.objects.filter(book=book.id, agency__slug=slug).select_related("agency").first()
    if adopted is None:
        return shelf.shelf().calendars[book.calendar], {}
    rows = Closure.objects.filter(agency=adopted.agency).order_by("decided_at", "id")
    return shelf.calendar(adopted.agency.calendar, adopted.agency.zone), {
        row.day: row.is_closed for row in rows
    }


def _day(one: agenda.Day, language: str) -> DayShown:
    return DayShown(
        day=one.day,
        is_off=one.is_off,
        own=one.own,
        asked=tuple(
            AskedShown(
                norm=item.norm.id, title=said(item.norm.title, language), why=item.why, hours=item.hours
            )
            for item in one.asked
        ),
    )


def as_json(name: str, version: int) -> bytes | None:
    """Return a version of a book as canonical JSON, None when there is none."""
    found = _found(name, version)
    return canonical.encode(found) if found else None


def as_legalruleml(name: str, version: int) -> bytes | None:
    """Return a version of a book as LegalRuleML 1.0, None when there is none."""
    found = _found(name, version)
    return legalruleml.encode(found) if found else None


def levels() -> dict[str, str]:
    """Return the levels at which books are issued, in words."""
    return {name: words.level(name) for name in ("nation", "ministry", "city", "agency")}


def countries(shown: Collection[BookShown]) -> dict[str, str]:
    """Return the countries of some books, in words."""
    return {code: words.country(code) for code in sorted({one.country for one in shown})}


def subjects(known: Collection[str] = SUBJECTS) -> dict[str, str]:
    """Return what books are about, in words."""
    return {name: words.subject(name) for name in SUBJECTS if name in known}


def decisions(name: str, *, language: str) -> tuple[DecisionShown, ...]:
    """Return what every agency that adopted a book decided, parameter by parameter; three queries."""
    found = shelf.versions(name)
    adopted = [
        one.agency for one in Adoption.objects.filter(book=name).select_related("agency").order_by("id")
    ]
    made = (
        ParameterDecision.objects.filter(book=name).select_related("decided_by").order_by("decided_at", "id")
    )
    latest = {(one.agency_id, one.parameter): one for one in made}
    parameters = found[-1].parameters.values() if found else ()
    return tuple(
        _decision(agency, parameter, latest.get((agency.pk, parameter.name)), language)
        for agency in adopted
        for parameter in parameters
    )


def _decision(
    agency: Agency, parameter: Parameter, made: ParameterDecision | None, language: str
) -> DecisionShown:
    return DecisionShown(
        agency=said(agency.name, language),
        title=said(parameter.title, language),
        value=words.amount(made.value, made.unit) if made else "",
        decided_by=made.decided_by.full_name if made else "",
        decided_at=made.decided_at if made else None,
        number=made.number if made else "",
    )


def _found(name: str, version: int | None) -> Book | None:
    found = [one for one in shelf.versions(name) if version in {None, one.version}]
    return found[-1] if found else None
