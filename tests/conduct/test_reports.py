from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from congvu.conduct import queries
from congvu.conduct.actions.findings import NoReasonError, OwnFindingError
from congvu.conduct.actions.reports import (
    AlreadyAnsweredError,
    ElsewhereError,
    NotJudgedYetError,
    ReportMissingError,
    answer_report,
    report,
)
from congvu.conduct.models import Finding, Report, Statement
from congvu.conduct.policies import reach
from congvu.conduct.wording import digest
from congvu.ledger import queries as ledger
from congvu.ledger.sequencer import settle
from congvu.rules import queries as rules
from tests.conduct.conftest import at

TEXT = "Tài liệu họp sáng thứ hai chỉ được phát bản giấy."


def make(by, about=None, *, unit=None, matter="paper_used"):
    return report(
        by=by,
        matter=matter,
        unit=unit or by.unit,
        person=about and about.person,
        text=TEXT,
        communication="meeting_papers",
        at=at("10:30"),
    )


def answer(by, made, *, upheld):
    return answer_report(by=by, report=made, upheld=upheld, cause=None, answer="Đã xem xét.", at=at("11:30"))


def duties(made):
    return [rules.obligation(one, agency=made.agency.handle).status for one in queries.duties_of_report(made)]


def test_a_report_leaves_evidence_without_its_text(office, an, binh):
    made = make(an, binh)
    settle()
    entry = ledger.entry(made.entry, agency=office.handle)
    assert (entry.kind, entry.attributes) == ("conduct.report.made", {"matter": "paper_used"})
    assert entry.disclosures == {
        "report": made.handle,
        "actor": an.person.handle,
        "person": binh.person.handle,
        "unit": an.unit.handle,
        "digest": digest(TEXT),
    }


def test_a_report_says_something(office, an, binh):
    with pytest.raises(NoReasonError):
        report(
            by=an, matter="paper_used", unit=an.unit, person=None, text=" ", communication="", at=at("10:30")
        )


def test_a_report_is_about_the_own_agency(office, an, binh, ermek):
    with pytest.raises(ElsewhereError):
        make(an, unit=ermek.unit)
    with pytest.raises(ElsewhereError):
        make(an, ermek)
    assert Report.objects.count() == 0


def test_a_report_is_no_breach_until_a_person_upholds_it(office, an, binh, chi, judge):
    made = make(an, binh)
    judge(at("11:00"))
    assert duties(made) == ["reported"]
    answered = answer(chi, made, upheld=True)
    judge(at("12:00"))
    assert (answered.state, duties(made)) == ("upheld", ["breached"])


def test_a_report_that_is_not_upheld_excuses(office, an, binh, chi, judge):
    made = make(an, binh)
    judge(at("11:00"))
    answered = answer(chi, made, upheld=False)
    judge(at("12:00"))
    assert (answered.state, duties(made)) == ("not_upheld", ["excused"])
    assert Statement.objects.get().cause == "other"


@pytest.mark.django_db(transaction=True)
def test_for_missed_information_the_head_of_the_unit_answers(office, an, chi, judge, seat_of):
    leader = seat_of("Võ Hải Minh", unit="ubnd", title={"vi": "Chủ tịch"}, functions=("head",))
    made = make(an, matter="information_missed")
    judge(at("11:00"))
    (duty,) = queries.duties_of_report(made)
    assert rules.obligation(duty, agency=office.handle).bearer_person == chi.person.handle
    with pytest.raises(OwnFindingError):
        answer(chi, made, upheld=False)
    assert answer(leader, made, upheld=True).state == "upheld"


def test_a_colleague_cannot_answer(office, an, binh, chi, judge):
    made = make(chi, binh)
    judge(at("11:00"))
    with pytest.raises(ReportMissingError):
        answer(an, made, upheld=True)


def test_a_report_is_answered_once(office, an, binh, chi, judge):
    made = make(an, binh)
    judge(at("11:00"))
    answer(chi, made, upheld=True)
    with pytest.raises(AlreadyAnsweredError):
        answer(chi, made, upheld=False)


@pytest.mark.django_db(transaction=True)
def test_two_answers_given_at_once_are_one_answer(office, an, binh, chi, judge):
    made = make(an, binh)
    judge(at("11:00"))
    together = Barrier(2)

    def given(upheld):
        together.wait()
        try:
            return answer(chi, made, upheld=upheld).state
        except AlreadyAnsweredError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(given, (True, False)))
    made.refresh_from_db()
    assert sorted(outcomes) == sorted(["refused", made.state])
    assert [one.state for one in Finding.objects.filter(obligation__in=queries.duties_of_report(made))] == [
        {"upheld": "confirmed", "not_upheld": "excused"}[made.state]
    ]
    assert Statement.objects.count() == 1


def test_the_rules_read_a_report_before_it_is_answered(office, an, binh, chi):
    made = make(an, binh)
    with pytest.raises(NotJudgedYetError):
        answer(chi, made, upheld=True)


def test_reports_are_seen_by_who_made_them_and_by_whoever_is_in_charge(office, an, binh, chi, ermek):
    made = make(an, binh)
    seen = {seat.person.full_name: list(queries.reports(reach(seat))) for seat in (an, binh, chi, ermek)}
    assert seen == {
        an.person.full_name: [made],
        binh.person.full_name: [],
        chi.person.full_name: [made],
        ermek.person.full_name: [],
    }
