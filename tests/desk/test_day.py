import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congvu.base.database import atomic
from congvu.conduct.actions.findings import excuse, reply
from congvu.desk import queries
from congvu.directory import queries as directory
from congvu.ledger.actions import record
from congvu.mail.events import MailboxChecked
from congvu.rules.actions import close_day
from tests.conduct.conftest import MONDAY, at


def windows(seat, *, now):
    return [
        (one.window.state, [(owed.card.address, owed.card.duty.status) for owed in one.owed])
        for one in queries.windows(seat, now=now)
    ]


def text(client, **headers):
    return client.get(reverse("desk:day"), HTTP_ACCEPT_LANGUAGE="en", **headers).content.decode()


def test_a_day_has_two_windows(office, binh, judge):
    assert windows(binh, now=at("10:00")) == [("over", [("", "breached")]), ("ahead", [])]
    judge(at("14:10"))
    assert windows(binh, now=at("14:10")) == [("over", [("", "breached")]), ("open", [("", "pending")])]


def test_the_clerk_answers_for_the_mailboxes_too(office, an):
    assert [sorted(owed) for _, owed in windows(an, now=at("10:00"))] == [
        [("", "breached"), ("ubnd@ubnd.example", "breached"), ("vanphong@ubnd.example", "breached")],
        [],
    ]


def test_a_check_in_the_window_shows_its_time(office, binh, judge, client_of):
    judge(at("14:05"))
    with atomic():
        record(
            MailboxChecked(box="personal"),
            agency=office.handle,
            at=at("14:12"),
            disclosures={"mailbox": binh.address.handle, "actor": binh.person.handle},
        )
    judge(at("14:20"))
    assert windows(binh, now=at("14:20"))[1] == ("open", [("", "fulfilled")])
    assert "checked at" in text(client_of(binh))


def test_a_closed_day_has_no_window(office, binh, chi, client_of, judge):
    tuesday = MONDAY.replace(day=3)
    close_day(by=chi, day=tuesday, reason="Bão.", number="", at=at("11:00"))
    judge(at("09:30", tuesday))
    seat = directory.seat(binh.account, at("09:30", tuesday))
    assert (queries.windows(seat, now=at("09:30", tuesday)), queries.is_working_day(seat)) == ([], False)
    assert "Today is a day off: no window opens." in text(client_of(binh))


def test_the_day_speaks_calmly(office, binh, client_of):
    page = text(client_of(binh))
    assert "Not recorded in the window" in page
    assert [word for word in ("failed", "violation", "penalty", "guilty") if word in page.lower()] == []


def test_what_is_excused_needs_no_explanation(office, missed, binh, chi, judge):
    assert queries.recent(binh, now=at("10:00")).total == 1
    excuse(by=chi, obligation=missed(binh).handle, reason="Bão.", cause="technical", at=at("10:30"))
    judge(at("11:00"))
    assert queries.recent(binh, now=at("11:00")).total == 0


def test_an_official_sees_only_their_own_day(office, missed, an, binh, client_of):
    reply(by=an, obligation=missed(an).handle, text="Tôi đi khám bệnh.", at=at("10:30"))
    page = text(client_of(binh))
    assert ("Tôi đi khám bệnh." in page, missed(an).handle in page) == (False, False)


def test_before_any_book_the_day_is_empty_and_says_why(agency, binh, client_of):
    page = text(client_of(binh))
    assert "No rule book with daily windows binds this agency today." in page
    assert "Nothing is due" in page


@pytest.mark.parametrize("language", ["vi", "en", "kk", "ru"])
def test_the_day_opens_in_every_language(office, binh, client_of, language):
    assert client_of(binh).get(reverse("desk:day"), HTTP_ACCEPT_LANGUAGE=language).status_code == 200


def test_a_full_day_asks_as_few_questions_as_an_empty_one(office, an, judge, client_of):
    client, counts = client_of(an), []
    for until in (at("16:00"), at("16:00", MONDAY.replace(day=3)), at("16:00", MONDAY.replace(day=5))):
        judge(until)
        client.get(reverse("desk:day"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("desk:day"))
        counts.append(len(asked))
    assert len(set(counts)) == 1
