"""What the clerk process does for the rules: tell the ledger that time passed when that changes something."""

import contextlib
from datetime import datetime

from django.db.models import Min

from congvu.directory.models import Agency
from congvu.ledger.models import Ledger
from congvu.rules import actions
from congvu.rules.drafts import publication
from congvu.rules.models import Clock, Obligation, Standing
from congvu.rules.shelf import BrokenRulebookError, CalendarMissingError
from congvu.rules.standing import facts_of, law_of
from congvu.rules.windows import openings


def tick(now: datetime) -> int:
    """Record a tick for each agency in which something fell due, or a window opened or closed; return how many."""
    with contextlib.suppress(OSError, BrokenRulebookError):  # the draft's page says what is not laid yet
        publication.align()
    ticked = 0
    readable = Ledger.objects.filter(sealed="").values_list("agency", flat=True)
    for agency in Agency.objects.filter(handle__in=list(readable)):
        try:
            due = next_due(agency, now)
        except CalendarMissingError:  # its own judge says so; the other agencies' time goes on
            continue
        if due is not None and due < now:
            actions.tick(agency=agency, at=now)
            ticked += 1
    return ticked


def next_due(agency: Agency, now: datetime) -> datetime | None:
    """Return the earliest instant after the last evidence, up to now, at which time alone changes something."""
    standing = Standing.objects.filter(agency=agency).defer("facts").first()
    if standing is None or standing.as_of is None:
        return None
    ticked_at = Clock.objects.filter(agency=agency).values_list("ticked_at", flat=True).first()
    floor = max(standing.as_of, ticked_at) if ticked_at else standing.as_of
    if now <= floor:
        return None
    waiting = Obligation.objects.filter(agency=agency, fulfilled_at=None, annulled_at=None)
    due = waiting.filter(due_at__gte=floor, due_at__lt=now).aggregate(Min("due_at"))["due_at__min"]
    opening = next(
        (one.begin for one in openings(law_of(agency), facts_of(agency, standing), floor, now)),
        None,
    )
    return min((one for one in (due, opening) if one is not None), default=None)
