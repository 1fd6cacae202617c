"""The letter that tells a citizen what was done about a petition, in the language in which they asked."""

from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext

from congvu.base.texts import pick
from congvu.mail import compose
from congvu.mail.addresses import Mailbox
from congvu.mail.parcels import Parcel
from congvu.petitions import keys
from congvu.petitions.models import Petition, Step
from congvu.petitions.queries import offered
from congvu.petitions.queries.petitions import answer_term, asker
from congvu.ui.citations import cited
from congvu.ui.words import moment


def parcel(petition: Petition, steps: Sequence[Step], *, now: datetime) -> Parcel | None:
    """Return one letter about some steps; None when citizen or agency has no address for it."""
    (who, secret), agency = asker(petition), petition.agency
    own = offered.address(agency)
    if who is None or not who.has_mailbox or not own:
        return None
    with translation.override(petition.language), timezone.override(ZoneInfo(agency.zone)):
        draft = compose.Draft(
            sender=Mailbox(pick(agency.name, petition.language)[0], own),
            to=(Mailbox(_on_one_line(who.name), who.email),),
            message_id=compose.new_message_id(domain=agency.domain),
            subject=gettext("[%(number)s] Your request") % {"number": petition.number},
            text=_text(petition, steps, secret, now),
            automatic="auto-generated",
        )
    raw = compose.build(draft, at=now.astimezone(ZoneInfo(agency.zone)))
    return Parcel(channel="web", mail_from=own, recipients=(who.email,), raw=raw, at=now, is_filed=False)


def _on_one_line(name: str) -> str:
    """Return a name with which no header field ends: what cannot be printed is a space."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())


def _text(petition: Petition, steps: Sequence[Step], secret: str, now: datetime) -> str:
    agency = pick(petition.agency.name, petition.language)[0]
    lines = [gettext("Good day,"), ""]
    lines += [
        gettext("About your request %(number)s to %(agency)s:")
        % {"number": petition.number, "agency": agency}
    ]
    for step in steps:
        lines += ["", *_said(petition, step)]
    lines += [*_due(petition, now), *_following(petition, secret)]
    return "\n".join(lines)


def _said(petition: Petition, step: Step) -> list[str]:
    data = step.data
    sentence = {
        "petition.registered": gettext("It was received and registered."),
        "petition.forwarded": gettext("It went to the unit that is to answer: %(unit)s.")
        % {"unit": pick(step.unit.name, petition.language)[0] if step.unit else ""},
        "petition.redirected": gettext("It was sent to the agency that is competent: %(agency)s.")
        % {"agency": data.get("agency", "")},
        "petition.refused": gettext(
            "It is not taken on. You can dispute this on the page below. The reasons:"
        ),
        "petition.merged": gettext(
            "It is about the same thing as request %(number)s. You get the same answer, on this number."
        )
        % {"number": data.get("number", "")},
        "stage.reached": gettext("An official is working on it now."),
        "acceptance.decided": gettext("It was taken on; its time runs from now."),
        "extension.decided": gettext("More time was taken for it. The reasons:"),
        "term.suspended": gettext("The agency asks you something without which it cannot go on:"),
        "answer.given": gettext("It was answered:"),
        "petition.closed": gettext("It is closed. If the answer is not true, say so on the page below."),
    }.get(step.kind, "")
    if step.kind == "answer.given" and "promised_on" in data:
        day = formats.date_format(date.fromisoformat(data["promised_on"]))
        sentence = gettext("It is being worked on; it is to be done by %(day)s:") % {"day": day}
    return [line for line in (sentence, step.text) if line]


def _due(petition: Petition, now: datetime) -> list[str]:
    term = answer_term(petition, now=now)
    if term is None or term.due_at is None:
        return []
    said = gettext("An answer is due by %(at)s, under %(article)s.")
    return ["", said % {"at": moment(term.due_at), "article": cited(term.cite)}]


def _following(petition: Petition, key: str) -> list[str]:
    page = urljoin(settings.CONGVU_URL, reverse("ask:follow", args=[petition.agency.slug]))
    # behind the #: no server on the way learns it
    address = f"{page}#{petition.number}.{key}" if key else page
    return [
        "",
        gettext("Follow it, answer questions, dispute or rate the answer, without an account:"),
        address,
        gettext("Number: %(number)s") % {"number": petition.number},
        gettext("Secret key: %(key)s. Who knows it can act for you; show it to nobody.")
        % {"key": keys.shown(key)},
        "",
        gettext(
            "A program wrote this letter. To add something, answer it and leave the number in the subject."
        ),
    ]
