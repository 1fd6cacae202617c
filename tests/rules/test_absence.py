"""Leave and who acts meanwhile: what is owed by a person waits, what is owed by an office does not."""

import pytest

from congvu.rules.duties import status
from congvu.rules.facts import load
from tests.rules.worlds import Story, at, judged, office, outcome


def duty(state, norm, **fields):
    (found,) = (
        one
        for one in state.obligations.values()
        if one.norm == norm and all(getattr(one, name) == value for name, value in fields.items())
    )
    return found


def checks(state, person):
    found = [one for one in state.obligations.values() if (one.norm, one.bearer) == ("check-mailbox", person)]
    return [status(one, state.as_of) for one in sorted(found, key=lambda one: one.opened_at)]


def test_who_is_away_owes_no_check_in_the_windows_of_those_days():
    told = office().away("2026-03-02 07:00", "binh", "2026-03-03", "2026-03-04").tick("2026-03-04 20:00").told
    assert checks(judged(told), "binh") == ["breached"] * 4  # Monday and Wednesday
    assert checks(judged(told), "an") == ["breached"] * 6


def test_time_for_a_letter_that_came_during_leave_runs_from_the_first_day_back():
    story = office().away("2026-03-02 07:00", "binh", "2026-03-03", "2026-03-05")
    state = judged(story.deliver("2026-03-03 09:00", "m", "binh").told)
    assert duty(state, "acknowledge", bearer="binh").due_at == at("2026-03-05 08:00")


def test_time_for_a_letter_that_came_just_before_leave_goes_on_after_it():
    story = office().away("2026-03-02 07:00", "binh", "2026-03-03", "2026-03-05")
    state = judged(story.deliver("2026-03-02 16:50", "m", "binh").told)
    assert duty(state, "acknowledge", bearer="binh").due_at == at("2026-03-05 07:50")


def test_leave_recorded_after_an_illness_frees_its_days_and_moves_what_was_due():
    story = office().deliver("2026-03-02 16:50", "m", "binh").tick("2026-03-04 20:00")
    before = judged(story.told)
    assert checks(before, "binh") == ["breached"] * 6
    assert status(duty(before, "acknowledge", bearer="binh"), before.as_of) == "breached"
    after = judged(story.away("2026-03-05 07:00", "binh", "2026-03-03", "2026-03-05").told)
    assert checks(after, "binh") == ["breached"] * 2 + ["annulled"] * 4
    found = duty(after, "acknowledge", bearer="binh")
    assert (found.due_at, found.computed_at) == (at("2026-03-05 07:50"), at("2026-03-05 07:00"))
    assert status(found, after.as_of) == "pending"


def test_an_early_return_counts_for_what_begins_when_it_is_known():
    story = office().away("2026-03-02 07:00", "binh", "2026-03-03", "2026-03-06")
    story.deliver("2026-03-03 09:00", "before", "binh").back("2026-03-04 07:00", "binh", "2026-03-04")
    story.deliver("2026-03-04 07:30", "after", "binh").tick("2026-03-04 09:00")
    state = judged(story.told)
    assert duty(state, "acknowledge", subject="before").due_at == at("2026-03-06 08:00")
    assert duty(state, "acknowledge", subject="after").due_at == at("2026-03-04 08:00")
    assert checks(state, "binh") == ["breached"] * 3  # Monday's two, and Wednesday's first


def test_leave_that_was_withdrawn_before_it_began_changes_nothing():
    plain = office().deliver("2026-03-03 09:00", "m", "binh").tick("2026-03-03 20:00")
    story = office().away("2026-03-02 07:00", "binh", "2026-03-03", "2026-03-05")
    story.back("2026-03-02 08:00", "binh", "2026-03-03").deliver("2026-03-03 09:00", "m", "binh")
    state = judged(story.tick("2026-03-03 20:00").told)
    assert checks(state, "binh") == checks(judged(plain.told), "binh")
    assert duty(state, "acknowledge").due_at == at("2026-03-03 09:30")


def test_what_a_mailbox_of_a_unit_owes_goes_on_and_who_acts_for_its_clerk_answers():
    story = office().away("2026-03-02 07:00", "an", "2026-03-03", "2026-03-05", acting="binh")
    state = judged(story.tick("2026-03-03 08:30").told)
    owed = [one for one in state.obligations.values() if one.bearer == "a-unit"]
    assert [(one.person, one.membership, one.unit) for one in owed] == [
        ("an", "m-an", "office"),
        ("an", "m-an", "office"),
        ("binh", "m-binh", "office"),
    ]
    assert checks(state, "a-unit")[:2] == ["breached", "breached"]


@pytest.mark.parametrize(
    ("acting", "away", "answers"),
    [
        ("binh", (), "binh"),
        ("", (), "dao"),  # nobody acts: the other clerk
        ("binh", ("binh",), "dao"),  # who acts is away too
        ("stranger", (), "dao"),  # who acts holds no post
        ("", ("dao",), "an"),  # all are away: it stays where it is
    ],
)
def test_for_an_office_answers_who_is_there(acting, away, answers):
    story = office().appoint("2026-03-01 08:06", "dao", clerk=True)
    story.away("2026-03-02 07:00", "an", "2026-03-03", "2026-03-05", acting=acting)
    for person in away:
        story.away("2026-03-02 07:01", person, "2026-03-03", "2026-03-05")
    state = judged(story.tick("2026-03-03 08:30").told)
    found = max((one for one in state.obligations.values() if one.box), key=lambda one: one.opened_at)
    assert found.person == answers


def test_leave_told_twice_or_without_its_days_counts_once_or_not():
    story = office().away("2026-03-02 07:00", "binh", "2026-03-03", "2026-03-05")
    once = judged([*story.told, *office().tick("2026-03-06 08:00").told[-1:]])
    story.told.append(story.told[-1])
    story.tell("2026-03-02 07:01", "directory.leave.granted", disclosed={"person": "an"}, acting=False)
    story.tell("2026-03-02 07:01", "directory.leave.ended", disclosed={"leave": "unknown"})
    story.tell("2026-03-02 07:01", "directory.leave.granted", destroyed=True, acting=False)
    assert outcome(judged([*story.told, *office().tick("2026-03-06 08:00").told[-1:]])) == outcome(once)


def test_facts_with_leave_are_read_back_as_they_were_written():
    story = office().away("2026-03-02 07:00", "binh", "2026-03-03", "2026-03-06", acting="an")
    facts = judged(story.back("2026-03-04 07:00", "binh", "2026-03-04").told).facts
    assert load(facts.dump()) == facts
    assert load(facts.dump()).leaves_of("binh") == facts.leaves_of("binh")


def test_leave_takes_nothing_out_of_what_an_agency_owes():
    told = Story().adopt().away("2026-03-02 07:00", "binh", "2026-03-03", "2026-03-05").told
    assert judged(told).obligations == {}
