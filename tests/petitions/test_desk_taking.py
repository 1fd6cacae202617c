"""The telephone, and what an administrator sets: services, questions, areas, routes."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from congvu.base import clock
from congvu.petitions.actions import covering, setting
from congvu.petitions.actions.receiving import receive
from congvu.petitions.actions.setting import Question
from congvu.petitions.media.redacting import Box
from congvu.petitions.models import Area, Attachment, Petition, Route, Service, ServiceAttribute
from congvu.petitions.policies import NotAllowedError
from congvu.petitions.queries import petitions as queries
from congvu.petitions.submissions import File, Submission
from tests.petitions.conftest import NOW
from tests.petitions.photos import photo

pytestmark = pytest.mark.django_db(transaction=True)
SQUARE = [[[105.0, 20.0], [105.1, 20.0], [105.1, 20.1], [105.0, 20.1], [105.0, 20.0]]]
CALL = {"content": "Đèn không sáng.", "place": "Phố Huế", "name": "Dung", "phone": "0900", "channel": "phone"} | {
    "language": "vi", "competence": "own", "about": "administration", "instance": "first", "once": "a" * 26
}  # fmt: skip


@pytest.fixture(autouse=True)
def _monday():
    with clock.demonstration(NOW):
        yield


def url(name, *handles):
    return reverse(f"petitions:{name}", args=handles)


def test_a_call_is_taken_and_its_number_read_out_with_the_day(law, lamp, an, client_of):
    client = client_of(an)
    page = client.get(url("new")).content.decode()
    assert 'enctype="multipart/form-data" autocomplete="off"' in page  # no browser keeps who called before
    answer = client.post(url("new"), CALL | {"service": lamp.handle}, follow=True)
    found = Petition.objects.get()
    said = answer.content.decode()
    assert (found.channel, found.number, queries.reporter(found).phone) == ("phone", "26-000001-5", "0900")
    assert "An answer is due by" in said
    assert queries.secret(found)[:4] in said
    again = client.post(url("new"), CALL | {"service": lamp.handle}, follow=True)  # pressed twice
    assert (again.redirect_chain[-1][0], Petition.objects.count()) == (url("taken", found.handle), 1)
    with clock.demonstration(NOW + timedelta(hours=2)):
        assert queries.secret(found)[:4] not in client.get(url("taken", found.handle)).content.decode()


def test_a_call_that_cannot_be_taken_says_why_and_loses_nothing(lamp, an, client_of):
    client, taken = client_of(an), CALL | {"service": lamp.handle}
    for changed, said in (
        ({"place": ""}, "This service asks where."),
        ({"content": "TỐI MẬT\n\nKế hoạch"}, "state secrecy"),
        ({"service": "nowhere"}, "Select a valid choice"),
        ({"received_on": "2026-03-03"}, "This day has not come yet."),
        ({"content": ""}, "required"),
    ):
        answer = client.post(url("new"), taken | changed)
        page = answer.content.decode()
        assert (said, answer.status_code, said in page, "0900" in page) == (said, 422, True, True)


def test_a_letter_on_paper_keeps_its_day_and_its_flags(law, complaint, an, client_of):
    letter = CALL | {"service": complaint.handle, "channel": "post", "received_on": "2026-02-27"}
    client_of(an).post(url("new"), letter | {"is_threat": "on", "urgency": "emergency", "address": "Hà Nội"})
    found = Petition.objects.get()
    assert (found.is_threat, found.urgency, found.channel, found.is_public) == (
        True,
        "emergency",
        "post",
        False,
    )


def test_typing_a_few_letters_finds_the_service_and_asks_its_questions(lamp, complaint, an, client_of):
    ServiceAttribute.objects.create(
        agency=lamp.agency, service=lamp, code="pole", required=True, description={"vi": "Số cột"}
    )
    client = client_of(an)
    part = client.get(url("new-services"), {"find": "den duong"}).content.decode()
    assert ("Street lamp" in part, "Complaint" in part, 'name="question-pole"' in part) == (True, False, True)
    chosen = {"find": "", "service": complaint.handle}
    part = client.get(url("new-services"), chosen, headers={"HX-Trigger": "id_service"}).content.decode()
    assert "question-pole" not in part
    answer = client.post(url("new"), CALL | {"service": lamp.handle})
    assert (answer.status_code, Petition.objects.count()) == (422, 0)
    client.post(url("new"), CALL | {"service": lamp.handle, "question-pole": "7"})
    assert Petition.objects.get().answers == {"pole": "7"}


def test_while_one_writes_what_is_open_about_the_same_thing_appears(lamp, an, client_of):
    first = receive(
        Submission(service=lamp, channel="phone", content="Đèn không sáng.", language="vi", place="Phố Huế"),
        at=NOW,
    ).petition
    client, call = client_of(an), CALL | {"service": lamp.handle}
    said = client.post(url("new-similar"), call).content.decode()
    assert (first.number in said, url("same", first.handle) in said) == (True, True)
    counted = client.post(url("same", first.handle), call, follow=True).content.decode()
    first.refresh_from_db()
    assert (first.endorsements, f"Read out the number of the request: {first.number}." in counted) == (
        1,
        True,
    )


def test_only_who_takes_petitions_in_sees_the_telephone_and_only_an_administrator_sets(
    binh, an, ngoc, client_of
):
    assert client_of(binh).get(url("new")).status_code == 403
    assert client_of(an).get(url("services")).status_code == 403
    assert client_of(ngoc).get(url("services")).status_code == 200


def test_an_administrator_sets_services_questions_areas_and_routes(agency, office, ngoc, client_of):
    client = client_of(ngoc)
    client.post(url("services-load"), {"country": "vn"})
    assert Service.objects.count() == len(setting.offers("vn"))
    new = {"code": "quiet", "name_vi": "Tiếng ồn", "sort": "report", "urgency": "ordinary", "position": "99"}
    assert client.post(url("service-new"), new | {"name_vi": ""}).status_code == 422
    assert client.post(url("service-new"), new | {"is_open": "on", "unit": office.handle}).status_code == 302
    assert client.post(url("service-new"), new).status_code == 422  # the code is taken
    noise = Service.objects.get(code="quiet")
    asked = {"code": "hour", "description_vi": "Mấy giờ?", "datatype": "singlevaluelist"}
    assert client.post(url("question-new", noise.handle), asked).status_code == 422
    asked["values"] = "night | Đêm | Түн | Ночь | Night"
    client.post(url("question-new", noise.handle), asked)
    row = ServiceAttribute.objects.get(service=noise)
    assert row.values == [{"key": "night", "name": {"vi": "Đêm", "kk": "Түн", "ru": "Ночь", "en": "Night"}}]
    client.post(url("service", noise.handle), new | {"name_vi": "Ồn ào", "keywords": "ồn, nhạc"})
    noise.refresh_from_db()
    assert (noise.name, noise.keywords, noise.is_open) == ({"vi": "Ồn ào"}, ["ồn", "nhạc"], False)
    assert ServiceAttribute.objects.filter(service=noise).exists()
    client.post(url("question", noise.handle, "hour"), {"delete": "1"})
    assert not ServiceAttribute.objects.filter(service=noise).exists()
    square = json.dumps({"type": "Polygon", "coordinates": SQUARE})
    assert client.post(url("area-new"), {"pasted": square}).status_code == 422
    client.post(url("area-new"), {"pasted": square, "code": "p1", "name_vi": "Phường 1"})
    area = Area.objects.get()
    client.post(url("route"), {"area": area.handle, "unit": office.handle, "service": noise.handle})
    assert Route.objects.get().unit == office
    page = client.get(url("services")).content.decode()
    assert ("Phường 1" in page, "Ồn ào" in page) == (True, True)


def test_a_covered_picture_is_what_everyone_sees_and_the_original_stays(lamp, an, binh, seat_of, client_of):
    shot = File(name="den.jpg", media_type="image/jpeg", data=photo(), width=64, height=48)
    given = Submission(service=lamp, channel="portal", content="Đèn", language="vi", place="x", files=[shot])
    receive(given, at=NOW)
    row = Attachment.objects.select_related("petition__agency", "petition__service").get()
    client = client_of(binh)
    address = url("picture", row.petition.handle, row.handle)
    assert client.get(address).status_code == 200
    assert (
        client.post(address, {"left": ["90"], "top": ["0"], "width": ["50"], "height": ["9"]}).status_code
        == 422
    )
    posted = {"left": ["10"], "top": ["10"], "width": ["50"], "height": ["50"]}
    assert client.post(address, posted).status_code == 302
    row.refresh_from_db()
    file = url("file", row.petition.handle, row.handle)
    assert client.get(file).content != client.get(f"{file}?shown").content
    other = seat_of("Người Lạ", unit="ubnd", title={"vi": "Chuyên viên"})
    with pytest.raises(NotAllowedError):
        covering.cover(
            row, seen=row.public_blob, boxes=[Box(left=0, top=0, width=1, height=1)], by=other, at=NOW
        )


def test_a_question_may_be_only_told(ngoc, lamp, client_of):
    told = {"code": "told", "description_vi": "Gọi 1900 nếu nguy hiểm.", "datatype": "text", "is_told": "on"}
    client_of(ngoc).post(url("question-new", lamp.handle), told)
    assert not ServiceAttribute.objects.get().variable
    assert Question(code="x", description={}).variable
