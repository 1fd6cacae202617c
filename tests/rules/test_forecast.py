"""What the judge would say is what he says: forecasts beside his duties."""

import re
from dataclasses import asdict
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congvu.base.database import atomic
from congvu.ledger.actions import Record
from congvu.ledger.events import Event
from congvu.rules import queries, settlement, shelf
from congvu.rules.actions import close_day
from congvu.rules.events import BookAdopted, ParameterDecided
from congvu.rules.examples import AGENCY, evidence
from congvu.rules.forecast import forecast
from congvu.rules.judge import SettlesFactsError, foresee, judge
from congvu.rules.law import Law
from congvu.rules.state import State
from tests.rules.conftest import tell
from tests.rules.worlds import ZONE, at

PETITION, UNIT = "petition".ljust(26, "a"), "unit".ljust(26, "a")
MONDAY = "2026-03-02 09:00"


def event(kind: str, **attributes) -> Event:
    """Return an event of a kind that petitions record."""
    return type("Spoken", (Event,), {"kind": f"petitions.{kind}", "attributes": lambda _: attributes})()


def record(agency, spoken: Event, moment: str) -> Record:
    said = {"petition": PETITION, "unit": UNIT}
    return Record(event=spoken, agency=agency.handle, at=at(moment), disclosures=said)


def happen(agency, one: Record) -> str:
    return tell(agency, one.event, one.at, **one.disclosures)


def due(found) -> dict[str, str]:
    return {
        one.duty.norm: one.duty.due_at and f"{one.duty.due_at.astimezone(ZONE):%Y-%m-%d %H:%M}"
        for one in found
    }


@pytest.fixture
def adopt(transactional_db, data_folder, agency, settle, told_time):
    """Let the agency be bound by books."""

    def adopted(*books: str) -> None:
        for book in books:
            told = BookAdopted(book=book, book_version=1, valid_from="2026-01-01")
            tell(agency, told, at("2026-01-01 08:00"))
        settle()

    return adopted


RECEIVED = event("petition.received", sort="report", competence="own", urgency="at_once")
FORWARDED = event(
    "petition.forwarded", sort="report", to="unit", escalated=False, confirmed=True, urgency="at_once"
)
APPEAL = event("petition.received", sort="appeal", competence="own", anonymous=False)
EXTENDED = event("extension.decided", sort="appeal")


def petition_books():
    found = shelf.shelf()
    laws = {name: Law(found.books, one.calendar) for name, one in found.calendars.items()}
    for book in found.books:
        if any(one.kind.startswith("petitions.") for norm in book.norms for one in norm.conditions.values()):
            yield book, laws[book.calendar]


def test_every_example_of_every_petition_book_is_foretold_as_judged():
    compared = 0
    for book, law in petition_books():
        for example in book.examples:
            given = [evidence(one, index, law.calendar) for index, one in enumerate(example.given)]
            facts = judge(law, State(AGENCY), [one for one in given if one.kind in settlement.SETTLERS]).facts
            told = [one for one in given if one.kind not in settlement.SETTLERS]
            judged = judge(law, State(AGENCY), given).obligations
            foretold = foresee(law, State(AGENCY, facts=facts), told)
            assert {one.handle: asdict(one) for one in foretold} == {
                name: asdict(one) for name, one in judged.items()
            }
            compared += len(judged)
    assert compared > 100


def test_what_is_foretold_before_an_act_falls_due_after_it(adopt, agency, settle):
    adopt("vn.hcmc.1022-2025", "vn.complaints-law-2011", "kz.appc-2020")
    complaint = event("petition.received", sort="complaint", competence="own", about="administration")
    records = [record(agency, one, MONDAY) for one in (RECEIVED, FORWARDED, complaint, APPEAL)]
    foretold = [forecast(agency=agency, then=[one]) for one in records]
    made = [happen(agency, one) for one in records]
    settle()
    for entry, told in zip(made, foretold, strict=True):
        judged = queries.obligations_by_trigger([entry], agency=agency.handle)
        assert sorted(
            (one.book, one.norm, one.due_at, one.cite, one.bearer_unit) for one in judged
        ) == sorted(
            (one.duty.book, one.duty.norm, one.duty.due_at, one.duty.cite, one.duty.bearer_unit)
            for one in told
        )
    assert [due(one) for one in foretold] == [
        {"forward-in-five-minutes": "2026-03-02 09:05"},
        {"answer-in-ten-days": "2026-03-13 00:00"},
        {"accept-in-ten-days": "2026-03-13 00:00"},
        {"register-with-coupon": "2026-03-02 17:00", "decide-in-fifteen-days": "2026-03-23 17:00"},
    ]
    assert foretold[2][0].article == "Art 27"


def test_what_is_recorded_is_foretold_before_the_judge_has_read_it_and_after(adopt, agency, settle):
    adopt("vn.hcmc.1022-2025")
    with atomic():
        entry = happen(agency, record(agency, RECEIVED, MONDAY))
        within = forecast(agency=agency, entries=[entry])
    assert forecast(agency=agency, entries=[entry]) == within
    settle()
    assert forecast(agency=agency, entries=[entry]) == within
    assert queries.obligations_by_trigger([entry], agency=agency.handle, as_of=at(MONDAY)) == (
        within[0].duty,
    )


def test_forwarding_meets_one_duty_and_sets_off_the_next(adopt, agency):
    adopt("vn.hcmc.1022-2025")
    entry = happen(agency, record(agency, RECEIVED, MONDAY))
    found = forecast(agency=agency, entries=[entry], then=[record(agency, FORWARDED, "2026-03-02 09:03")])
    assert [(one.duty.norm, one.duty.status, one.fulfilled_by) for one in found] == [
        ("forward-in-five-minutes", "fulfilled", "petitions.petition.forwarded"),
        ("answer-in-ten-days", "pending", "petitions.answer.given"),
    ]


@pytest.mark.parametrize("is_read", [True, False])
def test_an_extension_in_time_moves_the_promise_by_two_months(adopt, agency, settle, is_read):
    adopt("kz.appc-2020")
    entry = happen(agency, record(agency, APPEAL, MONDAY))
    if is_read:
        settle()
    found = forecast(agency=agency, entries=[entry], then=[record(agency, EXTENDED, "2026-03-20 10:00")])
    assert due(found) == {
        "register-with-coupon": "2026-03-02 17:00",
        "tell-of-extension": "2026-03-25 17:00",
        "decide-in-fifteen-days": "2026-05-26 00:00",  # from Monday the 23rd to Saturday the 23rd, and past it
    }
    assert found[-1].extended == (at("2026-03-20 10:00"),)
    late = record(agency, EXTENDED, "2026-03-24 10:00")
    assert due(forecast(agency=agency, entries=[entry], then=[late]))["decide-in-fifteen-days"] == (
        "2026-03-23 17:00"
    )


def test_without_a_decision_there_is_no_time_but_the_parameter_that_lacks_it(adopt, agency, settle):
    adopt("vn.da-nang.1022-2021")
    ordinary = record(agency, event("petition.forwarded", sort="report", urgency="ordinary"), MONDAY)
    [undecided] = forecast(agency=agency, then=[ordinary])
    assert (undecided.duty.due_at, undecided.undecided_parameter) == (None, "answer_ordinary_within")
    told = ParameterDecided(
        book="vn.da-nang.1022-2021",
        parameter="answer_ordinary_within",
        value=7,
        unit="working_day",
        valid_from="2026-03-01",
    )
    tell(agency, told, at("2026-03-01 08:00"))
    settle()
    [decided] = forecast(agency=agency, then=[ordinary])
    assert (due([decided]), decided.undecided_parameter) == ({"answer-ordinary": "2026-03-11 17:00"}, "")


def test_a_book_that_the_agency_has_not_adopted_promises_nothing(adopt, agency):
    adopt("vn.complaints-law-2011")
    assert forecast(agency=agency, then=[record(agency, RECEIVED, MONDAY)]) == ()


def test_of_two_rivals_only_the_one_that_prevails_is_promised(adopt, agency):
    adopt("vn.da-nang.1022-2021", "vn.hcmc.1022-2025")
    found = forecast(agency=agency, then=[record(agency, FORWARDED, MONDAY)])
    assert [(one.duty.book, one.duty.norm) for one in found] == [("vn.hcmc.1022-2025", "answer-in-ten-days")]


def test_a_day_that_the_agency_closed_is_not_counted(adopt, agency, chi, settle):
    adopt("vn.da-nang.1022-2021")
    close_day(by=chi, day=date(2026, 3, 3), reason="Mất điện", number="", at=at("2026-03-02 08:00"))
    settle()
    found = forecast(agency=agency, then=[record(agency, FORWARDED, MONDAY)])
    assert due(found) == {"answer-at-once": "2026-03-06 17:00"}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="plans are told by each database in its own words")
def test_duties_are_found_by_their_indexes(adopt, agency, settle):
    adopt("vn.hcmc.1022-2025")
    entry = happen(agency, record(agency, RECEIVED, MONDAY))
    settle()
    with CaptureQueriesContext(connection) as asked:
        forecast(agency=agency, then=[record(agency, FORWARDED, MONDAY)])
        assert len(queries.obligations_by_trigger([entry], agency=agency.handle)) == 1
    with connection.cursor() as cursor:
        asked_of_duties = [one["sql"] for one in asked if '"rules_obligation"' in one["sql"]]
        plans = [str(cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()) for sql in asked_of_duties]
    assert [re.findall(r"INDEX (rules_[a-z]+)", plan) for plan in plans] == [
        ["rules_fulfil"],
        ["rules_fulfil"],
        ["rules_cancel"],
        ["rules_trigger"],
    ]


def test_what_settles_facts_is_not_foretold(adopt, agency):
    adopt()
    told = BookAdopted(book="vn.hcmc.1022-2025", book_version=1, valid_from="2026-01-01")
    with pytest.raises(SettlesFactsError):
        forecast(agency=agency, then=[record(agency, told, MONDAY)])
