"""The letter that tells those who administer an agency of incidents. RFC 3834."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext, pgettext

from congvu.base.texts import pick
from congvu.desk.watching import findings, wording
from congvu.desk.watching.models import Incident
from congvu.desk.watching.queries import Untold
from congvu.directory.models import Agency
from congvu.mail import system_letters
from congvu.mail.addresses import Mailbox
from congvu.ui.words import moment


def letter(agency: Agency, told: Untold, *, to: Sequence[str], now: datetime) -> bytes:
    """Return the letter, in the agency's language and time; nothing answers it."""
    with translation.override(agency.language), timezone.override(ZoneInfo(agency.zone)):
        text = "\n".join(_lines(agency, told))
        addressed = [Mailbox("", one) for one in to]
        return system_letters.letter(agency, to=addressed, subject=_subject(told), text=text, now=now)


def _subject(told: Untold) -> str:
    here = [one for one in (*told.begun, *told.standing) if one.ended_at is None]
    if not here:
        return gettext("Evidence: it is over")
    title = str(wording.words(here[0].sort, here[0].fact).title)
    if any(one.sort in findings.STOP for one in here):
        return gettext("Evidence, urgent: %(what)s") % {"what": title}
    return gettext("Evidence: %(what)s") % {"what": title}


def _lines(agency: Agency, told: Untold) -> Iterable[str]:
    count = len(told.rows)
    said = ngettext("Of the evidence of %(agency)s:", "Of the evidence of %(agency)s:", count)
    yield said % {"agency": pick(agency.name, agency.language)[0]}
    for heading, rows in (
        (pgettext("incidents", "New"), told.begun),
        (gettext("Still so, and not acknowledged"), told.standing),
        (gettext("Over"), told.over),
    ):
        if rows:
            yield from ("", heading.upper())
        for one in rows:
            yield from _of(one)
    yield from (
        "",
        gettext("All of it, and what to do:"),
        urljoin(settings.CONGVU_URL, reverse("desk:watch")),
    )
    yield gettext("Each incident is told once, once a day while nobody acknowledges it, and when it is over.")


def _of(row: Incident) -> Iterable[str]:
    said = wording.words(row.sort, row.fact)
    about = str(wording.subject(row.sort, row.about))
    yield f"\n- {said.title}{': ' if about else ''}{about}"
    if row.ended_at is None:
        yield "  " + gettext("Since %(at)s") % {"at": moment(row.opened_at)}
    else:
        times = {"from": moment(row.opened_at), "to": moment(row.ended_at)}
        yield "  " + gettext("From %(from)s to %(to)s") % times
        return
    if detail := str(wording.detail(row.sort, row.fact)):
        yield f"  {detail}"
    yield f"  {said.meaning}"
    yield from (f"  {number}. {step}" for number, step in enumerate(said.steps, 1))
