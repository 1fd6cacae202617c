"""What every page shows around its content: the seat, the way around, the banner of a demonstration."""

from typing import Any

from django.http import HttpRequest

from congvu.config.navigation import navigation
from congvu.directory import queries
from congvu.directory.web.links import account_links


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's variables for ui/base.html and ui/desk.html."""
    seat = getattr(request, "seat", None)
    return {
        "seat": seat,
        "demonstration": seat.agency.demonstration if seat else _is_sign_in_to_demonstration(request),
        "navigation": navigation(request, seat) if seat else [],
        "account_links": account_links(seat) if seat else [],
    }


def _is_sign_in_to_demonstration(request: HttpRequest) -> bool:
    """Ask the directory on pages of signing in only: a page that tells of trouble must need no database."""
    name = request.resolver_match.url_name if request.resolver_match else None
    if not (name or "").startswith(("account_", "mfa_")):
        return False
    return queries.agencies().filter(demonstration=True).exists()
