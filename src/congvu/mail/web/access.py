"""The gate before every page of the mailboxes, and what counts as a person's own navigation."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from congvu.base import clock
from congvu.directory.web.access import SeatedRequest, View, seated
from congvu.mail.models import Item
from congvu.mail.policies import NotAllowedError
from congvu.mail.queries import items, places
from congvu.mail.queries.places import Place

FETCHED_AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def official(view: View) -> View:
    """Let officials pass; a browser that fetches ahead gets nothing, so that it asks again when a person looks."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_fetched_ahead(request):
            return HttpResponse(status=503, headers={"Cache-Control": "no-store"})
        try:
            return view(request, *args, **kwargs)
        except NotAllowedError as error:
            raise Http404 from error

    return seated(guarded)


def is_fetched_ahead(request: HttpRequest) -> bool:
    """Tell whether a browser fetches the page before anybody asked for it."""
    return any("pre" in request.headers.get(name, "").lower() for name in FETCHED_AHEAD)


def is_navigation(request: HttpRequest) -> bool:
    """Tell whether a person opened the page: not a script, a poll, a frame or a fetch ahead (Fetch Metadata)."""
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        and request.headers.get("Sec-Fetch-Dest", "document") == "document"
        and "HX-Request" not in request.headers
        and not is_fetched_ahead(request)
    )


def place_or_404(request: SeatedRequest, handle: str | None) -> Place | None:
    """Return the box of the seat's person, or another by its address's handle; None when the person has none."""
    if handle is None:
        return places.own_place(request.seat, now=clock.now())
    found = places.place(request.seat, handle, now=clock.now())
    if found is None:
        raise Http404
    return found


def item_or_404(request: SeatedRequest, handle: str) -> Item:
    """Return an item that the seat may read; whatever else there may be is not found."""
    found = items.item(request.seat, handle, now=clock.now())
    if found is None:
        raise Http404
    return found
