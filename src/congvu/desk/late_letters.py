"""The letter that tells a person of what was not recorded in time. RFC 3834."""

from datetime import datetime
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from congvu.base.texts import pick
from congvu.desk.late_duties import Told
from congvu.directory.models import Agency
from congvu.mail import system_letters
from congvu.mail.addresses import Mailbox
from congvu.mail.parcels import Parcel, from_system
from congvu.rules import queries as rules
from congvu.rules.duties import Duty
from congvu.ui.citations import cited
from congvu.ui.words import moment

SHOWN = 20  # duties that one letter names


def parcel(agency: Agency, told: Told, *, now: datetime) -> Parcel:
    """Return the letter, in the reader's language and the agency's time, with no reverse path: nothing answers it."""
    language = told.account.language or agency.language
    with translation.override(language), timezone.override(ZoneInfo(agency.zone)):
        subject = ngettext(
            "%(n)d thing was not recorded in time", "%(n)d things were not recorded in time", len(told.rows)
        )
        to = [Mailbox(told.account.person.full_name, told.address)]
        raw = system_letters.letter(
            agency, to=to, subject=subject % {"n": len(told.rows)}, text=_text(told), now=now
        )
    return from_system(raw, to=[told.address], at=now)


def _text(told: Told) -> str:
    duties = [rules.duty_of(row, told.seen) for row in told.rows[:SHOWN]]
    rest = len(told.rows) - len(duties)
    lines = [
        gettext("Good day, %(name)s") % {"name": told.account.person.full_name},
        "",
        gettext(
            "The record does not show that the following was done in time. A record can be incomplete: what you reply "
            "is read before anybody decides."
        ),
        *(line for number, one in enumerate(duties, 1) for line in ("", *_lines(number, one))),
    ]
    if rest:
        more = ngettext("and %(n)d more, on your day:", "and %(n)d more, on your day:", rest) % {"n": rest}
        lines += ["", more, _link("desk:day")]
    return "\n".join([*lines, "", *_end()])


def _lines(number: int, duty: Duty) -> list[str]:
    lines = [f"{number}. {pick(duty.title, translation.get_language() or 'vi')[0]}"]
    if duty.due_at:
        lines.append("   " + gettext("Due by %(at)s") % {"at": moment(duty.due_at)})
    if duty.fulfilled_at:
        lines.append("   " + gettext("Done at %(at)s") % {"at": moment(duty.fulfilled_at)})
    return [
        *lines,
        f"   {cited(duty.cite)}",
        "   " + gettext("Why, and reply:") + " " + _link("conduct:duty", duty.handle),
    ]


def _end() -> list[str]:
    return [
        gettext(
            "Only you get this letter, at most one on a working day. A program wrote it; do not answer it."
        ),
        gettext("It can be switched off in the settings:") + " " + _link("directory:settings"),
    ]


def _link(name: str, *handles: str) -> str:
    return urljoin(settings.CONGVU_URL, reverse(name, args=handles))
