"""How much one account may send, and when it is stopped: by written rules, told to its owner, lifted by people."""

import smtplib
from datetime import timedelta

import pytest

from congvu.base import clock
from congvu.directory.actions import application_passwords
from congvu.mail import server
from congvu.mail.actions import limiting
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Draft, Item, Message, SendingNetwork, Suspension
from congvu.mail.queries import volumes
from tests.mail.letters import NOW, raw, submitted
from tests.mail.pages import press, show
from tests.mail.test_transfers import kinds

pytestmark = pytest.mark.django_db(transaction=True)
HOME, ABROAD = "203.0.114.7", "198.51.101.9"


@pytest.fixture(autouse=True)
def few(settings):
    settings.CONGVU_LIMIT_MESSAGES, settings.CONGVU_LIMIT_RECIPIENTS = 4, 20
    settings.CONGVU_ALARM_OUTSIDE, settings.CONGVU_ALARM_NEW_NETWORK = 10, 3


def outsiders(count, start=0):
    return [f"d{number}@dan.example" for number in range(start, start + count)]


def sends(seat, recipients, *, client="", at=NOW):
    """Let one message pass as the door does, and store it."""
    limiting.check(agency=seat.agency, person=seat.person, recipients=recipients, client=client, now=at)
    number = Message.objects.count()
    accept([submitted(seat, *recipients, message_id=f"{number}@ubnd.example", at=at)])


def test_so_many_messages_an_hour_and_no_more(agency, binh, an, data_folder):
    for _ in range(4):
        sends(binh, ["an@ubnd.example"])
    with pytest.raises(limiting.LimitReachedError) as reached:
        sends(binh, ["an@ubnd.example"])
    assert (reached.value.span, reached.value.limit) == ("hour", 4)
    sends(an, ["binh@ubnd.example"])
    sends(binh, ["an@ubnd.example"], at=NOW + timedelta(hours=1))


def test_so_many_recipients_a_day_and_no_more(agency, binh, data_folder):
    sends(binh, outsiders(9))
    sends(binh, outsiders(9), at=NOW + timedelta(hours=2))
    with pytest.raises(limiting.LimitReachedError) as reached:
        sends(binh, outsiders(9), at=NOW + timedelta(hours=4))
    assert (reached.value.span, reached.value.limit) == ("day", 20)
    sends(binh, outsiders(9), at=NOW + timedelta(days=1, hours=1))


def test_many_recipients_outside_in_a_short_time_stop_the_account(agency, binh, ngoc, data_folder):
    sends(binh, outsiders(9))
    with pytest.raises(limiting.SendingStoppedError):
        sends(binh, outsiders(2), at=NOW + timedelta(minutes=5))
    stop = Suspension.objects.get()
    assert (stop.person, stop.rule, stop.recipients) == (binh.person, "many_outside", 11)
    assert ("mail.sending.suspended", {"rule": "many_outside"}) in kinds(agency)
    told = Item.objects.filter(message__channel="system").values_list(
        "mailbox__address__local_part", flat=True
    )
    assert sorted(told) == ["binh", "ngoc"]
    with pytest.raises(limiting.SendingStoppedError):
        sends(binh, ["an@ubnd.example"], at=NOW + timedelta(days=3))


def test_the_same_number_over_a_longer_time_stops_nobody(agency, binh, data_folder):
    sends(binh, outsiders(9))
    sends(binh, outsiders(9), at=NOW + timedelta(minutes=11))
    assert not Suspension.objects.exists()


def test_many_recipients_inside_stop_nobody(agency, binh, an, chi, data_folder):
    for number in range(4):
        sends(binh, ["an@ubnd.example", "chi@ubnd.example"], at=NOW + timedelta(minutes=number))
    assert not Suspension.objects.exists()


def test_a_new_network_and_then_mass_mail_stop_the_account(agency, binh, data_folder):
    sends(binh, outsiders(3), client=HOME, at=NOW - timedelta(days=5))
    sends(binh, outsiders(3), client=ABROAD)
    with pytest.raises(limiting.SendingStoppedError):
        sends(binh, outsiders(1), client=ABROAD, at=NOW + timedelta(minutes=1))
    assert Suspension.objects.get().rule == "new_network"


def test_from_the_network_of_every_day_the_same_is_nothing(agency, binh, data_folder):
    sends(binh, outsiders(3), client=HOME, at=NOW - timedelta(days=5))
    sends(binh, outsiders(9), client="203.0.114.200")
    assert [one.network for one in SendingNetwork.objects.all()] == ["203.0.114.0/24"]
    assert not Suspension.objects.exists()


def test_the_first_network_of_an_account_is_no_alarm(agency, binh, data_folder):
    sends(binh, outsiders(9), client=ABROAD)
    assert not Suspension.objects.exists()


def test_networks_are_forgotten_after_ninety_days(agency, binh, data_folder):
    sends(binh, ["an@ubnd.example"], client=HOME, at=NOW - timedelta(days=91))
    sends(binh, ["an@ubnd.example"], client="2001:db8:1:2::3")
    assert [one.network for one in SendingNetwork.objects.all()] == ["2001:db8:1::/48"]


def stopped(seat):
    with pytest.raises(limiting.SendingStoppedError):
        limiting.check(
            agency=seat.agency, person=seat.person, recipients=outsiders(11), client="", now=clock.now()
        )


def test_who_is_stopped_learns_why_and_keeps_the_draft(agency, binh, an, client_of, data_folder):
    stopped(binh)
    client = client_of(binh)
    assert "Sending is stopped for your account" in show(client, "inbox").content.decode()
    answer = press(client, "compose", to="an@ubnd.example", subject="x", body="y", do="send")
    assert (answer.status_code, Draft.objects.count()) == (422, 1)
    assert "Your administrator can let you send again; nobody is blamed." in answer.content.decode()


def test_an_administrator_sees_it_and_lets_the_account_send_again(
    agency, binh, an, ngoc, client_of, data_folder
):
    stopped(binh)
    client = client_of(ngoc)
    page = show(client, "sending").content.decode()
    assert ("Trần Văn Bình" in page, "Stopped at 11 recipients outside" in page) == (True, True)
    press(client, "resume-sending", binh.person.handle)
    assert volumes.suspension(agency, binh.person) is None
    assert ("mail.sending.resumed", {}) in kinds(agency)


def test_others_do_not_see_what_accounts_send(agency, binh, an, chi, client_of, data_folder):
    """Chi heads the office, not the agency."""
    stopped(binh)
    assert [show(client_of(one), "sending").status_code for one in (binh, an, chi)] == [404, 404, 404]
    press(client_of(binh), "resume-sending", binh.person.handle)
    assert volumes.suspension(agency, binh.person) is not None


def test_the_door_says_the_same_to_mail_programs(agency, binh, an, data_folder):
    password = application_passwords.issue(by=binh, label="Thunderbird", now=clock.now())[1]
    opened = server.door(ports=(0, 0))
    opened.open()
    try:
        with smtplib.SMTP("127.0.0.1", opened.ports()[1], timeout=30) as client:
            client.login("binh@ubnd.example", password)
            for number in range(4):
                client.sendmail("binh@ubnd.example", ["an@ubnd.example"], letter(number))
            with pytest.raises(smtplib.SMTPDataError) as limited:
                client.sendmail("binh@ubnd.example", ["an@ubnd.example"], letter(5))
            assert limited.value.args == (
                450,
                b"4.7.28 This account may send no more at present; try again later (4 messages an hour)",
            )
            Suspension.objects.create(
                agency=agency, person=binh.person, rule="many_outside", recipients=11, began_at=clock.now()
            )
            with pytest.raises(smtplib.SMTPDataError) as held:
                client.sendmail("binh@ubnd.example", ["an@ubnd.example"], letter(6))
            assert held.value.args[0] == 550
    finally:
        opened.close()


def letter(number):
    return (
        raw(sender="binh@ubnd.example", to="an@ubnd.example", message_id=f"{number}@ubnd.example")
        .decode()
        .encode()
    )
