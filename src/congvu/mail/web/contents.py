"""What is inside a message: its files, its HTML in a frame of its own, and the bytes as they came."""

import base64

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from congvu.base import blobs, clock
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.directory.web.access import SeatedRequest
from congvu.mail import guarding, html, messages, mime
from congvu.mail.actions import opening
from congvu.mail.attaching.concerns import Concern, Findings
from congvu.mail.messages import Reading
from congvu.mail.mime import Tree
from congvu.mail.models import Item
from congvu.mail.queries import places
from congvu.mail.web.access import item_or_404, official
from congvu.mail.web.files import sentences
from congvu.mail.web.folders import frame

LARGEST_PICTURE = 2_000_000  # bytes of one picture that stands inside the text
DOWNLOAD_CSP = "default-src 'none'; sandbox"


@official
@require_safe
def attachment(request: SeatedRequest, handle: str, index: int) -> HttpResponse:
    """Give an attached file for saving; nothing of it ever runs here. What may do harm is asked about first."""
    item = item_or_404(request, handle)
    raw = opened(request, item)
    try:
        name, content_type, content = messages.attachment(raw, index=index)
    except messages.NoSuchAttachmentError as error:
        raise Http404 from error
    found = guarding.looked_at(name, content)
    if Concern.VIRUS in found.concerns or (found.is_asked_first and request.GET.get("sure") != "1"):
        return _careful(request, item, name, found)
    return _download(content, name, content_type)


@official
@require_safe
def raw(request: SeatedRequest, handle: str) -> HttpResponse:
    """Give the message byte for byte as it was accepted."""
    item = item_or_404(request, handle)
    return _download(opened(request, item), f"{item.message.handle}.eml", "message/rfc822")


@official
@require_safe
@xframe_options_sameorigin
def page(request: SeatedRequest, handle: str) -> HttpResponse:
    """Give a message's HTML, cleaned, for a sandboxed frame; `?remote=1` lets pictures load this once."""
    data = opened(request, item_or_404(request, handle))
    tree = mime.take_apart(data)
    reading = messages.reading(tree)
    is_remote = request.GET.get("remote") == "1"
    shown = html.sanitize(
        reading.html or html.as_html(reading.text), remote=is_remote, cid=_pictures(tree, reading)
    )
    answer = HttpResponse(html.document(shown, language=request.LANGUAGE_CODE))
    answer["Content-Security-Policy"] = html.FRAME_CSP_REMOTE if is_remote else html.FRAME_CSP
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def blocked(reading: Reading) -> int:
    """Return how many remote pictures are held back in a message's HTML."""
    return html.sanitize(reading.html).blocked_remote if reading.html else 0


def _careful(request: SeatedRequest, item: Item, name: str, found: Findings) -> HttpResponse:
    is_refused = Concern.VIRUS in found.concerns
    context = {"item": item, "name": name, "warnings": sentences(found), "is_refused": is_refused}
    place = places.place_of(request.seat, item.mailbox, now=clock.now())
    shown = frame(request, current=item.folder, place=place) | context
    return render(request, "mail/careful.html", shown, status=403 if is_refused else 200)


def opened(request: SeatedRequest, item: Item) -> bytes:
    """Return the bytes of an item, which is opened by this."""
    try:
        opening.open_message(seat=request.seat, item=item, now=clock.now())
        return blobs.get(item.message.blob)
    except (opening.RecalledError, BlobMissingError, BlobDamagedError) as error:
        raise Http404 from error


def _pictures(tree: Tree, reading: Reading) -> dict[str, str]:
    """Return the pictures that stand inside the text as data addresses: a sandboxed frame fetches nothing."""
    found = {}
    for one in reading.attachments:
        if one.content_id and one.content_type.startswith("image/") and one.size <= LARGEST_PICTURE:
            content = messages.attached(tree, index=one.index)[2]
            found[one.content_id] = f"data:{one.content_type};base64,{base64.b64encode(content).decode()}"
    return found


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    answer["Content-Security-Policy"] = DOWNLOAD_CSP
    return answer
