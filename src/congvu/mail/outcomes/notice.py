"""What administrators are told by mail when a day's mail does not come out even. RFC 3834."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext, ngettext

from congvu.directory.models import Address, Agency, Membership
from congvu.directory.queries import addresses, current, email, legal_day
from congvu.mail import system_letters
from congvu.mail.addresses import Mailbox
from congvu.mail.outcomes.models import MailDay
from congvu.mail.outcomes.queries import Count
from congvu.mail.outcomes.words import what
from congvu.mail.parcels import Parcel, from_system
from congvu.ui.words import day

SHOWN = 50  # faults that one notice names
FUNCTIONS = frozenset({"administrator", "mail_administrator"})


def parcel(row: MailDay, found: Count, *, at: datetime) -> Parcel | None:
    """Return the notice about a day, None when no administrator has an address."""
    agency = row.agency
    to = administrators(agency, now=at)
    if not to:
        return None
    with translation.override(agency.language):
        raw = system_letters.letter(
            agency,
            to=[Mailbox("", one) for one in to],
            subject=gettext("Mail of %(day)s: outcomes are missing") % {"day": day(row.day)},
            text=_text(row, found),
            now=at,
        )
    return from_system(raw, to=to, at=at)


def administrators(agency: Agency, *, now: datetime) -> list[str]:
    """Return the addresses of those whose post administers the agency or its mail today."""
    on = legal_day(agency, now)
    held = Membership.objects.filter(current(on), agency=agency).select_related("post")
    people = {one.person_id for one in held if FUNCTIONS & set(one.post.functions)}
    boxes = addresses(agency).filter(kind=Address.Kind.PERSONAL, person__in=people, left_on=None)
    return sorted(email(one) for one in boxes)


def _text(row: MailDay, found: Count) -> str:
    lines = [
        gettext("Every message that this agency took over has one outcome for each recipient."),
        gettext("On %(day)s that is not so:") % {"day": day(row.day)},
        "",
        *(f"- {what(one)}: {one.message} {one.recipient}".rstrip() for one in found.faults[:SHOWN]),
    ]
    rest = len(found.faults) - SHOWN
    if rest > 0:
        lines.append(ngettext("and %(n)d more", "and %(n)d more", rest) % {"n": rest})
    lines += [
        "",
        gettext("All of them: congvu mail outcomes check --day %(day)s") % {"day": row.day.isoformat()},
    ]
    lines.append(
        gettext("Keep the data folder as it is, and look for what was lost before anything is repaired.")
    )
    return "\n".join(lines)
