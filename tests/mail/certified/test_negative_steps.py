"""What a user would miss: a submission refused at the door, and an acknowledgement whose time ended."""

import smtplib
from datetime import timedelta

import pytest

from congvu.ledger import queries as ledger
from congvu.ledger import readers as reading
from congvu.ledger import sequencer
from congvu.mail.actions import acknowledging, expiring
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Item, Receipt
from congvu.rules import actions as rules
from congvu.rules.readers import Judge
from tests.mail import test_server as door
from tests.mail.letters import NOW, submitted

pytestmark = pytest.mark.django_db(transaction=True)
password, ports = door.password, door.ports  # fixtures
BOOK = "vn.binh-duong.mail-2009"
MINUTE = timedelta(minutes=1)


def noted(agency, kind):
    sequencer.settle()
    return [one for one in ledger.entries_from(agency.handle, 0, 0, 1000) if one.kind == kind]


def test_what_the_door_refuses_an_official_is_evidence_with_its_reason(ports, agency, binh, password):
    for sender in ("chi@ubnd.example", "chi@ubnd.example"):  # the second at once after the first: noted once
        with pytest.raises(smtplib.SMTPDataError):
            door.submit(ports, password, "binh@ubnd.example", sender=sender)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        door.submit(ports, password, "nobody@ubnd.example", sender="binh@ubnd.example")
    found = [(one.attributes, one.disclosures) for one in noted(agency, "mail.submission.refused")]
    actor = binh.person.handle
    assert found == [
        ({"reason": "policy"}, {"actor": actor, "status": "5.7.1"}),
        ({"reason": "address"}, {"actor": actor, "status": "5.1.1"}),
    ]


def test_a_strangers_refused_mail_leaves_no_evidence_of_a_submission(ports, agency):
    with smtplib.SMTP("127.0.0.1", ports[0], timeout=20) as client:
        client.ehlo("dan.example")
        client.mail("dung@dan.example")
        assert client.rcpt("nobody@ubnd.example")[0] == 550
    assert noted(agency, "mail.submission.refused") == []


@pytest.fixture
def _bound(data_folder, chi, agency):
    at, day = NOW - 50 * MINUTE, NOW.date()
    rules.adopt(by=chi, book=BOOK, valid_from=day, number="01/QĐ", at=at)
    rules.decide_parameter(
        by=chi, book=BOOK, parameter="acknowledge_within", value=30, valid_from=day, number="02/QĐ", at=at
    )


def judge(agency, binh, *, at):
    """Let time pass for the rules: they have seen the evidence up to an instant."""
    accept([submitted(binh, "binh@ubnd.example", at=at, message_id=f"{at.timestamp()}@ubnd.example")])
    sequencer.settle()
    while reading.advance(Judge(), agency=agency.handle):
        pass


@pytest.mark.usefixtures("_bound")
def test_an_acknowledgement_that_does_not_come_in_time_expires_once(agency, an, binh, chi):
    accept([submitted(binh, "an@ubnd.example", "chi@ubnd.example")])
    mine = Item.objects.get(mailbox__address=an.address, folder="inbox")
    acknowledging.acknowledge(seat=an, item=mine, now=NOW + 5 * MINUTE)
    judge(agency, binh, at=NOW + 20 * MINUTE)
    assert expiring.note_expired(agency, since=None, now=NOW + 20 * MINUTE) == 0
    judge(agency, binh, at=NOW + 40 * MINUTE)
    counts = [expiring.note_expired(agency, since=None, now=NOW + 40 * MINUTE) for _ in range(2)]
    assert counts == [1, 0]
    (entry,) = noted(agency, "mail.acknowledgement.expired")
    assert entry.attributes == {"box": "personal", "reason": "no_acknowledgement"}
    assert entry.disclosures["address"] == chi.address.handle
    step = Receipt.objects.get(step=Receipt.Step.EXPIRED)
    assert (step.recipient, step.entry) == ("chi@ubnd.example", entry.id)


@pytest.mark.usefixtures("_bound")
def test_what_is_acknowledged_late_but_before_anybody_looked_does_not_expire(agency, an, binh):
    accept([submitted(binh, "an@ubnd.example")])
    judge(agency, binh, at=NOW + 40 * MINUTE)
    item = Item.objects.get(mailbox__address=an.address, folder="inbox")
    acknowledging.acknowledge(seat=an, item=item, now=NOW + 41 * MINUTE)
    assert expiring.note_expired(agency, since=None, now=NOW + 41 * MINUTE) == 0
