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
    """The house took responsibility for a message (ETSI EN 319 522 SubmissionAcceptance).

    channel: web, submission, mx, gate, journal, poll, system; direction: in, out, internal. journal: a copy that the
    agency's mail server sent; poll: found in a mailbox on another server.
    communication: work_schedule, meeting_papers, working_papers, report, invitation, official_letter,
    direction, other.
    origin: confirmed, doubtful, unknown, unchecked. Of mail from outside alone: whether the domain under From vouches
    for it (RFC 7489).
    """

    kind: ClassVar[str] = "mail.message.accepted"
    channel: str
    direction: str
    communication: str
    automatic: bool
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDelivered(Event):
    """A message lies in a mailbox (ETSI EN 319 522 ContentConsignment). direction: in, own.

    A message is one's own when the sender's box and the recipient's are the same; it owes nothing.
    box: personal, unit, agency, hand_over; channel: web, submission, mx, gate, journal, poll, system. From journal, the
    mail server's log told of it; from poll, it was found there then, and may have come before.
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
class MessageJournaled(Event):
    """The agency's mail server took a message over for a recipient, as the copy shows that it sent.

    Whether it lies in the recipient's mailbox there, nobody knows by that. box: personal, unit, agency, hand_over.
    """

    kind: ClassVar[str] = "mail.message.journaled"
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRelayed(Event):
    """The next server took a message over for a recipient. to: relay, house (another agency of this installation)."""

    kind: ClassVar[str] = "mail.message.relayed"
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageConfirmed(Event):
    """The other server reported, under our envelope id, how it served a recipient. how: delivered, relayed, expanded.

    relayed and expanded mean: passed on to where nobody reports (RFC 3464, 2.3.3).
    """

    kind: ClassVar[str] = "mail.message.confirmed"
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUnanswered(Event):
    """The other server took a message over, and no report came in time: nobody can say more of it."""

    kind: ClassVar[str] = "mail.message.unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClosed(Event):
    """The mail of a day has all its outcomes, or is past all time-outs; `root` discloses a Merkle root over them.

    Figures: messages taken over, outcomes of recipients, what is missing of them, what stands twice.
    """

    kind: ClassVar[str] = "mail.day.closed"
    submissions: int
    outcomes: int
    missing: int
    doubled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFailed(Event):
    """A message did not reach a recipient.

    reason: address, domain, mailbox, full, disabled, size, system, network, protocol, content, policy, spam, sender,
    loop, expired, recalled, other.
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

    reason: full, mailbox, size, system, network, protocol, content, policy, interrupted, other.
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

    mark: secret, top_secret, special_importance; channel: web, submission, mx, gate, journal, poll, import.
    """

    kind: ClassVar[str] = "mail.message.refused"
    channel: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRejected(Event):
    """A message from outside was not taken, as the agency's policy says; nothing of it was kept.

    channel: mx, gate. reason: origin (the domain under From asks for it: DMARC, RFC 7489), file. `digest` discloses the
    SHA-256 of its bytes, `detail` that domain or what the file is.
    """

    kind: ClassVar[str] = "mail.message.rejected"
    channel: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRefused(Event):
    """The door did not take what a signed-in official wanted to send (ETSI EN 319 522 SubmissionRejection).

    reason: address, domain, mailbox, full, disabled, size, system, network, protocol, content, policy, spam, sender,
    loop, expired, other. `status` discloses the code of RFC 3463 that was answered.
    """

    kind: ClassVar[str] = "mail.submission.refused"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementExpired(Event):
    """The time to acknowledge a message ended without it (ETSI EN 319 522 AcceptanceRejectionExpiry).

    A fact about the message; whether anybody is in breach is for the rules and for people. reason: no_acknowledgement.
    box: personal, unit, agency, hand_over.
    """

    kind: ClassVar[str] = "mail.acknowledgement.expired"
    box: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptMissed(Event):
    """A certified provider's receipt did not come in time (RFC 6109). After 24 hours it is a RelayFailure.

    scheme: pec. reason: no_receipt, unverified_receipt.
    """

    kind: ClassVar[str] = "mail.receipt.missed"
    scheme: str
    hours: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementVerified(Event):
    """What another side says of a message stands in a message whose signature was found valid; `carrier` discloses it.

    It proves who said it, not that it is so. scheme: pec, etsi.
    event: none, SubmissionAcceptance, SubmissionRejection, RelayAcceptance, RelayRejection, RelayFailure,
    NotificationForAcceptance, NotificationForAcceptanceFailure, ConsignmentAcceptance, ConsignmentRejection,
    AcceptanceRejectionExpiry, ContentConsignment, ContentConsignmentFailure, ConsignmentNotification,
    ConsignmentNotificationFailure, NotificationDelivered, NotificationAccessTracking, ContentAccessTracking,
    ContentHandover, ContentHandoverFailure, RelayToNonERDS, RelayToNonERDSFailure, ReceivedFromNonERDS.
    """

    kind: ClassVar[str] = "mail.statement.verified"
    scheme: str
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingStarted(Event):
    """A folder on another server is looked into from now on, for what comes to an address.

    `host`, `user` and `folder` disclose which. box: personal, unit, agency.
    """

    kind: ClassVar[str] = "mail.polling.started"
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingEnded(Event):
    """A folder on another server is no longer looked into. box: personal, unit, agency."""

    kind: ClassVar[str] = "mail.polling.ended"
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxChecked(Event):
    """A person opened the inbox of a mailbox. box: personal, unit, agency, hand_over."""

    kind: ClassVar[str] = "mail.mailbox.checked"
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureVerified(Event):
    """The signature of a message was checked; `signer` discloses the SHA-256 of the certificate that signed.

    `revocation` discloses the SHA-256 of the lists and answers by which it was known whether a certificate was revoked.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKeyStarted(Event):
    """The agency's mail to others is signed with a new key from now on (RFC 6376). algorithm: rsa."""

    kind: ClassVar[str] = "mail.dkim_key.started"
    algorithm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsRuleDecided(Event):
    """Mail to a domain goes under TLS only, or no longer so. required: no, relay, onward."""

    kind: ClassVar[str] = "mail.tls_rule.decided"
    required: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingSuspended(Event):
    """A person's mail to others stopped because a written rule was met; nobody is judged by it.

    rule: many_outside, new_network.
    """

    kind: ClassVar[str] = "mail.sending.suspended"
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingResumed(Event):
    """An administrator or a head let a person send again."""

    kind: ClassVar[str] = "mail.sending.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAssigned(Event):
    """Somebody answers a letter of a shared mailbox from now on; `person` discloses who. by: self, colleague.

    box: unit, agency, hand_over. It says who writes; who is answerable stays as the norm has it.
    """

    kind: ClassVar[str] = "mail.message.assigned"
    by: str
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReleased(Event):
    """A letter of a shared mailbox is everybody's again. by: self, colleague. box: unit, agency, hand_over."""

    kind: ClassVar[str] = "mail.message.released"
    by: str
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxDelegated(Event):
    """Whoever acts during a leave may read what comes to a personal mailbox on its days.

    by: owner, head. `person` discloses who reads, `leave` the leave, `reason` the SHA-256 of the head's words.
    """

    kind: ClassVar[str] = "mail.mailbox.delegated"
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationClosed(Event):
    """A personal mailbox is its holder's alone again before the leave is over. by: owner, head, delegate."""

    kind: ClassVar[str] = "mail.mailbox.delegation_closed"
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageOpenedByDelegate(Event):
    """Who acts opened a letter in the mailbox of somebody on leave; its holder has not opened it by that."""

    kind: ClassVar[str] = "mail.message.opened_by_delegate"
