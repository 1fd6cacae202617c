"""Programs hand petitions in with a key, and speak for the citizens of those that they handed in."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from congvu.base import blobs, clock
from congvu.directory.policies import OPERATOR, NotAllowedError
from congvu.petitions.actions import answering, arranging
from congvu.petitions.actions.api_keys import LabelError, WithdrawnError, give_key, withdraw_key
from congvu.petitions.models import ApiKey, Attachment, Petition, ServiceAttribute, Step
from congvu.petitions.queries import petitions as queries
from tests.petitions import georeport_schemas, photos
from tests.petitions.conftest import NOW
from tests.petitions.open311_client import V2, ask, hand_in, read, refusal
from tests.standards import spark

pytestmark = pytest.mark.django_db
DARK = {
    "service_code": "street-lamp",
    "lat": "20.005",
    "long": "105.005",
    "description": "Dark & <b>cold</b>.",
}
DUNG = {"first_name": "Dung", "last_name": "Phạm Thị", "phone": "0900", "email": "dung@citizen.example"}


@pytest.fixture
def key(agency, lamp, ward, data_folder):
    """A key of the city's app."""
    return give_key(agency=agency, label="City app", by=OPERATOR, at=NOW)


def handed(key, **fields):
    response = hand_in({"api_key": key.secret, **DARK, **fields})
    assert response.status_code == 200, response.content.decode()
    return json.loads(response.content)


def test_what_a_program_hands_in_is_a_petition_like_any_other(key, ward, office):
    [said] = handed(
        key, **DUNG, device_id="phone-7", account_id="dung-9", requested_datetime="2099-01-01T00:00:00Z"
    )
    assert georeport_schemas.faults("numbered", [said]) == []
    petition = Petition.objects.get()
    assert (petition.number, petition.channel, petition.content, petition.area, petition.unit) == (
        said["service_request_id"],
        "app",
        "Dark & <b>cold</b>.",
        ward,
        office,
    )
    assert (petition.api_key, petition.language, petition.received_at.year) == (
        key.row,
        "en",
        clock.now().year,
    )
    who = queries.reporter(petition)
    assert (who.name, who.phone, who.email) == ("Dung Phạm Thị", "0900", "dung@citizen.example")
    code = said["service_notice"].rsplit(" ", 1)[1]
    assert queries.of_citizen(petition.number, code, agency=petition.agency) == petition
    assert said["account_id"] is None
    assert ApiKey.objects.get().last_used_on is not None
    kept = [*Petition.objects.values(), *Step.objects.values(), *ApiKey.objects.values()]
    assert not [one for one in ("phone-7", "dung-9", "Dung Phạm", key.secret) if one in str(kept)]


def test_xml_says_the_same_and_a_vietnamese_name_begins_with_the_family(key):
    fields = {"api_key": key.secret, **DARK, **DUNG, "jurisdiction_id": "ubnd.example"}
    response = Client().post(f"{V2}/requests.xml", fields)
    [said] = spark.read(response.content.decode())
    assert georeport_schemas.faults("numbered", [said]) == []
    assert queries.reporter(Petition.objects.get()).name == "Phạm Thị Dung"


def test_what_is_optional_may_be_left_out_or_empty(key):
    empty = dict.fromkeys(("description", "email", "phone", "media_url", "lat", "long", "address_id"), "")
    handed(key, address_string="5 Lê Lợi", **empty)
    handed(
        key, description="", lat="", long="", address_id="ward", media_url="https://pictures.example/1.jpg"
    )
    found = [(one.content, one.place, one.latitude) for one in Petition.objects.order_by("pk")]
    assert found == [
        ("Street lamp", "5 Lê Lợi", None),
        ("Street lamp\n\nhttps://pictures.example/1.jpg", "Phường", None),
    ]


def test_answers_come_one_by_one_or_several_of_a_list(key, lamp, agency):
    values = [{"key": one, "name": {"en": one.upper()}} for one in ("a", "b", "c")]
    for code, datatype in [("poles", "multivaluelist"), ("kind", "singlevaluelist"), ("count", "number")]:
        given = {"datatype": datatype, "description": {"en": code}, "values": values}
        ServiceAttribute.objects.create(agency=agency, service=lamp, code=code, **given)
    handed(key, **{"attribute[poles][]": ["a", "c"], "attribute[kind]": "b", "attribute[count]": "3"})
    handed(key, **{"attribute[poles]": "a", "attribute[unasked]": "x", "attribute[": "y"})
    found = [one.answers for one in Petition.objects.order_by("pk")]
    assert found == [{"poles": ["a", "c"], "kind": "b", "count": "3"}, {"poles": ["a"]}]


def test_a_confidential_petition_is_named_by_a_token_that_may_be_asked_again(key, complaint):
    [said] = handed(key, service_code="complaint", **DUNG)
    assert georeport_schemas.faults("token", [said]) == []
    petition = Petition.objects.get()
    for _again in range(2):
        redeemed = read(f"tokens/{said['token']}", "redeemed")
        assert redeemed == [{"service_request_id": petition.number, "token": said["token"]}]
    assert refusal(ask(f"tokens/{said['token'][::-1]}.json"))[0] == 404
    assert refusal(ask(f"requests/{petition.number}.json"))[0] == 404


def test_a_photo_comes_without_its_metadata_and_is_shown_once_released(key, an):
    sent = SimpleUploadedFile("lamp.jpg", photos.photo(exif=photos.exif()), content_type="image/jpeg")
    handed(key, media=sent)
    row = Attachment.objects.select_related("petition").get()
    kept = blobs.get(row.blob)
    assert (row.name, row.width, row.height, b"MARKER" in kept) == ("lamp.jpg", 64, 48, False)
    path = f"requests/{row.petition.number}"
    assert read(path, "requests")[0]["media_url"] is None
    assert ask(f"media/{row.handle}").status_code == 404
    arranging.release(row.petition, content="Dark.", pictures={row.handle: row.blob}, by=an, at=clock.now())
    [said] = read(path, "requests", extensions="true")
    assert said["media_url"] == f"http://testserver{V2}/media/{row.handle}"
    assert said["extended_attributes"]["photos"] == [
        {"media_url": said["media_url"], "title": None, "width": 64, "height": 48}
    ]
    picture = ask(f"media/{row.handle}")
    assert (picture["Content-Type"], Image.open(io.BytesIO(picture.content)).size) == ("image/jpeg", (64, 48))


def test_a_program_adds_and_disputes_for_what_it_handed_in_only(key, agency, binh):
    handed(key)
    petition = Petition.objects.get()
    said = {"api_key": key.secret, "service_request_id": petition.number, "description": "Still dark."}
    response = hand_in({**said, "status": "open"}, resource="servicerequestupdates", form="xml")
    [added] = spark.read(response.content.decode())
    assert Step.objects.get(handle=added["update_id"]).kind == "petition.added"
    answering.answer(petition, text="Mended.", proof="Seen", by=binh, at=clock.now())
    hand_in({**said, "status": "closed"}, resource="servicerequestupdates")
    assert Petition.objects.get().state == "answered"
    hand_in({**said, "status": "OPEN"}, resource="servicerequestupdates")
    assert (Petition.objects.get().state, Petition.objects.get().was_disputed) == ("disputed", True)
    other = give_key(agency=agency, label="Another", by=OPERATOR, at=NOW)
    refused = hand_in({**said, "api_key": other.secret}, resource="servicerequestupdates")
    assert refusal(refused)[0] == 404
    public = ask("servicerequestupdates.json").content.decode()
    assert ("Mended." in public, "Still dark." in public) == (True, False)


def test_a_withdrawn_key_opens_nothing_and_evidence_says_who_did_it(key, agency, an):
    withdraw_key(key.row, by=OPERATOR, at=NOW)
    assert refusal(hand_in({"api_key": key.secret, **DARK}))[0] == 403
    with pytest.raises(WithdrawnError):
        withdraw_key(key.row, by=OPERATOR, at=NOW)
    for act in (
        lambda: give_key(agency=agency, label="x", by=an, at=NOW),
        lambda: withdraw_key(key.row, by=an, at=NOW),
    ):
        with pytest.raises(NotAllowedError):
            act()
    with pytest.raises(LabelError):
        give_key(agency=agency, label=" ", by=OPERATOR, at=NOW)
