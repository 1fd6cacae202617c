"""What an attacker tries at the doors, and what two people do to each other at once."""

import csv
import threading
from functools import partial
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from congvu.base import clock
from congvu.directory.policies import OPERATOR
from congvu.petitions import geojson
from congvu.petitions.actions import answering, arranging, citizens, covering, drafting, timing
from congvu.petitions.actions.api_keys import give_key
from congvu.petitions.actions.receiving import receive
from congvu.petitions.media.redacting import Box
from congvu.petitions.models import Attachment, Petition, Service
from congvu.petitions.queries import api_keys, duplicates
from congvu.petitions.submissions import File, Submission
from tests.petitions import photos
from tests.petitions.conftest import NOW
from tests.petitions.open311_client import ask, hand_in

WHOLE = Box(left=0, top=0, width=1, height=1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _monday(data_folder):
    with clock.demonstration(NOW):
        yield


def taken(service: Service, **said) -> Petition:
    given = {"content": "Đèn đường không sáng.", "place": "Trước trường học", "channel": "portal"} | said
    return receive(Submission(service=service, language="vi", **given), at=NOW).petition


def test_no_browser_keeps_what_an_official_reads_of_a_citizen(lamp, binh, client_of):
    shown = client_of(binh).get(reverse("petitions:petition", args=[taken(lamp).handle]))
    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")


def pictured(service: Service) -> Attachment:
    """Return the picture of a petition, as a page reads it."""
    taken(service, files=[File(name="den.jpg", media_type="image/jpeg", data=photos.photo())])
    return Attachment.objects.select_related("petition__agency", "petition__service").get()


def test_a_picture_that_is_covered_later_is_shown_uncovered_to_nobody_any_more(lamp, binh):
    row = pictured(lamp)
    arranging.release(row.petition, content="", pictures=[row.handle], by=binh, at=NOW)
    address, client = reverse("open311:media", args=[row.handle]), Client()
    first = client.get(address)
    assert (first["Cache-Control"], first.status_code) == ("no-cache", 200)
    known = {"If-None-Match": first["ETag"]}
    assert client.get(address, headers=known).status_code == 304
    row.refresh_from_db()
    covering.cover(row, seen=row.public_blob, boxes=[WHOLE], by=binh, at=NOW)
    assert client.get(address, headers=known).status_code == 200


def test_of_two_who_cover_a_picture_the_second_uncovers_nothing(lamp, binh, client_of):
    row, client = pictured(lamp), client_of(binh)
    address = reverse("petitions:picture", args=[row.petition.handle, row.handle])
    posted = {"left": "0", "top": "0", "width": "50", "height": "50", "seen": ""}  # both saw it uncovered
    assert [client.post(address, posted).status_code for _official in "ab"] == [302, 422]


def at_once(*acts) -> None:
    """Let several people act in the same moment."""
    together = threading.Barrier(len(acts))

    def run(act) -> None:
        together.wait()
        with clock.demonstration(NOW):
            act()
        connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def test_a_call_that_is_sent_twice_in_one_moment_is_taken_once(lamp, an, client_of):
    client = client_of(an)
    form = client.get(reverse("petitions:new")).context["form"]
    said = {name: form[name].value() for name in ("once", "channel", "competence", "about", "instance")}
    said |= {"service": lamp.handle, "content": "Tối", "place": "Phố", "language": "vi"}
    at_once(*[partial(client.post, reverse("petitions:new"), said)] * 2)
    assert Petition.objects.count() == 1


def test_what_was_thrown_away_in_another_window_is_not_sent(lamp):
    row = drafting.begin(lamp, at=NOW)
    given = Submission(service=lamp, channel="portal", content="Tối", place="Phố", language="vi")
    drafting.throw_away(row)
    with pytest.raises(drafting.SentError):
        drafting.hand_in(row, given, prove=lambda: None, at=NOW)


def test_a_program_that_disputes_twice_in_one_moment_is_told_of_no_fault(agency, lamp, binh, monkeypatch):
    key = give_key(agency=agency, label="City app", by=OPERATOR, at=NOW)
    one = taken(lamp, api_key=key.row)
    answering.answer(one, text="Đã sửa.", proof="Biên bản 12", by=binh, at=NOW)
    read_before = Petition.objects.get()
    citizens.dispute(one, text="Chưa sáng.", at=NOW)
    monkeypatch.setattr(api_keys, "handed_in", lambda _number, **_key: read_before)
    said = {"service_request_id": one.number, "description": "Vẫn tối.", "status": "open"}
    answer = hand_in({"api_key": key.secret, **said}, resource="servicerequestupdates")
    assert (answer.status_code, Petition.objects.get().state) == (200, "disputed")


def test_a_map_with_a_number_beyond_all_measure_is_refused():
    far = "1" + "0" * 400
    with pytest.raises(geojson.GeoJsonError, match="range"):
        geojson.read(f'{{"type": "Polygon", "coordinates": [[[{far}, 2], [1, 2], [1, 3], [{far}, 2]]]}}')


def test_no_words_of_a_citizen_break_the_feed_or_compute_in_a_spreadsheet(lamp, binh):
    one = taken(lamp)
    arranging.release(one, content="＝HYPERLINK(A1) \ufffe", pictures=(), by=binh, at=NOW)
    feed = ET.fromstring(Client().get("/requests/ubnd/feed.atom").content)  # noqa: S314 -- our own
    assert "HYPERLINK" in "".join(feed.itertext())
    export = b"".join(Client().get("/requests/ubnd/requests.csv")).decode()
    [row] = csv.DictReader(export.splitlines())
    assert row["description"].startswith("'＝HYPERLINK(A1)")


def test_a_session_that_somebody_planted_opens_no_petition(lamp):
    given = Submission(service=lamp, channel="portal", content="Tối", place="Phố", language="vi")
    received, dung = receive(given, at=NOW), Client()
    planted = dung.session
    planted.save()
    dung.cookies["sessionid"] = planted.session_key
    key = {"number": received.petition.number, "key": received.key}
    shown = dung.post("/1022/ubnd/follow/", key, follow=True)
    thief = Client()
    thief.cookies["sessionid"] = planted.session_key
    assert "Tối" in shown.content.decode()
    assert "Tối" not in thief.get(shown.redirect_chain[-1][0]).content.decode()


def test_an_address_with_a_character_of_no_text_is_refused(lamp):
    assert ask("services/%00.json").status_code == 400


def test_who_asks_what_is_similar_finds_no_place_that_is_not_released(lamp, binh):
    one = taken(lamp, latitude=20.005, longitude=105.005)
    probe = {"content": one.content, "point": (20.005, 105.005), "now": NOW}
    assert duplicates.similar(lamp, **probe) == []
    arranging.release(one, content="Đèn tắt.", place="Phố", pictures=(), by=binh, at=NOW)
    assert duplicates.similar(lamp, **probe) == []
    arranging.release(one, content="Đèn tắt.", place="Phố", shows_point=True, pictures=(), by=binh, at=NOW)
    assert [found.petition for found in duplicates.similar(lamp, **probe)] == [one]


def test_no_question_to_the_citizen_makes_a_dispute_disappear(lamp, binh):
    one = taken(lamp)
    answering.answer(one, text="Đã sửa.", proof="Biên bản 12", by=binh, at=NOW)
    citizens.dispute(one, text="Chưa sáng.", at=NOW)
    timing.suspend(one, question="Đèn nào?", by=binh, at=NOW)
    assert timing.resume(one, text="", by=binh, at=NOW).state == "disputed"
    timing.suspend(one, question="Đèn nào?", by=binh, at=NOW)
    assert citizens.reply(one, text="Đèn số 4.", at=NOW).state == "disputed"
