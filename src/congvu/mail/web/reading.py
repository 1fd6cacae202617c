"""Reading: one message within its conversation, and what can be done with it."""

from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from congvu.base import blobs, clock
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.directory.web.access import SeatedRequest
from congvu.mail import messages, policies
from congvu.mail.actions import acknowledging, filing, opening, recalling
from congvu.mail.actions.recalling import AlreadyRecalledError, Recall
from congvu.mail.models import Item
from congvu.mail.queries import arranged, delegating, duties, items, places, receipts, signing
from congvu.mail.tasks import relay_settings
from congvu.mail.web import assigning, origins
from congvu.mail.web.access import item_or_404, official
from congvu.mail.web.contents import blocked
from congvu.mail.web.files import listed
from congvu.mail.web.folders import frame
from congvu.mail.web.meeting_cards import cards
from congvu.mail.web.returned import is_unofficial, returned
from congvu.mail.web.rows import rows
from congvu.mail.web.signatures import sealed, shown


@official
@require_safe
def message(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show a message open within its conversation; showing it is opening it."""
    return _show(request, item_or_404(request, handle))


@official
@require_safe
def conversation(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show a conversation with its latest message open."""
    found = items.conversation(request.seat, handle, now=clock.now())
    if not found:
        raise Http404
    return _show(request, found[-1])


@official
@require_POST
def acknowledge(request: SeatedRequest, handle: str) -> HttpResponse:
    """Acknowledge a message with one press."""
    item = item_or_404(request, handle)
    try:
        acknowledging.acknowledge(seat=request.seat, item=item, now=clock.now())
    except acknowledging.AlreadyAcknowledgedError:
        notices.info(request, _("This message was acknowledged before."))
    except acknowledging.NothingOwedError:
        notices.info(request, _("This message asks for no acknowledgement."))
    except opening.RecalledError:
        notices.info(request, _("The sender has recalled this message. Nothing is owed."))
    else:
        notices.success(request, _("Acknowledged. The sender has been told."))
    return _back(request, item)


@official
@require_POST
def recall(request: SeatedRequest, handle: str) -> HttpResponse:
    """Take back a message that was sent."""
    item = item_or_404(request, handle)
    try:
        done = recalling.recall(seat=request.seat, message=item.message, now=clock.now())
    except policies.NotAllowedError as error:
        raise Http404 from error
    except AlreadyRecalledError:
        notices.info(request, _("This message was recalled before."))
    else:
        notices.success(request, _recalled(done))
    return redirect("mail:message", item.handle)


@official
@require_POST
def file(request: SeatedRequest, handle: str) -> HttpResponse:
    """Put a message away, or back into the inbox."""
    item = item_or_404(request, handle)
    seat, now = request.seat, clock.now()
    try:
        if item.folder == Item.Folder.FILED and "unfile" in request.POST:
            filing.unfile(seat=seat, item=item, now=now)
            notices.success(request, _("Moved back to the inbox."))
        else:
            filing.file(seat=seat, item=item, under=request.POST.get("under", ""), now=now)
            notices.success(request, _("Filed."))
    except filing.SentError:
        notices.info(request, _("Sent messages stay under Sent."))
    return redirect("mail:message", item.handle)


def _show(request: SeatedRequest, item: Item) -> HttpResponse:
    seat, now = request.seat, clock.now()
    try:
        item = opening.open_message(seat=seat, item=item, now=now)
        body = _body(request, item) | {"signing_key": signing.own_key(seat)}
    except opening.RecalledError:
        body = {"is_withheld": True}
    thread = items.conversation(seat, item.thread, now=now)
    if item.pk not in {one.pk for one in thread}:
        thread = sorted([*(one for one in thread if one.message_id != item.message_id), item], key=_order)
    boxes = places.boxes(seat, now=now)
    place = places.place_of(seat, item.mailbox, now=now)
    is_sender = receipts.sees_all_steps(item.message, boxes)
    context = {
        "item": item,
        "thread": rows(thread, {}),
        "row": rows([item], duties.to_acknowledge(seat.agency, [item]))[0],
        "is_sender": is_sender,
        "transfers": receipts.progress(item.message) if is_sender else [],
        "has_relay": relay_settings() is not None,
        "delegation": delegating.by_which(seat, item),
        "readings": delegating.readings_of(item) if item.mailbox.person_id == seat.person.pk else [],
        "inspections": receipts.inspections(item) if place else [],
        "may_acknowledge": policies.may_handle(seat, item, now=now),
        "sharing": assigning.shown(seat, item, now=now),
        "may_file": policies.may_read(seat, item.mailbox, now=now),
        "own_folders": arranged.folders(item.mailbox),
        "origin": origins.shown(item.message),
        **body,
    }
    current = item.folder if place else "delegated" if context["delegation"] else "assigned"
    return render(request, "mail/message.html", frame(request, current=current, place=place) | context)


def _order(item: Item) -> Any:
    return item.message.accepted_at, item.message_id


def _body(request: SeatedRequest, item: Item) -> dict[str, Any]:
    try:
        raw = blobs.get(item.message.blob)
    except BlobMissingError:
        return {"is_destroyed": True}
    except BlobDamagedError:
        return {"is_damaged": True}
    reading = messages.read(raw)
    files = [one for one in reading.attachments if not (one.content_id and reading.html)]
    body = {
        "reading": reading,
        "files": listed(raw, files),
        "blocked": blocked(reading),
        "signature": shown(item, raw),
        "returned": returned(item.message, raw, reading),
        "is_unofficial": is_unofficial(item.message),
    }
    return body | sealed(item, raw) | cards(request, item, raw)


def _recalled(done: Recall) -> str:
    parts = [
        ngettext(
            "Recalled: %(n)d recipient no longer sees it",
            "Recalled: %(n)d recipients no longer see it",
            done.withheld,
        )
        % {"n": done.withheld},
        ngettext("%(n)d had opened it", "%(n)d had opened it", done.seen) % {"n": done.seen},
    ]
    if done.gone:
        parts.append(
            ngettext(
                "%(n)d has it on another server, from where it cannot be taken back",
                "%(n)d have it on other servers, from where it cannot be taken back",
                done.gone,
            )
            % {"n": done.gone}
        )
    return "; ".join(parts) + "."


def _back(request: SeatedRequest, item: Item) -> HttpResponse:
    """Return to the list from which the button was pressed, else to the message."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return redirect(target)
    return redirect("mail:message", item.handle)
