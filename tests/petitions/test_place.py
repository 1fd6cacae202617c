"""The point of a petition: the map on which it is picked, and where the public register shows it."""

import pytest
from django.urls import reverse
from django.utils import translation

from congvu.base import clock
from congvu.petitions.actions.arranging import release
from congvu.petitions.actions.receiving import receive
from congvu.petitions.models import Area, Petition
from congvu.petitions.submissions import Submission, Who
from congvu.petitions.web.acts import offered
from congvu.ui.words import by_name
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
WHO = Who(name="Dung", phone="0900")
PLACE = "/1022/ubnd/new/street-lamp/place/"


@pytest.fixture(autouse=True)
def _monday():
    with clock.demonstration(NOW):
        yield


def taken(service, **said):
    given = Submission(
        service=service, channel="portal", content="Dark.", language="vi", place="Phố Huế", **said
    )
    return receive(given, at=NOW).petition


def test_a_map_comes_only_when_asked_for_and_shows_the_areas(lamp, client, agency, office):
    assert b"data-cv-map" not in client.get(PLACE).content
    ring = [[105.0, 20.0], [105.01, 20.0], [105.01, 20.01], [105.0, 20.0]]
    Area.objects.create(agency=agency, code="ward", name={"vi": "Phường"}, rings=[ring])
    said = client.get(PLACE).content.decode()
    assert "data-cv-map" in said
    assert [
        said.count(one)
        for one in ('<script src="/static/ui/vendor/leaflet', 'href="/static/ui/vendor/leaflet')
    ] == [
        0,
        0,
    ]
    (drawn,) = client.get(reverse("ask:map", args=["ubnd"])).json()["areas"]["features"]
    assert drawn["geometry"] == {"type": "Polygon", "coordinates": [ring]}
    assert drawn["properties"] == {"name": "Phường", "is_territory": False}


def test_who_takes_a_call_may_say_the_point(lamp, ward, an, client_of):
    client, address = client_of(an), reverse("petitions:new")
    Area.objects.filter(pk=ward.pk).update(is_territory=True)
    call = {
        "service": lamp.handle,
        "content": "Tối.",
        "channel": "phone",
        "language": "vi",
        "competence": "own",
    }
    call |= {"about": "administration", "instance": "first", "once": "a" * 26, "place": "Phố Huế"}
    for point, said in (
        ({"latitude": "20.005"}, "Write both numbers"),
        ({"latitude": "48", "longitude": "16"}, "not in this"),
    ):
        answer = client.post(address, call | point)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    client.post(address, call | {"latitude": "20,005", "longitude": "105.005"})
    found = Petition.objects.get()
    assert (found.latitude, found.longitude) == (20.005, 105.005)


def test_a_released_request_leads_to_its_place_on_the_map(lamp, an, client):
    petition = taken(lamp, latitude=20.005, longitude=105.005)
    address = reverse("portal:request", args=["ubnd", petition.number])
    shown = f"/requests/ubnd/map/?q={petition.number}"
    assert shown not in client.get(address).content.decode()
    release(petition, content="Dark.", pictures={}, place="Phố Huế", shows_point=True, by=an, at=NOW)
    assert shown in client.get(address).content.decode()
    assert f'id="at-{petition.number}"' in client.get(shown).content.decode()


def test_the_act_that_is_due_comes_first(lamp, complaint, an, binh, chi):
    report, grave = taken(lamp), taken(complaint, who=WHO)
    lamp.unit = None
    lamp.save()
    assert offered(an, taken(lamp)).due.name == "forward"
    assert (offered(chi, report).due.name, offered(binh, report).due) == ("assign", None)
    assert offered(chi, grave).due.name == "accept"
    report.state = "disputed"
    assert offered(binh, report).due.name == "answer"
    assert "answer" not in {one.name for one in offered(binh, report).often}


def test_areas_stand_in_the_readers_alphabet():
    rows = [Area(code=code, name={"vi": name}) for code, name in (("c", "Đông"), ("b", "Dân"), ("a", "Ấp"))]
    with translation.override("vi"):
        assert [one.code for one in by_name(rows)] == ["a", "b", "c"]
