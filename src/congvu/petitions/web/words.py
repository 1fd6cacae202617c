"""What people call the closed words of petitions, and the tone that each is shown on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from congvu.petitions.words import (
    GIVEN_BACK,
    LEFT,
    LOOKED,
    TOLD,
    Channel,
    Datatype,
    End,
    Sort,
    State,
    Urgency,
)

Word = str | Promise
Tagged = tuple[Word, str]  # a word, and the tone of `{% status %}`

STATES: dict[str, Tagged] = {
    State.RECEIVED: (pgettext_lazy("state of a petition", "Received"), "info"),
    State.ASSIGNED: (pgettext_lazy("state of a petition", "With a unit"), "info"),
    State.IN_PROGRESS: (pgettext_lazy("state of a petition", "In progress"), "info"),
    State.WAITING: (pgettext_lazy("state of a petition", "Waiting for the citizen"), "warning"),
    State.ANSWERED: (pgettext_lazy("state of a petition", "Answered"), "good"),
    State.DISPUTED: (pgettext_lazy("state of a petition", "Disputed"), "bad"),
    State.CLOSED: (pgettext_lazy("state of a petition", "Closed"), "neutral"),
    State.REFUSED: (pgettext_lazy("state of a petition", "Refused"), "neutral"),
    State.REDIRECTED: (pgettext_lazy("state of a petition", "Sent to another agency"), "neutral"),
    State.MERGED: (pgettext_lazy("state of a petition", "Merged with another"), "neutral"),
}
SORTS: dict[str, Word] = {
    Sort.REPORT: pgettext_lazy("sort of petition", "Report or suggestion"),
    Sort.COMPLAINT: pgettext_lazy("sort of petition", "Complaint"),
    Sort.DENUNCIATION: pgettext_lazy("sort of petition", "Denunciation"),
    Sort.INFORMATION_REQUEST: pgettext_lazy("sort of petition", "Request for information"),
    Sort.APPEAL: pgettext_lazy("sort of petition", "Appeal or application"),
    Sort.FEEDBACK: pgettext_lazy("sort of petition", "Feedback on this site"),
}
CHANNELS: dict[str, Word] = {
    Channel.PORTAL: pgettext_lazy("channel of a petition", "Portal"),
    Channel.EMAIL: pgettext_lazy("channel of a petition", "E-mail"),
    Channel.PHONE: pgettext_lazy("channel of a petition", "Telephone"),
    Channel.APP: pgettext_lazy("channel of a petition", "App (Open311)"),
    Channel.IN_PERSON: pgettext_lazy("channel of a petition", "In person"),
    Channel.POST: pgettext_lazy("channel of a petition", "Letter by post"),
    Channel.TEXT_MESSAGE: pgettext_lazy("channel of a petition", "Text message"),
    Channel.FAX: pgettext_lazy("channel of a petition", "Fax"),
    Channel.NETWORK: pgettext_lazy("channel of a petition", "Social network"),
}
URGENCIES: dict[str, Tagged] = {
    Urgency.EMERGENCY: (pgettext_lazy("urgency", "Emergency"), "bad"),
    Urgency.AT_ONCE: (pgettext_lazy("urgency", "Can be put right at once"), "warning"),
    Urgency.EPIDEMIC: (pgettext_lazy("urgency", "Epidemic"), "bad"),
    Urgency.ORDINARY: (pgettext_lazy("urgency", "Ordinary"), "neutral"),
}
DATATYPES: dict[str, Word] = {
    Datatype.STRING: _("One line of text"),
    Datatype.NUMBER: pgettext_lazy("kind of question", "Number"),
    Datatype.DATETIME: _("Day and hour"),
    Datatype.TEXT: _("Several lines of text"),
    Datatype.SINGLEVALUELIST: _("One of a list"),
    Datatype.MULTIVALUELIST: _("Several of a list"),
}
COMPETENCES: dict[str, Word] = {
    "own": pgettext_lazy("competence", "This agency"),
    "other": pgettext_lazy("competence", "Another agency"),
    "unclear": pgettext_lazy("competence", "Unclear who is competent"),
}
COMPLEXITIES: dict[str, Word] = {
    "plain": pgettext_lazy("complexity", "Plain"),
    "complex": pgettext_lazy("complexity", "Complex"),
    "specially_complex": pgettext_lazy("complexity", "Specially complex"),
}
ABOUT: dict[str, Word] = {
    "administration": _("An administrative decision or act"),
    "discipline": _("A disciplinary decision about an official"),
}
INSTANCES: dict[str, Word] = {"first": _("First instance"), "second": _("Second instance")}
GROUNDS: dict[str, Word] = {
    "slow": pgettext_lazy("ground of an escalation", "The handling is slow"),
    "poor": pgettext_lazy("ground of an escalation", "The handling is poor"),
}
STEPS: dict[str, Word] = {
    "petition.received": pgettext_lazy("step", "Received"),
    "petition.registered": pgettext_lazy("step", "Registered with a number"),
    "petition.forwarded": pgettext_lazy("step", "Sent to the unit that answers"),
    "petition.assigned": pgettext_lazy("step", "Given to an official"),
    "petition.redirected": pgettext_lazy("step", "Sent to the competent agency"),
    "petition.refused": pgettext_lazy("step", "Refused, with reasons"),
    "petition.escalated": pgettext_lazy("step", "Brought to who leads"),
    "petition.added": pgettext_lazy("step", "The citizen wrote more"),
    "petition.disputed": pgettext_lazy("step", "Disputed by the citizen"),
    "petition.merged": pgettext_lazy("step", "Merged with another about the same thing"),
    "petition.linked": pgettext_lazy("step", "Linked to another about the same incident"),
    "petition.reclassified": pgettext_lazy("step", "Another service was named"),
    "petition.endorsed": pgettext_lazy("step", "Somebody else has the same request"),
    "petition.released": pgettext_lazy("step", "Decided what everyone may read"),
    "petition.closed": pgettext_lazy("step", "Closed"),
    "guidance.given": pgettext_lazy("step", "Said who is competent"),
    "acceptance.decided": pgettext_lazy("step", "Taken on"),
    "term.notified": pgettext_lazy("step", "The citizen was told the time limit"),
    "term.suspended": pgettext_lazy("step", "The citizen was asked; time stands still where the law says so"),
    "term.resumed": pgettext_lazy("step", "Work goes on"),
    "extension.decided": pgettext_lazy("step", "More time was taken, with reasons"),
    "extension.notified": pgettext_lazy("step", "The citizen was told of the longer time"),
    "answer.given": pgettext_lazy("step", "Answered"),
    "answer.rated": pgettext_lazy("step", "Rated by the citizen"),
    "access.given": pgettext_lazy("step", "Let somebody read it"),
    "access.withdrawn": pgettext_lazy("step", "Let somebody read it no more"),
    "note.made": pgettext_lazy("step", "Internal note"),
    "stage.reached": pgettext_lazy("step", "A stage was reached"),
    "stage.notified": pgettext_lazy("step", "The citizen was told of a stage"),
}
DISPUTES: dict[str, Word] = {  # what a citizen says
    End.ANSWERED: _("The answer is not true"),
    End.REFUSED: _("The refusal is not right"),
    End.REDIRECTED: _("The other agency is not the right one"),
    End.MERGED: _("It is not about the same thing"),
}
DISPUTED: dict[str, Word] = {  # what officials read of it
    End.ANSWERED: _("The citizen disputes the answer"),
    End.REFUSED: _("The citizen disputes the refusal"),
    End.REDIRECTED: _("The citizen disputes that another agency is competent"),
    End.MERGED: _("The citizen disputes that it is about the same thing"),
}
OUTCOMES: dict[str, Word] = {
    "result": pgettext_lazy("answer", "Result"),
    "progress": pgettext_lazy("answer", "How far it is"),
    "dated_progress": pgettext_lazy("answer", "How far it is, with a day"),
    "refusal": pgettext_lazy("answer", "Refusal"),
    GIVEN_BACK: pgettext_lazy("step", "Given back to the unit"),
    LEFT: pgettext_lazy("step", "Back with the unit, in which the official holds no post any more"),
    LOOKED: pgettext_lazy("step", "Looked at who asked"),
    TOLD: pgettext_lazy("step", "Told the citizen in another way"),
    "declined": pgettext_lazy("answer", "Not taken on"),
}
STANDINGS: dict[str, Tagged] = {
    "met": (pgettext_lazy("standing of a term", "Met"), "good"),
    "late": (pgettext_lazy("standing of a term", "Done late"), "warning"),
    "over": (pgettext_lazy("standing of a term", "Overdue"), "bad"),
    "open": (pgettext_lazy("standing of a term", "Running"), "info"),
    "undecided": (pgettext_lazy("standing of a term", "No time decided"), "neutral"),
}


def step(kind: str, outcome: str = "") -> Word:
    """Return what a step is called; an answer by its outcome. An unknown kind is its own name."""
    return OUTCOMES.get(outcome) or STEPS.get(kind, kind)
