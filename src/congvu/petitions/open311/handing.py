"""Reading what a program hands in: the form of POST Service Request."""

import re
from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _

from congvu.petitions.media import stripping
from congvu.petitions.media.refusals import RefusedFileError
from congvu.petitions.models import ApiKey, Area, Service
from congvu.petitions.open311 import filters
from congvu.petitions.open311.door import Visit
from congvu.petitions.open311.refusals import RefusedError, bad, missing
from congvu.petitions.open311.shown import said
from congvu.petitions.submissions import MOST_FILES, File, Submission, Who
from congvu.petitions.web.refused import why_no_file
from congvu.petitions.words import Channel
from congvu.standards.open311 import documents

LONGEST: Final = {
    "first_name": 60,
    "last_name": 60,
    "phone": 40,
    "email": 254,
    "address_string": 300,
}  # characters
_ATTRIBUTE: Final = re.compile(r"attribute\[([^\[\]]{1,40})\](?:\[\])?")
_MEDIA_URL: Final = URLValidator(schemes=["http", "https"])
_GIVEN_NAME_LAST: Final = frozenset({"vi", "kk", "ru"})


def submission(visit: Visit, *, key: ApiKey) -> Submission:
    """Return what a program hands in. Raises RefusedError with every fault that was found."""
    service = _service(visit)
    who, content, (latitude, longitude), place = _gathered(
        lambda: _who(visit),
        lambda: _content(visit, service),
        lambda: filters.point(visit),
        lambda: _place(visit),
    )
    return Submission(
        service=service,
        channel=Channel.APP,
        content=content,
        language=visit.language,
        who=who,
        answers=_answers(visit),
        latitude=latitude,
        longitude=longitude,
        place=place,
        files=_files(visit),  # last: of what is refused no picture is looked at
        api_key=key,
    )


def _gathered(*readers: Callable[[], Any]) -> list[Any]:
    """Ask each reader; when some refuse, refuse with the reasons of all."""
    found: list[Any] = []
    reasons: list[str] = []
    for reader in readers:
        try:
            found.append(reader())
        except RefusedError as refusal:
            reasons += refusal.reasons
    if reasons:
        raise bad(*reasons)
    return found


def _service(visit: Visit) -> Service:
    code = visit.text("service_code")
    if not code:
        raise bad(_("service_code was not provided."))
    row = (
        Service.objects.select_related("agency", "unit")
        .filter(agency=visit.agency, code=code, is_open=True)
        .first()
    )
    if row is None:
        raise missing(_("service_code was not found."))
    return row


def _who(visit: Visit) -> Who:
    given = {name: visit.text(name) for name in ("first_name", "last_name", "phone", "email")}
    long = [name for name, text in given.items() if len(text) > LONGEST[name]]
    if long:
        raise bad(*(_("%(name)s is too long.") % {"name": name} for name in long))
    if given["email"]:
        _valid(EmailValidator(), given["email"], _("email is no address for mail."))
    names = [given["first_name"], given["last_name"]]
    if visit.language in _GIVEN_NAME_LAST:
        names.reverse()
    return Who(name=" ".join(one for one in names if one), phone=given["phone"], email=given["email"])


def _content(visit: Visit, service: Service) -> str:
    """Return the words; without any the service's name stands, and a picture's address is kept for the official."""
    text, url = visit.text("description"), visit.text("media_url")
    if len(text) > documents.LONGEST_DESCRIPTION:
        limit = {"most": documents.LONGEST_DESCRIPTION}
        raise bad(_("description has more than %(most)d characters.") % limit)
    if url:
        _valid(_MEDIA_URL, url, _("media_url is no address of the web."))
    return "\n\n".join(one for one in (text or said(service.name, visit.language), url) if one)


def _place(visit: Visit) -> str:
    """Return the address; address_id is the code of an area that the agency has drawn."""
    place, code = visit.text("address_string"), visit.text("address_id")
    if len(place) > LONGEST["address_string"]:
        raise bad(_("%(name)s is too long.") % {"name": "address_string"})
    if place or not code:
        return place
    area = Area.objects.filter(agency=visit.agency, code=code).first()
    if area is None:
        raise bad(_("address_id is no area of the agency."))
    return said(area.name, visit.language)


def _answers(visit: Visit) -> dict[str, Any]:
    """Return what was answered by code: attribute[code]=…, or attribute[code][]=… several times."""
    found: dict[str, list[str]] = {}
    for name, values in visit.given.lists():
        if match := _ATTRIBUTE.fullmatch(name):
            found.setdefault(match[1], []).extend(str(value) for value in values)
    return dict(found)


def _files(visit: Visit) -> list[File]:
    """Return the files of a form with parts, by whatever name; their metadata are gone."""
    sent = [one for _name, listed in visit.request.FILES.lists() for one in listed]
    if len(sent) > MOST_FILES:
        raise bad(_("At most %(most)d files may be sent.") % {"most": MOST_FILES})
    return _gathered(*(_reader(one) for one in sent))


def _reader(sent: "UploadedFile[bytes]") -> Callable[[], File]:
    return lambda: _file(sent)


def _file(sent: "UploadedFile[bytes]") -> File:
    try:
        return stripping.strip_upload(sent).named(sent.name or "")
    except RefusedFileError as error:
        raise bad(f"{sent.name}: {why_no_file(error)}") from error


def _valid(validator: Callable[[str], None], text: str, complaint: str) -> None:
    try:
        validator(text)
    except ValidationError as error:
        raise bad(complaint) from error
