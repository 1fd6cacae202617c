"""Letters that an agency's postmaster writes of itself; nothing answers them. RFC 3834."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from congvu.directory.models import Agency
from congvu.mail import compose
from congvu.mail.addresses import Mailbox
from congvu.mail.parcels import Parcel


def letter(agency: Agency, *, to: Sequence[Mailbox], subject: str, text: str, now: datetime) -> bytes:
    """Return the letter, dated in the agency's time."""
    draft = compose.Draft(
        sender=Mailbox("", f"postmaster@{agency.domain}"),
        to=tuple(to),
        message_id=compose.new_message_id(domain=agency.domain),
        subject=subject,
        text=text,
        automatic="auto-generated",
    )
    return compose.build(draft, at=now.astimezone(ZoneInfo(agency.zone)))


def parcel(agency: Agency, *, to: Sequence[Mailbox], subject: str, text: str, now: datetime) -> Parcel:
    """Return the letter with no reverse path, to be put into boxes here."""
    recipients = tuple(one.address for one in to)
    raw = letter(agency, to=to, subject=subject, text=text, now=now)
    return Parcel(channel="system", mail_from="", recipients=recipients, raw=raw, at=now)
