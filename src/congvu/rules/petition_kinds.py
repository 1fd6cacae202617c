"""Petitions, complaints, denunciations, requests for information and their answers.

One road for all of them: received, registered, forwarded to a unit or redirected to another agency, accepted or
refused, its term notified or extended, answered.
"""

from collections.abc import Mapping

from congvu.rules.shape import Shape, shape

SORT = ("report", "complaint", "denunciation", "information_request", "appeal", "feedback")
CHANNEL = ("phone", "text_message", "app", "portal", "network", "email", "post", "fax", "in_person")
ABOUT = ("administration", "discipline")
INSTANCE = ("first", "second")
URGENCY = ("emergency", "at_once", "epidemic", "ordinary")
COMPETENCE = ("own", "other", "unclear")
COMPLEXITY = ("plain", "complex", "specially_complex")
STAGE = ("registered", "assigned", "in_progress", "extended", "answered", "closed")
RECEIVED = "petitions.petition.received"
DECIDED = "petitions.acceptance.decided"
INTAKE_OPENED = "petitions.intake.opened"

KINDS: Mapping[str, Shape] = {
    RECEIVED: shape(
        "petition person unit assignee actor received_on",
        sort=SORT,
        channel=CHANNEL,
        about=ABOUT,
        instance=INSTANCE,
        urgency=URGENCY,
        competence=COMPETENCE,
        complexity=COMPLEXITY,
        anonymous=bool,
        threat=bool,
    ),
    "petitions.petition.registered": shape("petition actor registered_on", coupon=bool),
    "petitions.petition.forwarded": shape(
        "petition unit assignee actor",
        sort=SORT,
        to=("unit", "several_units"),
        urgency=URGENCY,
        confirmed=bool,
        escalated=bool,
    ),
    "petitions.petition.redirected": shape("petition actor", notified=bool),
    "petitions.petition.refused": shape("petition actor", sort=SORT, reasons=bool),
    "petitions.petition.escalated": shape("petition unit actor", ground=("slow", "poor")),
    "petitions.guidance.given": shape("petition unit actor"),
    DECIDED: shape(
        "petition person unit assignee actor accepted_on",
        sort=SORT,
        about=ABOUT,
        instance=INSTANCE,
        complexity=COMPLEXITY,
        accepted=bool,
        remote=bool,
    ),
    INTAKE_OPENED: shape("actor address"),
    "petitions.term.notified": shape("petition actor"),
    "petitions.extension.decided": shape("petition extension actor", sort=SORT, notified=bool),
    "petitions.extension.notified": shape("petition extension actor"),
    "petitions.answer.given": shape(
        "petition unit actor promised_on", outcome=("result", "progress", "dated_progress", "refusal")
    ),
    "petitions.stage.reached": shape("petition step actor", stage=STAGE),
    "petitions.stage.notified": shape("petition step actor", stage=STAGE),
}
