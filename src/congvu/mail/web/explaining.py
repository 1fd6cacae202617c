"""The sentences for what can go wrong when a message is saved or sent."""

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from congvu.mail.actions import sending
from congvu.mail.actions.drafts import LIMIT, DraftGoneError, TooLargeError
from congvu.mail.actions.sending import MANY, NoRecipientError, TooManyRecipientsError, UnknownRecipientError
from congvu.mail.parcels import SecrecyMarkError

MISTAKES = (*sending.MISTAKES, SecrecyMarkError, DraftGoneError)


def mistake(error: Exception) -> tuple[str | None, str]:
    """Return the field to which a mistake belongs, None for the whole, and what to do about it."""
    match error:
        case UnknownRecipientError(unknown=unknown):
            shown = ", ".join(unknown[:5])
            return "to", ngettext(
                "No mailbox was found for %(shown)s. Correct the address or take it out.",
                "No mailboxes were found for %(shown)s. Correct the addresses or take them out.",
                len(unknown),
            ) % {"shown": shown}
        case NoRecipientError():
            return "to", _("Enter at least one recipient.")
        case TooManyRecipientsError():
            return "to", _("One message may have at most %(many)d recipients.") % {"many": MANY}
        case TooLargeError():
            return "attachments", _("The files of one message may have %(limit)s together. Take one out.") % {
                "limit": filesizeformat(LIMIT)
            }
        case DraftGoneError() | SecrecyMarkError():
            return None, sent_already() if isinstance(error, DraftGoneError) else secret()
    return None, _(
        "A line break or another sign that no address or subject may have stands in one of the fields."
    )


def sent_already() -> str:
    """Return why a draft can be neither kept nor sent any more."""
    return _("This message was sent already, or thrown away in another window. Look under Sent.")


def secret() -> str:
    """Return why a marked message is refused and what to do instead."""
    return _(
        "This message carries a mark of state secrecy. The Law on Protection of State Secrets No. 117/2025/QH15 "
        "keeps state secrets off networked systems (article not established here). It was neither sent nor stored. "
        "Hand the document over on paper or by the means that your unit in charge of state secrets provides. "
        "If it is no state secret, remove the mark and send it again."
    )
