"""Which conversation a message belongs to. RFC 5322, 3.6.4."""

from collections.abc import Mapping, Sequence

from congvu.base import handles
from congvu.directory.models import Agency
from congvu.mail.models import Message
from congvu.mail.parcels import Letter

Known = dict[tuple[int, str], str]


def threads(letters: Sequence[tuple[Agency, Letter]]) -> list[str]:
    """Return the conversation of each letter in an agency: that of a message it refers to, else a derived one.

    The derived handle comes from the first reference, so answers that arrive before what they answer still meet it.
    """
    known = _known(letters)
    found = []
    for agency, letter in letters:
        thread = _thread(agency, letter, known)
        known.setdefault((agency.pk, letter.reading.message_id), thread)
        found.append(thread)
    return found


def _known(letters: Sequence[tuple[Agency, Letter]]) -> Known:
    asked: dict[int, set[str]] = {}
    for agency, letter in letters:
        asked.setdefault(agency.pk, set()).update(_references(letter))
    known: Known = {}
    for agency_pk, ids in asked.items():
        rows = Message.objects.filter(agency=agency_pk, message_id__in=ids).order_by("-id") if ids else ()
        known |= {(agency_pk, row.message_id): row.thread for row in rows}
    return known


def _thread(agency: Agency, letter: Letter, known: Mapping[tuple[int, str], str]) -> str:
    asked = _references(letter)
    for one in reversed(asked):
        if (agency.pk, one) in known:
            return known[agency.pk, one]
    root = asked[0] if asked else letter.reading.message_id
    return handles.derive(agency.handle, "thread", root) if root else handles.new()


def _references(letter: Letter) -> list[str]:
    """Return the Message-IDs that a letter refers to, the nearest last."""
    reading = letter.reading
    asked = [*reading.references, reading.in_reply_to]
    return list(dict.fromkeys(one for one in asked if one and one != reading.message_id))
