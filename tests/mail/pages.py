"""Asking for pages of the mailboxes in English, for tests."""

from django.urls import reverse

from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail.models import Item

ENGLISH = {"Accept-Language": "en"}


def kinds(agency):
    sequencer.settle()
    return [
        one.kind for one in ledger.entries_from(agency.handle, 0, 0, 1000) if one.kind.startswith("mail.")
    ]


def item_of(seat, folder="inbox"):
    return Item.objects.get(mailbox__address=seat.address, folder=folder)


def show(client, name, *handles, **headers):
    return client.get(reverse(f"mail:{name}", args=handles), headers=ENGLISH | headers)


def press(client, name, /, *handles, **data):
    return client.post(reverse(f"mail:{name}", args=handles), data, headers=ENGLISH)
