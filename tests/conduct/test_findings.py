import hashlib
import inspect
from datetime import timedelta

import pytest

from congvu.conduct import queries
from congvu.conduct.actions import counts, findings, reports
from congvu.conduct.actions.findings import (
    LONGEST,
    DutyMissingError,
    NoReasonError,
    NotAboveError,
    NotBearerError,
    NothingToDecideError,
    OwnFindingError,
    TooLongError,
    confirm,
    excuse,
    excuse_many,
    reply,
)
from congvu.conduct.models import Finding, Statement
from congvu.conduct.wording import digest
from congvu.directory import queries as directory
from congvu.directory.actions.units import open_unit
from congvu.directory.policies import OPERATOR
from congvu.ledger import queries as ledger
from congvu.ledger.models import Outbox
from congvu.ledger.sequencer import settle
from congvu.rules import queries as rules
from tests.conduct.conftest import MONDAY, at
from tests.conftest import APPOINTED_ON

LATER = at("11:00")
REASON = "Máy chủ ngừng hoạt động từ 7 giờ đến 10 giờ."


def card_of(seat, duty):
    return queries.cards([rules.obligation(duty.handle, agency=seat.agency.handle)], agency=seat.agency)[0]


def test_the_office_missed_the_morning_window(missed, binh):
    assert missed(binh).status == "breached"


def test_an_official_can_reply_and_the_text_stays_out_of_the_log(missed, binh):
    duty = missed(binh)
    finding = reply(by=binh, obligation=duty.handle, text="Tôi đi họp ở sở.", at=LATER)
    settle()
    statement = Statement.objects.get(finding=finding)
    entry = ledger.entry(statement.entry, agency=binh.agency.handle)
    assert (entry.kind, entry.attributes) == ("conduct.finding.replied", {})
    assert entry.disclosures == {
        "obligation": duty.handle,
        "actor": binh.person.handle,
        "digest": hashlib.sha256("Tôi đi họp ở sở.".encode()).hexdigest(),
    }
    assert (finding.state, statement.text) == ("replied", "Tôi đi họp ở sở.")


def test_an_official_can_reply_after_the_decision(missed, binh, chi):
    duty = missed(binh)
    confirm(by=chi, obligation=duty.handle, reason=REASON, at=LATER)
    finding = reply(by=binh, obligation=duty.handle, text="Tôi đi công tác.", at=LATER + timedelta(minutes=1))
    assert finding.state == Finding.State.CONFIRMED
    assert [one.kind for one in card_of(chi, duty).said] == ["confirmed", "replied"]


def test_nobody_replies_for_another(missed, binh, chi):
    with pytest.raises(NotBearerError):
        reply(by=chi, obligation=missed(binh).handle, text="Anh ấy bận.", at=LATER)


def test_a_colleague_does_not_learn_that_a_duty_exists(missed, an, binh):
    for act in (
        lambda: reply(by=an, obligation=missed(binh).handle, text="?", at=LATER),
        lambda: excuse(by=an, obligation=missed(binh).handle, reason=REASON, cause="technical", at=LATER),
        lambda: confirm(by=an, obligation=missed(binh).handle, reason=REASON, at=LATER),
    ):
        with pytest.raises(DutyMissingError):
            act()
    assert (Finding.objects.count(), Statement.objects.count()) == (0, 0)


def test_a_head_excuses_with_a_cause_and_the_rules_follow(missed, binh, chi, judge):
    duty = missed(binh)
    finding = excuse(by=chi, obligation=duty.handle, reason=REASON, cause="technical", at=LATER)
    judge(at("11:30"))
    statement = Statement.objects.get(finding=finding)
    entry = ledger.entry(statement.entry, agency=binh.agency.handle)
    assert entry.attributes == {"cause": "technical"}
    assert entry.disclosures == {
        "obligation": duty.handle,
        "actor": chi.person.handle,
        "digest": digest(REASON),
    }
    assert missed(binh).status == "excused"


def test_excusing_asks_for_a_reason(missed, binh, chi):
    duty = missed(binh)
    for nothing in ("", "  \n\t", "\0"):
        with pytest.raises(NoReasonError):
            excuse(by=chi, obligation=duty.handle, reason=nothing, cause="leave", at=LATER)
        with pytest.raises(NoReasonError):
            confirm(by=chi, obligation=duty.handle, reason=nothing, at=LATER)
    assert Statement.objects.count() == 0


def test_a_reason_has_an_end(missed, binh, chi):
    with pytest.raises(TooLongError):
        excuse(by=chi, obligation=missed(binh).handle, reason="x" * (LONGEST + 1), cause="leave", at=LATER)


def test_a_head_cannot_excuse_their_own_breach(missed, chi):
    with pytest.raises(OwnFindingError):
        excuse(by=chi, obligation=missed(chi).handle, reason=REASON, cause="technical", at=LATER)
    with pytest.raises(OwnFindingError):
        confirm(by=chi, obligation=missed(chi).handle, reason=REASON, at=LATER)


def test_the_breach_of_a_head_goes_to_the_head_of_the_unit_above(missed, chi, seat_of, judge):
    leader = seat_of("Võ Hải Minh", unit="ubnd", title={"vi": "Chủ tịch"}, functions=("head",))
    deputy = seat_of("Hồ Thu Lan", unit="vp", title={"vi": "Phó"}, functions=("deputy",))
    with pytest.raises(NotAboveError):
        excuse(by=deputy, obligation=missed(chi).handle, reason=REASON, cause="leave", at=LATER)
    assert (
        excuse(by=leader, obligation=missed(chi).handle, reason=REASON, cause="leave", at=LATER).state
        == "excused"
    )


def test_a_deputy_decides_about_officials_of_the_unit(missed, binh, seat_of):
    deputy = seat_of("Hồ Thu Lan", unit="vp", title={"vi": "Phó"}, functions=("deputy",))
    assert confirm(by=deputy, obligation=missed(binh).handle, reason=REASON, at=LATER).state == "confirmed"


def test_at_the_top_the_ethics_officer_decides(missed, chi, seat_of):
    ethics = seat_of("Đỗ Văn Khoa", unit="vp", title={"vi": "Phụ trách"}, functions=("ethics_officer",))
    finding = excuse(by=ethics, obligation=missed(chi).handle, reason=REASON, cause="leave", at=LATER)
    assert finding.state == "excused"


def test_the_ethics_officer_does_not_step_in_where_somebody_stands_above(missed, binh, seat_of):
    ethics = seat_of("Đỗ Văn Khoa", unit="vp", title={"vi": "Phụ trách"}, functions=("ethics_officer",))
    with pytest.raises(NotAboveError):
        excuse(by=ethics, obligation=missed(binh).handle, reason=REASON, cause="leave", at=LATER)


def test_the_head_of_another_unit_does_not_learn_of_a_duty(missed, binh, chi, agency, seat_of):
    open_unit(
        parent=directory.root_unit(agency), code="tc", name={"vi": "Phòng Tài chính"},
        valid_from=APPOINTED_ON, by=OPERATOR, now=at("07:00"),
    )  # fmt: skip
    stranger = seat_of("Bùi Đức Long", unit="tc", title={"vi": "Trưởng phòng"}, functions=("head",))
    with pytest.raises(DutyMissingError):
        excuse(by=stranger, obligation=missed(binh).handle, reason=REASON, cause="leave", at=LATER)


def test_another_agency_does_not_learn_of_a_duty(missed, binh, akimat, seat_of):
    leader = seat_of(
        "Айгүл Серікқызы", unit="akimat", title={"kk": "Әкім"}, at=akimat,
        functions=("head", "auditor", "ethics_officer"),
    )  # fmt: skip
    with pytest.raises(DutyMissingError):
        excuse(by=leader, obligation=missed(binh).handle, reason=REASON, cause="leave", at=LATER)


def test_a_decision_can_be_changed_and_both_stay(missed, binh, chi, judge):
    duty = missed(binh)
    excuse(by=chi, obligation=duty.handle, reason=REASON, cause="technical", at=LATER)
    judge(at("11:30"))
    confirm(by=chi, obligation=duty.handle, reason="Hệ thống vẫn hoạt động.", at=at("12:00"))
    judge(at("12:30"))
    assert missed(binh).status == "breached"
    card = card_of(chi, duty)
    assert (card.state, [one.kind for one in card.said]) == ("confirmed", ["excused", "confirmed"])
    excuse(
        by=chi,
        obligation=duty.handle,
        reason="Nhật ký máy chủ cho thấy sự cố.",
        cause="technical",
        at=at("13:00"),
    )
    judge(at("13:30"))
    assert missed(binh).status == "excused"


def test_what_was_met_in_time_leaves_nothing_to_decide(missed, binh, chi, judge):
    judge(at("14:30"))
    page = rules.obligations_of(binh.person.handle, agency=binh.agency.handle, statuses=("pending",))
    afternoon = next(one for one in page.duties if one.norm == "check-mailbox")
    with pytest.raises(NothingToDecideError):
        confirm(by=chi, obligation=afternoon.handle, reason=REASON, at=at("14:31"))


def test_one_reason_excuses_many_or_none(missed, an, binh, chi):
    mine, theirs = missed(chi).handle, [missed(an).handle, missed(binh).handle]
    with pytest.raises(OwnFindingError):
        excuse_many(by=chi, obligations=[*theirs, mine], reason=REASON, cause="technical", at=LATER)
    assert Statement.objects.count() == 0
    done = excuse_many(by=chi, obligations=theirs, reason=REASON, cause="technical", at=LATER)
    assert [one.state for one in done] == ["excused", "excused"]


def test_nobody_is_judged_by_a_machine(missed, binh, judge):
    """Time passes for a week: no finding, no statement and no word of conduct comes by itself."""
    judge(at("18:00", MONDAY + timedelta(days=7)))
    settle()
    assert (Finding.objects.count(), Statement.objects.count(), Outbox.objects.count()) == (0, 0, 0)
    assert missed(binh).confirmed_at is None


def test_every_act_of_conduct_names_the_person_who_does_it():
    acts = [
        act
        for module in (counts, findings, reports)
        for name, act in inspect.getmembers(module, inspect.isfunction)
        if act.__module__ == module.__name__
        and not name.startswith("_")
        and name not in {"said", "decidable"}
    ]
    assert {act.__name__ for act in acts} == {
        "reply", "excuse", "excuse_many", "confirm", "report", "answer_report", "confirm_counts",
    }  # fmt: skip
    assert all(inspect.signature(act).parameters["by"].default is inspect.Parameter.empty for act in acts)
