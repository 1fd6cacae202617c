"""The error matrix of GeoReport v2: each wrong request, its status, and what its user reads, in both formats."""

from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from congvu.base import clock
from congvu.directory.actions.agencies import found_agency
from congvu.directory.policies import OPERATOR
from congvu.petitions.actions import api_keys
from congvu.petitions.actions.api_keys import give_key, withdraw_key
from congvu.petitions.models import Area, Petition, Service, ServiceAttribute
from congvu.petitions.open311 import bulk, door
from tests.petitions.conftest import NOW
from tests.petitions.open311_client import ENGLISH, V2, refusal

pytestmark = pytest.mark.django_db(transaction=True)  # acts that refuse end their transaction
WITH_KEY = "with key"
GOOD = {"service_code": "street-lamp", "lat": "20.005", "long": "105.005", "description": "Dark."}
FORM = "application/x-www-form-urlencoded"
LONG = "x" * 4001


def post(**fields):
    """A form that is right but for these fields; None leaves one out."""
    return {name: text for name, text in {"api_key": WITH_KEY, **GOOD, **fields}.items() if text is not None}


GET_MATRIX = [
    ("services", {"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id was not found."),
    ("services/unknown", {}, 404, "service_code was not found."),
    ("services/closed", {}, 404, "service_code was not found."),
    ("services/street-lamp", {"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id was not found."),
    ("tokens/unknown", {}, 404, "token was not found."),
    ("tokens/unknown", {"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id was not found."),
    ("requests/26-000009-9", {}, 404, "service_request_id was not found."),
    ("requests/..%2f..%2fetc", {}, 404, "There is nothing at this address."),
    ("requests", {"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id was not found."),
    ("requests", {"start_date": "2026-03-01"}, 400, "start_date is no date with a zone"),
    ("requests", {"start_date": "yesterday"}, 400, "start_date is no date with a zone"),
    ("requests", {"end_date": "2026-13-01T00:00:00Z"}, 400, "end_date is no date with a zone"),
    ("requests", {"updated_after": "2026-03-01T00:00:00"}, 400, "updated_after is no date with a zone"),
    ("requests", {"updated_before": "-"}, 400, "updated_before is no date with a zone"),
    (
        "requests",
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"},
        400,
        "may lie 90 days apart at most",
    ),
    (
        "requests",
        {"start_date": "2026-03-02T00:00:00Z", "end_date": "2026-03-01T00:00:00Z"},
        400,
        "end_date lies before start_date.",
    ),
    ("requests", {"status": "pending"}, 400, "status is open or closed."),
    ("requests", {"status": "open,late"}, 400, "status is open or closed."),
    ("requests", {"page": "0"}, 400, "page is a whole number from 1."),
    ("requests", {"page": "-1"}, 400, "page is a whole number from 1."),
    ("requests", {"page": "9" * 4000}, 400, "page is a whole number from 1."),
    ("requests", {"page_size": "ten"}, 400, "page_size is a whole number from 1."),
    ("requests", {"page_size": "0"}, 400, "page_size is a whole number from 1."),
    ("requests", {"lat": "20"}, 400, "lat and long are needed together."),
    ("requests", {"lat": "20", "long": "105"}, 400, "radius is a number of meters"),
    ("requests", {"lat": "20", "long": "105", "radius": "0"}, 400, "radius is a number of meters"),
    ("requests", {"lat": "20", "long": "105", "radius": "50001"}, 400, "radius is a number of meters"),
    ("requests", {"radius": "5"}, 400, "radius needs lat and long."),
    ("requests", {"lat": "NaN", "long": "105", "radius": "5"}, 400, "lat is not a number."),
    ("requests", {"lat": "91", "long": "105", "radius": "5"}, 400, "lat and long are no place on earth."),
    ("requests", {"lat": "20", "long": "1e999", "radius": "5"}, 400, "long is not a number."),
    (
        "requests",
        {"service_request_id": ",".join(map(str, range(1001)))},
        400,
        "service_request_id names more than 1000.",
    ),
    (
        "requests",
        {"service_code": ",".join(map(str, range(1001)))},
        400,
        "service_code names more than 1000.",
    ),
    ("requests", {"q": "a\x00b"}, 400, "The request holds a character that no text has."),
    ("servicerequestupdates", {"start_date": "soon"}, 400, "start_date is no date with a zone"),
    ("servicerequestupdates", {"page": "x"}, 400, "page is a whole number from 1."),
    ("discovery", {"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id was not found."),
    ("nothing", {}, 404, "There is nothing at this address."),
]
POST_MATRIX = [
    ("requests", post(api_key=None), 403, ["api_key was not provided."]),
    ("requests", post(api_key=""), 403, ["api_key was not provided."]),
    ("requests", post(api_key="guessed"), 403, ["api_key is not valid, or was withdrawn."]),
    ("requests", post(api_key="withdrawn"), 403, ["api_key is not valid, or was withdrawn."]),
    ("requests", post(jurisdiction_id="elsewhere.example"), 404, ["jurisdiction_id was not found."]),
    ("requests", post(service_code=None), 400, ["service_code was not provided."]),
    ("requests", post(service_code=" "), 400, ["service_code was not provided."]),
    ("requests", post(service_code="unknown"), 404, ["service_code was not found."]),
    ("requests", post(service_code="closed"), 404, ["service_code was not found."]),
    (
        "requests",
        post(lat=None, long=None),
        400,
        ["The service asks where: give lat and long, address_string or address_id."],
    ),
    ("requests", post(long=None), 400, ["lat and long are needed together."]),
    ("requests", post(lat="north"), 400, ["lat is not a number."]),
    ("requests", post(lat="inf"), 400, ["lat is not a number."]),
    ("requests", post(lat="91"), 400, ["lat and long are no place on earth."]),
    (
        "requests",
        post(lat="0", long="0"),
        400,
        ["lat and long are no place on earth, or 0 and 0, where broken devices stand."],
    ),
    ("requests", post(lat="10.77", long="106.70"), 400, ["The place lies outside the agency's territory."]),
    ("requests", post(address_id="nowhere"), 400, ["address_id is no area of the agency."]),
    ("requests", post(address_string="x" * 301), 400, ["address_string is too long."]),
    ("requests", post(description=LONG), 400, ["description has more than 4000 characters."]),
    (
        "requests",
        post(description="TUYỆT MẬT\nKế hoạch"),
        400,
        ["The words or a file's name carry a mark of state secrecy: they may not be sent here."],
    ),
    ("requests", post(media_url="javascript:alert(1)"), 400, ["media_url is no address of the web."]),
    ("requests", post(email="dung@"), 400, ["email is no address for mail."]),
    (
        "requests",
        post(phone="0" * 41, first_name="D" * 61),
        400,
        ["first_name is too long.", "phone is too long."],
    ),
    (
        "requests",
        post(email="x", lat="x", description=LONG),
        400,
        [
            "email is no address for mail.",
            "description has more than 4000 characters.",
            "lat is not a number.",
        ],
    ),
    (
        "requests",
        post(service_code="complaint"),
        400,
        ["The law asks who is asking: give first_name, last_name and email or phone."],
    ),
    ("requests", post(service_code="pole"), 400, ["attribute[kind] is required."]),
    (
        "requests",
        post(service_code="pole", **{"attribute[kind]": "gold"}),
        400,
        ["attribute[kind] is not one of the values of the service definition."],
    ),
    (
        "requests",
        post(
            service_code="pole",
            **{"attribute[kind]": "wood", "attribute[height]": "tall", "attribute[seen]": "soon"},
        ),
        400,
        ["attribute[height] is not a number.", "attribute[seen] is no date."],
    ),
    (
        "requests",
        post(service_code="pole", **{"attribute[kind]": "wood", "attribute[mark]": "x" * 501}),
        400,
        ["attribute[mark] is too long."],
    ),
    ("servicerequestupdates", post(api_key=None), 403, ["api_key was not provided."]),
    ("servicerequestupdates", post(api_key="withdrawn"), 403, ["api_key is not valid, or was withdrawn."]),
    (
        "servicerequestupdates",
        post(description=None),
        400,
        ["service_request_id was not provided.", "description was not provided."],
    ),
    (
        "servicerequestupdates",
        post(service_request_id="26-000001-5"),
        404,
        ["service_request_id was not found among what this key handed in."],
    ),
    (
        "servicerequestupdates",
        post(service_request_id="1", description=LONG),
        400,
        ["description has more than 4000 characters."],
    ),
    ("nothing", post(), 404, ["There is nothing at this address."]),
]


@pytest.fixture
def keys(agency, lamp, complaint, office, data_folder):
    """A key in use and one that was withdrawn, by their names in the matrix; services that ask and that are closed."""
    Service.objects.create(agency=agency, code="closed", name={"en": "Closed"}, unit=office, is_open=False)
    pole = Service.objects.create(agency=agency, code="pole", name={"en": "Pole"}, unit=office)
    wood = [{"key": "wood", "name": {"en": "Wood"}}]
    for order, (code, datatype) in enumerate(
        [("kind", "singlevaluelist"), ("height", "number"), ("seen", "datetime"), ("mark", "string")], 1
    ):
        given = {"datatype": datatype, "required": code == "kind", "values": wood if code == "kind" else []}
        ServiceAttribute.objects.create(
            agency=agency, service=pole, code=code, order=order, description={"en": code}, **given
        )
    square = [[104.0, 19.0], [106.0, 19.0], [106.0, 21.0], [104.0, 21.0], [104.0, 19.0]]
    Area.objects.create(agency=agency, code="all", name={}, rings=[square], is_territory=True)
    used, old = (give_key(agency=agency, label=name, by=OPERATOR, at=NOW) for name in ("used", "old"))
    withdraw_key(old.row, by=OPERATOR, at=NOW)
    return {WITH_KEY: used.secret, "withdrawn": old.secret}


def test_each_wrong_request_is_refused_as_the_specification_says(keys):
    found, wanted = [], []
    client = Client(headers=ENGLISH)
    for form in ("json", "xml"):
        for resource, query, status, sentence in GET_MATRIX:
            got, [said] = refusal(client.get(f"{V2}/{resource}.{form}", query))
            found.append((resource, query, got, sentence if sentence in said else said))
            wanted.append((resource, query, status, sentence))
        for resource, given, status, sentences in POST_MATRIX:
            sent = {**given, "api_key": keys.get(given.get("api_key"), given.get("api_key", ""))}
            found.append((resource, given, *refusal(client.post(f"{V2}/{resource}.{form}", sent))))
            wanted.append((resource, given, status, sentences))
    assert found == wanted
    assert (len(GET_MATRIX) + len(POST_MATRIX), Petition.objects.count()) == (73, 0)


def test_a_program_among_several_agencies_says_which(agency, keys):
    found_agency(slug="kz", name={"en": "Akimat"}, domain="kz.example", by=OPERATOR, now=NOW, language="kk")
    client = Client(headers=ENGLISH)
    for path, named in [("services", ""), ("requests", ""), ("services/street-lamp", "")]:
        query = {"jurisdiction_id": named}
        assert refusal(client.get(f"{V2}/{path}.json", query)) == (400, ["jurisdiction_id was not provided."])
    assert (
        client.get(f"{V2}/services/street-lamp.json", {"jurisdiction_id": "UBND.example"}).status_code == 200
    )
    sent = {**GOOD, "api_key": keys[WITH_KEY]}
    assert refusal(client.post(f"{V2}/requests.json", sent)) == (400, ["jurisdiction_id was not provided."])
    sent["jurisdiction_id"] = "kz.example"  # where the key is none
    assert refusal(client.post(f"{V2}/requests.json", sent))[0] == 403


def test_latin_1_is_refused_and_nothing_is_guessed(keys):
    fields = {**GOOD, "api_key": keys[WITH_KEY], "description": "Café fermé"}
    octets = urlencode(fields, encoding="latin-1")
    client = Client(headers=ENGLISH)
    path = f"{V2}/requests.json"
    assert refusal(client.generic("POST", path, octets, FORM)) == (400, ["The request is not in UTF-8."])
    declared = f"{FORM}; charset=iso-8859-1"
    sentence = "The request cannot be read. Send it as a form, in UTF-8."
    assert refusal(client.generic("POST", path, octets, declared)) == (400, [sentence])
    parts = '--b\r\nContent-Disposition: form-data; name="description"\r\n\r\nCafé\r\n--b--\r\n'.encode(
        "latin-1"
    )
    kind = "multipart/form-data; boundary=b"
    assert refusal(client.generic("POST", path, parts, kind)) == (400, ["The request is not in UTF-8."])
    named = f"{V2}/requests.json?{urlencode({'q': 'é'}, encoding='latin-1')}"
    assert refusal(client.get(named)) == (400, ["The request is not in UTF-8."])
    assert Petition.objects.count() == 0


def test_what_is_too_large_is_refused_before_it_is_read(keys, settings):
    client = Client(headers=ENGLISH)
    path = f"{V2}/requests.json"
    announced = client.generic("POST", path, b"a=b", FORM, headers={"Content-Length": "100000000"})
    assert refusal(announced) == (413, ["At most 45 MB may be sent at once."])
    long = urlencode({**GOOD, "description": "x" * 5_100_000})
    assert refusal(client.generic("POST", path, long, FORM))[0] == 413
    settings.CONGVU_PETITION_FILE_LIMIT = 100_000
    big = SimpleUploadedFile("big.jpg", b"\xff\xd8\xff" + bytes(100_000), content_type="image/jpeg")
    sent = {**GOOD, "api_key": keys[WITH_KEY], "media": big}
    status, [said] = refusal(client.post(path, sent))
    assert (status, said.startswith("big.jpg: The file is larger than")) == (400, True)
    fields = {**GOOD, "api_key": keys[WITH_KEY], **{f"extra{one}": "1" for one in range(1100)}}
    assert refusal(client.post(path, fields))[0] == 400
    assert Petition.objects.count() == 0


def test_whoever_asks_too_often_is_told_to_wait(keys, monkeypatch):
    monkeypatch.setattr(door, "MOST_WRITES", 2)
    monkeypatch.setattr(door, "MOST_READS", 3)
    monkeypatch.setattr(door, "WRITING", door.Pace(door.timedelta(days=9)))
    monkeypatch.setattr(door, "READING", door.Pace(door.timedelta(days=9)))
    client = Client(headers=ENGLISH)
    writes = [client.post(f"{V2}/requests.json", {}) for _ in range(4)]
    assert [one.status_code for one in writes] == [403, 403, 429, 429]
    reads = [client.get(f"{V2}/services.json") for _ in range(4)]
    assert [one.status_code for one in reads] == [200, 200, 200, 429]
    assert refusal(reads[3]) == (429, ["Too many requests. Wait a little and try again."])
    assert int(reads[3]["Retry-After"]) > 0


def test_the_whole_register_is_not_sent_again_and_again(keys, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 1)
    monkeypatch.setattr(bulk, "PACE", door.Pace(door.timedelta(days=9)))
    assert [Client().get(f"{V2}/bulk.csv").status_code for _ in range(2)] == [200, 429]


def test_a_key_has_its_own_pace_wherever_it_is_used(keys, monkeypatch):
    monkeypatch.setattr(api_keys, "MOST", 1)
    sent = {"api_key": keys[WITH_KEY]}
    with clock.demonstration(NOW):
        answers = [
            Client(REMOTE_ADDR=address).post(f"{V2}/requests.json", sent).status_code
            for address in ("192.0.2.1", "198.51.100.7")
        ]
    with clock.demonstration(NOW + timedelta(minutes=1)):
        answers.append(Client().post(f"{V2}/requests.json", sent).status_code)
    assert answers == [400, 429, 400]


def test_a_fault_of_ours_is_told_in_the_asked_format(keys, monkeypatch):
    def fail():
        raise RuntimeError

    monkeypatch.setattr(door.queries, "agencies", fail)
    client = Client(headers=ENGLISH, raise_request_exception=False)
    for form in ("json", "xml"):
        answer = client.get(f"{V2}/services.{form}")
        assert answer["Content-Type"] == door.FORMATS[form]
        assert refusal(answer) == (500, ["The fault is ours. The agency can read in its log what happened."])


def test_other_formats_and_methods_are_refused(keys):
    client = Client(headers=ENGLISH)
    assert refusal(client.get(f"{V2}/requests.csv")) == (406, ["There is: xml, json."])
    assert refusal(client.get(f"{V2}/bulk.xlsx")) == (406, ["There is: csv, json, xml."])
    deleted = client.delete(f"{V2}/requests.json")
    assert (refusal(deleted)[0], deleted["Allow"]) == (405, "GET, POST")
    posted = client.post(f"{V2}/services.json")
    assert (refusal(posted)[0], posted["Allow"]) == (405, "GET")
    assert client.head(f"{V2}/services.json").status_code == 200
    assert refusal(client.get(f"{V2}/{quote('dịch vụ')}"))[0] == 404
