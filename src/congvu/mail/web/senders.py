"""From which boxes a person may write: those that the seat answers for, and that of a letter given to the person."""

from datetime import datetime

from congvu.directory.queries import Seat
from congvu.mail.models import Draft, Item
from congvu.mail.policies import may_write_from
from congvu.mail.queries import answering, items, places
from congvu.mail.queries.places import Place
from congvu.mail.queries.routes import route


def senders(seat: Seat, *, answers: str = "", draft: str = "", now: datetime) -> list[Place]:
    """Return the boxes; `answers` and `draft` are the handles of the item that is answered and of its draft."""
    known = [one for one in places.places(seat, now=now) if one.may_send]
    item = items.item(seat, answers, now=now) if answers else _answered_by(seat, draft)
    if item is None or item.mailbox_id in {one.box.pk for one in known if one.box}:
        return known
    if not may_write_from(seat, item.mailbox.address, answers=item.message, now=now):
        return known
    return [*known, Place(route=route(item.mailbox.address, now=now), box=item.mailbox)]


def _answered_by(seat: Seat, draft: str) -> Item | None:
    """Return the item that was given to the person and that a kept draft answers."""
    if not draft:
        return None
    kept = Draft.objects.filter(agency=seat.agency, author=seat.person, handle=draft).exclude(answers=None)
    return answering.to_answer(seat).filter(message__in=kept.values("answers")).first()
