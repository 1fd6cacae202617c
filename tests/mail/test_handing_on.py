"""Forwarding is no way around reading: what is handed on was opened, and what was recalled unopened stays withheld."""

import pytest
from django.urls import reverse

from congvu.mail.actions.accepting import accept
from congvu.mail.models import Draft, Item, Message, Receipt
from tests.mail.letters import incoming, submitted

pytestmark = pytest.mark.django_db(transaction=True)


def forward(client, item, do):
    typed = {"to": "an@ubnd.example", "subject": "x", "body": "x", "do": do, "forwards": item.handle}
    return client.post(reverse("mail:compose"), typed)


def test_forwarding_a_letter_that_was_never_shown_opens_it(data_folder, agency, an, binh, client_of):
    accept([incoming("an@ubnd.example")])
    item = Item.objects.get()
    forward(client_of(an), item, "send")
    item.refresh_from_db()
    assert item.opened_at is not None
    assert Receipt.objects.filter(message=item.message, step="opened").count() == 1


@pytest.mark.parametrize("do", ["send", "save", "add:to"])
def test_a_letter_recalled_before_it_was_opened_cannot_be_forwarded(
    data_folder, agency, an, binh, client_of, do
):
    accept([submitted(binh, "an@ubnd.example", text="Nhầm người")])
    sent, item = Item.objects.get(folder="sent"), Item.objects.get(folder="inbox")
    client_of(binh).post(reverse("mail:recall", args=[sent.handle]))
    assert forward(client_of(an), item, do).status_code == 404
    assert client_of(an).post(reverse("mail:save"), {"forwards": item.handle}).status_code == 404
    assert (Message.objects.count(), Draft.objects.count()) == (1, 0)
