"""Meetings: answering an invitation in place, calling off one's own, the list of what is to come, its export."""

from typing import Any

from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from congvu.base import blobs, clock
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.directory.web.access import SeatedRequest
from congvu.mail.actions import attending, limiting, opening
from congvu.mail.actions.attending import Attending
from congvu.mail.meetings import reading, writing
from congvu.mail.models import Item
from congvu.mail.queries import items, meetings
from congvu.mail.queries.meetings import Coming
from congvu.mail.web import explaining, meeting_words
from congvu.mail.web.access import item_or_404, official, place_or_404
from congvu.mail.web.folders import frame
from congvu.mail.web.meeting_cards import when_of
from congvu.ui.web.files import attachment
from congvu.ui.web.network import network_address

PAGE = 25
LONGEST_NUMBER = 3  # digits of a page's number


@official
@require_safe
def coming(request: SeatedRequest, handle: str | None = None) -> HttpResponse:
    """Show the meetings of a box that are to come, the next one first."""
    place = place_or_404(request, handle)
    box = place.box if place else None
    found = meetings.coming(box, now=clock.now())
    page = Paginator(found, PAGE).get_page(request.GET.get("page", "1")[:LONGEST_NUMBER])
    context = {"page_obj": page, "rows": _rows(list(page), box), "place": place}
    return render(request, "mail/meetings.html", frame(request, current="meetings", place=place) | context)


@official
@require_safe
def export(request: SeatedRequest, handle: str) -> HttpResponse:
    """Give the meetings of a box that are to come as one calendar file."""
    place = place_or_404(request, handle)
    found = meetings.coming(place.box if place else None, now=clock.now())
    text = writing.export(one.meeting.text for one in found)
    return attachment(text, name="meetings.ics", content_type="text/calendar; charset=utf-8")


@official
@require_POST
def answer(request: SeatedRequest, handle: str) -> HttpResponse:
    """Answer the invitation in a letter."""
    item = item_or_404(request, handle)
    chosen = Attending(
        key=request.POST.get("meeting", "")[:64],
        answer=request.POST.get("answer", ""),
        comment=request.POST.get("comment", ""),
        sure=request.POST.get("sure", ""),
    )
    try:
        opening.open_message(seat=request.seat, item=item, now=clock.now())
        when = when_of(item, blobs.get(item.message.blob), chosen.key)
        attending.answer(
            seat=request.seat,
            item=item,
            attending=chosen,
            when=when,
            now=clock.now(),
            client=network_address(request),
        )
    except (opening.RecalledError, BlobMissingError, BlobDamagedError) as error:
        raise Http404 from error
    except attending.NotInvitedError:
        notices.error(
            request, _("This letter does not invite this mailbox to a meeting. Answer by a letter.")
        )
    except attending.NotCurrentError:
        notices.error(request, _("Not answered: the meeting was changed or called off by a later letter."))
    except attending.OtherOrganizerError as error:
        notices.error(
            request,
            _("Not answered yet: the answer would go to %(address)s. Tick the box if that is meant.")
            % {"address": error.organizer},
        )
    except (limiting.LimitReachedError, limiting.SendingStoppedError) as error:
        notices.error(request, explaining.mistake(error)[1])
    else:
        notices.success(request, _("Answered. The organizer has been told."))
    return redirect("mail:message", item.handle)


@official
@require_POST
def call_off(request: SeatedRequest, handle: str) -> HttpResponse:
    """Call off a meeting to which the box has invited."""
    meeting = meetings.meeting(request.seat, handle, now=clock.now())
    if meeting is None:
        raise Http404
    item = items.item_of(meeting.message, [meeting.mailbox])
    try:
        attending.call_off(
            seat=request.seat,
            meeting=meeting,
            when=_when(meeting.text, item),
            now=clock.now(),
            client=network_address(request),
        )
    except (BlobMissingError, BlobDamagedError) as error:
        raise Http404 from error
    except attending.AlreadyCancelledError:
        notices.info(request, _("This meeting was called off before."))
    except (limiting.LimitReachedError, limiting.SendingStoppedError) as error:
        notices.error(request, explaining.mistake(error)[1])
    else:
        notices.success(request, _("Called off. Everybody who was invited has been told."))
    return redirect("mail:message", item.handle) if item else redirect("mail:meetings")


def _when(text: str, item: Item | None) -> str:
    event = reading.kept(text)
    if event is None or item is None:
        return ""
    return meeting_words.first(event, meetings.here(item.mailbox.agency))


def _rows(found: list[Coming], box: Any) -> list[dict[str, Any]]:
    handles = [one.meeting.message.handle for one in found]
    by_message = {one.message_id: one for one in items.of_messages([box], handles)} if box else {}
    return [
        {
            "meeting": one.meeting,
            "event": one.event,
            "when": meeting_words.when(one.next, one.event),
            "repeats": meeting_words.repeats(one.event),
            "item": by_message.get(one.meeting.message_id),
        }
        for one in found
    ]
