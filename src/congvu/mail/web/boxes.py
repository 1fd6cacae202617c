"""Lists: what came in, what was sent, what is written, what was put away, what was looked for."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from congvu.base import clock
from congvu.directory.web.access import SeatedRequest
from congvu.mail.actions.opening import check_mailbox
from congvu.mail.models import Draft, Item, Mailbox
from congvu.mail.queries import answering, arranged, book, duties, items, places
from congvu.mail.queries.found import search as find
from congvu.mail.queries.places import Place
from congvu.mail.web import sheltering
from congvu.mail.web.access import is_navigation, official, place_or_404
from congvu.mail.web.arranging import MOVED, folder_or_404
from congvu.mail.web.folders import frame
from congvu.mail.web.rows import rows

PAGE = 50
BOOK_PAGE = 100
LONGEST_NUMBER = 3  # digits of a page's number


@official
@require_safe
def inbox(request: SeatedRequest, handle: str | None = None) -> HttpResponse:
    """Show what came into a box; a person's looking is a check of the mailbox."""
    place = place_or_404(request, handle)
    box = _checked(request, place)
    return _list(request, "inbox", place, items.inbox(box))


@official
@require_safe
def sent(request: SeatedRequest, handle: str | None = None) -> HttpResponse:
    """Show what was sent from a box."""
    place = place_or_404(request, handle)
    return _list(request, "sent", place, items.sent(_box(place)))


@official
@require_safe
def filed(request: SeatedRequest, handle: str | None = None) -> HttpResponse:
    """Show all that was put away in a box."""
    place = place_or_404(request, handle)
    return _list(request, "filed", place, items.filed(_box(place)))


@official
@require_safe
def folder(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show what lies in a folder of one's own."""
    held = folder_or_404(request, handle)
    place = places.place_of(request.seat, held.mailbox, now=clock.now())
    return _list(request, "folder", place, items.filed_in(held), folder=held)


@official
@require_safe
def assigned(request: SeatedRequest) -> HttpResponse:
    """Show what the person was given to answer in shared mailboxes."""
    return _list(request, "assigned", None, answering.to_answer(request.seat))


@official
@require_safe
def owing(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show what still asks for an acknowledgement in a box, in whatever folder it lies."""
    place = place_or_404(request, handle)
    return _list(request, "owing", place, items.to_acknowledge(_box(place)))


@official
@require_safe
def drafts(request: SeatedRequest) -> HttpResponse:
    """Show what the person is writing."""
    seat = request.seat
    written = Draft.objects.filter(agency=seat.agency, author=seat.person).order_by("-saved_at", "-id")
    page = Paginator(written, PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "shelter_key": sheltering.key(seat)}
    return render(request, "mail/drafts.html", frame(request, current="drafts") | context)


@official
@require_safe
def search(request: SeatedRequest) -> HttpResponse:
    """Show what holds the words, in all boxes that the seat may read."""
    words = request.GET.get("q", "").strip()[:200]
    number = request.GET.get("page", "1")
    page = max(1, int(number)) if number.isdecimal() and len(number) <= LONGEST_NUMBER else 1
    hits = find(request.seat, words, now=clock.now(), offset=(page - 1) * PAGE, limit=PAGE)
    context = {
        "words": words,
        "rows": rows(hits.items, {}),
        "total": hits.total,
        "page_obj": Paginator(range(hits.total), PAGE).get_page(page),
    }
    return render(request, "mail/search.html", frame(request, current="search") | context)


@official
@require_safe
def address_book(request: SeatedRequest) -> HttpResponse:
    """Show the officials and boxes of the agency, and lists of units; as options for a field that asks so."""
    words = request.GET.get("pick", request.GET.get("q", "")).strip()[:100]
    contacts = book.contacts(
        request.seat.agency, now=clock.now(), words=words, language=request.LANGUAGE_CODE
    )
    if "pick" in request.GET:
        return render(request, "mail/_contacts.html", {"contacts": contacts[:20]})
    page = Paginator(contacts, BOOK_PAGE).get_page(request.GET.get("page"))
    context = frame(request, current="address-book") | {"words": words, "page_obj": page}
    return render(request, "mail/address_book.html", context)


def _checked(request: SeatedRequest, place: Place | None) -> Mailbox | None:
    if place is None or not is_navigation(request):
        return _box(place)
    return check_mailbox(seat=request.seat, place=place, now=clock.now())


def _box(place: Place | None) -> Mailbox | None:
    return place.box if place else None


def _list(
    request: SeatedRequest, current: str, place: Place | None, found: QuerySet[Item], **extra: Any
) -> HttpResponse:
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    held = extra.get("folder")
    context = {
        "current": current,
        "own_folders": arranged.counted(_box(place)),
        "owed": items.owing(_box(place)).exclude(folder=Item.Folder.INBOX).count()
        if current == "inbox"
        else 0,
        "may_choose": current not in {"sent", "assigned"},
        "moved": len(request.session.get(MOVED, ())) if "moved" in request.GET else 0,
        "page_obj": page,
        "rows": rows(shown, duties.to_acknowledge(request.seat.agency, shown)),
        **extra,
    }
    return render(
        request,
        "mail/list.html",
        frame(request, current=held.handle if held else current, place=place) | context,
    )
