"""`{% load mail %}`: words for kinds of communication and for the steps of a message."""

from collections.abc import Sequence

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from congvu.mail import lookalikes, reasons
from congvu.mail.certified import words as certified
from congvu.mail.certified.models import Statement
from congvu.mail.meetings.reading import Party
from congvu.mail.models import Communication, Item, Receipt

register = template.Library()

register.filter("as_shown", lookalikes.shown)

COMMUNICATION: dict[str, Promise] = {
    Communication.WORK_SCHEDULE: _("Work schedule"),
    Communication.MEETING_PAPERS: pgettext_lazy("mail", "Meeting papers"),
    Communication.WORKING_PAPERS: pgettext_lazy("mail", "Working papers"),
    Communication.REPORT: pgettext_lazy("mail", "Report"),
    Communication.INVITATION: pgettext_lazy("mail", "Invitation"),
    Communication.OFFICIAL_LETTER: _("Official letter"),
    Communication.DIRECTION: _("Direction and operation"),
}
STEP: dict[str, tuple[Promise, str]] = {
    Receipt.Step.ACCEPTED: (_("Accepted"), "info"),
    Receipt.Step.JOURNALED: (_("Taken over by the mail server"), "info"),
    Receipt.Step.DELIVERED: (_("Delivered"), "info"),
    Receipt.Step.RELAYED: (_("Handed to the other server"), "info"),
    Receipt.Step.PARKED: (_("Waiting for the mail server"), "warning"),
    Receipt.Step.FETCHED: (_("Fetched by a mail program"), "info"),
    Receipt.Step.CONFIRMED: (_("Delivered there"), "good"),
    Receipt.Step.PASSED: (_("Passed on there"), "info"),
    Receipt.Step.UNANSWERED: (_("Handed over, no answer"), "neutral"),
    Receipt.Step.OPENED: (_("Opened"), "info"),
    Receipt.Step.ACKNOWLEDGED: (pgettext_lazy("mail", "Acknowledged"), "good"),
    Receipt.Step.FAILED: (pgettext_lazy("mail", "Not delivered"), "bad"),
    Receipt.Step.RECALLED: (_("Recalled"), "warning"),
    Receipt.Step.IMPORTED: (_("Imported"), "neutral"),
    Receipt.Step.INSPECTED: (_("Read by an administrator"), "warning"),
    Receipt.Step.EXPIRED: (_("Not acknowledged in time"), "warning"),
    Receipt.Step.OVERDUE: (_("Receipt overdue"), "warning"),
    Receipt.Step.MISSING: (_("Receipt missing"), "bad"),
    Receipt.Step.ATTESTED: (_("Said by the other side, signed"), "info"),
    "queued": (_("Waiting to be handed over"), "neutral"),
}
SENTENCE: dict[str, Promise] = {
    Receipt.Step.ACCEPTED: _("The agency's mail system took responsibility for the message."),
    Receipt.Step.JOURNALED: _(
        "The agency's mail server took the message over for this recipient and sent a copy here. "
        "That it lies in the recipient's mailbox on that server is not proved by this."
    ),
    Receipt.Step.DELIVERED: _("The message lies in the recipient's mailbox."),
    Receipt.Step.RELAYED: _("The next mail server took the message over for the recipient."),
    Receipt.Step.PARKED: _(
        "The agency's mail server does not take the message at present; it will be tried again."
    ),
    Receipt.Step.FETCHED: _("A mail program has taken over the text; that proves no reading."),
    Receipt.Step.CONFIRMED: _("The recipient's server reported that it delivered the message."),
    Receipt.Step.PASSED: _(
        "The recipient's server reported that it passed the message on, to where nobody reports."
    ),
    Receipt.Step.UNANSWERED: _(
        "The other server took the message over, and no report came in time: more is not known. Ask the recipient."
    ),
    Receipt.Step.OPENED: _("A person opened the message for the first time."),
    Receipt.Step.ACKNOWLEDGED: _("The recipient confirmed that the message was received."),
    Receipt.Step.FAILED: _("The message did not reach the recipient."),
    Receipt.Step.RECALLED: _("The sender took the message back."),
    Receipt.Step.IMPORTED: _("The message was taken over from an older archive; it owes nothing."),
    Receipt.Step.INSPECTED: _(
        "Somebody with an administrator's rights on the mail server read this message."
    ),
    Receipt.Step.EXPIRED: _("The time to acknowledge the message ended without it."),
    Receipt.Step.OVERDUE: _("The certified provider has sent no verified receipt for 12 hours."),
    Receipt.Step.MISSING: _(
        "The certified provider has sent no verified receipt of delivery for 24 hours. "
        "Treat the message as not delivered."
    ),
    Receipt.Step.ATTESTED: _(
        "A receipt of the other side came whose signature was found valid. It proves who said it, not that it is so."
    ),
}


ATTENDANCE: dict[str, tuple[Promise, str]] = {
    "accepted": (pgettext_lazy("answer to an invitation", "Accepted"), "good"),
    "tentative": (pgettext_lazy("answer to an invitation", "Tentative"), "warning"),
    "declined": (pgettext_lazy("answer to an invitation", "Declined"), "bad"),
    "delegated": (pgettext_lazy("answer to an invitation", "Sends somebody else"), "info"),
    "counter": (pgettext_lazy("answer to an invitation", "Proposes another time"), "warning"),
}
GUESTS = 12  # people who are named before the rest is counted


@register.filter
def attendance(value: str) -> Promise | str:
    """Return what an answer to an invitation is called."""
    return ATTENDANCE[value][0] if value in ATTENDANCE else _("No answer yet")


@register.filter
def attendance_tone(value: str) -> str:
    """Return the tone in which that is shown."""
    return ATTENDANCE[value][1] if value in ATTENDANCE else "neutral"


@register.filter
def guests(parties: Sequence[Party]) -> str:
    """Return who is invited; of many the first, and how many more."""
    names = ", ".join(one.name or one.address for one in parties[:GUESTS])
    return f"{names} +{len(parties) - GUESTS}" if len(parties) > GUESTS else names


@register.filter
def communication(value: str) -> Promise | str:
    """Return what a kind of communication is called; nothing for the kind `other`."""
    return COMMUNICATION.get(value, "")


@register.filter
def step(value: str) -> Promise | str:
    """Return what a step is called."""
    return STEP[value][0] if value in STEP else value


@register.filter
def tone(value: str) -> str:
    """Return the tone in which a step is shown."""
    return STEP[value][1] if value in STEP else "neutral"


@register.filter
def sentence(value: str) -> Promise | str:
    """Return what a step means."""
    return SENTENCE.get(value, "")


@register.filter
def says(statement: Statement) -> Promise | str:
    """Return what another side says, in plain words."""
    return certified.SAYS.get(statement.word, certified.SAYS.get(statement.event, statement.word))


@register.filter
def standing(value: str) -> Promise | str:
    """Return how far what another side says may be trusted."""
    return certified.STANDING[value][0]


@register.filter
def standing_tone(value: str) -> str:
    """Return the tone in which that is shown."""
    return certified.STANDING[value][1]


@register.filter
def still_open(value: str) -> Promise | str:
    """Return what is still to come."""
    return certified.OPEN[value]


@register.filter
def because(value: str) -> Promise | str:
    """Return why a message did not get on."""
    return reasons.sentence(value)


@register.filter
def people(item: Item, field: str) -> str:
    """Return the names of a message's recipients in a field, to or cc."""
    return ", ".join(name or address for name, address, where in item.message.recipients if where == field)


@register.filter
def addresses(item: Item, field: str) -> str:
    """Return names and addresses of a message's recipients in a field, to or cc."""
    rows = (row for row in item.message.recipients if row[2] == field)
    return ", ".join(f"{name} <{address}>" if name else address for name, address, _where in rows)
