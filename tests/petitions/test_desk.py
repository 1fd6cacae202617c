"""The officials' pages: the queue by due time, one petition with its acts, and who stands in for whom."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from congvu.base import clock
from congvu.directory.actions.leave import grant_leave
from congvu.petitions.actions import answering, citizens, sending
from congvu.petitions.actions.filtering import save_filter
from congvu.petitions.actions.receiving import receive
from congvu.petitions.models import AnswerTemplate, Petition, SavedFilter, Service, Step
from congvu.petitions.submissions import Submission, Who
from congvu.petitions.web import due
from congvu.petitions.web.words import STEPS
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUNG = Who(name="Phạm Thị Dung", phone="0900 000 000", email="dung@citizen.example")


@pytest.fixture(autouse=True)
def _monday():
    with clock.demonstration(NOW + HOUR):
        yield


@pytest.fixture
def report(law, lamp):
    """Report lamps: `report(2)` -> two petitions of Dung."""

    def reported(number=1, *, service=lamp, content="Đèn đường trước trường học không sáng.", at=NOW):
        given = Submission(
            service=service, channel="portal", content=content, language="vi", who=DUNG, place="Phố Huế"
        )
        return [receive(given, at=at).petition for _ in range(number)]

    return reported


def url(name, *handles):
    return reverse(f"petitions:{name}", args=handles)


def page(client, address, status=200, **posted):
    answer = client.post(address, posted) if posted else client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def test_the_queue_shows_the_next_due_first_and_says_how_long_is_left(report, chi, client_of):
    early, late = report(at=NOW - 15 * DAY)[0], report()[0]
    said = page(client_of(chi), url("queue"))
    assert said.index(early.number) < said.index(late.number)
    assert "overdue since 5 days" in said
    assert "due in 10 days" in said


def test_the_queue_reads_as_often_for_three_rows_as_for_one(report, chi, client_of):
    client, counts = client_of(chi), []
    for number in (1, 2):
        report(number)
        page(client, url("queue"))
        with CaptureQueriesContext(
            connection,
        ) as read:
            page(client, url("queue"))
        counts.append(len(read))
    assert counts[0] == counts[1]


def test_the_queue_is_searched_as_people_type(report, chi, client_of):
    report()
    client, link = client_of(chi), f'data-item href="{url("petition", Petition.objects.get().handle)}"'
    for query, fits in (
        ("words=den duong truong", True),
        ("words=pho hue", True),
        ("words=26-000001-5", True),
        ("words=26 000001 5", True),
        ("words=nothing", False),
        ("state=disputed", False),
        ("tab=unassigned", True),
        ("tab=waiting", False),
        ("channel=portal&since=2026-03-02&until=2026-03-02", True),
        ("since=2026-03-03", False),
        ("service=nowhere&until=9999-12-31", True),
    ):
        assert (query, link in page(client, f"{url('queue')}?{query}")) == (query, fits)


def test_a_view_is_kept_renamed_and_deleted_by_its_owner_only(chi, binh, client_of):
    client = client_of(chi)
    client.post(url("filter-save"), {"name": "Đèn", "query": "tab=over&words=đèn&page=7&evil=1"})
    kept = SavedFilter.objects.get()
    assert kept.query == "tab=over&words=%C4%91%C3%A8n"
    page(client_of(binh), url("filter-delete", kept.handle), 404, x=1)
    client.post(url("filter-rename", kept.handle), {"name": "Quá hạn"})
    assert "Quá hạn" in page(client, url("queue"))
    client.post(url("filter-delete", kept.handle))
    assert not SavedFilter.objects.exists()
    assert save_filter(by=chi, name="x", query="").name == "x"


def test_several_are_given_together_and_what_cannot_be_is_named(report, chi, binh, client_of):
    one, two = report(2)
    answering.answer(two, text="Xong", proof="Ảnh", by=binh, at=NOW)
    chosen = [one.handle, two.handle]
    said = client_of(chi).post(
        url("bulk"), {"petition": chosen, "do": f"assign:{binh.person.handle}", "query": ""}, follow=True
    )
    one.refresh_from_db()
    assert one.assignee == binh.person
    assert f"Not possible for these, which stay as they were: {two.number}." in said.content.decode()
    client_of(chi).post(url("bulk"), {"petition": chosen, "do": "close", "query": ""})
    two.refresh_from_db()
    assert two.state == "closed"


def test_the_table_leaves_out_who_asked_and_harms_no_spreadsheet(report, chi, client_of):
    report(content="=1+1")
    said = client_of(chi).get(url("table")).content.decode("utf-8-sig")
    assert "'=1+1" in said
    assert "Dung" not in said
    assert "26-000001-5" in page(client_of(chi), url("printed"))


def test_a_page_shows_the_term_with_its_article_and_the_acts_of_the_seat(report, chi, binh, client_of):
    found = report()[0]
    said = page(client_of(chi), url("petition", found.handle))
    for part in ("Đèn đường trước trường học", "Who asked", "Phạm Thị Dung", "acts/refuse/", "acts/assign/"):
        assert part in said
    said = page(client_of(binh), url("petition", found.handle))
    assert "Phạm Thị Dung" not in said
    assert "acts/refuse/" not in said
    page(client_of(binh), url("act", found.handle, "refuse"), 403)


def test_a_term_of_minutes_is_told_by_the_hour_and_one_of_days_by_the_day():
    with override("en"), timezone.override("Asia/Ho_Chi_Minh"):
        words = [due.due(NOW + timedelta(minutes=n), NOW).word for n in (-5, 5, 15 * 60, -9 * 60)]
    assert words == ["overdue since 08:55", "due today by 09:05", "due today", "overdue since 1 day"]


def test_who_receives_citizens_sees_on_the_day_what_waits_for_a_unit(report, lamp, an, binh, client_of):
    lamp.unit = None
    lamp.save()
    report()
    said = "To be sent to a unit: 1"
    assert [said in page(client_of(one), reverse("desk:day")) for one in (an, binh)] == [True, False]


def test_a_colleague_who_looks_at_who_asked_leaves_a_note(report, binh, client_of):
    found = report()[0]
    assert "Phạm Thị Dung" in page(client_of(binh), url("reporter", found.handle), x=1)
    note = Step.objects.get(kind="note.made")
    assert (note.by, note.data, note.is_public) == (binh.person, {"outcome": "looked"}, False)
    assert "Looked at who asked" in page(client_of(binh), url("petition", found.handle))


def test_the_page_reads_as_often_for_three_files_and_links_as_for_one(report, chi, binh, client_of):
    found = report()[0]
    client, counts = client_of(chi), []
    page(client, url("petition", found.handle))
    for _ in range(2):
        answering.promise(found, on=date(2026, 3, 5), text="Sẽ sửa.", by=binh, at=NOW + HOUR)
        with CaptureQueriesContext(connection) as read:
            page(client, url("petition", found.handle))
        counts.append(len(read))
    assert counts[0] == counts[1]


def test_the_road_on_the_pages_from_taking_to_closing(report, binh, client_of):
    found, client = report()[0], client_of(binh)
    client.post(url("take", found.handle))
    page(client, url("act", found.handle, "answer"), 422, text="Xong.", proof="")
    for name, posted in (
        ("promise", {"on": "2026-03-06", "text": "Thợ đến thứ sáu."}),
        ("ask", {"question": "Cột số mấy?"}),
        ("resume", {"text": "Cột số 7."}),
        ("note", {"text": "Gọi thợ Nam."}),
        ("answer", {"text": "Đã thay bóng.", "proof": "Biên bản 12"}),
    ):
        page(client, url("act", found.handle, name), 302, **posted)
    late = page(client, url("act", found.handle, "promise"), 422, on="2026-03-06", text="Trang cũ.")
    assert ("It is now: Answered" in late, "Trang cũ." in late) == (True, True)
    citizens.dispute(Petition.objects.get(), text="Đèn vẫn tắt.", at=NOW + HOUR)
    said = page(client, url("petition", found.handle))
    assert "The citizen disputes the answer" in said
    assert "Đèn vẫn tắt." in said
    page(client, url("act", found.handle, "close"), 302)  # not offered: it says what it is now
    page(client, url("act", found.handle, "answer"), 302, text="Đã sửa lại.", proof="Biên bản 13")
    page(client, url("act", found.handle, "close"), 302, x=1)
    assert Petition.objects.get().state == "closed"


def test_what_a_head_and_a_clerk_do(report, complaint, chi, an, office, client_of):
    one, two, three = report(3)
    head, clerk = client_of(chi), client_of(an)
    page(head, url("act", one.handle, "assign"), 302, person=chi.person.handle)
    page(head, url("act", one.handle, "hand-back"), 302, x=1)
    page(clerk, url("act", one.handle, "forward"), 302, unit=office.handle, helping=[office.handle])
    page(head, url("act", one.handle, "extend"), 302, reason="Chờ vật tư.")
    assert "No rule that binds the agency gives more time" in page(head, url("petition", one.handle))
    page(clerk, url("act", one.handle, "escalate"), 302, ground="slow", text="Chưa ai sửa.")
    pole = Service.objects.create(agency=one.agency, code="pole", name={"en": "Pole"}, unit=office)
    page(clerk, url("act", one.handle, "reclassify"), 422, service=complaint.handle)
    page(clerk, url("act", one.handle, "reclassify"), 302, service=pole.handle)
    assert "Đèn đường → Pole" in page(clerk, url("petition", one.handle))
    page(clerk, url("act", one.handle, "link"), 302, number=two.number)
    page(clerk, url("act", two.handle, "merge"), 302, number=one.number)
    page(clerk, url("act", one.handle, "merge"), 422, number="26-000001-6")
    page(clerk, url("act", one.handle, "told"), 302, x=1)
    page(head, url("act", one.handle, "refuse"), 302, reason="Không thuộc Điều 3.")
    page(clerk, url("act", three.handle, "redirect"), 302, to="Điện lực", text="Lưới điện")
    said = page(head, url("petition", one.handle))
    assert [
        str(STEPS[kind]) in said for kind in ("petition.escalated", "extension.decided", "petition.linked")
    ] == [True] * 3
    late = report(service=complaint)[0]
    assert "everyone may read it" not in page(head, url("act", late.handle, "refuse"))
    page(head, url("act", late.handle, "accept"), 302, complexity="complex", text="")
    page(head, url("act", late.handle, "release"), 403)
    unclear = report()[0]
    Petition.objects.filter(pk=unclear.pk).update(competence="unclear")
    page(clerk, url("act", unclear.handle, "guide"), 302, text="Phường giải quyết.")


def test_words_are_released_to_everyone_after_editing(report, binh, client_of):
    found, client = report()[0], client_of(binh)
    assert "Đèn đường trước trường học" in page(client, url("act", found.handle, "release"))
    said = {"content": "Đèn đường không sáng.", "place": "Đường Lê Lợi"}
    page(client, url("act", found.handle, "release"), 302, **said)
    released = Petition.objects.get()
    assert (released.public_content, released.public_place, released.shows_point) == (*said.values(), False)


def test_a_template_is_put_behind_what_was_typed_in_the_citizens_language(report, chi, binh, client_of):
    head = client_of(chi)
    page(head, url("template-new"), 422, name="Cảm ơn", service="")
    page(head, url("template-new"), 302, name="Cảm ơn", service="", text_vi="Xin cảm ơn.", text_ru="Спасибо.")
    made, found = AnswerTemplate.objects.get(), report()[0]
    posted = {"text": "Đã sửa.", "proof": "", "template": made.handle, "fill": "1"}
    assert "Đã sửa.\n\nXin cảm ơn." in page(client_of(binh), url("act", found.handle, "answer"), **posted)
    page(head, url("template", made.handle), 302, name="Cảm ơn", service="", text_vi="Cảm ơn anh/chị.")
    assert "Cảm ơn" in page(head, url("templates"))
    page(head, url("template-delete", made.handle), 302, x=1)
    page(client_of(binh), url("templates"), 403)


def test_whoever_acts_for_an_assignee_on_leave_finds_and_answers_it(
    report, complaint, chi, binh, seat_of, agency, ngoc, client_of
):
    found = report(service=complaint)[0]
    sending.assign(found, to=binh.person, by=chi, at=NOW)
    stand_in = seat_of("Vũ Văn Giang", unit="vp", title={"vi": "Chuyên viên"})
    client = client_of(stand_in)
    assert found.number not in page(client, url("queue"))
    page(client, url("petition", found.handle), 404)
    grant_leave(
        agency=agency,
        person=binh.person,
        valid_from=date(2026, 3, 2),
        valid_to=date(2026, 3, 9),
        acting=stand_in.person,
        by=ngoc,
        now=NOW,
    )
    assert found.number in page(client, f"{url('queue')}?tab=mine")
    assert "Vũ Văn Giang acts" in page(client_of(chi), url("queue"))
    page(client, url("act", found.handle, "answer"), 302, text="Đã xem xét.", proof="QĐ 5")
    with clock.demonstration(datetime(2026, 3, 9, 3, tzinfo=UTC)):
        page(client, url("petition", found.handle), 404)


def test_a_stranger_to_the_unit_finds_no_such_petition(report, seat_of, client_of):
    found = report()[0]
    other = client_of(seat_of("Người Lạ", unit="ubnd", title={"vi": "Chuyên viên"}))
    assert found.number not in page(other, f"{url('queue')}?tab=all")
    for name in ("petition", "taken"):
        assert other.get(url(name, found.handle)).status_code in {403, 404}
    page(other, url("act", found.handle, "note"), 404)


def test_what_one_answers_next_stands_on_the_day_and_a_head_sees_how_many(report, chi, binh, client_of):
    found = report(2)[0]
    sending.assign(found, to=binh.person, by=chi, at=NOW)
    said = page(client_of(binh), reverse("desk:day"))
    assert ("Requests due (1)" in said, found.number in said, "due in 10 days" in said) == (True, True, True)
    assert "Requests due" not in page(client_of(chi), reverse("desk:day"))
    assert "?tab=unassigned" in page(client_of(chi), reverse("desk:unit"))
