"""What the regulation of 2009 makes of the mailbox's evidence, as the mailbox shows it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from congvu.base import clock
from congvu.ledger import readers as reading
from congvu.ledger import sequencer
from congvu.mail.actions import acknowledging, recalling
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Item, Message
from congvu.mail.queries import duties
from congvu.rules import actions as rules
from congvu.rules.readers import Judge
from tests.mail.letters import NOW, submitted

pytestmark = pytest.mark.django_db(transaction=True)
BOOK = "vn.binh-duong.mail-2009"


@pytest.fixture(autouse=True)
def _binding(data_folder, chi, agency):
    """Chi, who is legal officer, lets the regulation bind and decides 30 working minutes."""
    at, day = NOW - timedelta(minutes=50), NOW.date()
    rules.adopt(by=chi, book=BOOK, valid_from=day, number="01/QĐ", at=at)
    rules.decide_parameter(
        by=chi, book=BOOK, parameter="acknowledge_within", value=30, valid_from=day, number="02/QĐ", at=at
    )


def judged(agency):
    sequencer.settle()
    while reading.advance(Judge(), agency=agency.handle):
        pass
    found = list(
        Item.objects.filter(folder="inbox").select_related("message", "mailbox__address", "mailbox__person")
    )
    shown = duties.to_acknowledge(agency, found)
    return {one.mailbox.address.local_part: shown[one.pk] for one in found if one.pk in shown}


def test_each_recipient_owes_an_acknowledgement_within_the_agencys_time(agency, an, binh, chi):
    accept([submitted(binh, "an@ubnd.example", "chi@ubnd.example", "vanphong@ubnd.example")])
    found = judged(agency)
    assert {name: one.due_at - NOW for name, one in found.items()} == dict.fromkeys(
        ("an", "chi", "vanphong"), timedelta(minutes=30)
    )


def test_one_recipients_acknowledgement_leaves_the_others_duty(agency, an, binh, chi):
    accept([submitted(binh, "an@ubnd.example", "chi@ubnd.example")])
    item = Item.objects.get(mailbox__address=an.address, folder="inbox")
    acknowledging.acknowledge(seat=an, item=item, now=NOW + timedelta(minutes=5))
    assert {name: one.status for name, one in judged(agency).items()} == {"an": "fulfilled", "chi": "pending"}


def test_a_recall_takes_the_duty_away(agency, an, binh):
    accept([submitted(binh, "an@ubnd.example")])
    recalling.recall(seat=binh, message=Message.objects.get(), now=NOW + timedelta(minutes=5))
    assert {name: one.status for name, one in judged(agency).items()} == {"an": "annulled"}


def test_automatic_mail_and_letters_to_oneself_owe_nothing(agency, an, binh):
    accept([submitted(binh, "an@ubnd.example", extra="Auto-Submitted: auto-generated")])
    accept([submitted(binh, "binh@ubnd.example")])
    assert judged(agency) == {}


def test_the_inbox_shows_the_due_time_and_the_message_its_article(agency, an, binh, client_of):
    accept([submitted(binh, "an@ubnd.example")])
    duty = judged(agency)["an"]
    with clock.demonstration(NOW + timedelta(minutes=5)):
        client = client_of(an)
        assert [row.duty.due_at for row in client.get(reverse("mail:inbox")).context["rows"]] == [duty.due_at]
        item = Item.objects.get(mailbox__address=an.address)
        page = client.get(reverse("mail:message", args=[item.handle])).content.decode()
    assert duty.cite in page
    assert "82/2009/QĐ-UBND" in duty.cite
