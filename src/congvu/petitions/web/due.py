"""How a due time is said: how many days are left of those that the law gives, with the last of them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON = 2  # days
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How much time is left, in words; `last_day` is the day on whose end it is over, in the active zone.

    Where the words say an hour, that day is today.
    """

    word: str
    tone: str
    last_day: date
    says_hour: bool = False


def last_day(due_at: datetime) -> date:
    """Return the last day of a term whose end is exclusive, in the active zone."""
    return timezone.localtime(due_at - _INSTANT).date()


def ends_with_day(due_at: datetime) -> bool:
    """Return whether a due time is the end of a day, in the active zone, and no hour of one."""
    return timezone.localtime(due_at).time() == time.min


def due(due_at: datetime, now: datetime) -> Due:
    """Return how a due time stands now."""
    last = last_day(due_at)
    days = (last - timezone.localtime(now).date()).days
    if days == 0 and not ends_with_day(due_at):
        said = _("overdue since %(time)s") if due_at <= now else _("due today by %(time)s")
        word = said % {"time": time_format(timezone.localtime(due_at), "TIME_FORMAT")}
        return Due(word=word, tone="bad" if due_at <= now else "warning", last_day=last, says_hour=True)
    if due_at <= now:
        over = -days
        word = ngettext("overdue since %(n)s day", "overdue since %(n)s days", over) % {"n": over}
        return Due(word=word, tone="bad", last_day=last)
    if days == 0:
        return Due(word=_("due today"), tone="warning", last_day=last)
    word = ngettext("due in %(n)s day", "due in %(n)s days", days) % {"n": days}
    return Due(word=word, tone="warning" if days <= SOON else "info", last_day=last)
