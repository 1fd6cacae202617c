"""What petitions tell the ledger: steps of one road, in closed words.

Which petition, which unit and who stand in the disclosures `petition`, `unit`, `assignee` and `actor` (`citizen` where
the citizen acts, `program` where nobody does). `received_on` and the like are legal days; `digest` is the SHA-256 of
the words. Neither words nor names nor places are ever told.
"""

from dataclasses import dataclass
from typing import ClassVar

from congvu.ledger.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionReceived(Event):
    """A petition came.

    sort: report, complaint, denunciation, information_request, appeal, feedback; channel: phone, text_message, app,
    portal, network, email, post, fax, in_person; urgency: emergency, at_once, epidemic, ordinary; competence: own,
    other, unclear. about: administration, discipline; instance: first, second; complexity: plain, complex,
    specially_complex.
    """

    kind: ClassVar[str] = "petitions.petition.received"
    sort: str
    channel: str
    about: str
    instance: str
    urgency: str
    competence: str
    complexity: str
    anonymous: bool
    threat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionRegistered(Event):
    """A petition has its number; with `coupon` the citizen was given it (APPC of Kazakhstan, Art 64)."""

    kind: ClassVar[str] = "petitions.petition.registered"
    coupon: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionForwarded(Event):
    """A petition went to whoever is to answer it; `confirmed` when the citizen was told. to: unit, several_units.

    sort: report, complaint, denunciation, information_request, appeal, feedback; urgency: emergency, at_once, epidemic,
    ordinary.
    """

    kind: ClassVar[str] = "petitions.petition.forwarded"
    sort: str
    to: str
    urgency: str
    confirmed: bool
    escalated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionAssigned(Event):
    """An official of the unit is to prepare the answer; given back to the unit, the `assignee` is `nobody`."""

    kind: ClassVar[str] = "petitions.petition.assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionRedirected(Event):
    """A petition was sent to another agency, which is competent."""

    kind: ClassVar[str] = "petitions.petition.redirected"
    notified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionRefused(Event):
    """A petition is not taken on. sort: report, complaint, denunciation, information_request, appeal, feedback."""

    kind: ClassVar[str] = "petitions.petition.refused"
    sort: str
    reasons: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionEscalated(Event):
    """A petition went up to who leads, because its handling is slow or poor. ground: slow, poor."""

    kind: ClassVar[str] = "petitions.petition.escalated"
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionAdded(Event):
    """The citizen wrote more about a petition, of their own accord."""

    kind: ClassVar[str] = "petitions.petition.added"


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionDisputed(Event):
    """The citizen says that an answer is not true, or that the thing is not done."""

    kind: ClassVar[str] = "petitions.petition.disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionMerged(Event):
    """A petition goes on in another one about the same thing; `into` discloses which."""

    kind: ClassVar[str] = "petitions.petition.merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionLinked(Event):
    """Two petitions concern one incident; `other` discloses which."""

    kind: ClassVar[str] = "petitions.petition.linked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionReclassified(Event):
    """A petition is about another service of the same sort; `service` discloses which."""

    kind: ClassVar[str] = "petitions.petition.reclassified"


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionEndorsed(Event):
    """Somebody else has the same request."""

    kind: ClassVar[str] = "petitions.petition.endorsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionReleased(Event):
    """An official decided what everyone may read of a petition; `shown` is false when nothing."""

    kind: ClassVar[str] = "petitions.petition.released"
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionClosed(Event):
    """An answered petition is closed; never without an answer."""

    kind: ClassVar[str] = "petitions.petition.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceGiven(Event):
    """Who is competent was unclear; somebody said it."""

    kind: ClassVar[str] = "petitions.guidance.given"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceDecided(Event):
    """A complaint, denunciation or request was taken on, or not.

    sort: report, complaint, denunciation, information_request, appeal, feedback; about: administration, discipline;
    instance: first, second; complexity: plain, complex, specially_complex.
    """

    kind: ClassVar[str] = "petitions.acceptance.decided"
    sort: str
    about: str
    instance: str
    complexity: str
    accepted: bool
    remote: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TermNotified(Event):
    """The citizen was told until when an answer is due."""

    kind: ClassVar[str] = "petitions.term.notified"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermSuspended(Event):
    """Time stands still: the agency waits for the citizen."""

    kind: ClassVar[str] = "petitions.term.suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermResumed(Event):
    """Time runs again."""

    kind: ClassVar[str] = "petitions.term.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionDecided(Event):
    """More time was taken, with reasons; `notified` when the citizen was told in the same act.

    sort: report, complaint, denunciation, information_request, appeal, feedback.
    """

    kind: ClassVar[str] = "petitions.extension.decided"
    sort: str
    notified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionNotified(Event):
    """The citizen was told that more time was taken."""

    kind: ClassVar[str] = "petitions.extension.notified"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven(Event):
    """The citizen was answered. outcome: result, progress, dated_progress, refusal.

    dated_progress names, in the disclosure `promised_on`, the day on which the thing will be done.
    """

    kind: ClassVar[str] = "petitions.answer.given"
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRated(Event):
    """The citizen rated an answer, from 1 (bad) to 5 (good)."""

    kind: ClassVar[str] = "petitions.answer.rated"
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMade(Event):
    """An official wrote something for colleagues."""

    kind: ClassVar[str] = "petitions.note.made"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsRefused(Event):
    """Words or a file's name were refused for a mark of state secrecy; nothing of them was kept.

    mark: secret, top_secret, special_importance; channel: desk (an official's words), phone, text_message, app, portal,
    network, email, post, fax, in_person. About a petition that is there, it is disclosed.
    """

    kind: ClassVar[str] = "petitions.words.refused"
    channel: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGiven(Event):
    """The head of the unit lets an official, disclosed as `reader`, read a confidential petition."""

    kind: ClassVar[str] = "petitions.access.given"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessWithdrawn(Event):
    """An official, disclosed as `reader`, reads a confidential petition no more."""

    kind: ClassVar[str] = "petitions.access.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReached(Event):
    """A petition came to a stage of its road. stage: registered, assigned, in_progress, extended, answered, closed."""

    kind: ClassVar[str] = "petitions.stage.reached"
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageNotified(Event):
    """The citizen was told of a stage. stage: registered, assigned, in_progress, extended, answered, closed."""

    kind: ClassVar[str] = "petitions.stage.notified"
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyGiven(Event):
    """A program was given a key to hand in petitions (Open311)."""

    kind: ClassVar[str] = "petitions.key.given"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWithdrawn(Event):
    """A program's key was withdrawn."""

    kind: ClassVar[str] = "petitions.key.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSet(Event):
    """What citizens may ask for was opened, changed or closed.

    sort: report, complaint, denunciation, information_request, appeal, feedback.
    """

    kind: ClassVar[str] = "petitions.service.set"
    sort: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailIntakeOpened(Event):
    """Letters to an official address, disclosed as `address`, become petitions from now on.

    Only whoever receives citizens opens its box, and nothing is owed there as mail.
    """

    kind: ClassVar[str] = "petitions.intake.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailIntakeClosed(Event):
    """Letters to an official address are letters again."""

    kind: ClassVar[str] = "petitions.intake.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaDrawn(Event):
    """A part of the agency's territory, disclosed as `area`, was drawn or drawn anew."""

    kind: ClassVar[str] = "petitions.area.drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSet(Event):
    """Which unit answers in an area was set; without the disclosure `unit` none does."""

    kind: ClassVar[str] = "petitions.route.set"
