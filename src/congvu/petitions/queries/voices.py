"""By what somebody who says "me too" is known again, and whether their voice was counted."""

import hashlib
import hmac

from congvu.base import keys
from congvu.mail.addresses import normal
from congvu.petitions.models import Petition, Reporter
from congvu.petitions.submissions import Who
from congvu.petitions.voices import Voice

SUBSCRIBER = 9  # last digits of a telephone number, the same with and without a country's code


def digests(petition: Petition, *, who: Who, word: str) -> set[str]:
    """Return the digests by which somebody is known again; none of who gives no contact and comes with no word."""
    handle = Reporter.objects.filter(petition=petition).values_list("handle", flat=True).first() or ""
    key = keys.get_many([handle]).get(handle) if handle else None
    if key is None:
        return set()
    return {hmac.new(key, f"voice {name}".encode(), hashlib.sha256).hexdigest() for name in _names(who, word)}


def is_counted(petition: Petition, known: set[str]) -> bool:
    """Return whether a voice was counted. The citizen's own is one like any other: left out, it would name them."""
    return Voice.objects.filter(agency=petition.agency_id, petition=petition, digest__in=known).exists()


def _names(who: Who, word: str) -> set[str]:
    """Return contacts; without any the browser's word, for several people may share a browser."""
    return _contacts(who) or ({f"word {word}"} if word else set())


def _contacts(who: Who) -> set[str]:
    digits = "".join(one for one in who.phone if one.isdecimal())
    found = {f"mail {normal(who.email)}"} if who.has_mailbox else set()
    return found | ({f"phone {digits[-SUBSCRIBER:]}"} if digits else set())
