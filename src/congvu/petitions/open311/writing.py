"""What programs with a key do: hand in requests, and speak for the citizens of those that they handed in."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from congvu.petitions import keys as secrets
from congvu.petitions.actions import citizens
from congvu.petitions.actions.api_keys import HandedIn, OverusedError, count, hand_in
from congvu.petitions.actions.receiving import (
    NoReporterError,
    PlaceNeededError,
    ServiceClosedError,
)
from congvu.petitions.actions.refusing import noted
from congvu.petitions.actions.steps import SecrecyError, WrongStateError
from congvu.petitions.attributes import BadAnswersError
from congvu.petitions.models import ApiKey, Petition, Step
from congvu.petitions.open311 import handing
from congvu.petitions.open311.door import Visit, slower
from congvu.petitions.open311.refusals import bad, forbidden, missing
from congvu.petitions.places import NoPlaceError, OutsideError
from congvu.petitions.queries import api_keys
from congvu.petitions.words import DISPUTABLE, Channel
from congvu.standards.open311 import documents

REASONS: Final[Mapping[type[Exception], str | Promise]] = {
    ServiceClosedError: gettext_lazy("The service takes nothing at present."),
    NoReporterError: gettext_lazy(
        "The law asks who is asking: give first_name, last_name and email or phone."
    ),
    PlaceNeededError: gettext_lazy(
        "The service asks where: give lat and long, address_string or address_id."
    ),
    SecrecyError: gettext_lazy(
        "The words or a file's name carry a mark of state secrecy: they may not be sent here."
    ),
    NoPlaceError: gettext_lazy("lat and long are no place on earth, or 0 and 0, where broken devices stand."),
    OutsideError: gettext_lazy("The place lies outside the agency's territory."),
}
FAULTS: Final[Mapping[str, str | Promise]] = {
    "required": gettext_lazy("attribute[%(code)s] is required."),
    "number": gettext_lazy("attribute[%(code)s] is not a number."),
    "datetime": gettext_lazy("attribute[%(code)s] is no date."),
    "choice": gettext_lazy("attribute[%(code)s] is not one of the values of the service definition."),
    "long": gettext_lazy("attribute[%(code)s] is too long."),
}


def hand(visit: Visit) -> list[documents.Created]:
    """Take in what a program hands in."""
    key = _key(visit)
    submission = handing.submission(visit, key=key)
    try:
        with noted(visit.agency, channel=Channel.APP, at=visit.now):
            done = hand_in(submission, key=key, at=visit.now)
    except BadAnswersError as error:
        raise bad(*(str(FAULTS[word]) % {"code": code} for code, word in error.faults.items())) from error
    except tuple(REASONS) as error:
        raise bad(str(REASONS[type(error)])) from error
    number = None if done.token else done.received.petition.number
    return [
        documents.Created(
            service_request_id=number,
            token=done.token or None,
            service_notice=_notice(visit, done),
            account_id=None,
        )
    ]


def update(visit: Visit) -> list[documents.UpdateReceived]:
    """Take what the citizen adds, by the key that handed the request in; status=open disputes what was answered."""
    key = _key(visit)
    number, said = _named(visit, "service_request_id", "description")
    if len(said) > documents.LONGEST_DESCRIPTION:
        limit = {"most": documents.LONGEST_DESCRIPTION}
        raise bad(_("description has more than %(most)d characters.") % limit)
    petition = api_keys.handed_in(number, key=key)
    if petition is None:
        raise missing(_("service_request_id was not found among what this key handed in."))
    try:
        with noted(visit.agency, channel=Channel.APP, petition=petition, at=visit.now):
            _say(petition, said, visit)
    except SecrecyError as error:
        raise bad(str(REASONS[SecrecyError])) from error
    last = Step.objects.filter(petition=petition).order_by("-pk").values_list("handle", flat=True)[0]
    return [documents.UpdateReceived(update_id=last)]


def _say(petition: Petition, text: str, visit: Visit) -> None:
    """Dispute what has ended, where that is meant; whatever else was meant, or has moved on meanwhile, is told more."""
    if petition.state in DISPUTABLE and visit.text("status").lower() == documents.OPEN:
        with suppress(WrongStateError):
            citizens.dispute(petition, text=text, at=visit.now)
            return
    citizens.add(petition, text=text, at=visit.now)


def _named(visit: Visit, *names: str) -> list[str]:
    given = [visit.text(name) for name in names]
    if all(given):
        return given
    absent = (name for name, text in zip(names, given, strict=True) if not text)
    raise bad(*(_("%(name)s was not provided.") % {"name": name} for name in absent))


def _key(visit: Visit) -> ApiKey:
    """Return the key that was given, in the form or in the address; a withdrawn one is as wrong as any other."""
    secret = visit.text("api_key") or str(visit.request.GET.get("api_key") or "").strip()
    if not secret:
        raise forbidden(_("api_key was not provided."))
    found = api_keys.key(secret, agency=visit.agency)
    if found is None:
        raise forbidden(_("api_key is not valid, or was withdrawn."))
    try:
        count(found, at=visit.now)
    except OverusedError as error:
        raise slower(error.seconds) from error
    return found


def _notice(visit: Visit, done: HandedIn) -> str:
    """Say until when an answer is due, and with which key the citizen follows the request."""
    petition = done.received.petition
    key = {"key": secrets.shown(done.received.key)}
    said = [
        _("Keep this key; with the number it follows the request, disputes the answer and rates it: %(key)s")
        % key
    ]
    if petition.due_at is not None:
        last = petition.due_at - timedelta(microseconds=1)  # a term ends where its last day does
        day = date_format(last.astimezone(ZoneInfo(visit.agency.zone)), "DATE_FORMAT")
        said.insert(0, _("An answer is due by %(day)s.") % {"day": day})
    return " ".join(said)
