"""The public register of requests: sieved and searched, one request, its feed, and all of it as a file."""

from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from congvu.base import clock
from congvu.base.texts import pick
from congvu.petitions.public import export as exporting
from congvu.petitions.public.register import (
    ANSWERED_LATE,
    OVERDUE,
    SIZE,
    Asked,
    Listed,
    Register,
    listed,
    petition,
    states,
)
from congvu.petitions.public.register import (
    registers as known_registers,
)
from congvu.portal.web.books import language
from congvu.portal.web.pages import page
from congvu.portal.web.request_asking import after, asked, of_register, shown
from congvu.ui.web.network import network_address

FED: Final = 50  # requests of a feed
_UNWRITABLE: Final = (*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
_PLAIN: Final = {code: None for code in _UNWRITABLE if chr(code) not in "\t\n\r"}  # XML 1.0, 2.2


@require_safe
def registers(request: HttpRequest) -> HttpResponse:
    """Lead to the register; where several agencies answer citizens, list them."""
    found = known_registers()
    if len(found) == 1:
        return redirect("portal:requests", found[0][0])
    return page(request, "portal/registers.html", {"registers": found})


@of_register
def register(request: HttpRequest, register: Register) -> HttpResponse:
    """List the requests that are asked for, the newest first."""
    return shown(
        request,
        register,
        "portal/requests.html",
        "register",
        **listing(request, register, asked(request), SIZE),
    )


@of_register
def request(request: HttpRequest, register: Register, number: str) -> HttpResponse:
    """Show what everyone may see of one request."""
    found = petition(register, number, now=clock.now())
    if found is None:
        raise Http404
    if found.petition.number != number:
        return redirect("portal:request", register.slug, found.petition.number, permanent=True)
    return shown(request, register, "portal/request.html", "request", shown=found, petition=found.petition)


@of_register
def feed(request: HttpRequest, register: Register) -> HttpResponse:
    """Answer the newest of the requests that are asked for as a feed (Atom, RFC 4287)."""
    found = listed(register, asked(request), size=FED, now=clock.now())
    address = request.build_absolute_uri(reverse("portal:requests", args=[register.slug]))
    feed = Atom1Feed(
        title=_("Requests to %(agency)s") % {"agency": said(register.name)},
        link=address,
        description="",
        language=language(),
        author_name=said(register.name),
        feed_url=request.build_absolute_uri(),
        feed_guid=tag(register, str(register.since), "requests"),
    )
    for one in found:
        feed.add_item(**_entry(request, register, one))
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@of_register
def exports(request: HttpRequest, register: Register) -> HttpResponse:
    """Say what the files hold, and offer them."""
    return shown(request, register, "portal/request_exports.html", "export", columns=exporting.COLUMNS)


@of_register
def export(request: HttpRequest, register: Register, form: str) -> HttpResponseBase:
    """Answer the whole register as a stream of CSV or JSON; nobody asks for so much work again and again."""
    if form not in exporting.FORMS:
        raise Http404
    try:
        pieces = exporting.pieces(
            register, form, language=language(), client=network_address(request), now=clock.now()
        )
    except exporting.TooFastError as error:
        said = _("Too many downloads came from your network. Try again later.")
        return HttpResponse(said, status=429, headers={"Retry-After": str(error.seconds)})
    return StreamingHttpResponse(
        pieces,
        content_type=exporting.FORMS[form],
        headers={
            "Content-Disposition": f'attachment; filename="requests-{register.slug}.{form}"',
            "Access-Control-Allow-Origin": "*",
        },
    )


def listing(request: HttpRequest, register: Register, wanted: Asked, size: int) -> dict[str, Any]:
    """Return a page of requests and what its form shows; one more is read, to know if older ones follow."""
    now = clock.now()
    found = listed(register, wanted, after=after(request), size=size + 1, now=now)
    return {
        "petitions": found[:size],
        "older": found[size - 1].number if len(found) > size else "",
        "asked": wanted,
        "is_asked": wanted != Asked(is_placed=wanted.is_placed),
        "is_deep": bool(after(request)),
        "states": states(),
        "years": range(now.year, register.since - 1, -1),
        "months": range(1, 13),
        "lates": [(ANSWERED_LATE, _("Answered late")), (OVERDUE, _("Open, past its time"))],
        "query": _without(request, "after"),
    }


def said(texts: Any) -> str:
    """Return a text in the reader's language, or the first fallback."""
    return pick(texts, language())[0]


def tag(register: Register, since: str, name: str) -> str:
    """Return a name that stays for ever (RFC 4151)."""
    return f"tag:{register.domain},{since}:{register.slug}/{name}"


def _entry(request: HttpRequest, register: Register, one: Listed) -> dict[str, Any]:
    address = request.build_absolute_uri(reverse("portal:request", args=[register.slug, one.number]))
    title = f"{said(one.service.name)} {one.number}: {one.state_word}"
    return {
        "title": title,
        "link": address,
        "description": (one.words or title).translate(_PLAIN),
        "unique_id": tag(register, _year(one.received_at), one.number),
        "pubdate": one.received_at,
        "updateddate": one.updated_at,
        "categories": [one.service.code, one.state],
    }


def _year(instant: datetime) -> str:
    return f"{instant.year}"


def _without(request: HttpRequest, name: str) -> str:
    left = request.GET.copy()
    left.pop(name, None)
    return left.urlencode()
