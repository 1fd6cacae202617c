"""The rulebook's closed words in the reader's language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from congvu.rules.book import Book, Norm


def modality(kind: str) -> str:
    """Return what kind of norm it is."""
    return {
        "obligation": _("Must"),
        "prohibition": _("Must not"),
        "permission": _("May"),
        "power": _("Power"),
        "recommendation": _("Should"),
        "legal_effect": _("Legal effect"),
        "consequence": _("Consequence"),
    }.get(kind, kind)


def bearers(names: Sequence[str]) -> str:
    """Return who bears a norm."""
    known = {
        "official": _("every official"),
        "agency_mailbox": _("mailboxes of the agency and its units (their clerk answers)"),
        "recipient": _("the recipient"),
        "agency": _("the agency"),
        "mail_administrator": _("the mail administrator"),
        "head_of_unit": _("the head of the unit"),
        "sender": _("the sender"),
        "reported": _("the person named in a report, else the head of the unit"),
    }
    return ", ".join(known.get(name, name) for name in names)


def feed(name: str) -> str:
    """Return what makes a norm apply here."""
    return {
        "evidence": _("judged from evidence"),
        "report": _("reported and decided by people"),
        "count": _("counted only"),
        "people": _("decided by people"),
        "nothing": _("nothing feeds it yet"),
    }[name]


def checked(mark: str) -> str:
    """Return how well a citation is checked."""
    return {
        "gazette": _("compared with the gazette"),
        "unofficial_copy": _("read in an unofficial copy, not compared with the gazette"),
        "secondary": _("number and date established, text not read"),
        "press": _("after a press report, not compared with the gazette"),
    }[mark]


def wording(mark: str) -> str:
    """Return where the wording of a norm comes from."""
    return {
        "legal_text": _("wording of the legal text"),
        "unofficial_copy": _("wording after an unofficial copy"),
        "press": _("own wording after a press report"),
    }[mark]


def amount(value: int, unit: str) -> str:
    """Return a number of units in words."""
    if unit == "working_minute":
        return ngettext("%(count)d working minute", "%(count)d working minutes", value) % {"count": value}
    if unit == "working_hour":
        return ngettext("%(count)d working hour", "%(count)d working hours", value) % {"count": value}
    if unit == "working_day":
        return ngettext("%(count)d working day", "%(count)d working days", value) % {"count": value}
    return ngettext("%(count)d month", "%(count)d months", value) % {"count": value}


def deadline(book: Book, norm: Norm) -> str:
    """Return when a norm's duty falls due, empty for a norm that owes nothing in time."""
    if norm.windows:
        spans = ", ".join(f"{window.opens:%H:%M}-{window.closes:%H:%M}" for window in norm.windows)
        return _("every working day: %(windows)s") % {"windows": spans}
    if norm.deadline is None:
        return ""
    if norm.deadline.same_day:
        return _("the same working day")
    if norm.deadline.parameter:
        bounds = book.parameters[norm.deadline.parameter]
        return _("as the agency decides, from %(least)s to %(most)s") % {
            "least": amount(bounds.at_least, bounds.unit),
            "most": amount(bounds.at_most, bounds.unit),
        }
    return _("within %(amount)s") % {"amount": amount(norm.deadline.amount, norm.deadline.unit or "")}
