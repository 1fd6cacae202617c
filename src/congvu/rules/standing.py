"""The judge's facts of an agency, read from its row once and kept until the row changes."""

from congvu.directory.models import Agency
from congvu.rules import shelf
from congvu.rules.calendars import NationalCalendar
from congvu.rules.facts import Facts, load
from congvu.rules.law import Law
from congvu.rules.models import Standing

_known: dict[str, tuple[int, Facts]] = {}
_laws: dict[tuple[str, str], Law] = {}


def facts_of(agency: Agency, standing: Standing | None) -> Facts:
    """Return the facts that a standing holds; whoever changes them must `keep` them with the new revision."""
    if standing is None:
        return Facts()
    kept = _known.get(agency.handle)
    if kept is None or kept[0] != standing.revision:
        kept = (standing.revision, load(standing.facts))
        _known[agency.handle] = kept
    return kept[1]


def keep(agency: Agency, revision: int, facts: Facts) -> None:
    """Keep facts that were just written."""
    _known[agency.handle] = (revision, facts)


def drop(agency: Agency) -> None:
    """Forget what was kept, so that the row is read again."""
    _known.pop(agency.handle, None)


def law_of(agency: Agency) -> Law:
    """Return the books and the calendar of an agency, compiled once until a book is published."""
    key, books = (agency.calendar, agency.zone), shelf.shelf().books
    kept = _laws.get(key)
    if kept is None or kept.books is not books:
        kept = _laws[key] = Law(books, calendar_of(agency).calendar, is_live=True)
    return kept


def calendar_of(agency: Agency) -> NationalCalendar:
    """Return the national calendar of an agency in its zone."""
    return shelf.calendar(agency.calendar, agency.zone)
