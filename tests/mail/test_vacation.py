from datetime import date, timedelta

import pytest
from django.urls import reverse

from congvu.base import blobs, clock
from congvu.directory.actions.leave import grant_leave
from congvu.mail.actions import vacation
from congvu.mail.actions.accepting import accept
from congvu.mail.arranging.models import VacationNotice
from congvu.mail.models import Item, Message, Origin, Transfer
from tests.mail.letters import NOW, incoming, submitted
from tests.mail.pages import ENGLISH, press, show

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 23)
SOON = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _nine_o_clock(data_folder):
    with clock.demonstration(NOW):
        yield


def switch(client, *, is_on=True, first="2026-11-23", last="2026-11-27", **texts):
    texts = texts or {"text": "Tôi đi vắng.", "second": "I am away."}
    return press(
        client, "absence", first_day=first, last_day=last, **({"is_on": "on"} if is_on else {}), **texts
    )


@pytest.fixture
def away(agency, binh, client_of):
    """Bình's notice is on this week."""
    assert switch(client_of(binh)).status_code == 302
    return VacationNotice.objects.get()


def write(n=1, *, at=SOON, to="binh@ubnd.example", **fields):
    accept([incoming(to, at=at, message_id=f"{n}@dan.example", **fields)])


def answers():
    return [blobs.get(one.blob).decode() for one in Message.objects.filter(automatic=True).order_by("id")]


def test_who_writes_to_somebody_away_is_told_once_in_seven_days(away):
    write(1)
    assert vacation.answer_absent(now=SOON) == 1
    write(2, at=SOON + timedelta(days=1))
    assert vacation.answer_absent(now=SOON + timedelta(days=1)) == 0
    VacationNotice.objects.update(valid_to=date(2026, 12, 31))
    write(3, at=SOON + timedelta(days=7, minutes=1))
    assert vacation.answer_absent(now=SOON + timedelta(days=7, minutes=1)) == 1
    assert Transfer.objects.filter(recipient="dung@dan.example").count() == 2


def test_the_answer_says_that_a_program_wrote_it_and_to_what(away):
    write(1, subject="Hỏi về giấy phép")
    vacation.answer_absent(now=SOON)
    [raw] = answers()
    assert "Auto-Submitted: auto-replied\r\n" in raw
    assert "In-Reply-To: <1@dan.example>\r\n" in raw
    assert Message.objects.get(automatic=True).subject == "Auto: Hỏi về giấy phép"
    assert Message.objects.get(automatic=True).snippet == "Tôi đi vắng. ---- I am away."


@pytest.mark.parametrize(
    "extra",
    [
        "Auto-Submitted: auto-generated",
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "Precedence: list",
        "List-Id: <tin.dan.example>",
        "List-Unsubscribe: <mailto:off@dan.example>",
        "X-Autoreply: yes",
    ],
)
def test_programs_and_lists_get_no_answer(away, extra):
    write(1, extra=extra)
    assert vacation.answer_absent(now=SOON) == 0


def test_the_null_reverse_path_gets_no_answer(away):
    write(1, mail_from="")
    assert vacation.answer_absent(now=SOON) == 0


def test_who_copied_blindly_gets_no_answer(away):
    accept([incoming("binh@ubnd.example", to="khac@dan.example", at=SOON)])
    assert vacation.answer_absent(now=SOON) == 0


def test_a_letter_that_does_not_come_from_where_it_says_gets_no_answer(away):
    write(1)
    message = Message.objects.get()
    Origin.objects.filter(message=message).delete()
    Origin.objects.create(
        agency=message.agency, message=message, spf="fail", dkim="none", dmarc="fail", arc="none"
    )
    assert vacation.answer_absent(now=SOON) == 0


def test_a_colleague_is_answered_without_owing_anything(away, an):
    accept([submitted(an, "binh@ubnd.example", at=SOON, message_id="a@ubnd.example")])
    assert vacation.answer_absent(now=SOON) == 1
    told = Item.objects.get(mailbox__address=an.address, folder="inbox")
    assert (told.message.automatic, told.owes_acknowledgement) == (True, False)


def test_two_who_are_away_do_not_answer_each_other_for_ever(away, an, client_of):
    switch(client_of(an))
    accept([submitted(an, "binh@ubnd.example", at=SOON, message_id="a@ubnd.example")])
    assert [vacation.answer_absent(now=SOON) for _ in range(3)] == [1, 0, 0]


def test_what_came_before_or_while_it_was_off_stays_unanswered(agency, binh, client_of):
    client = client_of(binh)
    write(1, at=NOW)
    switch(client, is_on=False)
    write(2)
    assert vacation.answer_absent(now=SOON) == 0
    switch(client)
    assert vacation.answer_absent(now=SOON) == 0


def test_on_the_first_day_back_nobody_is_told(away):
    back = NOW + timedelta(days=5)
    write(1, at=back)
    assert vacation.answer_absent(now=back) == 0


def test_the_acknowledgement_stays_owed(away):
    write(1)
    vacation.answer_absent(now=SOON)
    item = Item.objects.get(message__message_id="1@dan.example")
    assert (item.owes_acknowledgement, item.acknowledged_at, item.opened_at) == (True, None, None)


def test_a_recorded_leave_is_offered_with_who_acts_and_never_why(agency, an, binh, chi, client_of):
    grant_leave(
        agency=agency,
        person=binh.person,
        valid_from=TODAY + timedelta(days=7),
        valid_to=TODAY + timedelta(days=9),
        acting=an.person,
        by=chi,
        now=NOW,
    )
    page = show(client_of(binh), "absence").content.decode()
    assert 'value="2026-11-30"' in page
    assert 'value="2026-12-01"' in page
    assert "Please write to Nguyễn Thị An &lt;an@ubnd.example&gt;." in page
    assert "I am away until the end of 1 Dec 2026 and" in page
    assert "Tôi đi vắng đến hết ngày 01/12/2026 và" in page
    assert VacationNotice.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [{"text": "   "}, {"first": "2026-11-27", "last": "2026-11-26", "text": "x"}, {"last": "?", "text": "x"}],
)
def test_a_notice_needs_a_text_and_a_period(agency, binh, client_of, wrong):
    assert switch(client_of(binh), **wrong).status_code == 422
    assert VacationNotice.objects.count() == 0


def test_who_has_no_address_has_no_notice(agency, binh, client_of):
    binh.address.withdrawn_at = NOW
    binh.address.save()
    assert client_of(binh).get(reverse("mail:absence"), headers=ENGLISH).status_code == 404
