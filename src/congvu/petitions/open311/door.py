"""What every request of a program passes: format, pace, agency, language; and one way of answering."""

import hashlib
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from congvu.base import clock
from congvu.base.confined.asking import BusyError
from congvu.base.database import UnknownOutcomeError, is_lost, is_read_only, is_storage_full
from congvu.base.numbers import small_number
from congvu.directory import queries
from congvu.directory.models import Agency
from congvu.ledger.actions import ReadOnlyError
from congvu.petitions.guarding.pace import Pace, TooFastError
from congvu.petitions.open311.refusals import RefusedError, bad, missing
from congvu.rules.shelf import BrokenRulebookError, CalendarMissingError
from congvu.standards.open311 import mapping
from congvu.standards.working_time import UnknownYearError
from congvu.ui.web.network import network_address

log = logging.getLogger(__name__)

FORMATS: Final = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data", "")
READING, WRITING = Pace(timedelta(minutes=1)), Pace(timedelta(minutes=1))
MOST_READS, MOST_WRITES = 600, 300  # a minute from one address
UNREADABLE: Final = (BrokenRulebookError, CalendarMissingError, UnknownYearError)  # rules
REPLACED: Final = "\ufffd"  # stands where octets are no UTF-8
_SAFE: Final = ("GET", "HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of a program: what it gave, to which agency, and in which language it wants the answer."""

    request: HttpRequest
    given: QueryDict
    form: str
    agency: Agency
    language: str
    now: datetime

    def text(self, name: str) -> str:
        """Return what was given under a name; nothing and empty are the same (GeoReport v2, optional arguments)."""
        return str(self.given.get(name) or "").strip()

    def address(self, path: str) -> str:
        """Return the whole address of one of our paths."""
        return self.request.build_absolute_uri(path)


Answer = Callable[..., Any]


def door(
    name: str, *, forms: Collection[str] = tuple(FORMATS), **verbs: Answer
) -> Callable[..., HttpResponseBase]:
    """Make a view whose answers are documents under this name; `verbs` says who answers, by method."""
    allowed = [verb.upper() for verb in verbs]

    @csrf_exempt  # a program has no session: its key counts
    def opened(request: HttpRequest, form: str = "xml", **parts: str) -> HttpResponseBase:
        method = "GET" if request.method == "HEAD" else str(request.method)
        now = clock.now()
        try:
            _offered(form, forms)
            _check(request, method, allowed, now)
            return _answered(request, name, form, verbs[method.lower()], parts, now)
        except RefusedError as refusal:
            return _refused(request, form, refusal)
        except Exception as error:  # noqa: BLE001 -- a program reads no page of ours, whatever fails
            return _failed(request, form, error)

    return opened


def written(
    request: HttpRequest, name: str, form: str, value: Any, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponseBase:
    """Write documents; browsers of other sites may read what was asked by GET, and ask again only for what is new."""
    form = form if form in FORMATS else "xml"
    text = mapping.to_json(value) if form == "json" else mapping.to_xml(name, value)
    answer = HttpResponse(text, status=status, content_type=FORMATS[form])
    answer["Cache-Control"] = "no-cache"
    if request.method not in _SAFE:
        return answer
    answer["Access-Control-Allow-Origin"] = "*"
    if status != HTTPStatus.OK:
        return answer
    answer["ETag"] = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


def _failed(request: HttpRequest, form: str, error: Exception) -> HttpResponseBase:
    """Answer what nobody foresaw; a database, a disk or a rulebook that does not serve may do so later."""
    if isinstance(error, UnknownOutcomeError):
        refusal = busy(_("Nobody can say whether it was taken in. Look for it before you send it again."))
    elif is_lost(error) or is_storage_full(error) or is_read_only(error) or isinstance(error, UNREADABLE):
        refusal = busy()
    else:
        refusal = broken()
        got_request_exception.send(sender=None, request=request)
    log.error("a program got no answer: %s", request.path, exc_info=error)
    return _refused(request, form, refusal)


def _refused(request: HttpRequest, form: str, refusal: RefusedError) -> HttpResponseBase:
    answer = written(request, "errors", form, refusal.errors, refusal.status)
    for header, value in refusal.headers.items():
        answer[header] = value
    return answer


def broken() -> RefusedError:
    """Return the answer to what failed by our fault."""
    said = _("The fault is ours. The agency can read in its log what happened.")
    return RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, said)


def _offered(form: str, forms: Collection[str]) -> None:
    if form not in forms:
        said = _("There is: %(forms)s.") % {"forms": ", ".join(forms)}
        raise RefusedError(HTTPStatus.NOT_ACCEPTABLE, said)


def _check(request: HttpRequest, method: str, allowed: list[str], now: datetime) -> None:
    if method not in allowed:
        said = _("This address does not take that method.")
        raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, said, headers={"Allow": ", ".join(allowed)})
    pace, most = (READING, MOST_READS) if method == "GET" else (WRITING, MOST_WRITES)
    try:
        pace.step(network_address(request), most=most, now=now)
    except TooFastError as error:
        raise slower(error.seconds) from error
    length = small_number(request.META.get("CONTENT_LENGTH") or "0")
    if length is None or length > largest():
        raise _too_large()


def largest() -> int:
    """Return how many octets a body may have: two of the largest files, and the words."""
    return 2 * int(settings.CONGVU_PETITION_FILE_LIMIT) + int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def slower(seconds: int) -> RefusedError:
    """Return the refusal for somebody who asks too often (RFC 6585)."""
    said = _("Too many requests. Wait a little and try again.")
    return RefusedError(HTTPStatus.TOO_MANY_REQUESTS, said, headers={"Retry-After": str(seconds)})


def busy(why: str = "") -> RefusedError:
    """Return the refusal for a moment at which nothing can be taken in."""
    said = why or _("Nothing can be taken in at the moment. Try again later.")
    return RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, said, headers={"Retry-After": "60"})


def _too_large() -> RefusedError:
    said = _("At most %(limit)d MB may be sent at once.") % {"limit": largest() // 1_000_000}
    return RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)


def _answered(
    request: HttpRequest, name: str, form: str, verb: Answer, parts: dict[str, str], now: datetime
) -> HttpResponseBase:
    given = _given(request, parts)
    jurisdiction = given.get("jurisdiction_id") or request.GET.get("jurisdiction_id") or ""
    agency = _agency(str(jurisdiction).strip().lower())
    language = _language(request, agency)
    with translation.override(language):
        visit = Visit(request=request, given=given, form=form, agency=agency, language=language, now=now)
        try:
            value = verb(visit, **parts)
        except (BusyError, ReadOnlyError) as error:
            raise busy() from error
        return value if isinstance(value, HttpResponseBase) else written(request, name, form, value)


def _given(request: HttpRequest, parts: dict[str, str]) -> QueryDict:
    """Return the fields of the form or of the address; whatever is not UTF-8 is refused, not guessed.

    `parts` are those of the address's path, of which the same is asked.
    """
    try:
        given = request.POST if request.method == "POST" else request.GET
        sent = [one.name or "" for _field, listed in request.FILES.lists() for one in listed]
    except RequestDataTooBig as error:
        raise _too_large() from error
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnicodeError, OSError) as error:
        raise _unreadable() from error
    if request.method == "POST" and request.content_type not in FORMS:
        raise _unreadable()
    texts = "".join(
        [*given, *sent, *parts.values(), *(text for _field, listed in given.lists() for text in listed)]
    )
    if REPLACED in texts:
        raise bad(_("The request is not in UTF-8."))
    if "\x00" in texts:
        raise bad(_("The request holds a character that no text has."))
    return given


def _unreadable() -> RefusedError:
    return bad(_("The request cannot be read. Send it as a form, in UTF-8."))


def _agency(jurisdiction: str) -> Agency:
    """Return the agency that a jurisdiction_id names by its domain or its slug; with one agency it may be left out."""
    found = list(queries.agencies())
    if not jurisdiction and len(found) == 1:
        return found[0]
    if not jurisdiction and found:
        raise bad(_("jurisdiction_id was not provided."))
    for agency in found:
        if jurisdiction in {agency.domain.lower(), agency.slug}:
            return agency
    raise missing(_("jurisdiction_id was not found."))


def _language(request: HttpRequest, agency: Agency) -> str:
    if "Accept-Language" not in request.headers:
        return agency.language
    return translation.get_language_from_request(request)
