"""The closed words of petitions, as rows hold them and evidence says them."""

from django.db import models

from congvu.rules import petition_kinds


class Sort(models.TextChoices):
    """What a petition is in law; each sort has its own terms."""

    REPORT = "report", "report"
    COMPLAINT = "complaint", "complaint"
    DENUNCIATION = "denunciation", "denunciation"
    INFORMATION_REQUEST = "information_request", "request for information"
    APPEAL = "appeal", "appeal"
    FEEDBACK = "feedback", "feedback"


class Channel(models.TextChoices):
    """How a petition came."""

    PORTAL = "portal", "portal"
    EMAIL = "email", "e-mail"
    PHONE = "phone", "telephone"
    APP = "app", "Open311"
    IN_PERSON = "in_person", "in person"
    POST = "post", "post"
    TEXT_MESSAGE = "text_message", "text message"
    FAX = "fax", "fax"
    NETWORK = "network", "social network"


class Urgency(models.TextChoices):
    """How soon a thing must be looked at (Đà Nẵng, 960/QĐ-UBND)."""

    EMERGENCY = "emergency", "emergency"
    AT_ONCE = "at_once", "can be put right at once"
    EPIDEMIC = "epidemic", "epidemic"
    ORDINARY = "ordinary", "ordinary"


class State(models.TextChoices):
    """How far the agency has come with a petition."""

    RECEIVED = "received", "received"
    ASSIGNED = "assigned", "with a unit"
    IN_PROGRESS = "in_progress", "in progress"
    WAITING = "waiting", "waiting for the citizen"
    ANSWERED = "answered", "answered"
    DISPUTED = "disputed", "disputed"
    CLOSED = "closed", "closed"
    REFUSED = "refused", "refused"
    REDIRECTED = "redirected", "sent to another agency"
    MERGED = "merged", "merged with another"


class End(models.TextChoices):
    """How a petition came to an end; each can be disputed."""

    ANSWERED = "answered", "answered with a result"
    REFUSED = "refused", "refused"
    REDIRECTED = "redirected", "sent to another agency"
    MERGED = "merged", "merged with another"


OPEN = (State.RECEIVED, State.ASSIGNED, State.IN_PROGRESS, State.WAITING, State.DISPUTED)
DISPUTABLE = (State.ANSWERED, State.CLOSED, State.REFUSED, State.REDIRECTED, State.MERGED)  # every end
STATUTORY = frozenset(
    {Sort.COMPLAINT, Sort.DENUNCIATION, Sort.INFORMATION_REQUEST, Sort.APPEAL}
)  # taken on by decision
GIVEN_BACK = "given_back"  # outcome of an assignment that whoever had it ended
LEFT = "left"  # outcome of one whose official left the unit
LOOKED = "looked"  # outcome of a note: an official asked for who asked
TOLD = "told_otherwise"  # outcome of a note: an official said what a letter could not
CONFIDENTIAL = frozenset({Sort.COMPLAINT, Sort.DENUNCIATION})  # never in the public register


class Datatype(models.TextChoices):
    """What a service may ask (Open311 GeoReport v2, service definition)."""

    STRING = "string", "one line"
    NUMBER = "number", "number"
    DATETIME = "datetime", "day and hour"
    TEXT = "text", "several lines"
    SINGLEVALUELIST = "singlevaluelist", "one of a list"
    MULTIVALUELIST = "multivaluelist", "several of a list"


COMPETENCE = petition_kinds.COMPETENCE
COMPLEXITY = petition_kinds.COMPLEXITY
ABOUT = petition_kinds.ABOUT
INSTANCE = petition_kinds.INSTANCE
