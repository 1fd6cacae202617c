"""Citizens ask: one question a page, without an account and without a script; nothing they wrote is lost."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from congvu.base import blobs, clock
from congvu.petitions.actions import arranging, drafting
from congvu.petitions.guarding import checking
from congvu.petitions.guarding.pace import Pace
from congvu.petitions.media import stripping
from congvu.petitions.media.stripping import Stripped
from congvu.petitions.models import (
    Area,
    Attachment,
    Petition,
    Service,
    ServiceAttribute,
    UnsentFile,
    UnsentPetition,
)
from congvu.petitions.queries import petitions as queries
from congvu.petitions.queries.unsent import answers
from tests.petitions.citizen import SITE, Citizen, kept
from tests.petitions.conftest import NOW
from tests.petitions.photos import photo

pytestmark = pytest.mark.django_db(transaction=True)
HTML = '<script>alert("x")</script>'


@pytest.fixture(autouse=True)
def _now(data_folder, monkeypatch):
    monkeypatch.setattr(checking, "_pace", Pace(timedelta(minutes=1)))
    monkeypatch.setattr(checking, "_copies", Pace(timedelta(hours=1)))
    with clock.demonstration(NOW):
        yield


@pytest.fixture
def drawn(monkeypatch):
    """Photos as they come out of the confined process, which has tests of its own."""

    def strip(data, *, declared_type):
        del declared_type
        return Stripped(data=data, media_type="image/jpeg", width=4, height=3, location=(20.005, 105.005))

    monkeypatch.setattr(stripping, "strip", strip)


def test_a_broken_lamp_is_reported_without_an_account(law, lamp, ward):
    dung = Citizen()
    assert dung.asks(name="Dung", email="dung@citizen.example") == "check"
    shown = dung.opens("check").content.decode()
    assert "Trước trường học" in shown
    assert "Đèn đường không sáng." in shown
    assert dung.copies(dung.sends("check", 200)).url == f"{SITE}/new/street-lamp/done/"
    number, key = kept(dung.opens("done"))
    petition = Petition.objects.get()
    assert (petition.number, petition.channel, petition.content, petition.place, petition.language) == (
        number,
        "portal",
        "Đèn đường không sáng.",
        "Trước trường học",
        "en",
    )
    assert queries.of_citizen(number, key, agency=petition.agency) == petition
    assert queries.reporter(petition).email == "dung@citizen.example"
    done = dung.opens("done").content.decode()
    assert [one in done for one in ("Answer within ten days", "12 Mar 2026", "Quy chế")] == [True] * 3
    assert "dung@citizen.example" in done


def test_the_bare_address_leads_to_the_only_agency_and_words_find_a_service(lamp):
    lamp.keywords, lamp.group = ["bóng điện"], {"vi": "Hạ tầng", "en": "Streets"}
    lamp.save()
    stranger = Client(headers={"accept-language": "vi"})
    assert stranger.get("/1022/").url == f"{SITE}/"
    page = stranger.get(f"{SITE}/?q=bong dien").content.decode()
    assert ("Đèn đường" in page, "Hạ tầng" in page, "vanphong" in page, "ubnd@ubnd.example" in page) == (
        True,
        True,
        False,
        True,
    )
    assert "Đèn đường" not in stranger.get(f"{SITE}/?q=tiếng ồn").content.decode()
    assert stranger.get("/1022/nowhere/").status_code == 404


def test_pressing_send_twice_makes_one_petition(law, lamp):
    dung = Citizen()
    dung.asks()
    prove = dung.sends("check", 200)
    assert [dung.copies(prove).status_code, dung.copies(prove).status_code] == [302, 302]
    assert Petition.objects.count() == 1
    assert dung.sends("check") == "done"
    assert dung.sends("what", content="x") == "done"


def test_a_proof_is_not_taken_for_a_second_petition(law, lamp):
    dung, replay = Citizen(), Citizen()
    dung.asks()
    prove = dung.sends("check", 200)
    dung.copies(prove)
    replay.asks()
    replay.sends("similar")
    again = replay.copies(prove)
    assert (again.status_code, Petition.objects.count()) == (422, 1)
    assert "sent twice" in again.content.decode()
    assert replay.copies(again).status_code == 302


def test_nothing_is_lost_on_an_error_and_every_error_is_said(lamp):
    dung = Citizen()
    page = dung.sends("place", 422, place="", latitude="95", longitude="105").content.decode()
    assert "There is no such place." in page
    for point, said in (
        ({"latitude": "0", "longitude": "0"}, "There is no such place."),
        ({"latitude": "nan", "longitude": "1"}, "There is no such place."),
        ({"latitude": "20"}, "Write both numbers, or neither."),
        ({"latitude": "north", "longitude": "1"}, "Write a number, such as 10.77689."),
        ({}, "Say where it is."),
    ):
        assert said in dung.sends("place", 422, **point).content.decode(), point
    dung.sends("place", place=HTML)
    long = dung.sends("what", 422, content="a" * 20_001, subject=HTML).content.decode()
    assert ("a" * 20_001 in long, HTML in long) == (True, False)
    dung.sends("what", 413, content="a" * 5_100_000)
    dung.sends("what", content=HTML)
    dung.sends("files")
    assert "dung@example.com" in dung.sends("who", 422, email="dung").content.decode()
    dung.tells()
    shown = dung.opens("check").content.decode()
    assert (HTML in shown, shown.count("&lt;script&gt;")) == (False, 2)


def test_a_place_outside_the_territory_is_sent_to_the_agency_there(lamp, ward):
    Area.objects.filter(pk=ward.pk).update(is_territory=True)
    said = Citizen().sends("place", 422, latitude="21,03", longitude="105,85").content.decode()
    assert "not in this agency&#x27;s territory" in said


def test_a_state_secret_is_not_even_kept_as_a_draft(lamp, drawn):
    dung = Citizen()
    dung.sends("place", place="Trụ sở")
    assert "117/2025/QH15" in dung.sends("what", 422, content="TUYỆT MẬT\nKế hoạch").content.decode()
    dung.sends("what", content="Kế hoạch")
    secret = SimpleUploadedFile("TUYỆT MẬT.jpg", photo(), "image/jpeg")
    assert "117/2025/QH15" in dung.sends("files", 422, documents=secret).content.decode()
    assert [answers(one)["content"] for one in UnsentPetition.objects.all()] == ["Kế hoạch"]
    assert not UnsentFile.objects.exists()


def test_photos_are_kept_one_by_one_and_their_place_is_only_offered(lamp, ward, drawn):
    dung = Citizen()
    dung.sends("place", place="Trước trường học")
    dung.sends("what", content="Đèn hỏng.")
    two = [SimpleUploadedFile(name, b"photo", "image/jpeg") for name in ("mot.jpg", "hai.jpg")]
    assert dung.sends("files", documents=two) == "files"  # with a place to offer nobody goes on by themselves
    page = dung.opens("files").content.decode()
    assert ("mot.jpg" in page, "hai.jpg" in page, "20.00500, 105.00500" in page) == (True, True, True)
    one, other = UnsentFile.objects.order_by("pk")
    dung.sends("files", remove=one.handle)
    assert [UnsentFile.objects.get(), blobs.traces([one.blob])] == [other, 0]
    petition = sent(dung)
    assert (petition.latitude, Attachment.objects.get().name) == (None, "hai.jpg")
    assert blobs.traces([other.blob]) == 0  # its copy is the petition's now

    taken = Citizen()
    taken.sends("place", place="Trước trường học")
    taken.sends("what", content="Đèn hỏng.")
    taken.sends("files", documents=two[:1])
    taken.sends("files", place=UnsentFile.objects.get().handle)
    assert "20.00500, 105.00500" not in taken.opens("files").content.decode()
    found = sent(taken, other=True)
    assert (found.latitude, found.longitude, found.area) == (20.005, 105.005, ward)


def test_a_bad_file_says_why_and_loses_no_other(lamp):
    dung = Citizen()
    dung.sends("place", place="Trước trường học")
    dung.sends("what", content="Đèn hỏng.")
    program = SimpleUploadedFile("anh.jpg", b"MZ" + b"\0" * 50, "image/jpeg")
    empty = SimpleUploadedFile("trong.jpg", b"", "image/jpeg")
    page = dung.sends("files", 422, documents=[program, empty]).content.decode()
    assert "anh.jpg: Only photos" in page
    assert "trong.jpg: The file is empty." in page
    assert dung.sends("files") == "who"


def test_a_hundred_megabytes_are_refused_by_their_length_in_a_sentence(lamp, settings):
    settings.CONGVU_PETITION_FILE_LIMIT = 1_000_000
    dung = Citizen()
    dung.sends("place", place="Trước trường học")
    large = dung.client.post(
        f"{SITE}/new/street-lamp/files/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="104857600",
    )
    assert (large.status_code, "larger than 10 MB" in large.content.decode()) == (413, True)
    forged = Client(enforce_csrf_checks=True).post(f"{SITE}/new/street-lamp/files/", {"add": "1"})
    assert forged.status_code == 403


def test_what_expired_is_gone_and_what_is_sent_then_is_kept(lamp):
    dung = Citizen()
    dung.sends("place", place="Trước trường học")
    blob = UnsentPetition.objects.get().blob
    with clock.demonstration(NOW + drafting.LIFE):
        assert dung.sends("what", content="Đèn vẫn hỏng.") == "place"
        assert "What you sent just now is kept." in dung.opens("place").content.decode()
        assert "Đèn vẫn hỏng." in dung.opens("what").content.decode()
        assert (UnsentPetition.objects.count(), blobs.traces([blob])) == (1, 0)
        late = Citizen()
        assert late.opens("who", 302).url.endswith("/place/")
        assert "was not sent within 12 hours" in late.opens("place").content.decode()


def test_the_same_request_nearby_is_joined_in_place_of_a_second_one(lamp, ward, an):
    first = Petition.objects.get(number=Citizen().asked()[0])
    arranging.release(first, content=first.content, place=first.place, pictures=(), by=an, at=NOW)
    dung = Citizen()
    assert dung.asks() == "similar"
    assert first.number in dung.opens("similar").content.decode()
    assert dung.sends("similar", same=first.number) == first.number
    assert "It stands with request" in dung.opens(f"{SITE}/joined/{first.number}/").content.decode()
    first.refresh_from_db()
    assert (
        first.endorsements,
        Petition.objects.count(),
        UnsentPetition.objects.filter(petition=None).count(),
    ) == (1, 1, 0)
    other = Citizen()
    other.asks()
    assert other.sends("similar") == "check"


def test_who_denounces_names_themselves_and_is_told_who_reads_it(complaint):
    dung = Citizen("complaint")
    assert "never shown in the public register" in dung.opens("what").content.decode()
    assert dung.opens("place", 302).url.endswith("/what/")
    dung.sends("what", content="Khiếu nại quyết định.")
    dung.sends("files")
    page = dung.sends("who", 422).content.decode()
    assert "The law asks" in page
    assert "at least one way to answer" in page
    assert dung.sends("who", name="Dung", phone="0900 000 000") == "check"
    assert "None of this is shown to the public." in dung.opens("check").content.decode()


def test_a_services_own_questions_are_asked_and_shown_in_words(lamp):
    asked = {"agency": lamp.agency, "service": lamp}
    ServiceAttribute.objects.create(
        **asked, code="count", datatype="number", required=True, description={"en": "How many lamps?"}
    )
    ServiceAttribute.objects.create(
        **asked,
        code="when",
        datatype="multivaluelist",
        description={"en": "When?"},
        values=[{"key": "n", "name": {"en": "At night"}}, {"key": "d", "name": {"en": "By day"}}],
    )
    ServiceAttribute.objects.create(
        **asked, code="said", variable=False, description={"en": "Do not touch the pole."}
    )
    dung = Citizen()
    dung.sends("place", place="Trước trường học")
    assert "Do not touch the pole." in dung.opens("what").content.decode()
    said = {"content": "Đèn hỏng.", "question-when": ["n", "d"]}
    assert "This must be answered." in dung.sends("what", 422, **said).content.decode()
    assert "Write a number" in dung.sends("what", 422, **said, **{"question-count": "hai"}).content.decode()
    assert (
        "Choose from the list."
        in dung.sends("what", 422, content="x", **{"question-when": "z"}).content.decode()
    )
    dung.sends("what", **said, **{"question-count": "2"})
    dung.sends("files")
    dung.tells()
    assert "At night, By day" in dung.opens("check").content.decode()


def test_feedback_on_the_site_is_one_page_and_comes_with_a_number(agency, office):
    assert Citizen().client.get(f"{SITE}/feedback/").status_code == 404
    Service.objects.create(agency=agency, code="site", name={"en": "Feedback"}, sort="feedback", unit=office)
    dung = Citizen("site")
    assert dung.sends(f"{SITE}/feedback/", 422, name="Dung").status_code == 422
    said = {
        "content": "Trang này khó đọc.",
        "name": "Dung",
        "email": "dung@citizen.example",
        "address": "Hà Nội",
    }
    assert dung.sends(f"{SITE}/feedback/", **said) == "check"
    dung.copies(dung.sends("check", 200))
    petition = Petition.objects.get()
    assert (petition.sort, petition.content) == ("feedback", "Trang này khó đọc.")
    assert queries.reporter(petition).address == "Hà Nội"


def test_many_forms_from_one_address_wait_and_a_closed_service_says_so(lamp, settings):
    settings.CONGVU_PETITION_PACE = 2
    dung = Citizen()
    dung.asks()
    dung.sends("check", 200)
    other = Citizen()
    kept = other.sends("place", 429, place="Trước trường học").content.decode()
    assert ("Nothing is lost" in kept, "Trước trường học" in kept) == (True, True)
    fast = dung.sends("check", 429)
    assert (int(fast["Retry-After"]) > 0, "Nothing is lost" in fast.content.decode()) == (True, True)
    Service.objects.update(is_open=False)
    assert "takes nothing for this at present" in dung.opens("check", 410).content.decode()


def test_what_was_written_can_be_thrown_away(lamp):
    dung = Citizen()
    dung.sends("place", place="Trước trường học")
    assert dung.sends("delete") == "ubnd"
    assert not UnsentPetition.objects.exists()


def sent(citizen, *, other=False):
    """Go on from where a citizen is to the end."""
    citizen.sends("files")
    citizen.tells()
    if other:
        citizen.sends("similar")
    citizen.copies(citizen.sends("check", 200))
    return Petition.objects.latest("pk")
