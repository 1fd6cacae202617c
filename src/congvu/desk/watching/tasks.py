"""What the clerk does each minute: see how the evidence stands, keep incidents, tell those who mend them."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from congvu.base.database import lazily
from congvu.desk.watching import actions, letters, queries
from congvu.desk.watching.facts import WATCH, facts
from congvu.desk.watching.findings import CLERK_SILENT, SHARED, findings
from congvu.desk.watching.queries import Untold
from congvu.directory.models import Agency
from congvu.directory.queries import agencies
from congvu.ledger import chores
from congvu.ledger.actions import ReadOnlyError
from congvu.ledger.models import Ledger
from congvu.mail import relay
from congvu.mail.actions.accepting import NobodyError, post
from congvu.mail.outcomes.notice import administrators
from congvu.mail.parcels import from_system
from congvu.mail.tasks import relay_settings

log_book = logging.getLogger(__name__)
ALARM = "alarm"  # the chore of sending to the address outside
PAUSE = timedelta(minutes=10)
NO_RELAY = "no relay is set"


def watch(now: datetime) -> int:
    """Look at every agency's evidence; return how many letters were sent."""
    actions.keep_disk_days(now=now)
    return sum(watch_agency(agency, now) for agency in agencies())


def watch_agency(agency: Agency, now: datetime) -> bool:
    """Keep what began and what ended, and tell of it; return whether a letter was sent."""
    found = [one for one in findings(facts(agency, now)) if one.sort != CLERK_SILENT]  # it is here, and looks
    actions.observe(agency, found, now=now)
    with lazily():
        chores.done(agency.handle, WATCH, now=now)
    told = queries.untold(agency, now)
    return told is not None and tell(agency, told, now=now)


def tell(agency: Agency, told: Untold, *, now: datetime) -> bool:
    """Send one letter to the administrators' own addresses and to the one outside; return whether any took it.

    With nobody to tell, the log of the machine is told, once.
    """
    inside, outside = administrators(agency, now=now), outside_addresses()
    is_first = agency.pk == agencies().values_list("pk", flat=True).first()
    apart = told if is_first else told.without(SHARED)  # one address, however many agencies share the disk
    took = [_post(agency, told, inside, now), bool(outside) and _relay(agency, apart, outside, now)]
    if not inside and not outside:
        log_book.error("nobody can be told of %d incidents of agency %s", len(told.rows), agency.slug)
    elif not any(took):
        return False
    actions.note_told(told, now=now)
    return any(took)


def outside_addresses() -> list[str]:
    """Return the operator's addresses elsewhere: a broken mail system cannot mail itself."""
    return [one.strip() for one in settings.CONGVU_OPERATOR_ADDRESS.split(",") if one.strip()]


def _post(agency: Agency, told: Untold, to: list[str], now: datetime) -> bool:
    if not to or not Ledger.objects.filter(agency=agency.handle, sealed="").exists():
        return False  # a sealed ledger takes no letter either
    raw = letters.letter(agency, told, to=to, now=now)
    try:
        post(from_system(raw, to=to, at=now))
    except (ReadOnlyError, NobodyError):
        return False
    return True


def _relay(agency: Agency, told: Untold, to: list[str], now: datetime) -> bool:
    """Hand the letter to the relay at once: no queue, no database and no ledger stands between."""
    if not told.rows:
        return True
    if chores.is_resting(agency.handle, ALARM, now=now, pause=PAUSE):
        return False
    configured, failure = relay_settings(), NO_RELAY
    if configured is not None:
        raw = relay.with_crlf(letters.letter(agency, told, to=to, now=now))
        outcomes = relay.send(raw, mail_from="", recipients=to, relay=configured)
        if any(one.state == "relayed" for one in outcomes):
            chores.done(agency.handle, ALARM, now=now)
            return True
        failure = outcomes[0].text
    log_book.warning("an alarm of agency %s could not be sent outside: %s", agency.slug, failure)
    chores.failed(agency.handle, ALARM, failure, now=now)
    return False
