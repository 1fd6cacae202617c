"""The public register: what everyone may read of requests, and what nobody may."""

import csv
import io
import json
import subprocess
import sys
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from congvu.base import clock
from congvu.ledger.readers import advance
from congvu.ledger.sequencer import settle
from congvu.petitions import figures, visits
from congvu.petitions.actions import answering, arranging, citizens
from congvu.petitions.actions.receiving import receive
from congvu.petitions.models import Petition, Visits
from congvu.petitions.readers import ReleasedWords
from congvu.petitions.submissions import Submission, Who
from tests.petitions.conftest import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_folder")]
HOUR = timedelta(hours=1)
DUNG = Who(name="Phạm Thị Dung", phone="0900 000 111", email="dung@citizen.example", address="Ngõ 7")
ATOM = "{http://www.w3.org/2005/Atom}"
SECRET = ("Dung", "0900 000 111", "citizen.example", "Ngõ 7", "BÍ MẬT", "105.005", "20.005", "Khiếu nại")


def opened(name, *args, **query):
    return Client(headers={"accept-language": "en"}).get(reverse(f"portal:{name}", args=args), query)


def text(answer):
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


@pytest.fixture
def broken(lamp, ward):
    """A broken lamp of Dung, of which nothing is released."""
    given = Submission(
        service=lamp,
        channel="portal",
        content="BÍ MẬT: đèn trước nhà Phạm Thị Dung không sáng.",
        language="vi",
        who=DUNG,
        latitude=20.005,
        longitude=105.005,
        place="Đường Lê Lợi",
    )
    return receive(given, at=NOW).petition


@pytest.fixture
def accused(complaint):
    """A complaint, which nobody may ever see."""
    given = Submission(service=complaint, channel="portal", content="BÍ MẬT", language="vi", who=DUNG)
    return receive(given, at=NOW).petition


def index(agency):
    settle()
    while advance(ReleasedWords(), agency=agency.handle):
        pass


def release(petition, by):
    said = {"content": "Đèn đường không sáng <b>", "place": petition.place, "shows_point": True}
    arranging.release(petition, pictures={}, by=by, at=NOW + HOUR, **said)


PAGES = [
    ("requests", ()),
    ("requests-map", ()),
    ("requests-feed", ()),
    ("requests-exports", ()),
    ("requests-export", ("csv",)),
    ("requests-export", ("json",)),
    ("figures", ()),
    ("figures-json", ()),
    ("figures-csv", ()),
    ("figures-group", ("unit", "vp")),
    ("figures-group", ("service", "street-lamp")),
]


def test_words_are_released_without_the_place_where_it_shows_a_home(agency, broken, an):
    said = {"content": "Đèn đường không sáng", "place": "Một con đường"}
    arranging.release(broken, pictures={}, by=an, at=NOW + HOUR, **said)
    answers = [opened(name, agency.slug, *rest) for name, rest in PAGES]
    answers.append(opened("request", agency.slug, broken.number))
    answers.append(Client().get("/open311/v2/requests.json", {"extensions": "true"}))
    pages = [text(one) for one in answers]
    assert [page for page in pages for one in ("Lê Lợi", "105.005", "20.005") if one in page] == []
    assert "Một con đường" in pages[0]
    assert broken.number not in text(opened("requests-map", agency.slug))


def test_nothing_that_is_not_released_stands_on_any_page(agency, broken, accused, an):
    answers = [opened(name, agency.slug, *rest) for name, rest in PAGES]
    answers.append(opened("request", agency.slug, broken.number))
    assert [one.status_code for one in answers] == [200] * len(answers)
    pages = [text(one) for one in answers]
    assert [(secret, page) for page in pages for secret in (*SECRET, accused.number) if secret in page] == []
    assert opened("request", agency.slug, accused.number).status_code == 404
    assert opened("figures-group", agency.slug, "service", "complaint").status_code == 404
    assert broken.number in pages[0]


def test_released_words_are_read_searched_and_shown_on_the_map(agency, broken, an):
    release(broken, an)
    index(agency)
    page = text(opened("request", agency.slug, broken.number))
    assert ("Đèn đường không sáng &lt;b&gt;" in page, "Đường Lê Lợi" in page, "BÍ MẬT" in page) == (
        True,
        True,
        False,
    )
    assert 'data-latitude="20.005" data-longitude="105.005"' in text(opened("requests-map", agency.slug))
    for words in ("den duong khong", "le loi", broken.number, broken.number.replace("-", " ")):
        assert broken.number in text(opened("requests", agency.slug, q=words)), words
    assert broken.number not in text(opened("requests", agency.slug, q="bi mat"))
    marks = {
        "service": "street-lamp",
        "unit": "vp",
        "area": "ward",
        "state": "assigned",
        "year": 2026,
        "month": 3,
    }
    assert broken.number in text(opened("requests-map", agency.slug, q="den", **marks))
    assert opened("requests", agency.slug, q="den", after=broken.number).context["petitions"] == []
    Petition.objects.update(due_at=NOW)
    assert broken.number in text(opened("requests", agency.slug, q="den", late="open"))
    Petition.objects.update(is_public=False)
    assert broken.number not in text(opened("requests", agency.slug, q="den duong"))
    Petition.objects.update(is_public=True)
    arranging.release(broken, content="", pictures={}, by=an, at=NOW + HOUR)
    index(agency)
    assert broken.number not in text(opened("requests", agency.slug, q="den duong"))


def test_a_place_shows_only_where_the_service_asks_for_one(agency, broken, an, lamp):
    release(broken, an)
    lamp.needs_place = False
    lamp.save()
    pages = [text(opened(name, agency.slug, *rest)) for name, rest in PAGES]
    assert not [page for page in pages if "Lê Lợi" in page or "20.005" in page]


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"service": "street-lamp", "unit": "vp", "state": "assigned", "year": "2026", "month": "3"}, True),
        ({"service": "nothing"}, False),
        ({"state": "closed"}, False),
        ({"year": "2025"}, False),
        ({"month": "4", "year": "2026"}, False),
        ({"disputed": "yes"}, False),
        ({"late": "answered"}, False),
        ({"area": "ward"}, False),  # where it is nobody may know yet
        ({"q": "\x00", "year": "9" * 30, "after": "26-999999-9", "page": "²"}, True),
    ],
)
def test_the_register_is_sieved(agency, broken, query, is_found):
    assert (broken.number in text(opened("requests", agency.slug, **query))) is is_found


def test_pages_go_on_behind_a_number_and_leave_nothing_out(agency, lamp):
    for number in range(60):
        Petition.objects.create(
            agency=agency, handle=f"{number:026}", number=f"26-{number:06}-0", service=lamp, sort="report",
            channel="portal", urgency="ordinary", language="vi", content="x", is_public=True,
            received_at=NOW + HOUR * (number // 3), updated_at=NOW,
        )  # fmt: skip
    seen, address = [], reverse("portal:requests", args=[agency.slug])
    while address:
        answer = Client().get(address)
        seen += [one.number for one in answer.context["petitions"]]
        older = answer.context["older"]
        address = f"{reverse('portal:requests', args=[agency.slug])}?after={older}" if older else ""
    assert seen == [f"26-{number:06}-0" for number in reversed(range(60))]


def test_the_feed_is_atom_with_lasting_names(agency, broken, an):
    release(broken, an)
    answer = opened("requests-feed", agency.slug, service="street-lamp")
    root = ET.fromstring(answer.content)  # noqa: S314 -- our own
    (entry,) = root.findall(f"{ATOM}entry")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert [root.find(f"{ATOM}{name}") is not None for name in ("id", "title", "updated", "author")] == [
        True
    ] * 4
    assert entry.findtext(f"{ATOM}id") == f"tag:ubnd.example,2026:ubnd/{broken.number}"
    assert entry.findtext(f"{ATOM}updated") == "2026-03-02T03:00:00+00:00"
    assert entry.findtext(f"{ATOM}summary") == "Đèn đường không sáng <b>"
    assert opened("requests-feed", agency.slug, service="nothing").content.count(b"<entry>") == 0


def test_csv_and_json_say_the_same(agency, broken, accused, an):
    release(broken, an)
    (row,) = csv.DictReader(io.StringIO(text(opened("requests-export", agency.slug, "csv"))))
    (same,) = json.loads(text(opened("requests-export", agency.slug, "json")))
    assert (row["service_request_id"], row["area_code"], row["lat"]) == (broken.number, "ward", "20.005")
    assert row == {name: _cell(same.get(name)) for name in row}
    assert opened("requests-export", agency.slug, "xlsx").status_code == 404


def _cell(value):
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def test_the_script_recomputes_every_figure_of_the_page_from_the_export(
    law, agency, broken, binh, chi, lamp, tmp_path
):
    answering.answer(broken, text="Đã sửa.", proof="Ảnh", by=binh, at=NOW + 36 * HOUR)
    citizens.dispute(broken, text="Vẫn tắt.", at=NOW + 40 * HOUR)
    shown = text(opened("request", broken.agency.slug, broken.number))
    assert ("Disputed by the citizen" in shown, "Vẫn tắt." in shown) == (True, False)
    for number in range(14):
        given = Submission(service=lamp, channel="phone", content="Đèn", language="vi", place=f"Số {number}")
        one = receive(given, at=NOW + number * 72 * HOUR).petition
        if number < 11:
            answering.answer(one, text="Xong.", proof="Ảnh", by=binh, at=NOW + (number * 100 + 30) * HOUR)
            citizens.rate(one, score=1 + number % 5, at=NOW + 2000 * HOUR)
        if number == 12:
            refused = answering.refuse(one, reason="Vì sao.", is_told=True, by=chi, at=NOW + 900 * HOUR)
            citizens.dispute(refused, text="Không đúng.", at=NOW + 901 * HOUR)
            answering.answer(one, text="Xong.", proof="Ảnh", by=binh, at=NOW + 902 * HOUR)
        if number == 13:
            arranging.merge(one, into=broken, by=chi, at=NOW + 950 * HOUR)
    (tmp_path / "export.csv").write_text(text(opened("requests-export", agency.slug, "csv")))
    published = opened("figures-json", agency.slug, year=2026)
    (tmp_path / "figures.json").write_bytes(published.content)
    (tmp_path / "figures.py").write_text(text(opened("figures-script", agency.slug)))
    command = [sys.executable, "-I", "figures.py", "export.csv"]
    done = subprocess.run(
        [*command, "figures.json"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    page = published.json()
    assert done.stdout == f"All figures follow from the export: {len(page['figures'])} rows.\n"
    whole = ["--zone", page["zone"], "--at", page["at"], "--year", "2026"]
    alone = subprocess.run([*command, *whole], cwd=tmp_path, capture_output=True, check=True)
    assert json.loads(alone.stdout) == page["figures"]
    (everything,) = [one for one in page["figures"] if (one["by"], one["period"]) == ("all", "2026")]
    assert everything == {
        "by": "all", "code": "", "period": "2026", "received": 15, "ended": 14,
        "answered": 13, "refused": 1, "redirected": 0, "merged": 1, "in_time": 11, "late": 2,
        "in_time_share": 0.846, "past_due": 1, "disputed": 2, "disputed_share": 0.143, "answered_disputed": 1,
        "refused_disputed": 1, "redirected_disputed": 0, "merged_disputed": 0, "answered_disputed_share": 0.077,
        "refused_disputed_share": None, "redirected_disputed_share": None, "merged_disputed_share": None,
        "rated": 11, "rating": 2.82, "median_days": 5.9,
    }  # fmt: skip
    (tmp_path / "figures.json").write_text(published.content.decode().replace('"rated": 11', '"rated": 12'))
    wrong = subprocess.run(
        [*command, "figures.json"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (wrong.returncode, "rated: export 11, page 12" in wrong.stdout) == (1, True)


def test_of_few_requests_no_share_is_told(agency, broken):
    (row,) = [
        one for one in opened("figures-json", agency.slug, year=2026).json()["figures"] if one["by"] == "all"
    ][:1]
    assert (row["received"], row["in_time_share"], row["rating"], row["median_days"]) == (1, None, None, None)
    assert figures.LEAST == 10


def test_an_agency_that_is_not_there_has_no_register(agency, lamp):
    assert {opened(name, "nowhere", *rest).status_code for name, rest in PAGES} == {404}
    answer = opened("registers")
    assert (answer.status_code, answer["Location"]) == (302, reverse("portal:requests", args=[agency.slug]))


def test_visits_of_people_are_counted_and_nothing_of_them(agency, lamp, monkeypatch):
    monkeypatch.setattr(visits, "_gathering", visits._Gathering())  # of a fresh process
    address, now = reverse("portal:requests", args=[agency.slug]), clock.now()
    agents = ["Mozilla/5.0", "Googlebot/2.1", "curl/8", "", "Mozilla/5.0 (Android)"]
    for agent in agents:
        Client(headers={"user-agent": agent}).get(address)
    Client(headers={"user-agent": "Mozilla/5.0", "sec-purpose": "prefetch"}).get(address)
    assert Visits.objects.count() == 0  # gathered, a read is no write
    monkeypatch.setattr(visits, "GATHERED", timedelta(0))
    Client(headers={"user-agent": "Mozilla/5.0"}).get(reverse("ask:start", args=[agency.slug]))
    assert dict(Visits.objects.values_list("page", "count")) == {"register": 2, "ask-start": 1}
    assert clock.now() - now < timedelta(minutes=1)


def test_pictures_of_the_map_come_from_the_agencys_folder_only(agency, settings, tmp_path):
    (tmp_path / "3" / "6").mkdir(parents=True)
    (tmp_path / "3" / "6" / "3.png").write_bytes(b"\x89PNG")
    assert opened("tile", 3, 6, 3).status_code == 404
    settings.CONGVU_TILES = str(tmp_path)
    assert [opened("tile", *place).status_code for place in ((3, 6, 3), (3, 6, 4), (3, 8, 3), (99, 0, 0))] == [
        200, 404, 404, 404,
    ]  # fmt: skip
