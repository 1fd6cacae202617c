"""What the menu under a person's name offers, on every page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from congvu.base import clock
from congvu.directory import queries


def account_links(seat: queries.Seat) -> list[tuple[str, str]]:
    """Return the labels and addresses of a person's own pages."""
    links = [
        (_("Settings"), reverse("directory:settings")),
        (_("Passwords for mail programs"), reverse("directory:application-passwords")),
    ]
    if len(queries.seats(seat.account, clock.now())) > 1:
        links.insert(0, (_("Act on another post"), reverse("directory:choose-seat")))
    return links
