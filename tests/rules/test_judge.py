"""The judge, duty by duty, as the regulation and its notes say."""

import pytest

from congvu.rules.duties import status
from congvu.rules.law import Law
from congvu.rules.state import State
from tests.rules.worlds import BOOK, CALENDAR, LAW, SHELF, Story, at, judged, office, outcome


def duties(state: State, norm: str, **fields) -> list:
    found = [one for one in state.obligations.values() if one.norm == norm]
    found = [one for one in found if all(getattr(one, name) == value for name, value in fields.items())]
    return sorted(found, key=lambda one: (one.opened_at, one.bearer))


def statuses(state: State, norm: str, **fields) -> list[tuple[str, str]]:
    return [(one.bearer, status(one, state.as_of)) for one in duties(state, norm, **fields)]


def test_each_official_and_each_mailbox_of_the_agency_owes_a_check_in_each_window():
    state = judged(office().tick("2026-03-02 23:00").told)
    assert (
        statuses(state, "check-mailbox")
        == [
            ("a-unit", "breached"),
            ("an", "breached"),
            ("binh", "breached"),
        ]
        * 2
    )
    assert {(one.opened_at, one.due_at) for one in duties(state, "check-mailbox")} == {
        (at("2026-03-02 08:00"), at("2026-03-02 09:00")),
        (at("2026-03-02 14:00"), at("2026-03-02 15:00")),
    }


def test_for_a_mailbox_of_a_unit_its_clerk_answers():
    (duty,) = duties(judged(office().tick("2026-03-02 08:30").told), "check-mailbox", bearer="a-unit")
    assert (duty.person, duty.membership, duty.unit, duty.box) == ("an", "m-an", "office", "a-unit")


def test_a_check_counts_from_the_first_instant_of_the_window_until_before_its_end():
    for moment, expected in (
        ("2026-03-02 07:59:59.999999", "breached"),
        ("2026-03-02 08:00", "fulfilled"),
        ("2026-03-02 08:59:59.999999", "fulfilled"),
        ("2026-03-02 09:00", "breached"),
    ):
        state = judged(office().check(moment, "binh").tick("2026-03-02 09:30").told)
        assert statuses(state, "check-mailbox", bearer="binh") == [("binh", expected)]


def test_a_window_is_pending_while_it_is_open_and_breached_at_the_instant_of_its_end():
    state = judged(office().tick("2026-03-02 08:59:59").told)
    assert statuses(state, "check-mailbox", bearer="binh") == [("binh", "pending")]
    state = judged(office().tick("2026-03-02 09:00").told)
    assert statuses(state, "check-mailbox", bearer="binh") == [("binh", "breached")]


def test_a_unit_mailbox_is_checked_by_whoever_opens_it_and_found_by_its_unit():
    state = judged(
        office().check("2026-03-02 08:10", "chi", box="unit", unit="office").tick("2026-03-02 10:00").told
    )
    assert statuses(state, "check-mailbox", bearer="a-unit") == [("a-unit", "fulfilled")]
    assert statuses(state, "check-mailbox", bearer="an") == [("an", "breached")]


def test_no_window_opens_at_the_weekend_on_a_holiday_or_on_a_closed_day():
    story = office().close("2026-03-02 16:00", "2026-03-03")
    state = judged(story.tick("2026-03-03 23:00").told)
    assert {one.opened_at.astimezone(CALENDAR.tzinfo).day for one in duties(state, "check-mailbox")} == {2}
    april = judged(Story().adopt("2026-04-29 18:00").appoint("2026-04-29 18:00", "binh").give("2026-04-29 18:00", "binh").tick("2026-05-03 23:00").told)  # fmt: skip
    assert duties(april, "check-mailbox") == []


def test_a_swapped_saturday_has_windows():
    state = judged(
        office().close("2026-03-06 16:00", "2026-03-07", closed=False).tick("2026-03-07 20:00").told
    )
    assert len(duties(state, "check-mailbox", opened_at=at("2026-03-07 08:00"))) == 3


def test_who_is_appointed_during_the_window_does_not_owe_it():
    story = office().appoint("2026-03-02 08:00:01", "dao").give("2026-03-02 08:00:01", "dao")
    state = judged(story.tick("2026-03-02 20:00").told)
    assert [one.opened_at for one in duties(state, "check-mailbox", bearer="dao")] == [at("2026-03-02 14:00")]


def test_an_appointment_told_late_does_not_reach_back():
    story = (
        office().appoint("2026-03-03 10:00", "dao", valid_from="2026-03-02").give("2026-03-03 10:00", "dao")
    )
    state = judged(story.tick("2026-03-03 20:00").told)
    assert [one.opened_at for one in duties(state, "check-mailbox", bearer="dao")] == [at("2026-03-03 14:00")]


def test_who_is_out_of_the_post_on_that_day_owes_none_of_its_windows():
    story = office().tick("2026-03-02 08:10").leave("2026-03-02 08:30", "binh", valid_to="2026-03-02")
    state = judged(story.tick("2026-03-02 20:00").told)
    assert statuses(state, "check-mailbox", bearer="binh") == [("binh", "annulled")]


def test_an_end_told_late_frees_the_windows_of_the_days_before():
    story = office().leave("2026-03-04 10:00", "binh", valid_to="2026-03-03")
    state = judged(story.tick("2026-03-04 20:00").told)
    assert [name for _, name in statuses(state, "check-mailbox", bearer="binh")] == [
        "breached",
        "breached",
        "annulled",
        "annulled",
        "annulled",
    ]


def test_a_second_post_carries_the_windows_on_and_one_person_owes_one_check():
    story = office().appoint("2026-03-01 09:00", "binh", unit="section", n="2")
    story.tick("2026-03-02 08:10").leave("2026-03-02 08:30", "binh", valid_to="2026-03-02")
    state = judged(story.tick("2026-03-02 10:00").told)
    assert [(one.membership, one.unit) for one in duties(state, "check-mailbox", bearer="binh")] == [
        ("m-binh2", "section")
    ]


def test_before_adoption_nothing_is_owed():
    told = office().deliver("2026-03-02 08:10", "letter", "binh").tick("2026-03-02 20:00").told
    assert outcome(judged([one for one in told if one.kind != "rules.book.adopted"]))[1] == []


def test_a_book_binds_from_its_day_and_never_before_it_was_adopted():
    story = Story().adopt("2026-03-02 10:00", valid_from="2026-03-04")
    story.appoint("2026-03-02 10:01", "binh").give("2026-03-02 10:01", "binh")
    story.deliver("2026-03-03 10:00", "early", "binh").deliver("2026-03-04 10:00", "bound", "binh")
    state = judged(story.tick("2026-03-04 12:00").told)
    assert [one.subject for one in duties(state, "acknowledge")] == ["bound"]
    assert [one.opened_at for one in duties(state, "check-mailbox")] == [at("2026-03-04 08:00")]


def test_a_book_that_is_not_in_force_judges_nothing():
    story = Story().adopt("2009-12-30 10:00", valid_from="2009-12-30").appoint("2009-12-30 10:01", "binh")
    story.deliver("2009-12-31 10:00", "before", "binh").deliver("2010-01-04 10:00", "after", "binh")
    assert [one.subject for one in duties(judged(story.told), "acknowledge")] == ["after"]


def test_until_the_agency_decides_there_is_no_breach():
    state = judged(
        office(decided=0).deliver("2026-03-02 08:10", "letter", "binh").tick("2027-03-02 20:00").told
    )
    assert statuses(state, "acknowledge") == [("binh", "pending")]


def test_a_decision_governs_what_is_delivered_after_it():
    story = office(decided=0).deliver("2026-03-02 08:10", "before", "binh").decide("2026-03-02 08:20", 30)
    story.deliver("2026-03-02 08:30", "after", "binh").decide("2026-03-02 08:35", 5)
    state = judged(story.deliver("2026-03-02 08:40", "later", "binh").tick("2026-03-02 20:00").told)
    assert [(one.subject, one.due_at) for one in duties(state, "acknowledge")] == [
        ("before", None),
        ("after", at("2026-03-02 09:00")),
        ("later", at("2026-03-02 08:45")),
    ]


@pytest.mark.parametrize("value", [4, 481])
def test_a_decision_outside_the_bounds_decides_nothing(value):
    state = judged(office(decided=value).deliver("2026-03-02 08:10", "letter", "binh").told)
    assert [one.due_at for one in duties(state, "acknowledge")] == [None]


def test_automatic_mail_own_mail_and_hand_over_boxes_owe_nothing():
    story = office().deliver("2026-03-02 08:10", "auto", "binh", automatic=True)
    story.deliver("2026-03-02 08:10", "own", "binh", direction="own")
    story.deliver("2026-03-02 08:10", "gone", "binh", box="hand_over")
    story.tell("2026-03-02 08:10", "mail.message.imported", disclosed={"message": "old", "mailbox": "b-binh"})
    assert duties(judged(story.told), "acknowledge") == []


def test_each_recipient_owes_an_acknowledgement_of_their_own():
    story = office().deliver("2026-03-02 08:10", "letter", "binh").deliver("2026-03-02 08:10", "letter", "an")
    state = judged(story.acknowledge("2026-03-02 08:20", "letter", "an").tick("2026-03-02 20:00").told)
    assert statuses(state, "acknowledge") == [("an", "fulfilled"), ("binh", "breached")]


def test_a_reply_counts_as_well_and_the_earliest_counts():
    story = (
        office()
        .deliver("2026-03-02 08:10", "letter", "binh")
        .acknowledge("2026-03-02 09:00", "letter", "binh")
    )
    story.acknowledge("2026-03-02 08:20", "letter", "binh", by="reply")
    (duty,) = duties(judged(story.told), "acknowledge")
    assert (duty.fulfilled_at, duty.fulfilled_by) == (at("2026-03-02 08:20"), story.told[-1].id)


def test_a_late_acknowledgement_is_late_and_one_that_arrives_late_is_not():
    story = office().deliver("2026-03-02 08:10", "letter", "binh").tick("2026-03-02 10:00")
    late = Story()
    late.told = [*story.told]
    assert statuses(judged(late.acknowledge("2026-03-02 08:41", "letter", "binh").told), "acknowledge") == [("binh", "late")]  # fmt: skip
    assert statuses(judged(story.acknowledge("2026-03-02 08:40", "letter", "binh").told), "acknowledge") == [("binh", "fulfilled")]  # fmt: skip


def test_as_of_never_goes_back():
    state = judged(
        office().tick("2026-03-02 10:00").tick("2026-03-02 09:00").check("2026-03-02 08:30", "binh").told
    )
    assert state.as_of == at("2026-03-02 10:00")
    assert statuses(state, "check-mailbox", bearer="binh") == [("binh", "fulfilled")]


def test_destroyed_evidence_obliges_nobody_and_is_counted():
    story = office().tell(
        "2026-03-02 08:10",
        "mail.message.delivered",
        destroyed=True,
        direction="in",
        channel="mx",
        communication="other",
        automatic=False,
        box="personal",
    )
    state = judged(story.told)
    assert duties(state, "acknowledge") == []
    assert [(one.norm, one.value) for one in state.occurrences.values()] == [("acknowledge", "untraceable")]


def test_a_closed_day_moves_the_deadlines_that_counted_its_hours_and_frees_its_windows():
    story = office().deliver("2026-03-02 16:50", "letter", "binh").tick("2026-03-03 08:10")
    state = judged(story.close("2026-03-03 08:20", "2026-03-03").tick("2026-03-03 20:00").told)
    (duty,) = duties(state, "acknowledge")
    assert (duty.due_at, status(duty, state.as_of)) == (at("2026-03-04 07:50"), "pending")
    assert {one for _, one in statuses(state, "check-mailbox", opened_at=at("2026-03-03 08:00"))} == {
        "annulled"
    }
    assert duties(state, "check-mailbox", opened_at=at("2026-03-03 14:00")) == []


def test_a_day_made_a_working_day_brings_no_deadline_forward():
    story = (
        office()
        .deliver("2026-03-06 16:50", "letter", "binh")
        .close("2026-03-06 16:55", "2026-03-07", closed=False)
    )
    (duty,) = duties(judged(story.told), "acknowledge")
    assert duty.due_at == at("2026-03-09 07:50")


def test_an_address_given_with_the_appointment_fulfils_and_a_held_one_needs_no_other():
    story = office().appoint("2026-03-02 09:00", "binh", unit="section", n="2")
    state = judged(story.told)
    assert statuses(state, "give-address") == [
        ("agency", "fulfilled"),
        ("agency", "fulfilled"),
        ("agency", "pending"),
    ]


def test_an_address_recorded_before_its_appointment_fulfils_too():
    story = Story().adopt().give("2026-03-02 09:00", "binh").appoint("2026-03-02 09:00", "binh")
    assert statuses(judged(story.told), "give-address") == [("agency", "fulfilled")]


def test_what_people_decided_last_about_a_finding_stands():
    story = office().deliver("2026-03-02 08:10", "letter", "binh").tick("2026-03-02 20:00")
    (duty,) = duties(judged(story.told), "acknowledge")
    told = {"obligation": duty.handle, "actor": "chi"}
    story.tell("2026-03-03 08:00", "conduct.finding.excused", disclosed=told, cause="leave")
    assert statuses(judged(story.told), "acknowledge") == [("binh", "excused")]
    story.tell("2026-03-03 09:00", "conduct.finding.confirmed", disclosed=told)
    assert statuses(judged(story.told), "acknowledge") == [("binh", "breached")]


def test_a_report_waits_for_people():
    told = {"report": "r1", "actor": "an", "unit": "office"}
    story = office().tell(
        "2026-03-02 08:00", "conduct.report.made", disclosed=told, matter="information_missed"
    )
    state = judged(story.told)
    assert statuses(state, "head-answers") == [("office", "reported")]
    (duty,) = duties(state, "head-answers")
    assert (duty.person, duty.subject) == ("chi", "r1")
    story.tell(
        "2026-03-03 08:00", "conduct.finding.confirmed", disclosed={"obligation": duty.handle, "actor": "chi"}
    )
    assert statuses(judged(story.told), "head-answers") == [("office", "breached")]


def test_encouraged_mail_is_only_counted():
    story = office()
    for kind in ("invitation", "direction", "report", "invitation"):
        story.tell(
            "2026-03-02 08:10",
            "mail.message.accepted",
            disclosed={"message": kind, "actor": "an"},
            channel="web",
            direction="internal",
            communication=kind,
            automatic=False,
        )
    state = judged(story.told)
    assert sorted(one.value for one in state.occurrences.values()) == [
        "direction",
        "invitation",
        "invitation",
    ]
    assert duties(state, "encouraged-by-mail") == []


def test_a_charged_post_changes_who_answers():
    story = office()
    story.tell("2026-03-02 07:00", "directory.post.charged", disclosed={"post": "p-an"}, head=False, deputy=False, clerk=False)  # fmt: skip
    story.tell("2026-03-02 07:00", "directory.post.charged", disclosed={"post": "p-binh"}, head=False, deputy=False, clerk=True)  # fmt: skip
    (duty,) = duties(judged(story.tick("2026-03-02 08:10").told), "check-mailbox", bearer="a-unit")
    assert duty.person == "binh"


def test_each_version_judges_its_own_days():
    from dataclasses import replace  # noqa: PLC0415 -- one use
    from datetime import date  # noqa: PLC0415 -- one use

    old = next(one for one in SHELF.books if one.id == BOOK)
    ends = date(2026, 3, 3)
    new = replace(old, version=2, in_force_from=ends)
    law = Law((replace(old, in_force_to=ends), new), CALENDAR)
    story = office().deliver("2026-03-02 10:00", "one", "binh").deliver("2026-03-03 10:00", "two", "binh")
    state = judged(story.acknowledge("2026-03-03 10:10", "one", "binh").tick("2026-03-03 20:00").told, law)
    assert [(one.version, status(one, state.as_of)) for one in duties(state, "acknowledge")] == [
        (1, "late"),
        (2, "breached"),
    ]
    assert [one.version for one in duties(state, "check-mailbox", bearer="binh")] == [1, 1, 2, 2]


def test_an_empty_run_changes_nothing():
    state = judged(office().told)
    assert outcome(state) == outcome(judged(office().told)) != outcome(judged([], LAW))
