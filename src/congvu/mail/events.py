"""What the mailboxes tell the ledger: steps of a message, and that a mailbox was looked at.

Attributes are closed words. Which message, which box and who stand in the disclosures `message` (its handle),
`digest` (SHA-256 of its bytes, hexadecimal), `mailbox` and its `address` (handles), `recipient` (a person), `unit`,
`actor` and `sender_mailbox`; `recipient_address` is the mail address of a recipient outside the agency.
"""

from dataclasses import dataclass
from typing import ClassVar

from congvu.ledger.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAccepted(Event):
    """The house took responsibility for a message (ETSI EN 319 522 ConsignmentAcceptance).

    channel: web, submission, mx, gate, journal, imap, system; direction: in, out, internal.
    communication: work_schedule, meeting_papers, working_papers, report, invitation, official_letter,
    direction, other.
    """

    kind: ClassVar[str] = "mail.message.accepted"
    channel: str
    direction: str
    communication: str
    automatic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDelivered(Event):
    """A message lies in a mailbox (ContentHandover). direction: in, own.

    A message is one's own when the sender's box and the recipient's are the same; it owes nothing.
    box: personal, unit, agency, hand_over; channel: web, submission, mx, gate, journal, imap, system.
    communication: work_schedule, meeting_papers, working_papers, report, invitation, official_letter,
    direction, other.
    """

    kind: ClassVar[str] = "mail.message.delivered"
    direction: str
    channel: str
    communication: str
    automatic: bool
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRelayed(Event):
    """The next server took a message over for a recipient. to: relay, house (another agency of this installation)."""

    kind: ClassVar[str] = "mail.message.relayed"
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFailed(Event):
    """A message did not reach a recipient.

    reason: address, mailbox, system, network, protocol, content, policy, expired, recalled, other.
    """

    kind: ClassVar[str] = "mail.message.failed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageOpened(Event):
    """A person first opened a message in a mailbox. box: personal, unit, agency, hand_over; through: browser, imap."""

    kind: ClassVar[str] = "mail.message.opened"
    box: str
    through: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageParked(Event):
    """The agency's mail server does not take a message for a recipient at present; it is tried again.

    reason: address, mailbox, system, network, protocol, content, policy, interrupted, other.
    """

    kind: ClassVar[str] = "mail.message.parked"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFetched(Event):
    """A mail program first fetched a message's text (ContentHandover); nobody need have read it.

    box: personal, unit, agency, hand_over; through: imap, pop.
    """

    kind: ClassVar[str] = "mail.message.fetched"
    box: str
    through: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageInspected(Event):
    """An administrator of the mail server read a message in somebody's mailbox.

    box: personal, unit, agency, hand_over; through: command, master.
    """

    kind: ClassVar[str] = "mail.message.inspected"
    box: str
    through: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAcknowledged(Event):
    """A recipient acknowledged a message. by: press, reply."""

    kind: ClassVar[str] = "mail.message.acknowledged"
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecalled(Event):
    """The sender took a message back; nobody owes an acknowledgement of it any more."""

    kind: ClassVar[str] = "mail.message.recalled"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageImported(Event):
    """A message of earlier days was taken over from an archive; it owes nothing."""

    kind: ClassVar[str] = "mail.message.imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRefused(Event):
    """A message was refused for its mark of state secrecy; nothing of it was kept.

    mark: secret, top_secret, special_importance; channel: web, submission, mx, gate, journal, imap, import.
    """

    kind: ClassVar[str] = "mail.message.refused"
    channel: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxChecked(Event):
    """A person opened the inbox of a mailbox. box: personal, unit, agency, hand_over."""

    kind: ClassVar[str] = "mail.mailbox.checked"
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureVerified(Event):
    """The signature of a message was checked; `signer` discloses the SHA-256 of the certificate that signed.

    verdict: valid, invalid, cannot_be_determined.
    reason: none, altered, other_certificate, revoked, wrong_name, wrong_purpose, malformed, sender_unclear, partial,
    no_certificate, weak_digest, weak_key, unknown_algorithm, expired, not_yet_valid, self_signed, chain,
    revocation_unknown, other_protocol, too_large, fault, no_such_message.
    of: message, receipt (RFC 2634).
    """

    kind: ClassVar[str] = "mail.signature.verified"
    verdict: str
    reason: str
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeyKept(Event):
    """A person gave the server a key to sign with; `key` discloses its certificate's SHA-256. place: file, token."""

    kind: ClassVar[str] = "mail.signing_key.kept"
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeyRemoved(Event):
    """A person took the own key back from the server, where it was destroyed. place: file, token."""

    kind: ClassVar[str] = "mail.signing_key.removed"
    place: str
