"""Beside each receipt stands its COSE receipt, for other programs."""

from django.urls import reverse

from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.ledger.models import Log
from congvu.ledger.store import Folder
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Receipt
from tests.mail.letters import submitted
from tests.mail.pages import item_of

ENGLISH = {"Accept-Language": "en"}


def test_a_step_is_given_as_a_cose_receipt_with_a_warning_beside_it(data_folder, agency, an, binh, client_of):
    accept([submitted(binh, "an@ubnd.example")])
    receipt = Receipt.objects.filter(step="accepted").get()
    client, handle = client_of(binh), item_of(binh, "sent").handle
    link = reverse("mail:receipt", args=[handle, receipt.handle]) + "?format=cose"
    assert client.get(link).status_code == 409
    sequencer.settle()
    page = client.get(reverse("mail:receipts", args=[handle]), headers=ENGLISH).content.decode()
    assert link in page
    assert "It names no witnesses, and the size of the log in it is not signed" in page
    answer = client.get(link)
    assert answer["Content-Type"] == "application/cose"
    assert answer["Content-Disposition"].endswith('.cose"')
    assert answer.content == ledger.prove_by_cose(receipt.entry, agency=agency.handle)


def test_without_the_key_of_the_log_the_reader_is_told(data_folder, agency, an, binh, client_of):
    accept([submitted(binh, "an@ubnd.example")])
    sequencer.settle()
    receipt = Receipt.objects.filter(step="accepted").get()
    log = Log.objects.get(agency=agency.handle)
    Folder.of(ledger.agency_slug(agency.handle), log.year).key.unlink()
    link = reverse("mail:receipt", args=[item_of(binh, "sent").handle, receipt.handle])
    answer = client_of(binh).get(link, {"format": "cose"}, headers=ENGLISH, follow=True)
    assert "The key of this log is gone: no COSE receipt can be signed any more." in answer.content.decode()
