"""Sharing out the letters of a mailbox that several people answer."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from congvu.base import clock
from congvu.directory.models import Person
from congvu.directory.queries import Seat
from congvu.directory.web.access import SeatedRequest
from congvu.mail.actions import assigning
from congvu.mail.models import Item
from congvu.mail.policies import may_read
from congvu.mail.queries import answering
from congvu.mail.queries.answering import Answering
from congvu.mail.web.access import item_or_404, official


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Who answers a letter as its page shows it, and to whom the seat may give it."""

    answering: Answering
    is_mine: bool
    may_give: bool
    members: tuple[Person, ...] = ()


def shown(seat: Seat, item: Item, *, now: datetime) -> Sharing | None:
    """Return who answers a letter; None where nothing has to be shared out."""
    if not answering.is_shared(item):
        return None
    found = answering.of([item])[item.pk]
    may_give = may_read(seat, item.mailbox, now=now)
    given = found.assignment
    others = answering.members(item.mailbox, seat.on) if may_give else []
    return Sharing(
        answering=found,
        is_mine=given is not None and given.person_id == seat.person.pk,
        may_give=may_give,
        members=tuple(one for one in others if given is None or one.pk != given.person_id),
    )


def warn(request: SeatedRequest, item: Item) -> None:
    """Say before an answer is written that somebody else answers the letter, or has answered it."""
    found = answering.of([item]).get(item.pk)
    if found is None:
        return
    if found.answer:
        name = found.answer.author.full_name if found.answer.author else ""
        notices.warning(request, _("%(name)s has answered this letter already.") % {"name": name})
    elif found.assignment and found.assignment.person_id != request.seat.person.pk:
        name = found.assignment.person.full_name
        notices.warning(
            request, _("%(name)s answers this letter. Speak with each other first.") % {"name": name}
        )


@official
@require_POST
def assign(request: SeatedRequest, handle: str) -> HttpResponse:
    """Take a letter, give it to a member, or let it go."""
    item, seat, now = item_or_404(request, handle), request.seat, clock.now()
    if request.POST.get("do") == "release":
        assigning.release(seat=seat, item=item, now=now)
        notices.success(request, _("The letter is everybody’s again."))
        if may_read(seat, item.mailbox, now=now):
            return redirect("mail:message", item.handle)
        return redirect("mail:assigned")
    takes = request.POST.get("do") == "take"
    person = seat.person if takes else _member(item, seat, request.POST.get("person", ""))
    if person is None:
        notices.error(request, _("Choose who should answer."))
        return redirect("mail:message", item.handle)
    try:
        assigning.assign(
            seat=seat, item=item, person=person, instead_of=request.POST.get("instead_of", ""), now=now
        )
    except assigning.AlreadyAssignedError as error:
        name = error.person.full_name
        notices.warning(request, _("%(name)s has taken this letter meanwhile.") % {"name": name})
    except (assigning.NotSharedError, assigning.NotAMemberError) as error:
        raise Http404 from error
    else:
        notices.success(request, _said(seat, person))
    return redirect("mail:message", item.handle)


def _member(item: Item, seat: Seat, handle: str) -> Person | None:
    known = answering.members(item.mailbox, seat.on)
    return next((one for one in known if one.handle == handle), None)


def _said(seat: Seat, person: Person) -> str:
    if person.pk == seat.person.pk:
        return _("You answer this letter. The others see it.")
    return _("%(name)s answers this letter and can read it now.") % {"name": person.full_name}
