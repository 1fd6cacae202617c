"""The frame around every page of a mailbox: its folders, and the other boxes of the seat."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from congvu.base import clock, collation
from congvu.base.texts import pick
from congvu.directory.web.access import SeatedRequest
from congvu.mail.models import Draft, Mailbox
from congvu.mail.policies import may_see_sending
from congvu.mail.queries import answering, arranged, delegating, items, places
from congvu.mail.queries.places import Place
from congvu.mail.queries.volumes import suspension

NO_SUBJECT = gettext_lazy("(no subject)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """One entry of the folders' list."""

    label: str
    url: str
    symbol: str
    is_current: bool = False
    count: int = 0


def frame(request: SeatedRequest, *, current: str, place: Place | None = None) -> dict[str, Any]:
    """Return the folders of the seat's own box and its other boxes; `current` is a folder's name."""
    seat, now = request.seat, clock.now()
    own = places.own_place(seat, now=now)
    others = _named(places.other_places(seat, now=now))
    is_own = place is None or own is None or place.handle == own.handle
    return {
        "folders": [
            _own(request, own, name, symbol, label, current if is_own else "") for name, symbol, label in _OWN
        ],
        "own": own,
        "current": current,
        "delegated": delegating.running(seat),
        "assigned": answering.assigned(seat).count(),
        "own_folders_of_mine": _own_folders(own, current if is_own else ""),
        "boxes": [_other(one, name, current=place) for one, name in others],
        "place": place or own,
        "place_name": "" if is_own or place is None else _name_among(place, others),
        "now": now,
        "sees_sending": may_see_sending(seat),
        "is_stopped": suspension(seat.agency, seat.person) is not None,
    }


def name_of(place: Place) -> str:
    """Return what a box is called: its unit's name, or whose mail was handed over."""
    route, language = place.route, get_language() or "vi"
    if place.kind == Mailbox.Kind.HAND_OVER:
        return _("Handed over: %(address)s") % {"address": route.email}
    unit = pick(route.unit.name, language)[0] if route.unit else route.email
    if place.kind == Mailbox.Kind.AGENCY:
        return pick(route.agency.name, language)[0]
    return unit


def _named(found: Sequence[Place]) -> list[tuple[Place, str]]:
    """Return boxes with what each is called, in that order; those that are called alike, with their addresses."""
    called = [(one, name_of(one)) for one in found]
    often = Counter(name for _, name in called)
    told = [(one, f"{name} ({one.route.email})" if often[name] > 1 else name) for one, name in called]
    return sorted(told, key=lambda pair: collation.key(pair[1]))


def _name_among(place: Place, others: Sequence[tuple[Place, str]]) -> str:
    return next((name for one, name in others if one.handle == place.handle), name_of(place))


_OWN = (
    ("inbox", "inbox", gettext_lazy("Inbox")),
    ("sent", "send", gettext_lazy("Sent")),
    ("drafts", "draft", gettext_lazy("Drafts")),
    ("filed", "folder", gettext_lazy("Filed")),
    ("meetings", "calendar", gettext_lazy("Meetings")),
    ("address-book", "people", gettext_lazy("Address book")),
)


def _own(
    request: SeatedRequest, own: Place | None, name: str, symbol: str, label: object, current: str
) -> Folder:
    box = own.box if own else None
    count = 0
    if name == "inbox":
        count = items.unread(box)
    elif name == "drafts":
        count = Draft.objects.filter(agency=request.seat.agency, author=request.seat.person).count()
    return Folder(
        label=str(label), url=reverse(f"mail:{name}"), symbol=symbol, is_current=current == name, count=count
    )


def _own_folders(own: Place | None, current: str) -> list[Folder]:
    return [
        Folder(
            label=one.folder.name,
            url=reverse("mail:folder", args=[one.folder.handle]),
            symbol="folder",
            is_current=one.folder.handle == current,
            count=one.unread,
        )
        for one in arranged.counted(own.box if own else None)
    ]


def _other(place: Place, name: str, *, current: Place | None) -> Folder:
    return Folder(
        label=name,
        url=reverse("mail:box", args=[place.handle]),
        symbol="archive" if place.kind == Mailbox.Kind.HAND_OVER else "building",
        is_current=current is not None and current.handle == place.handle,
        count=items.unread(place.box),
    )
