"""Programs ask what everyone may know: the GET methods of Open311 GeoReport v2."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client

from congvu.petitions.actions import answering, arranging
from congvu.petitions.actions.receiving import receive
from congvu.petitions.models import Petition, Service, ServiceAttribute
from congvu.petitions.queries import published
from congvu.petitions.readers import ReleasedWords
from congvu.petitions.submissions import Submission, Who
from tests.petitions.conftest import NOW
from tests.petitions.open311_client import ask, read, refusal
from tests.standards import spark

pytestmark = pytest.mark.django_db
MARCH = {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-03-31T00:00:00Z"}
DUNG = Who(name="Phạm Thị Dung", phone="0900 000 000", email="dung@citizen.example")
NUMBER = "26-000001-5"


def reported(service, *, at=NOW, **given):
    words = {"channel": "portal", "content": "Đèn trước nhà tôi không sáng.", "language": "vi", "who": DUNG}
    place = {"place": "5 Lê Lợi", "latitude": 20.005, "longitude": 105.005}
    return receive(Submission(service=service, **{**words, **place, **given}), at=at).petition


@pytest.fixture
def dark(data_folder, lamp, ward):
    """A lamp that Dung reported; nobody has released her words."""
    return reported(lamp)


@pytest.fixture
def shown(dark, an):
    """The same, released by An."""
    said = {"content": "Một đèn đường <không> sáng & tối.", "place": "5 Lê Lợi", "shows_point": True}
    return arranging.release(dark, pictures={}, by=an, at=NOW, **said)


def test_discovery_names_the_endpoint_and_its_formats(dark):
    said = read("discovery", "discovery")
    assert said["endpoints"] == [
        {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": "http://testserver/open311/v2",
            "changeset": "2010-01-01T01:00:00Z",
            "type": "test",
            "formats": ["text/xml", "application/json"],
        }
    ]
    assert said["contact"] == "People's Committee of Lam Son, ubnd@ubnd.example"


def test_services_are_listed_with_what_they_ask(dark, complaint, agency, lamp):
    Service.objects.create(agency=agency, code="gone", name={"en": "Closed"}, is_open=False)
    Service.objects.filter(pk=lamp.pk).update(keywords=["đèn", "lamp"], group={"en": "Streets"})
    values = [{"key": "001", "name": {"en": "Left"}}]
    given = {"datatype": "singlevaluelist", "description": {"en": "Which side?"}, "values": values}
    ServiceAttribute.objects.create(agency=agency, service=lamp, code="side", required=True, order=7, **given)
    found = {one["service_code"]: one for one in read("services", "services")}
    assert found == {
        "street-lamp": {
            "service_code": "street-lamp",
            "service_name": "Street lamp",
            "description": None,
            "metadata": True,
            "type": "realtime",
            "keywords": "đèn, lamp",
            "group": "Streets",
        },
        "complaint": {**found["complaint"], "metadata": False, "type": "batch", "service_name": "Complaint"},
    }
    assert read("services/street-lamp", "definition")["attributes"] == [
        {
            "variable": True,
            "code": "side",
            "datatype": "singlevaluelist",
            "required": True,
            "datatype_description": None,
            "order": 1,
            "description": "Which side?",
            "values": [{"key": "001", "name": "Left"}],
        }
    ]
    assert read("services/complaint", "definition")["attributes"] == []


def test_until_words_are_released_only_service_and_standing_are_shown(dark):
    [said] = read(f"requests/{NUMBER}", "requests", extensions="true")
    assert (said["status"], said["service_code"], said["requested_datetime"]) == (
        "open",
        "street-lamp",
        "2026-03-02T02:00:00Z",
    )
    hidden = {"description", "address", "address_id", "lat", "long", "media_url", "zipcode", "service_notice"}
    assert {name for name in hidden if said[name] is not None} == set()
    assert (said["extended_attributes"]["answers"], said["extended_attributes"]["photos"]) == ([], [])
    ReleasedWords().write_anew()
    for asked in ({"q": "trước nhà"}, {"lat": "20.005", "long": "105.005", "radius": "100"}):
        assert read("requests", "requests", **MARCH, **asked) == []


def test_what_was_released_is_shown_with_its_place_and_found_by_both(shown, ward):
    [said] = read("requests", "requests", **MARCH)
    assert (said["description"], said["address"], said["lat"], said["long"], said["address_id"]) == (
        "Một đèn đường <không> sáng & tối.",
        "5 Lê Lợi",
        20.005,
        105.005,
        "ward",
    )
    assert "extended_attributes" not in said
    ReleasedWords().write_anew()
    near = {"lat": "20.004", "long": "105.005"}
    for asked, found in [
        ({"q": "DEN duong"}, [NUMBER]),
        ({"q": "đèn đường", "updated_after": "2026-03-01T00:00:00Z"}, [NUMBER]),
        ({"q": "trước nhà"}, []),
        ({**near, "radius": "120"}, [NUMBER]),
        ({**near, "radius": "100"}, []),
    ]:
        assert [one["service_request_id"] for one in read("requests", "requests", **MARCH, **asked)] == found


def test_nothing_of_who_asked_ever_leaves(shown):
    for path in (
        "requests.json",
        f"requests/{NUMBER}.xml",
        "servicerequestupdates.json",
        "bulk.csv",
        "bulk.xml",
    ):
        response = ask(path, **MARCH, extensions="true")
        text = (b"".join(response.streaming_content) if response.streaming else response.content).decode()
        assert NUMBER in text
        assert not [one for one in ("Dung", "0900", "citizen.example", "trước nhà") if one in text]


def test_complaints_are_nowhere(dark, complaint):
    hidden = reported(complaint)
    assert [one["service_request_id"] for one in read("requests", "requests", **MARCH)] == [NUMBER]
    assert read("requests", "requests", service_request_id=hidden.number) == []
    assert refusal(ask(f"requests/{hidden.number}.xml"))[0] == 404
    assert hidden.number not in ask("servicerequestupdates.json", **MARCH).content.decode()
    assert hidden.number not in b"".join(ask("bulk.json").streaming_content).decode()


def test_filters_choose_by_id_service_status_time_and_page(dark, lamp, agency, office):
    other = Service.objects.create(agency=agency, code="tree", name={"en": "Tree"}, unit=office)
    second = reported(other, at=NOW + timedelta(days=10))
    old = reported(lamp, at=NOW - timedelta(days=300))
    Petition.objects.filter(pk=second.pk).update(state="merged", updated_at=NOW + timedelta(days=20))
    for asked, found in [
        (MARCH, [second, dark]),
        ({**MARCH, "service_code": "tree"}, [second]),
        ({**MARCH, "service_code": "street-lamp,tree,unknown"}, [second, dark]),
        ({**MARCH, "service_code": ["street-lamp", "tree"]}, [second, dark]),
        ({**MARCH, "status": "open"}, [dark]),
        ({**MARCH, "status": "closed"}, [second]),
        ({**MARCH, "status": "open,closed"}, [second, dark]),
        ({"start_date": "2026-03-05T00:00:00+07:00"}, [second]),
        ({"end_date": "2026-03-05T00:00:00 07:00"}, [dark]),
        ({"start_date": "2099-01-01T00:00:00Z"}, []),
        ({"end_date": "0001-01-01T00:00:00Z"}, []),
        ({"start_date": "9999-12-31T00:00:00Z"}, []),
        ({}, []),
        ({"updated_after": "2026-03-10T00:00:00Z"}, [second]),
        ({"updated_before": "2026-03-10T00:00:00Z"}, [dark, old]),
        ({**MARCH, "page_size": "1"}, [second]),
        ({**MARCH, "page_size": "1", "page": "2"}, [dark]),
        ({**MARCH, "page": "9"}, []),
        ({**MARCH, "page_size": "5000"}, [second, dark]),
        (
            {"service_request_id": f"{old.number},{second.number},26-999999-9", "status": "open"},
            [second, old],
        ),
    ]:
        said = [one["service_request_id"] for one in read("requests", "requests", **asked)]
        assert (asked, said) == (asked, [one.number for one in found])


def test_what_is_answered_is_open_until_it_is_closed(dark, an, binh):
    say = {"by": binh, "at": NOW + timedelta(hours=2)}
    answering.answer(dark, text="Đã thay bóng đèn.", proof="Biên bản 12", **say)
    [said] = read(f"requests/{NUMBER}", "requests")
    assert (said["status"], said["status_notes"]) == ("open", "Đã thay bóng đèn.")
    answering.close(dark, by=binh, at=NOW + timedelta(days=3))
    [said] = read(f"requests/{NUMBER}", "requests")
    assert (said["status"], said["updated_datetime"]) == ("closed", "2026-03-05T02:00:00Z")
    updates = read("servicerequestupdates", "updates", **MARCH)
    assert [(one["status"], one["description"]) for one in updates] == [
        ("open", "Received"),
        ("open", "Registered with a number"),
        ("open", "Sent to the unit that answers"),
        ("open", "Đã thay bóng đèn."),
        ("closed", "Closed"),
    ]


def test_the_whole_register_is_streamed_alike_in_three_formats(shown, lamp, monkeypatch):
    monkeypatch.setattr(published, "_CHUNK", 2)
    for minute in range(4):
        reported(lamp, at=NOW + timedelta(minutes=minute))
    Petition.objects.filter(pk=shown.pk).update(public_content="=cmd|'/c calc'!A1")
    as_csv, as_json, as_xml = (
        b"".join(ask(f"bulk.{form}").streaming_content).decode() for form in ("csv", "json", "xml")
    )
    said = json.loads(as_json)
    assert spark.read(as_xml) == said
    rows = list(csv.DictReader(io.StringIO(as_csv)))
    assert rows[0]["description"] == "'=cmd|'/c calc'!A1"
    assert [row["service_request_id"] for row in rows] == [one["service_request_id"] for one in said]
    assert (len(said), said[0]["status_description"], said[0]["lat"]) == (5, "assigned", 20.005)


def test_an_empty_register_is_still_a_document(agency, data_folder):
    assert json.loads(b"".join(ask("bulk.json").streaming_content)) == []
    assert read("requests", "requests") == []
    assert read("services", "services") == []


def test_sites_of_others_may_read_and_caches_ask_for_what_is_new(dark):
    first = ask("services.json")
    assert (first["Access-Control-Allow-Origin"], first["Content-Type"]) == (
        "*",
        "application/json; charset=utf-8",
    )
    headers = {"Accept-Language": "en", "If-None-Match": first["ETag"]}
    again = Client().get("/open311/v2/services.json", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert ask("services.xml")["Content-Type"] == "text/xml; charset=utf-8"


def test_names_are_said_in_the_language_that_is_asked_for(dark):
    for asked, name in [({}, "Đèn đường"), ({"Accept-Language": "en-GB"}, "Street lamp")]:
        said = json.loads(Client().get("/open311/v2/services.json", headers=asked).content)
        assert said[0]["service_name"] == name
