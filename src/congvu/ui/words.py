"""Words for instants and names, in the reader's language; pure, so that every case can be tested."""

import zlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, ngettext

from congvu.base import collation
from congvu.base.texts import pick

Named = TypeVar("Named", bound=Any)  # with `name`: a text in several languages

AVATARS = 6
SOON = timedelta(hours=1)


def language() -> str:
    """Return the two-letter code of the active language."""
    return (get_language() or "en").split("-", maxsplit=1)[0]


def by_name(rows: Iterable[Named]) -> list[Named]:
    """Return rows in the order of their names, as the reader's language has and sorts them."""
    return sorted(rows, key=lambda one: collation.key(pick(one.name, language())[0]))


def day(value: date) -> str:
    """Return a date as the reader writes it: 21/11/2026, 21 Nov 2026, 21.11.2026."""
    return formats.date_format(value, "SHORT_DATE_FORMAT")


def clock_time(instant: datetime) -> str:
    """Return the time of day on a 24-hour clock, in the active zone."""
    return timezone.localtime(instant).strftime("%H:%M")


def moment(instant: datetime) -> str:
    """Return day and time in the active zone, the way that the language orders them."""
    return formats.date_format(timezone.localtime(instant), "SHORT_DATETIME_FORMAT")


def brief(instant: datetime, now: datetime) -> str:
    """Return the time alone for today, otherwise the day: for narrow lists."""
    local = timezone.localtime(instant)
    return clock_time(instant) if local.date() == timezone.localtime(now).date() else day(local)


def span(duration: timedelta) -> str:
    """Return a duration in its largest whole unit; below a minute it is one minute."""
    minutes = max(1, round(abs(duration).total_seconds() / 60))
    if minutes < 60:  # noqa: PLR2004 -- minutes of an hour
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = minutes // 60
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def patterns() -> dict[str, str]:
    """Return how many minutes, hours and days are written, for a browser that does not know the language."""
    return {
        "minute": ngettext("%(n)d minute", "%(n)d minutes", 5),
        "hour": ngettext("%(n)d hour", "%(n)d hours", 5),
        "day": ngettext("%(n)d day", "%(n)d days", 5),
    }


def remaining(until: datetime, now: datetime) -> tuple[str, str]:
    """Return what is left until an instant in words, and its tone: calm, soon or over."""
    left = until - now
    if left <= timedelta(0):
        return gettext("%(span)s overdue") % {"span": span(left)}, "over"
    return gettext("%(span)s left") % {"span": span(left)}, "soon" if left <= SOON else "calm"


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name, in upper case."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def hue(name: str) -> int:
    """Return a stable small number for a name, so that a person keeps the color."""
    return zlib.crc32(name.encode()) % AVATARS
