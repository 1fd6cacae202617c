"""The way around for an official; which doors a seat sees follows its post."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from congvu.desk.watching.policies import may_watch
from congvu.directory.policies import may_administer, may_decide_rules, may_read_disposals, may_read_entries
from congvu.directory.queries import Seat


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the navigation."""

    label: str
    url: str
    current: bool
    count: int | None = None


def navigation(request: HttpRequest, seat: Seat) -> list[Way]:
    """Return the ways that the seat may go."""
    ways = [
        (_("My day"), "desk:day", True),
        (_("Mail"), "mail:inbox", True),
        (_("Requests"), "petitions:queue", True),
        (_("My unit"), "desk:unit", seat.has("head", "deputy")),
        (_("Directory"), "directory:people", True),
        (_("Rules"), "rules:books", may_decide_rules(seat) or may_administer(seat)),
        (_("Evidence"), "desk:evidence", may_read_entries(seat)),
        (_("Disposal"), "desk:disposals", may_read_disposals(seat)),
        (_("Evidence watch"), "desk:watch", may_watch(seat)),
    ]
    here = request.resolver_match.app_name if request.resolver_match else ""
    return [
        Way(str(label), reverse(target), _is_current(target, here, request.path))
        for label, target, may in ways
        if may
    ]


def _is_current(target: str, app: str, path: str) -> bool:
    if target == "desk:day":  # all of the desk lies below it
        return path == reverse(target)
    return path.startswith(reverse(target)) if app == "desk" else target.split(":", maxsplit=1)[0] == app
