"""The rulebook's closed words in the reader's language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from congvu.rules.book import Book, Deadline, Norm, Rhythm


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
        "actor": _("the person who did it"),
        "assignee": _("the person to whom it was assigned"),
        "registry_clerk": _("the registry clerk"),
        "deputy_in_charge": _("the deputy in charge"),
        "unit": _("the unit"),
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


def treatment(name: str) -> str:
    """Return who applies a norm: the program, people, or nobody here."""
    return {
        "encoded": _("Written as a rule"),
        "human": _("For people to judge"),
        "not_applicable": _("Not applicable"),
    }[name]


def level(name: str) -> str:
    """Return at which level a book was issued."""
    return {
        "nation": pgettext("level of a legal text", "Nation"),
        "ministry": pgettext("level of a legal text", "Ministry"),
        "city": pgettext("level of a legal text", "Province or city"),
        "agency": pgettext("level of a legal text", "Agency"),
    }.get(name, name)


def country(code: str) -> str:
    """Return the name of a country by its code of ISO 3166-1; the code itself when no book of it was foreseen."""
    return {
        "au": _("Australia"),
        "gb": _("United Kingdom"),
        "uk": _("United Kingdom"),
        "kz": _("Kazakhstan"),
        "ru": _("Russia"),
        "us": _("United States"),
        "vn": _("Viet Nam"),
    }.get(code, code.upper())


def subject(name: str) -> str:
    """Return what a book is about."""
    return {
        "mail": _("E-mail"),
        "documents": _("Documents and clerical work"),
        "archive": _("Archives"),
        "petitions": _("Petitions and questions of citizens"),
        "staff": _("Officials: conduct, emulation, discipline"),
        "social": _("Official accounts and the press"),
        "other": _("Other subjects"),
    }[name]


def checked(mark: str) -> str:
    """Return how well a citation is checked."""
    return {
        "gazette": _("compared with the gazette"),
        "unofficial_copy": _("read in an unofficial copy, not compared with the gazette"),
        "secondary": _("number and date established, text not read"),
        "official_guidance": _("compared with official guidance"),
        "public_code": _("compared with a published code"),
        "press": _("after a press report, not compared with the gazette"),
        "memory": _("from memory, compared with nothing"),
        "nothing": _("compared with nothing"),
    }.get(mark, mark)


def wording(mark: str) -> str:
    """Return where the wording of a norm comes from."""
    return {
        "legal_text": _("wording of the legal text"),
        "unofficial_copy": _("wording after an unofficial copy"),
        "secondary": _("own wording after a secondary source"),
        "official_guidance": _("wording after official guidance"),
        "public_code": _("wording after a published code"),
        "press": _("own wording after a press report"),
        "memory": _("own wording from memory"),
        "none": _("no wording"),
    }.get(mark, mark)


def amount(value: int, unit: str) -> str:
    """Return a number of units in words."""
    return {
        "minute": lambda: ngettext("%(count)d minute", "%(count)d minutes", value),
        "hour": lambda: ngettext("%(count)d hour", "%(count)d hours", value),
        "working_minute": lambda: ngettext("%(count)d working minute", "%(count)d working minutes", value),
        "working_hour": lambda: ngettext("%(count)d working hour", "%(count)d working hours", value),
        "working_day": lambda: ngettext("%(count)d working day", "%(count)d working days", value),
        "day": lambda: ngettext("%(count)d day", "%(count)d days", value),
        "month": lambda: ngettext("%(count)d month", "%(count)d months", value),
        "year": lambda: ngettext("%(count)d year", "%(count)d years", value),
    }[unit]() % {"count": value}


def unit(name: str) -> str:
    """Return a unit of time."""
    return {
        "minute": _("minutes"),
        "hour": _("hours"),
        "working_minute": _("working minutes"),
        "working_hour": _("working hours"),
        "working_day": _("working days"),
        "day": _("days"),
        "month": _("months"),
        "year": _("years"),
    }.get(name, name)


def limit(name: str) -> str:
    """Return how a deadline says when it is over."""
    return {
        "after": _("As the agency decides (parameter)"),
        "within": _("Within so much time"),
        "same_day": _("The same working day"),
        "same_or_next_working_day": _("The same day, at the latest the next working day"),
        "next_working_morning": _("By noon of the next working day"),
        "by": _("By a day of each year"),
    }.get(name, name)


def period(name: str, length: int) -> str:
    """Return how often a period comes."""
    one = {
        "day": _("every day"),
        "working_day": _("every working day"),
        "week": _("every week"),
        "month": _("every month"),
        "quarter": _("every quarter"),
        "half_year": _("every half-year"),
        "year": _("every year"),
    }[name]
    if length == 1:
        return one
    return {
        "day": lambda: ngettext("every %(count)d day", "every %(count)d days", length),
        "working_day": lambda: ngettext(
            "every %(count)d working day", "every %(count)d working days", length
        ),
        "week": lambda: ngettext("every %(count)d week", "every %(count)d weeks", length),
        "month": lambda: ngettext("every %(count)d month", "every %(count)d months", length),
        "quarter": lambda: ngettext("every %(count)d quarter", "every %(count)d quarters", length),
        "half_year": lambda: ngettext("every %(count)d half-year", "every %(count)d half-years", length),
        "year": lambda: ngettext("every %(count)d year", "every %(count)d years", length),
    }[name]() % {"count": length}


def rhythm(every: Rhythm) -> str:
    """Return how often something is owed."""
    often = period(every.period, every.length)
    if every.times == 1:
        return often
    said = ngettext("%(period)s, %(times)d time", "%(period)s, %(times)d times", every.times)
    return said % {"period": often, "times": every.times}


def deadline(book: Book, norm: Norm) -> str:
    """Return when a norm's duty falls due, empty for a norm that owes nothing in time."""
    if norm.windows:
        spans = ", ".join(f"{window.opens:%H:%M}-{window.closes:%H:%M}" for window in norm.windows)
        return _("every working day: %(windows)s") % {"windows": spans}
    parts = [rhythm(norm.rhythm)] if norm.rhythm else []
    if norm.deadline is not None:
        parts.append(_limit(book, norm.deadline))
    return "; ".join(part for part in parts if part)


def _limit(book: Book, limit: Deadline) -> str:
    if limit.same_day:
        return _("the same working day")
    if limit.same_or_next_day:
        return _("the same day, at the latest the next working day")
    if limit.next_morning:
        return _("by noon of the next working day")
    if limit.by:
        month, day = limit.by.split("-")
        return _("by %(day)d/%(month)d each year") % {"day": int(day), "month": int(month)}
    return _open(book, limit.parameter) if limit.parameter else _span(limit)


def _span(limit: Deadline) -> str:
    span = {"amount": amount(limit.amount, limit.unit or "day")}
    if limit.is_before:
        return _("at least %(amount)s before") % span
    if limit.is_from_year_end:
        return _("within %(amount)s from the end of the year") % span
    return _("within %(amount)s") % span


def _open(book: Book, parameter: str) -> str:
    bounds = book.parameters.get(parameter)
    if bounds is None:
        return _("as the agency decides")
    return _("as the agency decides, from %(least)s to %(most)s") % {
        "least": amount(bounds.at_least, bounds.unit),
        "most": amount(bounds.at_most, bounds.unit),
    }
