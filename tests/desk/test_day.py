import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congvu.base.database import atomic
from congvu.conduct.actions.findings import excuse, reply
from congvu.desk import queries
from congvu.directory import queries as directory
from congvu.directory.queries import email
from congvu.ledger.actions import record
from congvu.mail.actions.accepting import accept
from congvu.mail.events import MailboxChecked
from congvu.rules.actions import close_day, decide_parameter
from tests.conduct.conftest import BOOK, MONDAY, at
from tests.mail.letters import incoming


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


def letter(seat, subject, *, time):
    """Let Dung's letter arrive at the official's address."""
    sent = incoming(email(seat.address), at=at(time), subject=subject, message_id=f"{time}@dan.example")
    accept([sent])


def decided(by):
    decide_parameter(
        by=by,
        book=BOOK,
        parameter="acknowledge_within",
        value=30,
        valid_from=MONDAY,
        number="",
        at=at("10:05"),
    )


def test_until_the_agency_decides_a_letter_is_open_and_never_late(office, binh, judge, client_of):
    letter(binh, "Hỏi về giấy phép", time="10:10")
    judge(at("17:00"))
    found = queries.undecided(binh, now=at("17:00"))
    assert [owed.item.message.subject for owed in found.owed] == ["Hỏi về giấy phép"]
    assert queries.due(binh, now=at("17:00")).total == 0
    assert "the agency has not decided a time" in text(client_of(binh))


def test_the_most_urgent_letter_stands_first_with_its_article(office, binh, chi, judge, client_of):
    decided(chi)
    letter(binh, "Thư thứ nhất", time="10:10")
    letter(binh, "Thư thứ hai", time="10:20")
    judge(at("10:25"))
    found = queries.due(binh, now=at("10:25"))
    assert [owed.item.message.subject for owed in found.owed] == ["Thư thứ nhất", "Thư thứ hai"]
    assert [owed.card.duty.due_at for owed in found.owed] == [at("10:40"), at("10:50")]
    page = text(client_of(binh))
    assert all(word in page for word in ("Thư thứ nhất", "82/2009/QĐ-UBND", "15 minutes left"))


def test_unread_letters_are_counted_and_the_newest_named(office, binh, an, client_of):
    letter(binh, "Thư thứ nhất", time="10:10")
    letter(binh, "Thư thứ hai", time="10:20")
    letter(an, "Thư của An", time="10:21")
    found = queries.post(binh, now=at("10:25"))
    assert (found.unread, [one.message.subject for one in found.newest]) == (
        2,
        ["Thư thứ hai", "Thư thứ nhất"],
    )
    page = text(client_of(binh))
    assert ("2 unread messages" in page, "Thư của An" in page) == (True, False)


def test_a_subject_is_never_markup(office, binh, client_of):
    letter(binh, "<script>alert(1)</script>", time="10:10")
    assert "<script>alert" not in text(client_of(binh))


def test_ten_letters_ask_as_few_questions_as_one(office, binh, chi, judge, client_of):
    decided(chi)
    client, counts = client_of(binh), []
    for until in range(10, 40, 10):
        for minute in range(until, until + (1 if until == 10 else 3)):
            letter(binh, f"Thư {minute}", time=f"10:{minute}")
        judge(at(f"10:{until + 5}"))
        client.get(reverse("desk:day"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("desk:day"))
        counts.append(len(asked))
    assert queries.due(binh, now=at("10:35")).total == 7
    assert len(set(counts)) == 1


def test_a_letter_that_was_not_acknowledged_in_time_is_named_to_its_reader_alone(
    office, binh, chi, judge, client_of
):
    decided(chi)
    letter(binh, "Hỏi về giấy phép", time="10:10")
    judge(at("11:30"))
    assert queries.recent(binh, now=at("11:30")).owed[0].item.message.subject == "Hỏi về giấy phép"
    assert "Acknowledge mail: Hỏi về giấy phép" in text(client_of(binh))
    page = client_of(chi).get(reverse("desk:unit"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert ("Acknowledge mail" in page, "Hỏi về giấy phép" in page) == (True, False)
