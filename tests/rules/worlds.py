"""A small office for the judge: events by hand, the books of the rulebook, an outcome one can compare."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from congvu.rules.examples import Told
from congvu.rules.judge import judge
from congvu.rules.law import Law
from congvu.rules.shelf import shelve
from congvu.rules.state import State

ROOT = Path(__file__).resolve().parents[2]
RULEBOOK = ROOT / "rulebook"
SHELF = shelve(RULEBOOK, with_examples=False)
CALENDAR = SHELF.calendars["vn"].calendar
LAW = Law(SHELF.books, CALENDAR)
BOOK = "vn.binh-duong.mail-2009"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(text: str) -> datetime:
    """Monday is 2026-03-02."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


class Story:
    """Tells events one after another, each with an id of its own."""

    def __init__(self) -> None:
        self.told: list[Told] = []

    def tell(self, when, kind, *, disclosed=None, destroyed=False, **attributes) -> "Story":
        one = Told(
            id=f"e{len(self.told)}",
            kind=kind,
            at=when if isinstance(when, datetime) else at(when),
            attributes=attributes,
            disclosures=disclosed or {},
            destroyed=destroyed,
        )
        self.told.append(one)
        return self

    def adopt(self, when="2026-03-01 08:00", book=BOOK, valid_from="2026-03-01") -> "Story":
        return self.tell(when, "rules.book.adopted", book=book, book_version=1, valid_from=valid_from)

    def decide(self, when, value, parameter="acknowledge_within", valid_from="2026-03-01") -> "Story":
        return self.tell(
            when,
            "rules.parameter.decided",
            book=BOOK,
            parameter=parameter,
            value=value,
            unit="working_minute" if parameter == "acknowledge_within" else "working_day",
            valid_from=valid_from,
        )

    def appoint(
        self, when, person, *, valid_from="2026-03-01", head=False, clerk=False, unit="office", n=""
    ) -> "Story":
        told = {
            "membership": f"m-{person}{n}",
            "person": person,
            "post": f"p-{person}{n}",
            "unit": unit,
            "valid_from": valid_from,
        }
        self.tell(
            when,
            "directory.appointment.made",
            disclosed=told,
            rank="staff",
            head=head,
            deputy=False,
            clerk=clerk,
        )
        return self

    def give(self, when, person="", *, box="personal", unit="office") -> "Story":
        told = {"address": f"a-{person or box}"}
        told |= {"person": person, "membership": f"m-{person}"} if person else {"unit": unit}
        return self.tell(when, "directory.address.given", disclosed=told, box=box)

    def leave(self, when, person, *, valid_to, n="", address=False, rank="staff") -> "Story":
        told = {"membership": f"m-{person}{n}", "person": person, "unit": "office", "valid_to": valid_to}
        told |= {"address": f"a-{person}"} if address else {}
        return self.tell(
            when,
            "directory.appointment.ended",
            disclosed=told,
            rank=rank,
            head=False,
            deputy=False,
            clerk=False,
        )

    def away(self, when, person, valid_from, valid_to, *, acting="", leave="") -> "Story":
        told = {
            "leave": leave or f"l-{person}",
            "person": person,
            "valid_from": valid_from,
            "valid_to": valid_to,
        }
        told |= {"acting": acting} if acting else {}
        return self.tell(when, "directory.leave.granted", disclosed=told, acting=bool(acting))

    def back(self, when, person, valid_to, *, leave="") -> "Story":
        told = {"leave": leave or f"l-{person}", "person": person, "valid_to": valid_to}
        return self.tell(when, "directory.leave.ended", disclosed=told)

    def deliver(self, when, message, person, **changed) -> "Story":
        attributes = {
            "direction": "in",
            "channel": "mx",
            "communication": "other",
            "automatic": False,
            "box": "personal",
        } | changed
        told = {"message": message, "mailbox": f"b-{person}", "recipient": person}
        return self.tell(when, "mail.message.delivered", disclosed=told, **attributes)

    def acknowledge(self, when, message, person, by="press") -> "Story":
        told = {"message": message, "mailbox": f"b-{person}", "actor": person}
        return self.tell(when, "mail.message.acknowledged", disclosed=told, by=by)

    def recall(self, when, message) -> "Story":
        return self.tell(when, "mail.message.recalled", disclosed={"message": message, "actor": "dung"})

    def check(self, when, person, *, box="personal", unit="") -> "Story":
        told = {"mailbox": f"b-{person}", "actor": person} | ({"unit": unit} if unit else {})
        return self.tell(when, "mail.mailbox.checked", disclosed=told, box=box)

    def close(self, when, day, *, closed=True) -> "Story":
        return self.tell(when, "rules.day.closed", day=day, closed=closed)

    def tick(self, when) -> "Story":
        return self.tell(when, "rules.clock.ticked")


def office(*, decided=30) -> Story:
    """Bình and the clerk An hold posts and mailboxes; the office has one too; Chi heads it without a mailbox."""
    story = Story().adopt()
    story.tell("2026-03-01 08:00", "directory.unit.opened", disclosed={"unit": "office"}, depth=0)
    if decided:
        story.decide("2026-03-01 08:01", decided)
    story.appoint("2026-03-01 08:02", "binh").give("2026-03-01 08:02", "binh")
    story.appoint("2026-03-01 08:03", "an", clerk=True).give("2026-03-01 08:03", "an")
    return story.appoint("2026-03-01 08:04", "chi", head=True).give("2026-03-01 08:05", box="unit")


def judged(told, law=LAW) -> State:
    return judge(law, State("agency"), told)


def outcome(state: State) -> tuple:
    """Everything that the state says, independent of the order in which it came."""
    duties = sorted((asdict(one) for one in state.obligations.values()), key=lambda one: one["handle"])
    counted = sorted((one.norm, one.entry, one.value) for one in state.occurrences.values())
    return state.as_of, duties, counted, state.facts.dump()
