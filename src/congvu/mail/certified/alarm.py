"""What a sender is told when a certified provider's receipt does not come. RFC 3834."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext

from congvu.mail import system_letters
from congvu.mail.addresses import Mailbox
from congvu.mail.models import Message

SHOWN = 100  # recipients that one notice names
LAST = 24


def letter(message: Message, recipients: Sequence[str], *, to: str, hours: int, at: datetime) -> bytes:
    """Return the notice to the sender of a message whose recipients' provider is silent."""
    agency = message.agency
    with translation.override(agency.language):
        subject = gettext("No receipt after %(hours)d hours: %(subject)s")
        said = {"hours": hours, "subject": " ".join(message.subject.split())[:200]}
        text = _text(recipients, hours)
    return system_letters.letter(agency, to=[Mailbox("", to)], subject=subject % said, text=text, now=at)


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
