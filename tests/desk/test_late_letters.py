"""The letter about late duties: once a day, one's own only, in the reader's language, and it makes no duty itself."""

from datetime import timedelta

import pytest

from congvu.base import blobs
from congvu.base.database import atomic
from congvu.conduct.actions.findings import excuse
from congvu.desk import tasks
from congvu.desk.models import LateNotice
from congvu.directory.actions.accounts import close_account, keep_wishes
from congvu.directory.policies import OPERATOR
from congvu.ledger.actions import record
from congvu.mail import messages
from congvu.mail.events import MailboxChecked
from congvu.mail.models import Item, Message
from congvu.rules.models import Obligation
from tests.conduct.conftest import MONDAY, at
from tests.mail.pages import kinds


@pytest.fixture(autouse=True)
def _fresh_process():
    tasks._told.clear()


@pytest.fixture
def closing(office, judge):
    """Let the clerk look some minutes after a window has closed."""

    def come(time="09:10", day=MONDAY):
        judge(at(time, day))
        return tasks.tell_late(at(time, day))

    return come


def letters(seat):
    rows = Item.objects.filter(mailbox__address=seat.address, message__channel="system").order_by("pk")
    return [messages.read(blobs.get(row.message.blob)) for row in rows.select_related("message")]


def checks(seat, time, day=MONDAY):
    with atomic():
        record(
            MailboxChecked(box="personal"),
            agency=seat.agency.handle,
            at=at(time, day),
            disclosures={"mailbox": seat.address.handle, "actor": seat.person.handle},
        )


def test_a_closed_window_is_told_in_plain_words_with_article_and_link(closing, office, binh, settings):
    settings.CONGVU_URL = "https://mail.example.gov/"
    keep_wishes(account=binh.account, language="en", uses_shortcuts=True, is_told_of_late_duties=True)
    closing()
    [letter] = letters(binh)
    duty = Obligation.objects.get(agency=office, person=binh.person.handle)
    assert letter.subject == "1 thing was not recorded in time"
    assert [one.address for one in letter.to] == ["binh@ubnd.example"]
    for words in (
        "Good day, Trần Văn Bình",
        "Due by 2 Mar 2026, 09:00",
        "what you reply is read before anybody decides",
        f"https://mail.example.gov/conduct/duty/{duty.handle}/",
    ):
        assert words in " ".join(letter.text.split())


def test_everybody_reads_only_of_the_own_duties(closing, office, an, binh, chi, ngoc):
    assert closing() == 4
    for seat, number in ((an, 3), (binh, 1), (chi, 1), (ngoc, 1)):
        own = set(
            Obligation.objects.filter(agency=office, person=seat.person.handle).values_list(
                "handle", flat=True
            )
        )
        [letter] = letters(seat)
        told = {one for one in Obligation.objects.values_list("handle", flat=True) if one in letter.text}
        assert (len(told), told) == (number, own)


def test_each_reads_the_own_language(closing, an, binh, chi, ngoc):
    for seat, language in ((an, "vi"), (binh, "kk"), (chi, "ru"), (ngoc, "")):
        seat.account.language = language
        seat.account.save()
    closing()
    greetings = [letters(one)[0].text.split()[0] for one in (an, binh, chi, ngoc)]
    assert greetings == ["Xin", "Қайырлы", "Добрый", "Xin"]


def test_one_letter_a_day_whatever_happens_in_between(closing, binh):
    closing()
    tasks._told.clear()  # the clerk was restarted
    assert closing("09:20") == 0
    assert closing("15:10") == 0
    assert len(letters(binh)) == 1
    assert closing("09:10", MONDAY + timedelta(days=1)) == 4
    first, second = letters(binh)
    assert (first.text.count("/conduct/duty/"), second.text.count("/conduct/duty/")) == (1, 2)


def test_nobody_is_told_twice_of_one_duty(closing, binh):
    closing()
    closing("09:10", MONDAY + timedelta(days=1))
    told = [one for letter in letters(binh) for one in Obligation.objects.all() if one.handle in letter.text]
    assert len(told) == len({one.handle for one in told}) == 3


@pytest.mark.parametrize("time", ["08:59", "09:02", "11:30"])
def test_before_the_closing_is_settled_and_long_after_nobody_is_told(closing, time):
    assert closing(time) == 0


def test_what_is_not_judged_yet_is_not_told(office):
    assert tasks.tell_late(at("14:00") + timedelta(hours=1, minutes=10)) == 0


def test_who_did_everything_in_time_hears_nothing(closing, judge, binh):
    judge(at("14:01"))
    checks(binh, "14:10")
    closing("15:10")
    assert letters(binh)[0].text.count("/conduct/duty/") == 1  # the morning's alone


def test_who_wished_for_no_letter_gets_none(closing, binh):
    keep_wishes(account=binh.account, language="vi", uses_shortcuts=True, is_told_of_late_duties=False)
    assert closing() == 3
    assert letters(binh) == []


def test_who_has_left_the_account_gets_none(closing, office, binh):
    close_account(agency=office, account=binh.account, by=OPERATOR, now=at("09:01"))
    assert closing() == 3


def test_what_was_excused_is_not_told(closing, chi, binh, missed):
    excuse(by=chi, obligation=missed(binh).handle, reason="Mất điện.", cause="technical", at=at("10:01"))
    closing("15:10")
    assert letters(binh)[0].text.count("/conduct/duty/") == 1  # the afternoon's alone


def test_the_letter_owes_nothing_and_answers_nothing(closing, office, binh, judge):
    closing()
    before = set(Obligation.objects.values_list("handle", flat=True))
    judge(at("10:00"))
    [item] = Item.objects.filter(mailbox__address=binh.address)
    assert (item.message.automatic, item.owes_acknowledgement, item.message.sender) == (True, False, None)
    assert b"Auto-Submitted: auto-generated" in blobs.get(item.message.blob)
    assert set(Obligation.objects.values_list("handle", flat=True)) == before
    assert kinds(office).count("mail.message.delivered") == 4
    assert LateNotice.objects.filter(message=item.message.handle, person=binh.person).count() == 1


def test_only_official_boxes_are_written_to(closing, office):
    closing()
    recipients = [one for row in Message.objects.filter(channel="system") for one in row.recipients]
    assert {address.rpartition("@")[2] for _name, address, _kind in recipients} == {office.domain}
