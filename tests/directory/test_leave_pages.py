"""Recording leave in the pages: who may, what follows, what everybody sees, and what nobody does."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congvu.base import clock
from congvu.directory import queries
from congvu.directory.actions.leave import end_leave, grant_leave
from congvu.directory.models import Leave
from congvu.directory.policies import OPERATOR

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
FIRST, LAST, BACK = date(2026, 11, 23), date(2026, 12, 3), date(2026, 12, 4)
DAYS = {"first_day": "2026-11-23", "last_day": "2026-12-03"}
CONFIRM = {"confirm": "1"}


def page(name: str, *handles: str) -> str:
    return reverse(f"directory:{name}", args=handles)


@pytest.fixture(autouse=True)
def on_friday(monkeypatch):
    """Set the clock to an instant: Friday, 20 November 2026, 09:00 in Hanoi, until the test says otherwise."""

    def set_to(instant):
        monkeypatch.setattr(clock, "now", lambda: instant)

    set_to(NOW)
    return set_to


@pytest.fixture
def away(agency):
    """Have the operator grant leave, from FIRST to LAST unless said otherwise."""

    def granted(seat, acting=None, *, begin=FIRST, back=BACK):
        who = acting and acting.person
        return grant_leave(
            agency=agency,
            person=seat.person,
            valid_from=begin,
            valid_to=back,
            acting=who,
            by=OPERATOR,
            now=NOW,
        )

    return granted


def errors(response) -> dict[str, list[str]]:
    return {name: list(said) for name, said in response.context["form"].errors.items()}


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_head_is_shown_what_follows_before_anything_is_recorded(client_of, chi, an, binh):
    asked = DAYS | {"acting": binh.person.handle}
    at, head = page("grant-leave", an.person.handle), client_of(chi)
    assert head.get(at).context["form"].initial == {"first_day": date(2026, 11, 20)}
    shown = head.post(at, asked, headers={"accept-language": "en"})
    assert ("Trần Văn Bình may act on these posts" in words(shown), Leave.objects.count()) == (True, 0)
    changed = head.post(at, asked | {"change": "1"})
    assert (changed.context["planned"], changed.context["form"].cleaned_data["last_day"]) == (None, LAST)
    done = head.post(at, asked | CONFIRM)
    leave = Leave.objects.get()
    assert (done.status_code, done.url) == (302, page("person", an.person.handle))
    assert (leave.person, leave.acting, leave.valid_from, leave.valid_to) == (
        an.person,
        binh.person,
        FIRST,
        BACK,
    )


def test_the_same_form_sent_twice_grants_once(client_of, ngoc, binh):
    at, official = page("grant-leave", binh.person.handle), client_of(ngoc)
    answers = [official.post(at, DAYS | CONFIRM) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 200]
    assert errors(answers[1]).keys() == {"__all__"}
    assert Leave.objects.count() == 1


@pytest.mark.parametrize("confirm", [{}, CONFIRM])
@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("2026-12-03", "2026-11-23", "last_day"),
        ("2026-11-23", "2036-11-23", "last_day"),
        ("2126-11-23", "2126-11-24", "first_day"),
        ("0001-01-01", "2026-12-03", "last_day"),
        ("1999-01-01", "1999-01-02", "__all__"),
        ("2026-11-23", "9999-12-31", "last_day"),
        ("2026-11-23", "2026-02-30", "last_day"),
        ("10000-01-01", "2026-12-03", "first_day"),
        ("9" * 5000, "2026-12-03", "first_day"),
        ("", "2026-12-03", "first_day"),
        ("<script>", "2026-12-03", "first_day"),
        ("2026-11-23\x00", "2026-12-03", "first_day"),
    ],
)
def test_days_that_make_no_sense_are_refused_in_words(client_of, ngoc, binh, first, last, field, confirm):
    asked = {"first_day": first, "last_day": last} | confirm
    answer = client_of(ngoc).post(page("grant-leave", binh.person.handle), asked)
    assert (answer.status_code, set(errors(answer)), Leave.objects.count()) == (200, {field}, 0)


def test_nobody_from_elsewhere_can_be_named(client_of, ngoc, binh, ermek):
    official = client_of(ngoc)
    for stranger in (ermek.person.handle, binh.person.handle, "nobody", "9" * 5000):
        asked = DAYS | CONFIRM | {"acting": stranger}
        answer = official.post(page("grant-leave", binh.person.handle), asked)
        assert errors(answer).keys() == {"acting"}
    assert official.get(page("grant-leave", ermek.person.handle)).status_code == 404
    assert official.post(page("grant-leave", ermek.person.handle), DAYS | CONFIRM).status_code == 404
    assert Leave.objects.count() == 0


def test_a_leave_of_another_agency_is_not_found(client_of, ngoc, ermek, akimat):
    leave = grant_leave(
        agency=akimat,
        person=ermek.person,
        valid_from=FIRST,
        valid_to=BACK,
        acting=None,
        by=OPERATOR,
        now=NOW,
    )
    at = page("end-leave", leave.handle)
    assert [client_of(ngoc).get(at).status_code, client_of(ngoc).post(at, CONFIRM).status_code] == [404, 404]


def test_only_who_is_in_charge_opens_the_pages(client_of, seat_of, an, binh, chi, away):
    elsewhere = seat_of("Hồ Hải", unit="ubnd", title={"vi": "Phó"}, functions=("deputy",))
    leave = away(chi, binh)
    for seat in (an, binh, elsewhere):
        client = client_of(seat)
        for at in (page("grant-leave", chi.person.handle), page("end-leave", leave.handle)):
            assert [client.get(at).status_code, client.post(at, DAYS | CONFIRM).status_code] == [403, 403]
    assert Leave.objects.count() == 1


def test_a_head_is_refused_in_words_for_oneself_and_for_another_unit(client_of, chi, ngoc, away):
    head = client_of(chi)
    answers = [head.post(page("grant-leave", one.person.handle), DAYS | CONFIRM) for one in (chi, ngoc)]
    assert [errors(one).keys() for one in answers] == [{"__all__"}, {"__all__"}]
    assert errors(answers[0]) != errors(answers[1])
    for leave in (away(chi), away(ngoc)):
        assert head.post(page("end-leave", leave.handle), {"day": "2026-11-23"} | CONFIRM).status_code == 403
    assert [one.ended_at for one in Leave.objects.all()] == [None, None]


def test_leave_is_ended_after_the_page_said_what_follows(client_of, on_friday, chi, binh, an, away):
    leave, head = away(binh, an), client_of(chi)
    on_friday(datetime(2026, 11, 25, 2, tzinfo=UTC))
    at = page("end-leave", leave.handle)
    assert head.get(at).context["form"].initial == {"day": date(2026, 11, 25)}
    for day in ("2026-11-24", "2026-12-04", "9999-12-31", "2026-13-01", ""):
        for confirm in ({}, CONFIRM):
            assert len(errors(head.post(at, {"day": day} | confirm))) == 1
    shown = head.post(at, {"day": "2026-11-27"}, headers={"accept-language": "en"})
    assert ("Nguyễn Thị An acts no longer" in words(shown), Leave.objects.get().valid_to) == (True, BACK)
    assert head.post(at, {"day": "2026-11-27"} | CONFIRM).url == page("person", binh.person.handle)
    assert Leave.objects.get().valid_to == date(2026, 11, 27)


def test_a_coming_leave_is_withdrawn_whole(client_of, chi, binh, away):
    leave, head = away(binh), client_of(chi)
    at = page("end-leave", leave.handle)
    day = head.get(at).context["form"].initial["day"]
    assert (day, head.post(at, {"day": day}).context["is_withdrawn"]) == (FIRST, True)
    assert head.post(at, {"day": day} | CONFIRM).status_code == 302
    assert [head.get(at).status_code, head.post(at, {"day": day} | CONFIRM).status_code] == [404, 404]
    assert list(head.get(page("person", binh.person.handle)).context["leaves"]) == []


def test_past_and_coming_leave_is_shown_to_few(client_of, seat_of, chi, an, binh, ngoc, away):
    auditor = seat_of("Tô Vi", unit="ubnd", title={"vi": "Kiểm toán"}, functions=("auditor",))
    past = away(binh, begin=date(2026, 11, 2), back=date(2026, 11, 4))
    coming = away(binh, an)

    def seen(seat):
        return list(client_of(seat).get(page("person", binh.person.handle)).context["leaves"])

    assert [seen(one) for one in (chi, ngoc, binh)] == [[coming, past]] * 3
    assert [seen(one) for one in (an, auditor)] == [[], []]
    assert list(client_of(binh).get(page("settings")).context["leaves"]) == [coming]
    assert list(client_of(an).get(page("settings")).context["leaves"]) == []


def test_everybody_sees_who_is_away_until_when_and_who_acts(client_of, on_friday, an, binh, chi, away):
    away(an, binh)
    away(chi, begin=FIRST, back=date(2026, 11, 24))
    said, alone = "Away until the end of <time", "; Trần Văn Bình acts"
    client, pages = client_of(binh), [page("people"), page("unit", binh.unit.handle)]
    assert [words(client.get(one, headers={"accept-language": "en"})).count(said) for one in pages] == [0, 0]
    on_friday(datetime(2026, 11, 23, 2, tzinfo=UTC))
    shown = [words(client.get(one, headers={"accept-language": "en"})) for one in pages]
    assert [(one.count(said), one.count(alone)) for one in shown] == [
        (2, 1),
        (3, 2),
    ]  # An answers the mail too
    person = words(client.get(page("person", an.person.handle), headers={"accept-language": "en"}))
    assert ('datetime="2026-12-03"' in person, person.count(said), person.count(alone)) == (True, 1, 1)
    on_friday(datetime(2026, 12, 3, 17, tzinfo=UTC))
    assert [words(client.get(one, headers={"accept-language": "en"})).count(said) for one in pages] == [0, 0]


def test_a_list_with_more_people_away_asks_no_more(client_of, chi, an, binh, seat_of, away, on_friday):
    client = client_of(chi)
    away(an, binh)
    on_friday(datetime(2026, 11, 23, 2, tzinfo=UTC))
    client.get(page("people"))
    counts = []
    for name in ("Một", "Hai", "Ba"):
        with CaptureQueriesContext(connection) as asked:
            client.get(page("people"))
        counts.append(len(asked))
        away(seat_of(f"Người {name}", unit="vp", title={"vi": "Chuyên viên"}), binh)
    assert len(set(counts)) == 1


def test_the_office_is_chosen_and_is_gone_on_the_first_day_back(client_of, on_friday, chi, binh, away):
    away(chi, binh)
    on_friday(datetime(2026, 12, 3, 16, 59, 59, tzinfo=UTC))
    client = client_of(binh)
    chosen = client.post(page("choose-seat"), {"seat": chi.membership.handle})
    assert chosen.status_code == 302
    assert client.get("/desk/unit/").status_code == 200
    shown = words(client.get(page("settings"), headers={"accept-language": "en"}))
    assert (shown.count("acting for Lê Kim Chi"), shown.count("Acting for Lê Kim Chi")) == (1, 1)
    on_friday(datetime(2026, 12, 3, 17, tzinfo=UTC))
    assert client.get("/desk/unit/").status_code == 404
    assert errors(client.post(page("choose-seat"), {"seat": chi.membership.handle})).keys() == {"seat"}


def test_an_office_cannot_be_chosen_before_its_day_or_by_others(client_of, on_friday, an, chi, binh, away):
    leave = away(chi, binh)
    asked = {"seat": chi.membership.handle}
    assert client_of(binh).post(page("choose-seat"), asked).status_code == 200
    on_friday(datetime(2026, 11, 23, 2, tzinfo=UTC))
    assert client_of(an).post(page("choose-seat"), asked).status_code == 200
    end_leave(leave=leave, valid_to=FIRST, by=OPERATOR, now=NOW)
    assert client_of(binh).post(page("choose-seat"), asked).status_code == 200
    assert queries.seats(binh.account, clock.now())[0].post == binh.post


def test_the_office_opens_no_page_of_an_administrator(client_of, on_friday, ngoc, seat_of, binh, away):
    both = ("head", "administrator", "mail_administrator", "auditor", "legal_officer", "ethics_officer")
    boss = seat_of("Vũ Lâm", unit="vp", title={"vi": "Thủ trưởng"}, functions=both)
    away(boss, binh)
    on_friday(datetime(2026, 11, 23, 2, tzinfo=UTC))
    client, owner = client_of(binh), client_of(boss)
    client.post(page("choose-seat"), {"seat": boss.membership.handle})
    closed = [page(name) for name in ("appoint-who", "import", "handed-over")] + [reverse("desk:evidence")]
    assert [client.get(one).status_code for one in closed] == [403] * 4
    assert [owner.get(one).status_code for one in closed] == [200] * 4
    assert client.get("/desk/unit/").status_code == 200
