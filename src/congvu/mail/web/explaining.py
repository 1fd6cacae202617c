"""The sentences for what can go wrong when a message is saved or sent."""

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from congvu.mail.actions import limiting, sending, signing_keys
from congvu.mail.actions.drafts import LIMIT, DraftGoneError, TooLargeError
from congvu.mail.actions.sending import MANY, NoRecipientError, TooManyRecipientsError, UnknownRecipientError
from congvu.mail.guarding import HarmfulFileError
from congvu.mail.meetings.inviting import NoMeetingTimeError
from congvu.mail.parcels import SecrecyMarkError
from congvu.mail.smime import keys, tokens
from congvu.mail.web.files import refusal

MISTAKES = (*sending.MISTAKES, SecrecyMarkError, DraftGoneError, HarmfulFileError)


def mistake(error: Exception) -> tuple[str | None, str]:
    """Return the field to which a mistake belongs, None for the whole, and what to do about it."""
    if isinstance(error, limiting.LimitReachedError | limiting.SendingStoppedError):
        return None, held(error)
    if isinstance(error, NoMeetingTimeError):
        return error.field, _(
            "Say when the meeting begins and ends, the end after the beginning and within 31 days."
        )
    if isinstance(error, HarmfulFileError):
        return "attachments", refusal(error)
    return unsigned(error) if isinstance(error, sending.UNSIGNED) else _unsent(error)


def _unsent(error: Exception) -> tuple[str | None, str]:
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


def unsigned(error: Exception) -> tuple[str, str]:
    """Return the field to which it belongs that a key does not sign, and what to do about it."""
    match error:
        case keys.WrongPassphraseError():
            return "passphrase", _("The passphrase or PIN does not open your key. Nothing was signed.")
        case signing_keys.NotYourCertificateError(named=named):
            shown = ", ".join(named[:3]) or "–"
            return "passphrase", _("Your certificate names %(shown)s, not the address that signs.") % {
                "shown": shown
            }
        case signing_keys.NotInForceError():
            return "passphrase", _("Your certificate is not in force today. Ask for a new one.")
        case signing_keys.NoKeyError():
            return "sign", _("You have given no key to sign with. Give one under Settings, Signing.")
        case tokens.NoModuleError():
            return "passphrase", _("The token cannot be reached. Ask the administrator.")
    return "passphrase", _("This holds no private key with its certificate that can sign mail.")


def held(error: Exception) -> str:
    """Return why an account sends nothing at present."""
    match error:
        case limiting.LimitReachedError(span="hour", limit=limit):
            return _("You may send %(n)d messages an hour. The draft is kept; send it a little later.") % {
                "n": limit
            }
        case limiting.LimitReachedError(limit=limit):
            return _("You may write to %(n)d recipients a day. The draft is kept; send it tomorrow.") % {
                "n": limit
            }
    return _(
        "Sending is stopped for your account, because a rule was met that guards against its use by somebody else. "
        "The draft is kept. Your administrator can let you send again; nobody is blamed."
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
