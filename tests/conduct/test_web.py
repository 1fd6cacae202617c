import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import congvu_verify
from congvu.conduct import queries
from congvu.conduct.actions.findings import excuse, reply
from congvu.conduct.actions.reports import report
from congvu.conduct.models import Confirmation, Finding, Report, Statement
from congvu.conduct.wording import digest
from congvu.ledger.models import Log
from congvu.ledger.queries import prove_by_cose
from congvu.ledger.sequencer import settle
from congvu.ledger.store import Folder
from congvu.ui.web.tables import harmless
from tests.conduct.conftest import MONDAY, at

REASON = "Máy chủ ngừng hoạt động."
SECRET_TEXT = "Tôi đưa con đi viện."


def duty_url(duty):
    return reverse("conduct:duty", args=[duty.handle])


@pytest.fixture
def auditor(agency, seat_of):
    return seat_of("Tạ Quang Huy", unit="ubnd", title={"vi": "Kiểm toán"}, functions=("auditor",))


@pytest.fixture
def stranger(akimat, seat_of):
    """Head, auditor and ethics officer of another agency."""
    functions = ("head", "auditor", "ethics_officer")
    return seat_of("Айгүл Серікқызы", unit="akimat", title={"kk": "Әкім"}, at=akimat, functions=functions)


def test_a_duty_is_shown_to_its_bearer_its_head_and_the_auditor_only(
    missed, an, binh, chi, auditor, stranger, client_of
):
    reply(by=binh, obligation=missed(binh).handle, text=SECRET_TEXT, at=at("10:30"))
    answers = {
        seat.person.full_name: client_of(seat).get(duty_url(missed(binh))) for seat in (binh, chi, auditor)
    }
    assert {answer.status_code for answer in answers.values()} == {200}
    assert all(SECRET_TEXT in answer.content.decode() for answer in answers.values())
    for seat in (an, stranger):
        refused = client_of(seat).get(duty_url(missed(binh)))
        assert (refused.status_code, SECRET_TEXT in refused.content.decode()) == (404, False)


def test_forms_stand_where_the_right_is(missed, binh, chi, auditor, client_of):
    shown = {
        seat.person.full_name: (
            'id="reply"' in (page := client_of(seat).get(duty_url(missed(binh))).content.decode()),
            'id="decide"' in page,
        )
        for seat in (binh, chi, auditor)
    }
    assert shown == {
        binh.person.full_name: (True, False),
        chi.person.full_name: (False, True),
        auditor.person.full_name: (False, False),
    }


def test_the_page_says_that_the_article_is_not_established(missed, binh, client_of):
    page = client_of(binh).get(duty_url(missed(binh)), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Article not established" in page
    assert "82/2009/QĐ-UBND" in page
    assert "Nothing was recorded in the window from" in page
    assert "failed" not in page


def test_a_head_decides_on_the_page(missed, binh, chi, client_of):
    url = reverse("conduct:decide", args=[missed(binh).handle])
    head = client_of(chi)
    assert head.post(url, {"decision": "excuse", "cause": "", "reason": REASON}).status_code == 422
    assert head.post(url, {"decision": "excuse", "cause": "leave", "reason": " "}).status_code == 422
    assert Statement.objects.count() == 0
    answer = head.post(url, {"decision": "excuse", "cause": "leave", "reason": REASON})
    assert (answer.status_code, Finding.objects.get().state) == (302, "excused")


def test_a_head_is_told_why_their_own_duty_is_not_theirs_to_decide(missed, chi, client_of):
    url = reverse("conduct:decide", args=[missed(chi).handle])
    answer = client_of(chi).post(url, {"decision": "confirm", "reason": REASON}, HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 422
    assert "Nobody decides about their own duty." in answer.content.decode()


def test_the_receipt_of_a_decision_verifies(missed, binh, chi, client_of):
    duty = missed(binh)
    excuse(by=chi, obligation=duty.handle, reason=REASON, cause="technical", at=at("11:00"))
    settle()
    entry = Statement.objects.get().entry
    bundle = client_of(binh).get(reverse("conduct:proof", args=[duty.handle, entry])).content
    verdict = congvu_verify.verify(bundle)
    assert verdict.ok
    assert verdict.facts.disclosed == {
        "obligation": duty.handle,
        "actor": chi.person.handle,
        "digest": digest(REASON),
    }


def test_the_cose_receipt_stands_beside_it_as_long_as_the_key_is_there(missed, binh, chi, agency, client_of):
    duty, client = missed(binh), client_of(binh)
    excuse(by=chi, obligation=duty.handle, reason=REASON, cause="technical", at=at("11:00"))
    settle()
    entry = Statement.objects.get().entry
    link = reverse("conduct:proof", args=[duty.handle, entry]) + "?format=cose"
    page = client.get(duty_url(duty)).content.decode()
    assert (f'href="{link}"' in page, "It names no witnesses" in page) == (True, True)
    answer = client.get(link)
    assert answer["Content-Type"] == "application/cose"
    assert answer.content == prove_by_cose(entry, agency=agency.handle)
    Folder.of_log(Log.objects.get(agency=agency.handle)).key.unlink()
    assert "The key of this log is gone" in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize("form", ["", "?format=cose"])
def test_a_receipt_is_handed_out_only_with_its_own_duty(missed, an, binh, chi, client_of, form):
    excuse(by=chi, obligation=missed(an).handle, reason=REASON, cause="technical", at=at("11:00"))
    settle()
    entry = Statement.objects.get().entry
    url = reverse("conduct:proof", args=[missed(binh).handle, entry])
    assert client_of(binh).get(f"{url}{form}").status_code == 404


def test_the_reported_person_reads_the_words_and_does_not_learn_who_reported(
    office, an, binh, chi, judge, client_of
):
    made = report(
        by=an, matter="paper_used", unit=binh.unit, person=binh.person, text="Bản giấy.",
        communication="", at=at("10:30"),
    )  # fmt: skip
    judge(at("11:00"))
    (duty,) = queries.duties_of_report(made)
    url = reverse("conduct:proof", args=[duty, made.entry])
    told = {"actor", "digest"}
    shown = {
        seat.person.full_name: told
        & set(congvu_verify.verify(client_of(seat).get(url).content).facts.disclosed)
        for seat in (binh, chi)
    }
    assert shown == {binh.person.full_name: {"digest"}, chi.person.full_name: told}
    page = client_of(binh).get(reverse("conduct:duty", args=[duty])).content.decode()
    assert "Bản giấy." in page
    assert an.person.full_name not in page
    assert client_of(binh).get(reverse("conduct:report", args=[made.handle])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_report_is_made_and_answered_in_the_browser(office, an, binh, chi, judge, client_of):
    said = {
        "matter": "paper_used", "communication": "meeting_papers", "unit": binh.unit.handle,
        "person": binh.person.handle, "text": "Tài liệu họp bằng giấy.",
    }  # fmt: skip
    assert client_of(an).post(reverse("conduct:report-new"), said | {"text": ""}).status_code == 422
    assert client_of(an).post(reverse("conduct:report-new"), said).status_code == 302
    made = Report.objects.get()
    url = reverse("conduct:report", args=[made.handle])
    answer = {"state": "upheld", "cause": "", "answer": "Đúng."}
    assert client_of(an).post(url, answer).status_code == 404
    assert client_of(chi).post(url, answer).status_code == 422
    judge(at("11:00"))
    assert client_of(chi).post(url, answer).status_code == 302
    assert Report.objects.get().state == "upheld"


def test_findings_are_for_whoever_has_a_unit_in_charge(missed, binh, chi, auditor, stranger, client_of):
    seats = (binh, chi, auditor, stranger)
    found = [client_of(seat).get(reverse("conduct:findings")) for seat in seats]
    assert [answer.status_code for answer in found] == [404, 200, 200, 200]
    assert [binh.person.full_name in answer.content.decode() for answer in found] == [
        False,
        True,
        True,
        False,
    ]


def test_the_list_excuses_many_for_one_reason(missed, an, binh, chi, client_of):
    url, head = reverse("conduct:findings-excuse"), client_of(chi)
    said = {"cause": "technical", "reason": REASON}
    assert head.post(url, said).status_code == 422
    both = [missed(an).handle, missed(binh).handle]
    assert head.post(url, said | {"duty": [*both, missed(chi).handle]}).status_code == 422
    assert Statement.objects.count() == 0
    assert head.post(url, said | {"duty": both}).status_code == 302
    assert {one.state for one in Finding.objects.all()} == {"excused"}


def test_the_table_is_harmless_in_a_spreadsheet(missed, binh, chi, client_of):
    reply(by=binh, obligation=missed(binh).handle, text='=HYPERLINK("x")', at=at("10:30"))
    content = client_of(chi).get(reverse("conduct:findings-csv")).content.decode("utf-8-sig")
    replies = {row[7] for row in list(csv.reader(io.StringIO(content)))[1:]}
    assert replies == {"", '\'=HYPERLINK("x")'}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_no_cell_begins_a_formula(start):
    assert harmless(f"{start}1+1") == f"'{start}1+1"


def test_numbers_stay_numbers():
    assert [harmless(cell) for cell in (-1, 0, None, "Bình")] == ["-1", "0", "", "Bình"]


def test_an_odd_address_shows_the_list_all_the_same(missed, chi, client_of):
    long = "9" * 5_000
    odds = (
        "page=0",
        "page=-1",
        "page=999999999999",
        "page=999999999",
        "page=²",
        "unit=x",
        "status=x",
        "days=-1",
    )
    for odd in (*odds, f"page={long}", f"days={long}"):
        assert client_of(chi).get(f"{reverse('conduct:findings')}?{odd}").status_code == 200
    for odd in (
        *("2026-13", "9999999-01", "²", "-", "0000", "2026-", "2026-03"),
        *(long, f"02026{long}", f"2026-{long}", "2026-03-01"),
    ):
        assert client_of(chi).get(f"{reverse('conduct:counts')}?period={odd}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_counts_are_confirmed_on_the_page_after_the_period(missed, binh, chi, judge, client_of):
    url = reverse("conduct:counts-person", args=[binh.unit.handle, binh.person.handle]) + "?period=2026-03"
    assert 'name="seen"' not in client_of(chi).get(url).content.decode()
    judge(at("07:00", MONDAY.replace(month=4, day=1)))
    page = client_of(chi).get(url)
    seen = page.context["form"].initial["seen"]
    assert client_of(binh).post(url, {"seen": seen}).status_code == 404
    assert client_of(chi).post(url, {"seen": "9 9 9 9"}).status_code == 422
    assert client_of(chi).post(url, {"seen": "x"}).status_code == 404
    assert client_of(chi).post(url, {"seen": "9" * 5000}).status_code == 422
    assert Confirmation.objects.count() == 0
    assert client_of(chi).post(url, {"seen": seen, "remark": "Đã đọc."}).status_code == 302
    assert Confirmation.objects.get().person == binh.person


def test_an_official_reads_their_own_counts_only(missed, an, binh, client_of):
    own = client_of(binh).get(reverse("conduct:counts"))
    assert (own.status_code, binh.person.handle in own["Location"]) == (302, True)
    others = reverse("conduct:counts-person", args=[an.unit.handle, an.person.handle])
    assert client_of(binh).get(others).status_code == 404


def test_a_list_of_many_asks_as_few_questions_as_a_list_of_one(
    office, chi, an, binh, missed, client_of, judge
):
    head, url = client_of(chi), reverse("conduct:findings")
    counts = []
    for until in (at("10:00"), at("16:00"), at("16:00", MONDAY.replace(day=5))):
        judge(until)
        head.get(url)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            rows = len(head.get(url).context["rows"])
        counts.append((rows, len(asked)))
    assert counts[0][0] < counts[1][0] < counts[2][0]
    assert len({number for _, number in counts}) == 1
