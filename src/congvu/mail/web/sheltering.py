"""Text that a computer keeps while the server does not answer: the key that closes it, and what is known of it."""

import base64

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from congvu.base.handles import is_handle
from congvu.directory.queries import Seat
from congvu.directory.web.access import SeatedRequest
from congvu.mail.compose import message_id_of
from congvu.mail.models import Draft, Message
from congvu.mail.web.access import official

ASKED = 50  # drafts in one question


def key(seat: Seat) -> str:
    """Return the AES-256 key (base64) of a person in an agency; it stands only on pages that the person has opened."""
    whose = f"{seat.agency.handle}/{seat.person.handle}"
    return base64.b64encode(salted_hmac("congvu.mail.shelter", whose, algorithm="sha256").digest()).decode()


def refuse_anothers(request: SeatedRequest) -> None:
    """Raise PermissionDenied when somebody else opened the form: two people at one computer, one window left open."""
    own = request.seat.person.handle
    if request.POST.get("owner", own) != own:
        raise PermissionDenied


@official
@require_safe
def pulse(request: SeatedRequest) -> HttpResponse:
    """Tell a page that the server answers and to whom, and which of the named drafts it holds or has sent."""
    seat = request.seat
    asked = [one for one in request.GET.getlist("draft")[:ASKED] if is_handle(one)]
    held = Draft.objects.filter(agency=seat.agency, author=seat.person, handle__in=asked)
    ids = {message_id_of(one, domain=seat.agency.domain): one for one in asked}
    sent = Message.objects.filter(agency=seat.agency, author=seat.person, message_id__in=ids)
    return JsonResponse(
        {
            "owner": seat.person.handle,
            "token": get_token(request),
            "held": list(held.values_list("handle", flat=True)),
            "sent": sorted({ids[one] for one in sent.values_list("message_id", flat=True)}),
        }
    )
