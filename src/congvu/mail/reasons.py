"""Why a message did not arrive: closed words for evidence, sentences for people. RFC 3463."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EXPIRED = "expired"
RECALLED = "recalled"
OTHER = "other"
SENTENCES: dict[str, Promise] = {
    "address": _("The address does not exist at the other server."),
    "mailbox": _("The recipient's mailbox does not take messages at present."),
    "system": _("The other server does not take messages at present."),
    "network": _("The other server could not be reached."),
    "protocol": _("The other server did not understand the delivery."),
    "content": _("The other server does not take messages of this form."),
    "policy": _("The other server refused the message by its rules."),
    EXPIRED: _("The message could not be handed over in time."),
    RECALLED: _("The sender recalled the message before it left."),
    OTHER: _("The other server refused the message."),
}
_SUBJECTS = {
    "1": "address",
    "2": "mailbox",
    "3": "system",
    "4": "network",
    "5": "protocol",
    "6": "content",
    "7": "policy",
}
_EXPIRED = "4.7"  # RFC 3463, 3.5: X.4.7 delivery time expired


def word(status: str) -> str:
    """Return the closed word for an enhanced status code such as 5.1.1."""
    _, _, detail = status.partition(".")
    if detail == _EXPIRED:
        return EXPIRED
    return _SUBJECTS.get(detail.partition(".")[0], OTHER)


def sentence(reason: str) -> Promise:
    """Return what people are told about a closed word."""
    return SENTENCES.get(reason, SENTENCES[OTHER])
