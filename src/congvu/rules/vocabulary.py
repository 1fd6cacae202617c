"""The events that a book may speak of: their coarse attributes and disclosures (docs/reference/rulebook.md).

The packages above record them; rules knows them as words only. A test holds them against the recorded events.
"""

from collections.abc import Mapping

from congvu.rules import petition_kinds
from congvu.rules.announced import archive, documents, social, staff
from congvu.rules.shape import Shape, shape

BOX = ("personal", "unit", "agency", "hand_over")
CHANNEL = ("web", "submission", "mx", "gate", "journal", "poll", "system")
DIRECTION = ("in", "out", "internal", "own")
COMMUNICATION = (
    "work_schedule",
    "meeting_papers",
    "working_papers",
    "report",
    "invitation",
    "official_letter",
    "direction",
    "other",
)
RANK = ("staff", "division_head", "department_head", "agency_leader")
MATTER = ("paper_used", "information_missed", "private_address_used", "mailbox_misused")

SIGNATURE_REASON = (
    "none",
    "altered",
    "other_certificate",
    "revoked",
    "wrong_name",
    "wrong_purpose",
    "malformed",
    "sender_unclear",
    "partial",
    "no_certificate",
    "weak_digest",
    "weak_key",
    "unknown_algorithm",
    "expired",
    "not_yet_valid",
    "self_signed",
    "chain",
    "revocation_unknown",
    "other_protocol",
    "too_large",
    "fault",
    "no_such_message",
)

APPOINTED = "directory.appointment.made"
APPOINTMENT_ENDED = "directory.appointment.ended"
ADDRESS_GIVEN = "directory.address.given"
ADDRESS_WITHDRAWN = "directory.address.withdrawn"
UNIT_OPENED = "directory.unit.opened"
UNIT_MOVED = "directory.unit.moved"
POST_CHARGED = "directory.post.charged"
LEAVE_GRANTED = "directory.leave.granted"
LEAVE_ENDED = "directory.leave.ended"
INTAKE_OPENED = petition_kinds.INTAKE_OPENED
ACCEPTED = "mail.message.accepted"
DELIVERED = "mail.message.delivered"
OPENED = "mail.message.opened"
ACKNOWLEDGED = "mail.message.acknowledged"
RECALLED = "mail.message.recalled"
SIGNATURE_VERIFIED = "mail.signature.verified"
CHECKED = "mail.mailbox.checked"
REPORTED = "conduct.report.made"
EXCUSED = "conduct.finding.excused"
CONFIRMED = "conduct.finding.confirmed"
ADOPTED = "rules.book.adopted"
DECIDED = "rules.parameter.decided"
DAY_CLOSED = "rules.day.closed"
TICKED = "rules.clock.ticked"


RECORDED: Mapping[str, Shape] = {
    APPOINTED: shape(
        "actor membership person post unit valid_from valid_to",
        rank=RANK,
        head=bool,
        deputy=bool,
        clerk=bool,
    ),
    APPOINTMENT_ENDED: shape(
        "actor membership person post unit address valid_to",
        rank=RANK,
        head=bool,
        deputy=bool,
        clerk=bool,
    ),
    ADDRESS_GIVEN: shape("actor address membership person unit", box=BOX),
    ADDRESS_WITHDRAWN: shape("actor address membership person unit", box=BOX),
    UNIT_OPENED: shape("actor unit parent valid_from", depth=int),
    UNIT_MOVED: shape("actor unit parent", depth=int),
    POST_CHARGED: shape("actor post unit", head=bool, deputy=bool, clerk=bool),
    LEAVE_GRANTED: shape("actor leave person acting valid_from valid_to", acting=bool),
    LEAVE_ENDED: shape("actor leave person valid_to"),
    ACCEPTED: shape(
        "message actor sender_mailbox",
        channel=CHANNEL,
        direction=DIRECTION,
        communication=COMMUNICATION,
        automatic=bool,
        origin=("confirmed", "doubtful", "unknown", "unchecked"),
    ),
    DELIVERED: shape(
        "message mailbox address recipient unit",
        channel=CHANNEL,
        direction=DIRECTION,
        communication=COMMUNICATION,
        automatic=bool,
        box=BOX,
    ),
    OPENED: shape("message mailbox address actor", through=("browser", "imap")),
    ACKNOWLEDGED: shape("message mailbox address actor", by=("press", "reply")),
    RECALLED: shape("message actor"),
    SIGNATURE_VERIFIED: shape(
        "message signer confirms",
        verdict=("valid", "invalid", "cannot_be_determined"),
        reason=SIGNATURE_REASON,
        of=("message", "receipt"),
    ),
    CHECKED: shape("mailbox address unit actor", box=BOX),
    REPORTED: shape("report actor person unit message", matter=MATTER),
    EXCUSED: shape("obligation actor"),
    CONFIRMED: shape("obligation actor"),
    ADOPTED: shape("actor", book=str, book_version=int, valid_from=str),
    DECIDED: shape("actor", book=str, parameter=str, value=int, unit=str, valid_from=str),
    DAY_CLOSED: shape("actor", day=str, closed=bool),
    TICKED: shape(""),
    **petition_kinds.KINDS,
}
ANNOUNCED: Mapping[str, Shape] = {
    **documents.KINDS,
    **archive.KINDS,
    **staff.KINDS,
    **social.KINDS,
}
KINDS: Mapping[str, Shape] = {**RECORDED, **ANNOUNCED}
EXEMPTIONS = ("holds_address",)
DECIDERS = ("emulation_council", "head_of_unit", "ethics_council")
DECISIONS = (EXCUSED, CONFIRMED)
