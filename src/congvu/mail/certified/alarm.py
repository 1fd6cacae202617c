"""What a sender is told when a certified provider's receipt does not come. RFC 3834."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext

from congvu.directory.queries import email
from congvu.mail import compose
from congvu.mail.addresses import Mailbox
from congvu.mail.models import Message
from congvu.mail.parcels import Parcel

SHOWN = 100  # recipients that one notice names
LAST = 24


def parcel(message: Message, recipients: Sequence[str], *, hours: int, at: datetime) -> Parcel:
    """Return the notice to the sender of a message whose recipients' provider is silent."""
    assert message.sender is not None  # noqa: S101 -- for the type checker: only what was sent from here is awaited
    own, agency = email(message.sender.address), message.agency
    with translation.override(agency.language):
        draft = compose.Draft(
            sender=Mailbox("", f"postmaster@{agency.domain}"),
            to=(Mailbox("", own),),
            message_id=compose.new_message_id(domain=agency.domain),
            subject=gettext("No receipt after %(hours)d hours: %(subject)s")
            % {"hours": hours, "subject": " ".join(message.subject.split())[:200]},
            text=_text(recipients, hours),
            automatic="auto-generated",
        )
    raw = compose.build(draft, at=at)
    return Parcel(channel="system", mail_from="", recipients=(own,), raw=raw, at=at)


def _text(recipients: Sequence[str], hours: int) -> str:
    lines = [
        gettext(
            "The certified mail provider of these recipients has sent no receipt that could be verified:"
        ),
        "",
        *(f"- {one}" for one in recipients[:SHOWN]),
        "",
    ]
    if hours < LAST:
        lines.append(
            gettext("Within 24 hours it must say whether the message was delivered. We keep waiting.")
        )
    else:
        lines.append(gettext("Treat the message as not delivered and reach the recipients in another way."))
    lines.append(gettext("The receipts of the message show what is known of each recipient."))
    return "\n".join([*lines, ""])
