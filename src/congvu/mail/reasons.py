"""Why a message did not arrive: closed words for evidence, sentences for people. RFC 3463."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADDRESS = "address"
DOMAIN = "domain"
MAILBOX = "mailbox"
FULL = "full"
DISABLED = "disabled"
SIZE = "size"
SYSTEM = "system"
NETWORK = "network"
PROTOCOL = "protocol"
CONTENT = "content"
POLICY = "policy"
SPAM = "spam"
SENDER = "sender"
LOOP = "loop"
EXPIRED = "expired"
RECALLED = "recalled"
OTHER = "other"
INTERRUPTED = "interrupted"
SENTENCES: dict[str, Promise] = {
    ADDRESS: _("The address does not exist at the other server."),
    DOMAIN: _("What stands behind the @ is no place that takes mail."),
    MAILBOX: _("The recipient's mailbox does not take messages at present."),
    FULL: _("The recipient's mailbox is full."),
    DISABLED: _("The recipient's mailbox is closed."),
    SIZE: _("The message is larger than the other server takes."),
    SYSTEM: _("The other server does not take messages at present."),
    NETWORK: _("The other server could not be reached."),
    PROTOCOL: _("The other server did not understand the delivery."),
    CONTENT: _("The other server does not take messages of this form."),
    POLICY: _("The other server refused the message by its rules."),
    SPAM: _("The other server took the message for unwanted mail."),
    SENDER: _("The other server did not believe that the message comes from this agency."),
    LOOP: _("The message went around in a circle between servers."),
    EXPIRED: _("The message could not be handed over in time."),
    RECALLED: _("The sender recalled the message before it left."),
    OTHER: _("The other server refused the message."),
    INTERRUPTED: _("The delivery was interrupted."),
}
ADVICE: dict[str, Promise] = {
    ADDRESS: _("Check every letter of the address, or ask the recipient for the right one by telephone."),
    DOMAIN: _("Check the part behind the @, or ask the recipient for the right address by telephone."),
    MAILBOX: _("Send it again later, or tell the recipient by telephone."),
    FULL: _("Tell the recipient by telephone to make room, then send it again."),
    DISABLED: _("Ask the recipient's office for another address."),
    SIZE: _("Send smaller files, or several messages."),
    SYSTEM: _("Send it again later; when it lasts, tell your administrator."),
    NETWORK: _("Send it again later; when it lasts, tell your administrator."),
    PROTOCOL: _("Tell your administrator, who has to speak with the other server's."),
    CONTENT: _(
        "Look for a file that servers refuse, such as a program or an archive, and send it in another form."
    ),
    POLICY: _("Ask the recipient whether they take mail from you only in some other way."),
    SPAM: _("Tell your administrator, and the recipient by telephone; do not send it again unchanged."),
    SENDER: _("Tell your administrator: the agency's domain has to name its mail servers (SPF, DKIM)."),
    LOOP: _("Tell your administrator; a forwarding of the recipient points back."),
    EXPIRED: _("Check the address; if it is right, send it again or choose another way."),
    RECALLED: _("Nothing has to be done."),
    OTHER: _("Read what the other server said, and ask the recipient or your administrator."),
    INTERRUPTED: _("Nothing has to be done: it is tried again."),
}
_SUBJECTS = {
    "1": ADDRESS,
    "2": MAILBOX,
    "3": SYSTEM,
    "4": NETWORK,
    "5": PROTOCOL,
    "6": CONTENT,
    "7": POLICY,
}
_DETAILS = {  # RFC 3463, 3; RFC 7505 (1.10), RFC 7372 (7.20 to 7.26)
    "1.2": DOMAIN,
    "1.7": SENDER,
    "1.8": SENDER,
    "1.10": DOMAIN,
    "2.2": FULL,
    "2.3": SIZE,
    "3.4": SIZE,
    "4.4": DOMAIN,
    "4.6": LOOP,
    "4.7": EXPIRED,
    "5.3": POLICY,
    "7.20": SENDER,
    "7.21": SENDER,
    "7.22": SENDER,
    "7.23": SENDER,
    "7.24": SENDER,
    "7.25": SENDER,
    "7.26": SENDER,
    "7.27": SENDER,
}
_CLOSED = "5.2.1"  # RFC 3463, 3.3: disabled for good; 4.2.1 is a mailbox that comes back


def word(status: str) -> str:
    """Return the closed word for an enhanced status code such as 5.1.1."""
    if status == _CLOSED:
        return DISABLED
    _, _, detail = status.partition(".")
    return _DETAILS.get(detail) or _SUBJECTS.get(detail.partition(".")[0], OTHER)


def sentence(reason: str) -> Promise:
    """Return what people are told about a closed word."""
    return SENTENCES.get(reason, SENTENCES[OTHER])


def advice(reason: str) -> Promise:
    """Return what a sender can do about it."""
    return ADVICE.get(reason, ADVICE[OTHER])
