"""Words for what stands in evidence and duties: calm, never accusing."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from congvu.conduct.models import Cause, Report
from congvu.conduct.queries import Card

Word = str | Promise
Tagged = tuple[Word, str]

STATUS: dict[str, Tagged] = {
    "pending": (pgettext_lazy("state of a duty", "Open"), "info"),
    "fulfilled": (_("Done in time"), "good"),
    "late": (_("Done later"), "warning"),
    "compensated": (_("Made good later"), "warning"),
    "breached": (_("Not recorded in time"), "warning"),
    "reported": (_("Reported, not decided"), "info"),
    "excused": (_("Excused"), "neutral"),
    "annulled": (_("No longer applies"), "neutral"),
}
WINDOW_MISSED: Tagged = (_("Not recorded in the window"), "warning")
CONFIRMED: Tagged = (_("Confirmed by the head"), "warning")

CAUSES: dict[str, Word] = {
    Cause.LEAVE: _("On leave"),
    Cause.MISSION: _("On mission"),
    Cause.TECHNICAL: _("Technical fault"),
    Cause.WORKLOAD: _("Other urgent work"),
    Cause.OTHER: _("Another cause"),
}
MATTERS: dict[str, Word] = {
    Report.Matter.PAPER_USED: _("Paper was used where the regulation asks for mail"),
    Report.Matter.INFORMATION_MISSED: _("Information was missed because mail was not used"),
    Report.Matter.PRIVATE_ADDRESS_USED: _("Work mail came to an official mailbox from a private address"),
    Report.Matter.MAILBOX_MISUSED: _("An official mailbox was used for private or secret matters"),
}
REPORT_STATES: dict[str, Tagged] = {
    Report.State.MADE: (_("Waits for an answer"), "info"),
    Report.State.UPHELD: (_("Upheld"), "warning"),
    Report.State.NOT_UPHELD: (_("Not upheld"), "neutral"),
}
COMMUNICATIONS: dict[str, Word] = {
    "work_schedule": _("Work schedule"),
    "meeting_papers": _("Meeting papers"),
    "working_papers": _("Working papers"),
    "report": pgettext_lazy("kind of communication", "Report"),
    "other": pgettext_lazy("kind of communication", "Other"),
}
STATEMENTS: dict[str, Word] = {
    "replied": pgettext_lazy("what was said", "Reply"),
    "excused": _("Excused"),
    "confirmed": _("Confirmed without excuse"),
}
ENTRIES: dict[str, Word] = {
    "mail.message.accepted": _("A message was accepted"),
    "mail.message.delivered": _("A message arrived in the mailbox"),
    "mail.message.opened": _("A message was opened"),
    "mail.message.acknowledged": _("Receipt was acknowledged"),
    "mail.message.recalled": _("The sender recalled the message"),
    "mail.mailbox.checked": _("The mailbox was checked"),
    "mail.signature.verified": _("The signature of a message was checked"),
    "directory.appointment.made": _("An appointment began"),
    "directory.appointment.ended": _("An appointment ended"),
    "directory.leave.granted": _("Leave was recorded"),
    "directory.leave.ended": _("Leave was shortened"),
    "directory.address.given": _("An official address was given"),
    "directory.address.withdrawn": _("An official address was withdrawn"),
    "rules.book.adopted": _("The agency adopted the rule book"),
    "rules.parameter.decided": _("The agency decided a value that the rule book leaves open"),
    "rules.day.closed": _("The agency closed or opened a day"),
    "rules.clock.ticked": _("Time passed without the act being recorded"),
    "conduct.report.made": _("An official reported this"),
    "conduct.finding.replied": _("The official replied"),
    "conduct.finding.excused": _("The duty was excused"),
    "conduct.finding.confirmed": _("The finding was confirmed"),
}
CHECKED: dict[str, Word] = {
    "gazette": _("The citation was checked against the gazette."),
    "unofficial_copy": _("The citation was checked against an unofficial copy, not against the gazette."),
    "secondary": _("The citation comes from a secondary source and was not checked against the gazette."),
    "press": _("The citation comes from press reports and was not checked against the gazette."),
}
WORDING: dict[str, Word] = {
    "legal_text": _("The wording is that of the legal text."),
    "unofficial_copy": _("The wording follows an unofficial copy of the legal text."),
    "press": _("The wording follows press reports of the regulation."),
}
UNITS: dict[str, Word] = {
    "working_minute": _("working minutes"),
    "working_hour": _("working hours"),
    "working_day": _("working days"),
    "minute": _("minutes"),
    "hour": _("hours"),
    "day": _("days"),
    "month": _("months"),
    "year": _("years"),
}
FIGURES: dict[str, Word] = {
    "on_time": _("Done in time"),
    "late": _("Done later"),
    "missed": _("Not recorded in time"),
    "excused": _("Excused"),
}


def status(card: Card) -> Tagged:
    """Return the word and tone of a duty; what people decided comes before what the rules found."""
    if card.state == "excused":
        return STATUS["excused"]
    if card.state == "confirmed":
        return CONFIRMED
    if card.duty.status == "breached" and card.duty.window:
        return WINDOW_MISSED
    return STATUS[card.duty.status]
