"""The 22 events of ETSI EN 319 522-1, clause 6, and which of them each of our steps is."""

from collections.abc import Mapping
from enum import StrEnum

BASE = "http://uri.etsi.org/19522/Event/"  # ETSI EN 319 522-3, table 2


class Evidence(StrEnum):
    """The events by ETSI's names: of submission, relay, acceptance, consignment, handover, and mail of others."""

    SUBMISSION_ACCEPTANCE = "SubmissionAcceptance"
    SUBMISSION_REJECTION = "SubmissionRejection"
    RELAY_ACCEPTANCE = "RelayAcceptance"
    RELAY_REJECTION = "RelayRejection"
    RELAY_FAILURE = "RelayFailure"
    NOTIFICATION_FOR_ACCEPTANCE = "NotificationForAcceptance"
    NOTIFICATION_FOR_ACCEPTANCE_FAILURE = "NotificationForAcceptanceFailure"
    CONSIGNMENT_ACCEPTANCE = "ConsignmentAcceptance"
    CONSIGNMENT_REJECTION = "ConsignmentRejection"
    ACCEPTANCE_REJECTION_EXPIRY = "AcceptanceRejectionExpiry"
    CONTENT_CONSIGNMENT = "ContentConsignment"
    CONTENT_CONSIGNMENT_FAILURE = "ContentConsignmentFailure"
    CONSIGNMENT_NOTIFICATION = "ConsignmentNotification"
    CONSIGNMENT_NOTIFICATION_FAILURE = "ConsignmentNotificationFailure"
    NOTIFICATION_DELIVERED = "NotificationDelivered"
    NOTIFICATION_ACCESS_TRACKING = "NotificationAccessTracking"
    CONTENT_ACCESS_TRACKING = "ContentAccessTracking"
    CONTENT_HANDOVER = "ContentHandover"
    CONTENT_HANDOVER_FAILURE = "ContentHandoverFailure"
    RELAY_TO_NON_ERDS = "RelayToNonERDS"
    RELAY_TO_NON_ERDS_FAILURE = "RelayToNonERDSFailure"
    RECEIVED_FROM_NON_ERDS = "ReceivedFromNonERDS"


NEGATIVE = frozenset(
    one for one in Evidence if one.endswith(("Rejection", "Failure", "Expiry"))
)  # each is recorded with its reason

HERE, HOUSE, OTHER = "here", "house", "other"  # whose server keeps the recipient's box
# A step, and where its recipient is: the event. What is not here is a step that ETSI does not know.
STEPS: Mapping[tuple[str, str], Evidence] = {
    ("accepted", "sent"): Evidence.SUBMISSION_ACCEPTANCE,
    ("accepted", "received"): Evidence.RECEIVED_FROM_NON_ERDS,
    ("delivered", HERE): Evidence.CONTENT_CONSIGNMENT,
    ("relayed", HOUSE): Evidence.RELAY_ACCEPTANCE,
    ("relayed", OTHER): Evidence.RELAY_TO_NON_ERDS,
    ("fetched", HERE): Evidence.CONTENT_HANDOVER,
    ("opened", HERE): Evidence.CONTENT_ACCESS_TRACKING,
    ("acknowledged", HERE): Evidence.CONSIGNMENT_ACCEPTANCE,
    ("expired", HERE): Evidence.ACCEPTANCE_REJECTION_EXPIRY,
    ("failed", HERE): Evidence.CONTENT_CONSIGNMENT_FAILURE,
    ("failed", HOUSE): Evidence.RELAY_FAILURE,
    ("failed", OTHER): Evidence.RELAY_TO_NON_ERDS_FAILURE,
    ("missing", OTHER): Evidence.RELAY_FAILURE,
}
# Kinds of the ledger that concern no stored message, and so have no step.
KINDS: Mapping[str, Evidence] = {
    "mail.submission.refused": Evidence.SUBMISSION_REJECTION,
    "mail.message.refused": Evidence.SUBMISSION_REJECTION,
    "mail.message.rejected": Evidence.RELAY_REJECTION,
}
# Events that never come from us, and why.
NOT_OURS: Mapping[Evidence, str] = {
    Evidence.NOTIFICATION_FOR_ACCEPTANCE: "nobody is asked before the content lies in the box",
    Evidence.NOTIFICATION_FOR_ACCEPTANCE_FAILURE: "nobody is asked before the content lies in the box",
    Evidence.CONSIGNMENT_REJECTION: "official mail cannot be declined; a recipient answers or hands on",
    Evidence.CONSIGNMENT_NOTIFICATION: "the inbox is the notice; no other is sent",
    Evidence.CONSIGNMENT_NOTIFICATION_FAILURE: "the inbox is the notice; no other is sent",
    Evidence.NOTIFICATION_DELIVERED: "the inbox is the notice; no other is sent",
    Evidence.NOTIFICATION_ACCESS_TRACKING: "the inbox is the notice; no other is sent",
    Evidence.CONTENT_HANDOVER_FAILURE: "a box keeps what nobody has fetched; there is no attempt that could fail",
}


def of_step(step: str, *, side: str) -> Evidence | None:
    """Return the event that a step is; `side` is sent or received when accepted, else here, house or other."""
    return STEPS.get((step, side))


def uri(event: Evidence) -> str:
    """Return the identifier of an event."""
    return BASE + event


def named(text: str) -> Evidence | None:
    """Return the event that an identifier names, as a URI or by its bare name; None for any other text."""
    name = text.strip().removeprefix(BASE)
    return Evidence(name) if name in set(Evidence) else None
