"""The lines under a letter that say who writes: name, post, unit, agency, address, from the directory."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from congvu.base.texts import pick
from congvu.directory.queries import LANGUAGES, Seat
from congvu.mail.queries.places import own_place

MARK = "-- \n"  # RFC 3676, 4.3: what follows is no part of the text


def block(seat: Seat, *, language: str, email: str) -> str:
    """Return the signature block of a seat in a language, with the address from which is written."""
    unit, agency = pick(seat.unit.name, language)[0], pick(seat.agency.name, language)[0]
    title = pick(seat.post.title, language)[0]
    if seat.leave is not None:
        with override(language):
            title = _("acting for: %(title)s") % {"title": title}
    lines = [seat.person.full_name, title, *([unit] if unit == agency else [unit, agency]), email]
    return MARK + "\n".join(line for line in lines if line)


def begun(seat: Seat, body: str, *, language: str, email: str) -> str:
    """Return a text to begin with: room to write, the block, then what is quoted."""
    return f"\n\n{block(seat, language=language, email=email)}{body}"


def own_email(seat: Seat, *, now: datetime) -> str:
    """Return the address from which the person writes unless another is chosen, "" without one."""
    place = own_place(seat, now=now)
    return place.route.email if place else ""


def languages(seat: Seat) -> list[str]:
    """Return the languages in which the directory names the post; the agency's own first."""
    held = {seat.agency.language, *(one for one in LANGUAGES if one in seat.post.title)}
    return sorted(held, key=lambda one: (one != seat.agency.language, one))


def swapped(seat: Seat, body: str, *, language: str, email: str) -> str:
    """Return a text with its block in another language; without one it is put at the end."""
    text = body.replace("\r\n", "\n")
    wanted = block(seat, language=language, email=email)
    for one in LANGUAGES:
        held = block(seat, language=one, email=email)
        if held in text:
            return text.replace(held, wanted, 1)
    return f"{text.rstrip()}\n\n{wanted}\n"
