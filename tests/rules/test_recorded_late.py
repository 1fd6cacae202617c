"""What is recorded late counts by its own time: a day, leave and an address, in whatever order the log has them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from congvu.rules import readers
from congvu.rules.book import Book, Cap, Condition, Deadline, Extension, Norm, Rhythm, Source, Suspension
from congvu.rules.examples import Told
from congvu.rules.law import Law
from tests.rules.comparison import judged
from tests.rules.lawgiver import BASE, CALENDAR, SAME
from tests.rules.test_reader_traces import read
from tests.rules.traces import FIRST

ANSWER = Norm(
    id="answer",
    kind="obligation",
    bearer=("actor",),
    when=Condition(kind="t.asked"),
    deadline=Deadline(amount=2, unit="working_day"),
    fulfil=Condition(kind="t.answered", same=SAME),
    **BASE,
)
DAILY = Norm(
    id="report",
    kind="obligation",
    bearer=("official",),
    rhythm=Rhythm(period="working_day"),
    deadline=Deadline(amount=2, unit="working_hour"),
    fulfil=Condition(kind="t.reported"),
    **BASE,
)
BACK = Deadline(amount=2, unit="working_day", start="told", is_before=True)


def law_of(norm: Norm) -> Law:
    book = Book(
        id="test",
        version=1,
        original="en",
        title={},
        source=Source(issuer={}, number="1", signed=date(2026, 1, 1), checked="gazette"),
        jurisdiction="vn",
        calendar="test",
        in_force_from=date(2020, 1, 1),
        in_force_to=None,
        parameters={},
        norms=(norm,),
    )
    return Law((book,), CALENDAR)


def told(kind: str, hours: int, attributes=None, **disclosures) -> Told:
    """Return an entry so many hours after Monday's midnight."""
    at = FIRST + timedelta(hours=hours)
    return Told(id=f"{kind}{hours}", kind=kind, at=at, attributes=attributes or {}, disclosures=disclosures)


ADOPTED = told("rules.book.adopted", -24, {"book": "test", "book_version": 1, "valid_from": "2026-03-01"})
POST = told(
    "directory.appointment.made",
    -23,
    {"head": False, "deputy": False, "clerk": False},
    membership="m1",
    person="an",
    post="p1",
    unit="office",
)
ASKED = told("t.asked", 12, case="c1", actor="an", person="an", told="2026-03-10")
CLOSED = told("rules.day.closed", 9, {"day": "2026-03-09", "closed": True})
LEAVE = told(
    "directory.leave.granted",
    -22,
    leave="l1",
    person="an",
    valid_from="2026-03-03",
    valid_to="2026-03-05",
)
FAR = {"valid_from": "2026-03-09", "valid_to": "2026-03-10"}
FAR_LEAVE = replace(LEAVE, disclosures={**LEAVE.disclosures, **FAR})
RETURN = told("directory.leave.ended", 9, leave="l1", person="an", valid_to="2026-03-03")
GIVEN = told("directory.address.given", -22, {"box": "personal"}, address="a-an", person="an")
WITHDRAWN = told("directory.address.withdrawn", 14, {"box": "personal"}, address="a-an", person="an")
TICK = told("rules.clock.ticked", 20)
NEXT_DAY = told("rules.clock.ticked", 44)
PAUSED = told("t.paused", 80, case="c1")
LATER = told("rules.clock.ticked", 90)
CASES = {
    "an early return with which the time was over before it was suspended": (
        replace(
            ANSWER,
            suspend=Suspension(
                begin=Condition(kind="t.paused", same=SAME), end=Condition(kind="t.resumed", same=SAME)
            ),
        ),
        [ADOPTED, LEAVE, RETURN, ASKED, PAUSED, LATER],
        RETURN,
    ),
    "a day closed before the duty opened, for what counts back": (
        replace(ANSWER, deadline=BACK),
        [ADOPTED, CLOSED, ASKED, TICK],
        CLOSED,
    ),
    "leave granted before the duty opened, for what counts back": (
        replace(ANSWER, deadline=BACK),
        [ADOPTED, FAR_LEAVE, ASKED, TICK],
        FAR_LEAVE,
    ),
    "an early return that was told before the duty opened": (
        ANSWER,
        [ADOPTED, LEAVE, RETURN, ASKED, TICK],
        RETURN,
    ),
    "an address withdrawn after the event": (
        replace(ANSWER, unless="holds_address"),
        [ADOPTED, GIVEN, ASKED, WITHDRAWN, TICK],
        ASKED,
    ),
}


def late(entries: list[Told], moved: Told) -> list[Told]:
    """Return the log in which one entry stands last but for the tick."""
    return [*(each for each in entries[:-1] if each is not moved), moved, entries[-1]]


def shown(state) -> list:
    return sorted((one.norm, one.bearer, one.due_at, one.annulled_at) for one in state.obligations.values())


@pytest.mark.parametrize("case", CASES)
def test_what_is_recorded_late_counts_as_if_it_had_come_in_time(case):
    norm, entries, moved = CASES[case]
    law = law_of(norm)
    assert shown(judged(law, late(entries, moved))) == shown(judged(law, entries))


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES)
def test_the_reader_finds_what_is_recorded_late_after_a_restart(agency, monkeypatch, case):
    norm, entries, moved = CASES[case]
    law = law_of(norm)
    monkeypatch.setattr(readers, "law_of", lambda _: law)
    log = late(entries, moved)
    assert read(agency, log, 1) == read(agency, log, len(log))


def test_more_time_that_reaches_past_the_event_does_not_run_in_leave():
    more = Extension(notice=Condition(kind="t.prolonged", same=SAME), amount=6, unit="working_hour")
    law = law_of(replace(ANSWER, deadline=replace(BACK, amount=1, unit="day"), extend=more))
    asked = replace(ASKED, disclosures={**ASKED.disclosures, "told": "2026-03-09"})
    prolonged = told("t.prolonged", 13, case="c1")
    (duty,) = judged(law, [ADOPTED, FAR_LEAVE, asked, prolonged, TICK]).obligations.values()
    assert duty.due_at == FIRST + timedelta(days=9, hours=10)  # Tuesday is a half day: until Wednesday at ten


def test_what_was_annulled_has_the_due_time_that_its_calendar_gives():
    closed = told("rules.day.closed", 38, {"day": "2026-03-03", "closed": True})
    state = judged(law_of(DAILY), [ADOPTED, POST, NEXT_DAY, closed])
    assert shown(state)[1:] == [("report", "an", FIRST + timedelta(hours=48), FIRST + timedelta(hours=24))]


@pytest.mark.parametrize("closing", [-20, 38])
def test_a_share_counts_what_happened_on_a_day_whether_or_not_it_was_closed(closing):
    share = replace(
        DAILY,
        bearer=("agency",),
        deadline=None,
        fulfil=None,
        cap=Cap(part=Condition(kind="t.praised"), whole=Condition(kind="t.rated"), percent=50),
    )
    closed = told("rules.day.closed", closing, {"day": "2026-03-03", "closed": True})
    log = sorted(
        [ADOPTED, told("t.rated", 33), closed, told("rules.clock.ticked", 60)], key=lambda one: one.at
    )
    (duty,) = judged(law_of(share), log).obligations.values()
    assert (duty.whole, duty.annulled_at, duty.fulfilled_at) == (1, None, FIRST + timedelta(hours=48))
