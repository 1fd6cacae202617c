"""When a meeting is and how it repeats, in the reader's words and zone."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from congvu.mail.meetings import occurring
from congvu.mail.meetings.occurring import Occurrence
from congvu.mail.meetings.reading import Event
from congvu.mail.meetings.recurrence import Rule
from congvu.mail.meetings.zones import Zone
from congvu.ui import words

_MONDAY = date(2026, 1, 5).toordinal()  # a Monday, from which weekdays are named


def when(found: Occurrence, event: Event) -> str:
    """Say when a meeting is, in the active zone; whole days are days everywhere."""
    if event.start.is_date:
        return _days(event.start.local.date(), event.end.local.date() - timedelta(days=1))
    start, end = timezone.localtime(found.start), timezone.localtime(found.end)
    return _span(start, end)


def first(event: Event, here: Zone) -> str:
    """Say when a meeting first is; "" when that lies past the ends of time."""
    try:
        return when(occurring.first(event, here), event)
    except (OverflowError, ValueError):
        return ""


def elsewhere(found: Occurrence, event: Event) -> str:
    """Say when it is on the organizer's own clock, where that shows another time than the reader's; else ""."""
    zone = event.start.zone
    if event.start.is_date or zone is None:
        return ""
    if zone.info is not None:
        start = found.start.astimezone(zone.info)
        end = found.end.astimezone(zone.info)
    else:
        offset = event.start.local - event.start.zone.instant(event.start.local).replace(tzinfo=None)  # type: ignore[union-attr]  # is not None
        start, end = found.start + offset, found.end + offset
    if zone.name == "UTC" or start.replace(tzinfo=None) == timezone.localtime(found.start).replace(
        tzinfo=None
    ):
        return ""
    return f"{_span(start, end)} ({zone.name})"


def repeats(event: Event) -> str:
    """Say how often a meeting takes place; "" for once."""
    if event.is_strange:
        return _("It repeats by a rule that is not shown here; the first time is shown.")
    if event.rule is None:
        return ""
    parts = [_every(event.rule)]
    if event.rule.frequency == "WEEKLY" and event.rule.days:
        parts.append(", ".join(_weekday(one) for _ordinal, one in event.rule.days))
    if event.rule.count is not None:
        parts.append(ngettext("%(n)d time", "%(n)d times", event.rule.count) % {"n": event.rule.count})
    elif event.rule.until is not None:
        parts.append(_("until %(day)s") % {"day": words.day(event.rule.until.date())})
    return " · ".join(parts)


def _every(rule: Rule) -> str:
    n = rule.interval
    if n == 1:
        return {
            "DAILY": _("every day"),
            "WEEKLY": _("every week"),
            "MONTHLY": _("every month"),
            "YEARLY": _("every year"),
        }[rule.frequency]
    return {
        "DAILY": ngettext("every %(n)d day", "every %(n)d days", n),
        "WEEKLY": ngettext("every %(n)d week", "every %(n)d weeks", n),
        "MONTHLY": ngettext("every %(n)d month", "every %(n)d months", n),
        "YEARLY": ngettext("every %(n)d year", "every %(n)d years", n),
    }[rule.frequency] % {"n": n}


def _weekday(number: int) -> str:
    return str(date_format(date.fromordinal(_MONDAY + number), "l"))


def _days(first: date, last: date) -> str:
    if last <= first:
        return f"{_named_day(first)}, {_('all day')}"
    return f"{_named_day(first)} – {_named_day(last)}"


def _span(start: datetime, end: datetime) -> str:
    day, begin = _named_day(start.date()), start.strftime("%H:%M")
    if end <= start:
        return f"{day}, {begin}"
    if start.date() == end.date():
        return f"{day}, {begin}–{end.strftime('%H:%M')}"
    return f"{day}, {begin} – {_named_day(end.date())}, {end.strftime('%H:%M')}"


def _named_day(day: date) -> str:
    return f"{date_format(day, 'l')} {words.day(day)}"
