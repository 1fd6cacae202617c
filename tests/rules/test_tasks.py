"""The clerk's part: time is told to the ledger when it changes something, and only then."""

import pytest

from congvu.ledger.models import Outbox
from congvu.rules import queries, tasks
from congvu.rules.models import Clock
from congvu.rules.shelf import CalendarMissingError
from congvu.rules.standing import law_of
from tests.rules.test_readers import deliver
from tests.rules.worlds import at


def ticks(agency, settle, *moments) -> list[int]:
    found = []
    for moment in moments:
        found.append(tasks.tick(at(moment)))
        settle()
    return found


def test_time_is_told_when_a_window_opens_and_closes(bound, settle):
    assert ticks(
        bound,
        settle,
        "2026-03-02 07:59",
        "2026-03-02 08:00:01",
        "2026-03-02 08:30",
        "2026-03-02 09:00:01",
        "2026-03-02 09:01",
    ) == [0, 1, 0, 1, 0]


def test_time_is_told_once_while_the_judge_is_behind(bound):
    assert [tasks.tick(at("2026-03-02 08:00:01")), tasks.tick(at("2026-03-02 08:00:02"))] == [1, 0]


def test_time_is_told_when_a_mail_falls_due(bound, binh, settle):
    deliver(bound, binh.person, "2026-03-02 09:10")
    settle()
    assert ticks(bound, settle, "2026-03-02 09:40", "2026-03-02 09:40:01") == [0, 1]
    page = queries.obligations_of(
        binh.person.handle, agency=bound.handle, statuses=["breached"], norms=["acknowledge"]
    )
    assert page.total == 1


def test_nothing_is_told_at_night_or_to_an_agency_without_books(bound, akimat, settle):
    settle(of=akimat)
    assert ticks(bound, settle, "2026-03-02 23:00")[0] == 1
    assert ticks(bound, settle, "2026-03-03 03:00") == [0]
    assert list(Clock.objects.values_list("agency__slug", flat=True)) == ["ubnd"]
    assert not Outbox.objects.exists()


def test_a_sealed_ledger_is_left_alone(bound):
    from congvu.ledger.models import Ledger  # noqa: PLC0415 -- one use

    Ledger.objects.filter(agency=bound.handle).update(sealed="behind-its-copy")
    assert tasks.tick(at("2026-03-02 08:00:01")) == 0


def test_an_agency_whose_calendar_is_gone_holds_up_no_other(bound, akimat, settle):
    settle(of=akimat)
    akimat.calendar = "gone"
    akimat.save()
    with pytest.raises(CalendarMissingError):
        law_of(akimat)
    with pytest.raises(CalendarMissingError):
        tasks.next_due(akimat, at("2026-03-02 08:00:01"))
    assert ticks(bound, settle, "2026-03-02 08:00:01") == [1]
