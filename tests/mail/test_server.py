"""The whole door with the real house behind it: real SMTP, real database, real application passwords."""

import smtplib

import pytest

from congvu.base import clock
from congvu.directory.actions import application_passwords
from congvu.directory.actions.accounts import close_account
from congvu.directory.actions.appointments import appoint, end_appointment
from congvu.directory.actions.posts import create_post
from congvu.directory.models import Agency
from congvu.directory.policies import OPERATOR
from congvu.directory.queries import email, legal_day, root_unit, seats
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail import server
from congvu.mail.models import Item, Message
from tests.conftest import APPOINTED_ON, FOUNDED_AT
from tests.mail.letters import raw

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ports(data_folder, agency):
    door = server.door(ports=(0, 0))
    door.open()
    yield door.ports()
    door.close()


@pytest.fixture
def password(agency, binh):
    return application_passwords.issue(by=binh, label="Thunderbird", now=clock.now())[1]


def outside(ports, *recipients, **fields):
    with smtplib.SMTP("127.0.0.1", ports[0], timeout=20) as client:
        client.ehlo("dan.example")
        return client.sendmail("dung@dan.example", recipients, raw(**fields), ["SMTPUTF8", "BODY=8BITMIME"])


def submit(
    ports, password, *recipients, mail_from="binh@ubnd.example", username="binh@ubnd.example", **fields
):
    with smtplib.SMTP("127.0.0.1", ports[1], timeout=20) as client:
        client.login(username, password)
        return client.sendmail(mail_from, recipients, raw(**fields), ["SMTPUTF8", "BODY=8BITMIME"])


def test_a_letter_through_the_real_port_lies_in_the_box(ports, agency, binh):
    assert outside(ports, "binh@ubnd.example", subject="Xin chào") == {}
    item = Item.objects.select_related("message", "mailbox").get()
    assert (item.message.subject, item.mailbox.person) == ("Xin chào", binh.person)


def test_250_names_the_message(ports, agency, binh):
    with smtplib.SMTP("127.0.0.1", ports[0], timeout=20) as client:
        client.ehlo("dan.example")
        client.mail("dung@dan.example", ["BODY=8BITMIME"])
        client.rcpt("binh@ubnd.example")
        code, text = client.data(raw())
    assert (code, text.decode()) == (250, f"2.0.0 Stored as {Message.objects.get().handle}")


def test_an_unknown_mailbox_a_withdrawn_one_and_a_foreign_one_are_refused(ports, agency, binh):
    type(binh.address).objects.filter(pk=binh.address.pk).update(withdrawn_at=clock.now())
    with smtplib.SMTP("127.0.0.1", ports[0], timeout=20) as client:
        client.ehlo("dan.example")
        client.mail("dung@dan.example")
        codes = [
            client.rcpt(one)[1][:5].decode()
            for one in ("x@ubnd.example", "binh@ubnd.example", "a@other.example")
        ]
    assert codes == ["5.1.1", "5.1.6", "5.7.1"]


def test_an_official_sends_with_an_application_password(ports, agency, an, binh, password):
    assert submit(ports, password, "an@ubnd.example", sender="Bình <binh@ubnd.example>") == {}
    message = Message.objects.get()
    assert (message.channel, message.author, message.sender.person) == (
        "submission",
        binh.person,
        binh.person,
    )
    assert Item.objects.filter(folder="inbox").get().mailbox.person == an.person


@pytest.fixture
def earnest(data_folder, agency):
    """An agency that is no demonstration; opens its door."""
    Agency.objects.update(demonstration=False)
    opened = []

    def opening():
        door = server.door(ports=(0, 0))
        opened.append(door)
        door.open()
        return door.ports()

    yield opening
    for door in opened:
        door.close()


def test_an_agency_takes_passwords_under_tls_only(earnest, an, binh, password):
    with smtplib.SMTP("127.0.0.1", earnest()[1], timeout=20) as client:
        client.ehlo()
        assert not client.has_extn("auth")
        assert client.docmd("AUTH", "PLAIN AGJpbmgAeA==")[0] == 538
        client.starttls()
        client.login("binh@ubnd.example", password)
        assert (
            client.sendmail(
                "binh@ubnd.example",
                ["an@ubnd.example"],
                raw(sender="Bình <binh@ubnd.example>"),
                ["BODY=8BITMIME"],
            )
            == {}
        )
    assert Message.objects.count() == 1


def test_passwords_in_the_clear_are_an_explicit_setting(earnest, binh, password, settings):
    settings.CONGVU_SMTP_PLAIN_AUTH = True
    with smtplib.SMTP("127.0.0.1", earnest()[1], timeout=20) as client:
        assert client.login("binh@ubnd.example", password)[0] == 235


def test_a_password_opens_the_agency_alone_in_which_it_was_issued(ports, agency, akimat, an, binh, password):
    post = create_post(
        unit=root_unit(akimat),
        title={"en": "Adviser"},
        functions=(),
        rank="staff",
        by=OPERATOR,
        now=FOUNDED_AT,
    )
    appoint(person=binh.person, post=post, valid_from=APPOINTED_ON, by=OPERATOR, now=FOUNDED_AT)
    there = [one for one in seats(binh.account, clock.now()) if one.agency == akimat]
    assert [email(one.address) for one in there] == ["tran.van.binh@akimat.example"]
    sender = server.authenticate("binh@ubnd.example", password, "127.0.0.1")
    assert sender.addresses == {"binh@ubnd.example"}
    assert server.is_entitled(sender)
    with pytest.raises(smtplib.SMTPSenderRefused):
        submit(ports, password, "an@ubnd.example", mail_from="tran.van.binh@akimat.example")


def test_nobody_sends_as_somebody_else(ports, agency, an, binh, password):
    with pytest.raises(smtplib.SMTPSenderRefused):
        submit(ports, password, "an@ubnd.example", mail_from="an@ubnd.example", sender="An <an@ubnd.example>")
    with pytest.raises(smtplib.SMTPDataError):
        submit(ports, password, "an@ubnd.example", sender="An <an@ubnd.example>")
    assert Message.objects.count() == 0


def test_a_revoked_password_is_refused(ports, agency, an, binh, password):
    [held] = application_passwords.queries.open_application_passwords(binh.account)
    application_passwords.revoke(password=held, by=binh, now=clock.now())
    with pytest.raises(smtplib.SMTPAuthenticationError):
        submit(ports, password, "an@ubnd.example")


def test_who_left_today_sends_nothing_today(ports, agency, an, binh, password):
    now = clock.now()
    end_appointment(membership=binh.membership, valid_to=legal_day(agency, now), by=OPERATOR, now=now)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        submit(ports, password, "an@ubnd.example")


def _leaves(binh):
    now = clock.now()
    end_appointment(membership=binh.membership, valid_to=legal_day(binh.agency, now), by=OPERATOR, now=now)


def _is_closed(binh):
    close_account(agency=binh.agency, account=binh.account, by=OPERATOR, now=clock.now())


def _revokes(binh):
    [held] = application_passwords.queries.open_application_passwords(binh.account)
    application_passwords.revoke(password=held, by=binh, now=clock.now())


@pytest.mark.parametrize("ends", [_leaves, _is_closed, _revokes])
def test_an_open_connection_outlives_neither_post_nor_account_nor_password(
    ports, agency, an, binh, password, monkeypatch, ends
):
    monkeypatch.setattr(server, "REMEMBERED", 0.0)
    with smtplib.SMTP("127.0.0.1", ports[1], timeout=20) as client:
        client.login("binh@ubnd.example", password)
        letter = raw(sender="Bình <binh@ubnd.example>")
        client.sendmail("binh@ubnd.example", ["an@ubnd.example"], letter, ["BODY=8BITMIME"])
        ends(binh)
        client.mail("binh@ubnd.example")
        assert client.rcpt("an@ubnd.example")[0] == 421
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.noop()
    assert Message.objects.count() == 1


def test_the_clerk_submits_as_the_unit(ports, agency, an, binh):
    secret = application_passwords.issue(by=an, label="Outlook", now=clock.now())[1]
    assert (
        submit(
            ports,
            secret,
            "binh@ubnd.example",
            username="an@ubnd.example",
            mail_from="vanphong@ubnd.example",
            sender="Văn phòng <vanphong@ubnd.example>",
        )
        == {}
    )
    assert Message.objects.get().sender.kind == "unit"


def test_a_refusal_at_the_door_is_evidence_of_the_agency_it_was_meant_for(ports, agency, binh):
    with pytest.raises(smtplib.SMTPDataError) as caught:
        outside(ports, "binh@ubnd.example", subject="[TỐI MẬT] Kế hoạch")
    assert caught.value.smtp_code == 550
    sequencer.settle()
    found = [one for one in ledger.entries_from(agency.handle, 0, 0, 1000) if one.kind.startswith("mail.")]
    assert [(one.kind, one.attributes) for one in found] == [
        ("mail.message.refused", {"channel": "mx", "mark": "top_secret"})
    ]
    assert Message.objects.count() == 0


def test_an_outsider_who_claims_our_domain_is_refused(ports, agency, an, binh):
    with pytest.raises(smtplib.SMTPDataError):
        outside(ports, "an@ubnd.example", sender="Bình <binh@ubnd.example>")
    assert Message.objects.count() == 0


def test_starttls_is_offered_and_works(ports, agency, binh):
    with smtplib.SMTP("127.0.0.1", ports[0], timeout=20) as client:
        client.starttls()
        client.ehlo("dan.example")
        assert (
            client.sendmail("d@dan.example", ["binh@ubnd.example"], raw(), ["SMTPUTF8", "BODY=8BITMIME"])
            == {}
        )
