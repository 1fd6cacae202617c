import csv
import io

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congvu.conduct.actions.findings import excuse, reply
from congvu.desk import queries
from tests.conduct.conftest import MONDAY, at


def get(client, **query):
    return client.get(reverse("desk:unit"), query, HTTP_ACCEPT_LANGUAGE="en")


def test_a_head_sees_open_late_missed_and_excused(office, missed, an, binh, chi, judge, client_of):
    reply(by=binh, obligation=missed(binh).handle, text="Mất mạng.", at=at("10:20"))
    excuse(by=chi, obligation=missed(an).handle, reason="Đi công tác.", cause="mission", at=at("10:30"))
    judge(at("14:30"))
    answer = get(client_of(chi))
    sums = answer.context["sums"]
    assert (sums["missed"], sums["excused"], sums["late"]) == (4, 1, 0)
    text = answer.content.decode()
    assert all(word in text for word in ("Mất mạng.", "Đi công tác.", "82/2009/QĐ-UBND", "Read and decide"))


def test_people_stand_in_the_order_of_names_not_of_figures(office, agency, chi):
    rows = queries.people(agency, units=[chi.unit.handle], since=at("00:00"), until=at("23:00"))
    names = [name for name, _ in rows if name]
    assert names == sorted(names)
    assert len(names) == 3


def test_a_unit_page_is_for_whoever_has_a_unit_in_charge(office, binh, chi, akimat, seat_of, client_of):
    stranger = seat_of(
        "Айгүл Серікқызы", unit="akimat", title={"kk": "Әкім"}, at=akimat, functions=("head", "auditor")
    )
    assert [get(client_of(seat)).status_code for seat in (binh, chi, stranger)] == [404, 200, 200]
    assert binh.person.full_name not in get(client_of(stranger)).content.decode()
    assert get(client_of(stranger), unit=chi.unit.handle).context["unit"] == stranger.unit


def test_a_head_sees_no_unit_beside_or_above(office, chi, ngoc, client_of):
    assert get(client_of(chi), unit=ngoc.unit.handle).context["unit"] == chi.unit


def test_the_head_cannot_decide_about_themselves_on_the_list(office, chi, client_of):
    rows = get(client_of(chi)).context["findings"]
    assert {row["may_decide"] for row in rows if row["card"].person == chi.person.full_name} == {False}


def test_the_figures_can_be_saved_as_a_table(office, chi, client_of):
    content = client_of(chi).get(reverse("desk:unit-csv")).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert {len(row) for row in rows} == {7}
    assert chi.person.full_name in {row[0] for row in rows}


def test_an_empty_unit_says_so(agency, chi, client_of):
    text = get(client_of(chi)).content.decode()
    assert ("No duties in this period" in text, "Nothing to decide" in text) == (True, True)


def test_a_large_unit_asks_as_few_questions_as_a_small_one(office, chi, judge, client_of):
    client, counts = client_of(chi), []
    for until in (at("10:00"), at("16:00"), at("16:00", MONDAY.replace(day=5))):
        judge(until)
        get(client)
        with CaptureQueriesContext(connection) as asked:
            rows = len(get(client).context["findings"])
        counts.append((rows, len(asked)))
    assert counts[0][0] < counts[1][0]
    assert len({number for _, number in counts}) == 1
