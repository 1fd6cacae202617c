"""Letters that an agency's postmaster writes of itself; nothing answers them. RFC 3834."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from congvu.directory.models import Agency
from congvu.mail import compose
from congvu.mail.addresses import Mailbox


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
