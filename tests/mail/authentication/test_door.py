"""Mail from outside through the real door: what is found lies beside the message and stands on its page."""

import smtplib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from congvu.mail import examining, server
from congvu.mail.authentication import dkim
from congvu.mail.models import Message, Origin
from tests.mail.authentication.test_dkim import KEY, NOW, record
from tests.mail.authentication.zones import served
from tests.mail.letters import raw
from tests.mail.pages import item_of, show

pytestmark = pytest.mark.django_db(transaction=True)
ZONE = {
    ("_dmarc.dan.example", "TXT"): ["v=DMARC1; p=reject"],
    ("s1._domainkey.dan.example", "TXT"): [record(KEY)],
    ("_dmarc.bank.example", "TXT"): ["v=DMARC1; p=reject"],
    ("s1._domainkey.else.example", "TXT"): [record(KEY)],
}


@pytest.fixture
def house(data_folder, agency, settings):
    """Open the real door beside a name server of our own."""
    with served(ZONE) as (setting, names):
        settings.CONGVU_DNS = setting
        door = server.door(ports=(0, 0))
        door.open()
        yield door.ports()[0], names
        door.close()


def letter(*, sign="", **fields):
    octets = raw(**fields).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return dkim.sign(octets, domain=sign, selector="s1", key=KEY, at=NOW) if sign else octets


def outside(port, octets, recipient="binh@ubnd.example"):
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.ehlo("dan.example")
        return client.sendmail("x@dan.example", [recipient], octets, ["SMTPUTF8", "BODY=8BITMIME"])


def test_a_signed_letter_is_confirmed_on_its_page(house, binh, client_of):
    outside(house[0], letter(sign="dan.example", sender="Dung <dung@dan.example>"))
    row = Origin.objects.get()
    assert (row.spf, row.dkim, row.dkim_domain, row.dmarc) == ("none", "pass", "dan.example", "pass")
    page = show(client_of(binh), "message", item_of(binh).handle).content.decode()
    assert "The sender’s server confirms this address (dan.example)." in page


def test_a_letter_that_its_domain_disowns_is_marked_and_never_dropped(house, binh, client_of):
    """An own server in front would hide the sending host; here a signature of somebody else stands for one."""
    outside(house[0], letter(sign="else.example", sender="Bank <info@bank.example>"))
    Origin.objects.update(dmarc="fail", asked="reject")
    page = show(client_of(binh), "message", item_of(binh).handle).content.decode()
    assert "This letter may not come from where it says" in page
    assert "It asks others to refuse such letters." in page


@pytest.mark.parametrize(
    ("policy", "asked", "dmarc", "refused"),
    [
        ("refuse", "reject", "fail", True),
        ("refuse", "quarantine", "fail", False),
        ("refuse", "reject", "temporary_error", False),
        ("refuse", "reject", "neutral", False),
        ("refuse", "reject", "pass", False),
        ("mark", "reject", "fail", False),
        ("observe", "reject", "fail", False),
    ],
)
def test_mail_is_refused_only_where_both_sides_ask_for_it(settings, policy, asked, dmarc, refused):
    from congvu.mail.authentication.findings import Findings, Result  # noqa: PLC0415 -- beside the cases

    settings.CONGVU_DMARC = policy
    found = examining.rejection(Findings(dmarc=Result(dmarc), asked=asked))
    assert (found is not None) is refused


def test_who_only_observes_shows_nothing(house, binh, client_of, settings):
    outside(house[0], letter(sign="dan.example", sender="Dung <dung@dan.example>"))
    settings.CONGVU_DMARC = "observe"
    page = show(client_of(binh), "message", item_of(binh).handle).content.decode()
    assert ("confirms this address" in page, Origin.objects.count()) == (False, 1)


def test_without_a_name_server_mail_is_taken_and_the_page_says_so(house, binh, client_of, settings):
    settings.CONGVU_DNS = "off"
    door = server.door(ports=(0, 0))
    door.open()
    outside(door.ports()[0], letter(sign="dan.example", sender="Dung <dung@dan.example>"))
    door.close()
    assert Origin.objects.get().dmarc == "temporary_error"
    page = show(client_of(binh), "message", item_of(binh).handle).content.decode()
    assert "could not be asked when it came" in page


def test_a_slow_name_server_holds_up_nobody_else(house, binh, an):
    port, names = house
    outside(port, letter(sender="Dung <dung@quick.example>"))  # what is asked once is remembered
    names.seconds = 1.5
    with ThreadPoolExecutor(9) as several:
        slow = [
            several.submit(outside, port, letter(sender=f"x <x@slow{n}.example>", message_id=f"{n}@x"))
            for n in range(8)
        ]
        time.sleep(0.3)
        begun = time.monotonic()
        outside(port, letter(sender="Dung <dung@quick.example>", message_id="q@x"), "an@ubnd.example")
        seconds = time.monotonic() - begun
        for one in slow:
            one.result()
    assert (seconds < 1.0, Message.objects.count()) == (True, 10)


def test_mail_of_our_own_has_no_origin(house, agency, binh, an):
    from congvu.mail.actions.accepting import accept  # noqa: PLC0415 -- beside the case
    from tests.mail.letters import submitted  # noqa: PLC0415 -- beside the case

    accept([submitted(binh, "an@ubnd.example")])
    assert (Message.objects.count(), Origin.objects.count()) == (1, 0)
