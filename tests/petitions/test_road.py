"""The road of a petition: taken in, sent on, answered, disputed, closed, with the terms of the books."""

import contextlib
from datetime import UTC, date, datetime, timedelta

import pytest

from congvu.base.database import atomic
from congvu.petitions import numbers
from congvu.petitions.actions import answering, arranging, citizens, receiving, sending, timing
from congvu.petitions.actions.receiving import receive
from congvu.petitions.actions.steps import SecrecyError, WrongStateError
from congvu.petitions.models import Petition, Step, Term
from congvu.petitions.policies import NotAllowedError
from congvu.petitions.queries import petitions as queries
from congvu.petitions.submissions import Submission, Who
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
DUNG = Who(name="Phạm Thị Dung", phone="0900 000 000", email="dung@citizen.example")


@pytest.fixture
def lit(law, lamp, ward):
    """A broken lamp, reported by Dung and already with the office."""
    return receive(
        Submission(
            service=lamp,
            channel="portal",
            content="Đèn đường trước trường học không sáng.",
            language="vi",
            who=DUNG,
            latitude=20.005,
            longitude=105.005,
        ),
        at=NOW,
    )


def test_a_report_is_numbered_and_goes_to_its_unit_at_once_with_its_term(lit, office, ward):
    petition = Petition.objects.get()
    assert petition == lit.petition
    assert (petition.number, petition.state, petition.unit, petition.area) == (
        "26-000001-5",
        "assigned",
        office,
        ward,
    )
    assert petition.due_at == datetime(2026, 3, 12, 17, tzinfo=UTC)  # ten days, to the end of the tenth
    answer = Term.objects.get(norm="answer-in-ten-days")
    assert (answer.ended_at, answer.due_at) == (None, petition.due_at)
    forwarded = Term.objects.get(norm="forward-in-five-minutes")
    assert (forwarded.ended_at, forwarded.is_late) == (NOW, False)
    assert queries.reporter(petition) == DUNG
    assert queries.of_citizen("26 000001 5", lit.key.upper(), agency=petition.agency) == petition
    assert queries.of_citizen("26-000001-5", "x" * 16, agency=petition.agency) is None


def test_nothing_of_who_asked_stands_in_the_petition_or_its_evidence(lit):
    rows = [str(Petition.objects.values().get()), *(str(one) for one in Step.objects.values())]
    assert not [row for row in rows if "Dung" in row or "0900" in row or "citizen.example" in row]


def test_an_answer_in_time_then_a_dispute_then_an_end(lit, an, binh, chi):
    petition = lit.petition
    sending.assign(petition, to=binh.person, by=binh, at=NOW + HOUR)
    answering.promise(petition, on=date(2026, 3, 6), text="Thợ điện đến thứ sáu.", by=binh, at=NOW + 2 * HOUR)
    with pytest.raises(answering.NoProofError):
        answering.answer(petition, text="Đã sửa.", proof=" ", by=binh, at=NOW + 3 * HOUR)
    answered = answering.answer(
        petition, text="Đã thay bóng.", proof="Biên bản 12/BB", by=binh, at=NOW + 48 * HOUR
    )
    assert (answered.state, answered.is_late, answered.due_at) == ("answered", False, None)
    citizens.dispute(petition, text="Đèn vẫn tắt.", at=NOW + 50 * HOUR)
    with pytest.raises(WrongStateError):
        answering.close(petition, by=binh, at=NOW + 51 * HOUR)
    answering.answer(petition, text="Đã sửa lại.", proof="Ảnh", by=binh, at=NOW + 60 * HOUR)
    citizens.rate(petition, score=4, at=NOW + 61 * HOUR)
    closed = answering.close(petition, by=binh, at=NOW + 62 * HOUR)
    assert (closed.state, closed.was_disputed, closed.score, closed.is_late) == ("closed", True, 4, False)
    kinds = [one.kind for one in queries.steps(petition)]
    assert kinds == [
        "petition.received",
        "petition.registered",
        "petition.forwarded",
        "petition.assigned",
        "answer.given",
        "answer.given",
        "petition.disputed",
        "answer.given",
        "answer.rated",
        "petition.closed",
    ]


def test_a_mark_of_secrecy_enters_by_no_word_of_anybody(lit, binh):
    marked = "TUYỆT MẬT\nĐèn vẫn tắt."
    with pytest.raises(SecrecyError):
        citizens.add(lit.petition, text=marked, at=NOW)
    with pytest.raises(SecrecyError):
        answering.answer(lit.petition, text=marked, proof="Ảnh", by=binh, at=NOW)
    assert Step.objects.filter(text__contains="MẬT").count() == 0


def test_an_answer_after_the_tenth_day_is_late(lit, binh):
    late = answering.answer(lit.petition, text="Đã sửa.", proof="Ảnh", by=binh, at=NOW + 24 * 11 * HOUR)
    assert late.is_late


def test_a_complaint_names_who_complains_and_is_never_shown(law, complaint, an, chi):
    with pytest.raises(receiving.NoReporterError):
        receive(Submission(service=complaint, channel="post", content="Khiếu nại.", language="vi"), at=NOW)
    given = Submission(service=complaint, channel="post", content="Khiếu nại.", language="vi", who=DUNG)
    petition = receive(given, by=an.person, at=NOW).petition
    accept = Term.objects.get(norm="accept-in-ten-days")
    assert (petition.is_public, accept.due_at) == (False, datetime(2026, 3, 12, 17, tzinfo=UTC))
    with pytest.raises(arranging.ConfidentialError):
        arranging.release(petition, content="Khiếu nại", pictures={}, by=an, at=NOW)
    timing.accept(petition, text="", complexity="plain", is_remote=False, by=chi, at=NOW + HOUR)
    settled = Term.objects.get(norm="settle-first")
    assert (Petition.objects.get().due_at, settled.due_at) == (
        settled.due_at,
        datetime(2026, 4, 1, 17, tzinfo=UTC),
    )


def test_a_complaint_that_is_not_taken_on_meets_the_ten_days_with_its_reasons(law, complaint, an, chi):
    given = Submission(service=complaint, channel="post", content="Khiếu nại.", language="vi", who=DUNG)
    petition = receive(given, by=an.person, at=NOW).petition
    refused = answering.refuse(petition, reason="Hết thời hiệu.", by=chi, is_told=True, at=NOW + HOUR)
    accept = Term.objects.get(norm="accept-in-ten-days")
    assert (accept.ended_at, accept.is_late, refused.state, refused.due_at) == (
        NOW + HOUR,
        False,
        "refused",
        None,
    )


def test_a_merged_petition_gets_the_answer_of_the_other(lit, an, binh, lamp):
    given = Submission(
        service=lamp, channel="phone", content="Đèn hỏng.", language="vi", place="Trước trường học"
    )
    second = receive(given, by=an.person, at=NOW + HOUR).petition
    arranging.merge(second, into=lit.petition, by=an, at=NOW + 2 * HOUR)
    answering.answer(lit.petition, text="Đã thay bóng.", proof="Ảnh", by=binh, at=NOW + 3 * HOUR)
    second.refresh_from_db()
    assert (second.state, second.answered_at, second.is_late) == ("merged", NOW + 3 * HOUR, False)


def test_a_stranger_to_the_unit_may_not_answer(lit, seat_of, agency):
    other = seat_of("Người Lạ", unit="ubnd", title={"vi": "Chuyên viên"})
    with pytest.raises(NotAllowedError):
        answering.answer(lit.petition, text="Xong.", proof="x", by=other, at=NOW)


def test_numbers_leave_none_out_and_begin_anew_with_the_agencys_own_year(lamp):
    given = Submission(service=lamp, channel="portal", content="x", language="vi", place="Chợ")
    last = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)  # a second before midnight in Vietnam
    first = receive(given, at=last).petition.number
    with contextlib.suppress(ZeroDivisionError), atomic():
        assert 1 // len(receive(given, at=last).petition.place[:0])
    found = [receive(given, at=at).petition.number[:-2] for at in (last, last + timedelta(seconds=1))]
    assert [first[:-2], *found] == ["26-000001", "26-000002", "27-000001"]


@pytest.mark.parametrize("order", [1, 999_999, 1_000_000, 999_999_999])
def test_a_number_is_read_as_it_is_spelled_also_of_the_millionth(order):
    number = numbers.spelled(2026, order)
    assert numbers.read(number) == numbers.read(number.replace("-", " ")) == number


def test_a_wrong_digit_of_a_number_is_found():
    assert numbers.read("26-000001-5") == "26-000001-5"
    assert numbers.read("２６-000001-5") == "26-000001-5"
    assert [numbers.read(f"26-000001-{digit}") for digit in "012346789"] == [None] * 9
    assert numbers.read("26-000010-5") is None
