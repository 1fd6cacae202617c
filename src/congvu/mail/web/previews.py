"""Attached files as pictures of their pages: what a reader sees without opening the file itself."""

from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from congvu.base import clock
from congvu.base.confined.asking import BusyError, RefusedError
from congvu.directory.web.access import SeatedRequest
from congvu.mail import messages
from congvu.mail.models import Item
from congvu.mail.previews import keeping
from congvu.mail.previews.keeping import NoPreviewError, RefusedFileError, Source
from congvu.mail.previews.rendering import NoOfficeError, Page
from congvu.mail.queries import places
from congvu.mail.web.access import item_or_404, official
from congvu.mail.web.contents import DOWNLOAD_CSP, opened
from congvu.mail.web.files import sentences
from congvu.mail.web.folders import frame

UNDRAWN = (NoPreviewError, RefusedFileError, RefusedError, NoOfficeError, BusyError)


@official
@require_safe
def preview(request: SeatedRequest, handle: str, index: int) -> HttpResponse:
    """Show a page of an attached file; seeing it is opening the letter, as fetching the file is."""
    item, source = _source(request, handle, index)
    number = _number(request.GET.get("page", "1"))
    try:
        shown = keeping.page(source, number=number)
        if number > shown.pages:
            number, shown = shown.pages, keeping.page(source, number=shown.pages)
    except UNDRAWN as error:
        return _page(request, item, source, error=error)
    return _page(request, item, source, shown=shown, number=number)


@official
@require_safe
def picture(request: SeatedRequest, handle: str, index: int, number: int) -> HttpResponse:
    """Give one page as a picture."""
    _item, source = _source(request, handle, index)
    try:
        shown = keeping.page(source, number=_number(str(number)))
    except UNDRAWN as error:
        raise Http404 from error
    answer = HttpResponse(shown.png, content_type="image/png")
    answer["Content-Security-Policy"] = DOWNLOAD_CSP
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _source(request: SeatedRequest, handle: str, index: int) -> tuple[Item, Source]:
    item = item_or_404(request, handle)
    raw = opened(request, item)
    try:
        name, _type, content = messages.attachment(raw, index=index)
    except messages.NoSuchAttachmentError as error:
        raise Http404 from error
    return item, Source(blob=item.message.blob, index=index, name=name, content=content)


def _number(typed: str) -> int:
    return max(1, min(int(typed), 500)) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 1  # noqa: PLR2004 -- digits


def _page(
    request: SeatedRequest,
    item: Item,
    source: Source,
    *,
    shown: Page | None = None,
    number: int = 1,
    error: Exception | None = None,
) -> HttpResponse:
    context = {"item": item, "name": source.name, "index": source.index, "size": len(source.content)}
    if shown:
        address = reverse("mail:preview-picture", args=[item.handle, source.index, number])
        pages = Paginator(range(shown.pages), 1).page(number)
        context |= {"shown": replace(shown, png=b""), "picture": address, "page_obj": pages, "number": number}
    if error:
        context |= {"problem": _problem(error), "is_busy": isinstance(error, BusyError)}
        if isinstance(error, RefusedFileError):
            context["warnings"] = sentences(error.findings)
    place = places.place_of(request.seat, item.mailbox, now=clock.now())
    page = frame(request, current=item.folder, place=place) | context
    return render(request, "mail/preview.html", page, status=503 if isinstance(error, BusyError) else 200)


def _problem(error: Exception) -> str:
    match error:
        case NoOfficeError():
            return _("LibreOffice is not installed on this server, so office files have no preview here.")
        case NoPreviewError():
            return _("Files of this kind have no preview.")
        case RefusedFileError():
            return _("The agency's policy about attached files gives this one no preview.")
        case BusyError():
            return _("Other files are being drawn just now. Try again in a moment.")
    return {
        "encrypted": _("The file is locked with a password, so it cannot be shown here."),
        "too_large": _("The file is too large to be shown here."),
        "too_slow": _("The file took too long to be drawn, so it is not shown here."),
    }.get(
        getattr(error, "reason", ""),
        _("The file is damaged, or not what it says, so it cannot be shown here."),
    )
