"""How the page of a message explains what a machine answered, and what calls itself official and is not."""

from dataclasses import dataclass

from django.utils.functional import Promise

from congvu.directory.models import Agency
from congvu.mail import mime, reasons
from congvu.mail.addresses import domain
from congvu.mail.bounces import dialects
from congvu.mail.messages import Reading
from congvu.mail.models import Communication, Message
from congvu.mail.parcels import OUTSIDE

OFFICIAL = ("gov.vn", "chinhphu.vn", "gov.kz")  # where states keep the addresses of their officials


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One recipient that a report names: what happened, what to do, and the other server's own words."""

    recipient: str
    happened: Promise | str
    advice: Promise | str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is told of a machine's answer. kind: failed, delayed, served, reply, challenge."""

    kind: str
    lines: tuple[Line, ...]


def returned(message: Message, raw: bytes, reading: Reading) -> Shown | None:
    """Return what the page says of a machine's answer from outside; None for everything else."""
    if message.channel not in OUTSIDE | {"import"} or message.sender_id is not None:
        return None
    found = dialects.read(mime.take_apart(raw), reading)
    if found is None:
        return None
    return Shown(kind=found.kind, lines=tuple(_line(one) for one in found.told))


def is_unofficial(message: Message) -> bool:
    """Return whether a letter calls itself official communication and came from no official address.

    Only what the letter says of itself and its visible sender count; nothing is looked up anywhere.
    """
    names_itself = message.communication != Communication.OTHER and not message.automatic
    if not names_itself or message.channel not in OUTSIDE:
        return False
    host = domain(message.sender_address)
    if any(host == one or host.endswith(f".{one}") for one in OFFICIAL):
        return False
    return not Agency.objects.filter(domain=host).exists()


def _line(one: dialects.Told) -> Line:
    return Line(
        recipient=one.recipient,
        happened=reasons.sentence(one.reason) if one.reason else "",
        advice=reasons.advice(one.reason) if one.reason else "",
        words=one.words,
    )
