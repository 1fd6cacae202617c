"""Destruction is decided by two people, about what is there, and never against a hold."""

from datetime import timedelta

import pytest

from congvu.base import clock, keys
from congvu.cli.disposal import run_list, run_run
from congvu.ledger import queries as ledger
from congvu.ledger.disposal import queries
from congvu.ledger.disposal.actions import deciding, executing, holding
from congvu.ledger.disposal.actions.deciding import Choice
from congvu.ledger.disposal.models import Disposal
from congvu.ledger.disposal.tasks import tend
from congvu.ledger.queries import EntryMissingError
from congvu.ledger.sequencer import settle
from congvu.mail.models import Message
from tests.conduct.conftest import at

pytestmark = pytest.mark.django_db(transaction=True)
DAY = {"begins_at": at("00:00"), "ends_at": at("17:00")}
LETTERS = {"kinds": ["mail.message.accepted"], **DAY}


def kinds(story) -> list[str]:
    settle()
    found = ledger.entries_from(story.agency, 0, 0, 10_000)
    return [
        one.kind.removeprefix("ledger.") for one in found if ".disposal." in one.kind or ".hold." in one.kind
    ]


def decided(story, one) -> dict[str, object]:
    return {"agency": story.agency, "by": story.head.person.handle, "at": clock.now()}


def hold(story, **covered):
    by = story.head.person.handle
    return holding.place(agency=story.agency, by=by, basis="Vụ án 12/2026", at=clock.now(), **covered)


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        ({"entries": ["a" * 26]}, EntryMissingError),
        ({"entries": [], "kinds": []}, deciding.NothingChosenError),
        ({"entries": ["a" * 26], **LETTERS}, deciding.NothingChosenError),
        ({"entries": ["a" * 26] * 1_001}, deciding.NothingChosenError),
        ({"kinds": ["mail.mailbox.checked"], **DAY}, deciding.NotOfferedError),
        ({"kinds": ["ledger.disposal.executed"], **DAY}, deciding.NotOfferedError),
        ({"kinds": ["mail.message.accepted"]}, deciding.PeriodError),
        ({**LETTERS, "ends_at": at("17:00") + timedelta(days=1)}, deciding.PeriodError),
        ({**LETTERS, "ends_at": at("00:00")}, deciding.PeriodError),
        ({**LETTERS, "basis": " "}, deciding.NoReasonError),
        ({**LETTERS, "reason": "x" * 4_001}, deciding.NoReasonError),
    ],
)
def test_a_choice_without_sense_is_refused_and_leaves_nothing(story, chosen, error):
    said = {"basis": "Điều 16", "reason": "Hết hạn", **chosen}
    with pytest.raises(error):
        deciding.propose(Choice(**said), agency=story.agency, by="an", at=clock.now())
    assert (Disposal.objects.count(), kinds(story)) == (0, [])


def test_evidence_of_a_letter_goes_only_with_its_letter(story):
    with pytest.raises(deciding.NotOfferedError):
        story.propose(entries=[story.entry("mail.message.delivered")])


def test_another_agencys_entry_is_as_unknown_as_none(story, ermek):
    settle()
    foreign = next(one.id for one in ledger.entries_from(ermek.agency.handle, 0, 0, 100))
    with pytest.raises(EntryMissingError):
        story.propose(entries=[foreign])


def test_nobody_approves_what_they_proposed_and_nobody_begins_what_nobody_approved(story):
    made = story.propose()
    with pytest.raises(deciding.SamePersonError):
        deciding.approve(made.handle, agency=story.agency, by=story.clerk.person.handle, at=clock.now())
    with pytest.raises(deciding.WrongStateError):
        deciding.begin(made.handle, **decided(story, made))
    assert story.finish(made).state == "proposed"
    assert Message.objects.filter(pk=story.letter.pk).exists()


def test_what_is_not_counted_yet_or_empty_is_not_approved(story):
    choice = Choice(basis="Điều 16", reason="Hết hạn", kinds=["mail.message.imported"], **DAY)
    made = deciding.propose(choice, agency=story.agency, by=story.clerk.person.handle, at=clock.now())
    with pytest.raises(deciding.NotCountedError):
        deciding.approve(made.handle, **decided(story, made))
    tend(clock.now())
    with pytest.raises(deciding.NothingChosenError):
        deciding.approve(made.handle, **decided(story, made))


def test_letters_of_a_period_go_and_each_step_leaves_evidence(story):
    done = story.destroy(**LETTERS)
    assert Message.objects.filter(automatic=False).count() == 0
    assert done.chosen == done.counts["mail.message.accepted"]
    assert kinds(story) == [f"disposal.{one}" for one in ("proposed", "approved", "begun", "executed")]


def test_an_entry_that_is_destroyed_twice_is_refused_or_passed_over(story):
    entry = story.entry()
    first, second = story.begin(entries=[entry]), story.begin(entries=[entry])
    assert [story.finish(one).state for one in (first, second)] == ["executed", "executed"]
    second.refresh_from_db()
    assert second.counts == {}
    with pytest.raises(deciding.AlreadyDestroyedError):
        story.propose(entries=[entry])


@pytest.mark.parametrize("when", ["before approval", "after approval", "while gathering", "on the way"])
def test_a_hold_stops_a_destruction_wherever_it_is(story, when, monkeypatch, capsys):
    made = story.propose()
    if when == "before approval":
        hold(story)
        with pytest.raises(deciding.HeldError):
            deciding.approve(made.handle, **decided(story, made))
        return
    deciding.approve(made.handle, **decided(story, made))
    if when == "after approval":
        hold(story)
        with pytest.raises(deciding.HeldError):
            deciding.begin(made.handle, **decided(story, made))
        return
    deciding.begin(made.handle, **decided(story, made))
    if when == "on the way":
        settle()
        for _ in range(2):
            executing.execute(made, now=clock.now())
        made.refresh_from_db()
        assert made.step == "destroy"
    placed = hold(
        story, kinds=["mail.message.delivered"]
    )  # evidence that goes with the letter is held with it
    settle()
    story.finish(made)
    assert (made.state, made.is_held, made.done) == ("executing", True, 0)
    assert Message.objects.filter(pk=story.letter.pk).exists()
    assert keys.get_many([story.letter.blob])
    assert run_run(None) == 1
    assert "a hold covers it" in capsys.readouterr().err
    assert run_list(None) == 0
    assert "stopped by a hold" in capsys.readouterr().out
    lifting = {"agency": story.agency, "by": story.head.person.handle, "at": clock.now()}
    holding.lift(placed.handle, reason="Xong", **lifting)
    with pytest.raises(holding.AlreadyLiftedError):
        holding.lift(placed.handle, reason="Xong", **lifting)
    deciding.begin(made.handle, **decided(story, made))
    assert story.finish(made).state == "executed"
    assert kinds(story)[-4:] == ["hold.placed", "hold.lifted", "disposal.begun", "disposal.executed"]


def test_holds_that_stand_come_first_and_then_what_was_lifted_last(story):
    first, second, standing = (hold(story) for _ in range(3))
    for one in (first, second):
        holding.lift(one.handle, reason="Xong", **decided(story, one))
    assert list(queries.holds(story.agency)) == [standing, second, first]


def test_a_hold_on_another_year_or_kind_stops_nothing(story):
    hold(story, ends_at=at("00:00") - timedelta(days=365))
    hold(story, kinds=["conduct.report.made"])
    assert story.destroy().state == "executed"


def test_a_disposal_is_open_until_copies_elsewhere_have_ended(story):
    done = story.destroy()
    today = clock.now().date()
    who = {"agency": story.agency, "by": story.clerk.person.handle, "at": clock.now()}
    with pytest.raises(deciding.NotVerifiedError):
        deciding.verify(done.handle, today=today, **who)
    until = today + timedelta(days=30)
    deciding.state_copies(done.handle, until=until, text="Sao lưu khóa 30 ngày", today=today, **who)
    with pytest.raises(deciding.NotVerifiedError):
        deciding.verify(done.handle, today=until - timedelta(days=1), **who)
    before = {**who, "at": done.executed_at - timedelta(seconds=1)}  # the clock went back
    with pytest.raises(deciding.NotVerifiedError):
        deciding.verify(done.handle, today=until, **before)
    assert deciding.verify(done.handle, today=until, **who).state == "verified"
    assert (
        kinds(story)[-2:] == ["copies.stated", "disposal.verified"] or kinds(story)[-1] == "disposal.verified"
    )
    with pytest.raises(deciding.WrongStateError):
        deciding.verify(done.handle, today=until, **who)


def test_a_refused_proposal_stays_with_its_reason(story):
    made = story.propose()
    deciding.decline(made.handle, reason="Còn tranh chấp", **decided(story, made))
    with pytest.raises(deciding.WrongStateError):
        deciding.approve(made.handle, **decided(story, made))
    assert queries.disposal(made.handle, agency=story.agency).refusal == "Còn tranh chấp"


def test_only_who_proposed_takes_it_back_and_only_before_it_begins(story):
    made, by = story.propose(), {"agency": story.agency, "reason": "Nhầm kỳ", "at": clock.now()}
    with pytest.raises(deciding.OtherPersonError):
        deciding.withdraw(made.handle, by=story.head.person.handle, **by)
    deciding.approve(made.handle, **decided(story, made))
    with pytest.raises(deciding.NoReasonError):
        deciding.withdraw(made.handle, by=made.proposed_by, **(by | {"reason": " "}))
    deciding.withdraw(made.handle, by=made.proposed_by, **by)
    found = queries.disposal(made.handle, agency=story.agency)
    assert (found.state, found.refusal) == ("withdrawn", "Nhầm kỳ")
    assert kinds(story) == ["disposal.proposed", "disposal.approved", "disposal.withdrawn"]
    with pytest.raises(deciding.WrongStateError):
        deciding.begin(made.handle, **decided(story, made))
    begun = story.begin()
    with pytest.raises(deciding.WrongStateError):
        deciding.withdraw(begun.handle, by=begun.proposed_by, **by)


def test_free_text_stands_in_no_leaf(story, data_folder):
    story.destroy()
    settle()
    leaves = b"".join(path.read_bytes() for path in (data_folder / "ledger").rglob("*") if path.is_file())
    assert b"disposal.executed" in leaves
    assert not any(word.encode() in leaves for word in ("Luật Lưu trữ", "Hết thời hạn", story.letter.handle))
