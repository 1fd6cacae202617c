"""The steps of a message in plain words, each with the bundle that proves it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from congvu.base import clock
from congvu.directory.web.access import SeatedRequest
from congvu.ledger import queries as ledger
from congvu.mail.queries import places, receipts
from congvu.mail.tasks import relay_settings
from congvu.mail.web.access import item_or_404, official
from congvu.mail.web.folders import frame


@official
@require_safe
def steps(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show how far a message came, step by step."""
    item = item_or_404(request, handle)
    now = clock.now()
    boxes = places.boxes(request.seat, now=now)
    is_sender = receipts.sees_all_steps(item.message, boxes)
    context = {
        "item": item,
        "steps": receipts.steps(item.message, boxes),
        "is_sender": is_sender,
        "transfers": receipts.progress(item.message) if is_sender else [],
        "has_relay": relay_settings() is not None,
    }
    place = places.place_of(request.seat, item.mailbox, now=now)
    return render(request, "mail/receipts.html", frame(request, current=item.folder, place=place) | context)


@official
@require_safe
def bundle(request: SeatedRequest, handle: str, receipt: str) -> HttpResponse:
    """Give the bundle that proves a step, for congvu-verify; who acted and in which box only when asked for."""
    item = item_or_404(request, handle)
    visible = receipts.visible(item.message, places.boxes(request.seat, now=clock.now()))
    found = next((one for one in visible if one.handle == receipt), None)
    if found is None:
        raise Http404
    is_full = "all" in request.GET
    disclose = None if is_full else receipts.needed(found)
    try:
        data = ledger.prove(found.entry, agency=request.seat.agency.handle, disclose=disclose)
    except ledger.PendingError:
        return render(
            request, "mail/pending.html", frame(request, current=item.folder) | {"item": item}, status=409
        )
    extent = "-all" if is_full else ""
    name = f"receipt-{found.step}-{localtime(found.at).date().isoformat()}{extent}.congvu.json"
    answer = HttpResponse(data, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
