"""The receipts page names ETSI's events, what the other side says and what is open; a receipt goes out when asked."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.urls import reverse

import congvu_verify
from congvu.base import blobs, clock
from congvu.base.database import atomic
from congvu.ledger import sequencer
from congvu.mail import messages
from congvu.mail.actions import acknowledging, attesting, missing, opening, transferring
from congvu.mail.actions.accepting import accept
from congvu.mail.certified import etsi, xmltree
from congvu.mail.certified.models import Statement
from congvu.mail.models import Item, Message, Signature, Transfer
from congvu.mail.queries import courses, places
from congvu.mail.relay import Outcome
from congvu.mail.smime import keys, names, verifying
from congvu.mail.smime.keys import FileKey
from tests.mail import pki as making
from tests.mail.certified.samples import ABOUT, DUNG, notification, receipt
from tests.mail.letters import NOW, incoming, submitted
from tests.mail.pages import item_of, press, show
from tests.mail.signed_letters import Maker

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _settings(data_folder, settings):
    settings.CONGVU_CERTIFIED_DOMAINS = "pec.example"


@pytest.fixture
def sent(agency, an, binh):
    """Bình's letter to An in the house and Dung at a certified provider; An has acknowledged."""
    accept([submitted(binh, "an@ubnd.example", DUNG, message_id=ABOUT)])
    message = Message.objects.get()
    item = Item.objects.get(mailbox__address=an.address)
    opening.open_message(seat=an, item=item, now=NOW)
    acknowledging.acknowledge(seat=an, item=item, now=NOW)
    rows = list(Transfer.objects.filter(message=message, recipient=DUNG).select_related("message__agency"))
    said = Outcome(recipient=DUNG, state="relayed", code=250, status="2.0.0", text="")
    transferring.note_outcomes(message, rows, [said], now=NOW)
    return message


def came(raw, mail_from="posta-certificata@pec.example"):
    (verdict,) = accept([incoming("binh@ubnd.example", data=raw, mail_from=mail_from)])
    assert verdict.is_positive


def told(seat, message):
    found = courses.courses(message, places.boxes(seat, now=NOW))
    return {
        one.recipient: [str(step.event) if step.event else step.receipt.step for step in one.steps]
        for one in found
    }


def test_each_recipient_has_the_steps_in_order_with_etsis_names(sent, binh) -> None:
    assert told(binh, sent) == {
        "": ["SubmissionAcceptance"],
        "an@ubnd.example": ["ContentConsignment", "ContentAccessTracking", "ConsignmentAcceptance"],
        DUNG: ["RelayToNonERDS"],
    }


def test_a_recipient_sees_only_the_own_course(sent, an) -> None:
    assert list(told(an, sent)) == ["", "an@ubnd.example"]


def test_mail_from_outside_was_received_from_a_non_erds(agency, binh) -> None:
    accept([incoming("binh@ubnd.example")])
    assert told(binh, Message.objects.get()) == {
        "": ["ReceivedFromNonERDS"],
        "binh@ubnd.example": ["ContentConsignment"],
    }


def opens(seat, message):
    found = courses.courses(message, places.boxes(seat, now=NOW))
    return {one.recipient: (one.open.what, one.open.until) for one in found if one.open}


def test_what_is_open_is_said_with_its_time(sent, agency, an, binh, chi) -> None:
    assert opens(binh, sent) == {DUNG: ("receipt", NOW + 12 * HOUR)}
    accept([submitted(binh, "chi@ubnd.example", "erik@post.example", message_id="m2@ubnd.example")])
    other = Message.objects.get(message_id="m2@ubnd.example")
    assert opens(binh, other) == {
        "chi@ubnd.example": ("acknowledgement", None),
        "erik@post.example": ("queued", NOW + timedelta(days=5)),
    }
    missing.note_missed(now=NOW + 12 * HOUR)
    missing.note_missed(now=NOW + 24 * HOUR)
    assert told(binh, sent)[DUNG] == ["RelayToNonERDS", "overdue", "RelayFailure"]


def test_hints_stand_beside_the_steps_with_their_standing(sent, binh, client_of) -> None:
    came(notification(), mail_from=DUNG)
    came(receipt())
    page = show(client_of(binh), "receipts", item_of(binh, "sent").handle).content.decode()
    assert "mail program says that the message was displayed. That proves nothing." in page
    assert "not signed" in page
    assert "Posta Esempio S.p.A." in page
    assert "avvenuta-consegna" in page
    assert "These are not the agency's evidence" in page
    assert "Still open: the certified provider&#x27;s receipt" in page
    assert "(ConsignmentAcceptance)" in page


def test_hints_are_the_senders_business(sent, an, binh, client_of) -> None:
    came(receipt())
    mine = Item.objects.get(message=sent, mailbox__address=an.address)
    assert "Said by the other side" not in show(client_of(an), "receipts", mine.handle).content.decode()


def test_of_the_same_thing_said_twice_the_signed_one_is_shown(sent, binh) -> None:
    came(receipt())
    came(receipt(message_id="r2@pec.example"))
    first = Statement.objects.order_by("id")[0]
    Signature.objects.create(agency=first.agency, message=first.carrier, state="valid")
    with atomic():
        attesting.attest({first.carrier_id}, at=NOW)
    (hint,) = courses.courses(sent, places.boxes(binh, now=NOW))[-1].hints
    assert (hint.statement, hint.standing) == (first, "valid")


def test_the_number_of_queries_does_not_grow_with_recipients(
    agency, an, binh, chi, client_of, django_assert_max_num_queries
) -> None:
    accept(
        [submitted(binh, *(f"p{n}@post.example" for n in range(30)), "an@ubnd.example", "chi@ubnd.example")]
    )
    sequencer.settle()
    client, handle = client_of(binh), item_of(binh, "sent").handle
    show(client, "receipts", handle)
    with django_assert_max_num_queries(60):
        show(client, "receipts", handle)


def wish(**changed):
    return {"to": "toaan@court.example", "about": "", "language": "vi"} | changed


def parts(message):
    raw = blobs.get(message.blob)
    found = messages.read(raw).attachments
    return {one.filename: messages.attachment(raw, index=one.index)[2] for one in found}


def test_a_receipt_is_sent_with_its_list_and_its_proofs(sent, agency, binh, client_of) -> None:
    sequencer.settle()
    handle = item_of(binh, "sent").handle
    with clock.demonstration(NOW + HOUR):
        answer = press(client_of(binh), "send-receipt", handle, **wish())
    letter = Message.objects.order_by("-id")[0]
    lies = Item.objects.get(message=letter)
    assert answer.headers["Location"] == reverse("mail:message", args=[lies.handle])
    assert lies.folder == "sent"
    assert Transfer.objects.get(message=letter).recipient == "toaan@court.example"
    files = parts(letter)
    document = xmltree.read(files.pop("certdata.xml"))
    assert len(files) == 5
    for row in document.all("evidence"):
        bundle = files[row.first("file")]
        assert hashlib.sha256(bundle).hexdigest() == row.all("proof")[0].first("digestsha256")
        facts = congvu_verify.verify(bundle).facts
        assert facts.disclosed["digest"] == sent.digest
        assert facts.id == row.first("evidenceidentifier")
        assert "actor" not in facts.disclosed
    said = etsi.from_document(document)
    assert {(one.about, one.event, one.recipients) for one in said} >= {
        (ABOUT, "ConsignmentAcceptance", ("an@ubnd.example",)),
        (ABOUT, "RelayToNonERDS", (DUNG,)),
    }
    text = messages.read(blobs.get(letter.blob)).text
    assert "ConsignmentAcceptance" in text
    assert sent.digest in text


def test_only_the_chosen_recipients_steps_are_sent(sent, binh, client_of) -> None:
    sequencer.settle()
    press(client_of(binh), "send-receipt", item_of(binh, "sent").handle, **wish(about=DUNG))
    files = parts(Message.objects.order_by("-id")[0])
    kinds = [json.loads(one)["congvu"] for name, one in files.items() if name != "certdata.xml"]
    assert kinds == ["receipt/1", "receipt/1"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"to": ""}, "This field is required"),
        ({"to": "nobody here"}, "No mailbox was found"),
        ({"to": "a@b.example, c@d.example"}, "at most"),
        ({"about": "stranger@b.example"}, "Select a valid choice"),
        ({"language": "tlh"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_sent_says_why(sent, binh, client_of, changed, sentence) -> None:
    sequencer.settle()
    before = Message.objects.count()
    answer = press(client_of(binh), "send-receipt", item_of(binh, "sent").handle, **wish(**changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Message.objects.count() == before


def test_before_the_proofs_are_ready_nothing_can_be_sent(sent, binh, client_of) -> None:
    handle = item_of(binh, "sent").handle
    assert "No proof is ready yet" in show(client_of(binh), "send-receipt", handle).content.decode()
    before = Message.objects.count()
    assert press(client_of(binh), "send-receipt", handle, **wish()).status_code == 422
    assert Message.objects.count() == before


def test_who_has_not_opened_a_message_sends_no_receipt_of_it(agency, an, binh, client_of) -> None:
    accept([submitted(binh, "an@ubnd.example")])
    sequencer.settle()
    assert show(client_of(an), "send-receipt", item_of(an).handle).status_code == 404


def test_a_stranger_to_the_message_sends_nothing(sent, chi, binh, client_of) -> None:
    assert press(client_of(chi), "send-receipt", item_of(binh, "sent").handle, **wish()).status_code == 404


def test_with_the_agencys_certificate_the_receipt_is_signed(
    sent, agency, binh, client_of, settings, tmp_path
) -> None:
    make = Maker(making.Pki(tmp_path))
    holder = make.pki.holder("Agency", issuer=make.authority, mails=("ubnd@ubnd.example",))
    key = FileKey(certificate=holder.certificate, others=(holder.issuer.certificate,), private=holder.key)
    (tmp_path / "ubnd.p12").write_bytes(keys.closed(key, passphrase="four words and more"))
    settings.CONGVU_SEALS, settings.CONGVU_SEAL_PASSPHRASE = str(tmp_path), "four words and more"
    sequencer.settle()
    with clock.demonstration(making.NOW):
        press(client_of(binh), "send-receipt", item_of(binh, "sent").handle, **wish(language="en"))
    letter = Message.objects.order_by("-id")[0]
    raw = blobs.get(letter.blob)
    verdict = verifying.verify(raw, trust=make.letter(b"").trust, at=making.NOW, now=making.NOW)
    assert (verdict.status, letter.sender_address) == ("valid", "ubnd@ubnd.example")
    assert names.same(letter.sender_address, verdict.signer.addresses[0])
    assert letter.sender.person == binh.person
    assert "certdata.xml" in parts(letter)


def test_receipts_fill_no_mailbox_of_themselves(sent, agency, an, binh) -> None:
    sequencer.settle()
    inbox = Item.objects.filter(folder="inbox").values_list(
        "mailbox__address__local_part", "message__automatic"
    )
    assert sorted(inbox) == [("an", False), ("binh", True)]  # the letter, and the acknowledgement of it
