import pytest
from django.urls import reverse

from congvu.conduct.actions.findings import confirm, reply
from congvu.conduct.actions.reports import answer_report, report
from congvu.conduct.models import Report, Statement
from congvu.ledger.disposal.removing import remove
from tests.conduct.conftest import at

CHANGED = "This is not the text whose digest was recorded"
DESTROYED = "The digest of this text was destroyed"


@pytest.fixture
def page(client_of):
    """Read a page as somebody, in English."""

    def read(seat, name, handle):
        url = reverse(name, args=[handle])
        return client_of(seat).get(url, HTTP_ACCEPT_LANGUAGE="en").content.decode()

    return read


@pytest.fixture
def duty(missed, binh, chi):
    """A duty about which Bình replied and Chi decided."""
    found = missed(binh)
    reply(by=binh, obligation=found.handle, text="Tôi đi họp ở sở.", at=at("10:30"))
    confirm(by=chi, obligation=found.handle, reason="Không có lịch họp.", at=at("11:00"))
    return found


def warnings(text):
    return text.count(CHANGED), text.count(DESTROYED)


def test_a_statement_that_stands_as_it_was_recorded_bears_no_warning(duty, binh, page):
    assert warnings(page(binh, "conduct:duty", duty.handle)) == (0, 0)


@pytest.mark.parametrize("kind", ["replied", "confirmed"])
def test_a_statement_changed_afterwards_bears_a_warning(duty, binh, chi, page, kind):
    Statement.objects.filter(kind=kind).update(text="Tôi quên.")
    assert warnings(page(binh, "conduct:duty", duty.handle)) == (1, 0)
    assert warnings(page(chi, "conduct:duty", duty.handle)) == (1, 0)


def test_a_statement_whose_record_was_destroyed_says_that_nobody_can_tell(duty, binh, page):
    entry = Statement.objects.get(kind="replied").entry
    remove([entry], agency=binh.agency.handle)
    assert warnings(page(binh, "conduct:duty", duty.handle)) == (0, 1)


@pytest.mark.parametrize("field", ["text", "answer"])
def test_a_report_or_an_answer_changed_afterwards_bears_a_warning(office, an, binh, chi, judge, page, field):
    made = report(
        by=an,
        matter="paper_used",
        unit=an.unit,
        person=binh.person,
        text="Chỉ phát bản giấy.",
        communication="",
        at=at("10:30"),
    )
    judge(at("11:00"))
    answer_report(by=chi, report=made, upheld=True, cause=None, answer="Đúng như phản ánh.", at=at("11:30"))
    assert warnings(page(an, "conduct:report", made.handle)) == (0, 0)
    Report.objects.filter(pk=made.pk).update(**{field: "Khác."})
    assert warnings(page(an, "conduct:report", made.handle)) == (1, 0)
