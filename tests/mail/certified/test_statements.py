"""What other sides say is bound to the message it names, a hint until its signature holds, and late after 12 hours."""

from datetime import timedelta

import pytest

from congvu.base import blobs
from congvu.base.database import atomic
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail import messages, tasks
from congvu.mail.actions import attesting, missing, transferring
from congvu.mail.actions.accepting import accept
from congvu.mail.certified.models import AwaitedReceipt, Statement
from congvu.mail.models import Item, Message, Receipt, Transfer
from congvu.mail.relay import Outcome
from congvu.mail.smime import trust
from tests.mail import pki as making
from tests.mail.certified.samples import (
    ABOUT,
    DUNG,
    daticert,
    evidence,
    letter,
    mixed,
    notification,
    receipt,
)
from tests.mail.letters import NOW, incoming, submitted
from tests.mail.pages import kinds
from tests.mail.signed_letters import Maker

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
PROVIDER = "posta-certificata@pec.example"


@pytest.fixture(autouse=True)
def _settings(data_folder, settings):
    settings.CONGVU_CERTIFIED_DOMAINS = "pec.example, Other.Example"


@pytest.fixture
def make(tmp_path, data_folder) -> Maker:
    made = Maker(making.Pki(tmp_path))
    trust.add(data_folder / "trust", made.root.path.read_bytes())
    return made


def signed_receipt(make) -> bytes:
    provider = make.pki.holder("Provider", issuer=make.authority, mails=(PROVIDER,))
    return make.letter(make.sign(provider, entity=mixed(daticert())), author=PROVIDER).raw


@pytest.fixture
def sent(agency, binh):
    """A letter of Bình's to Dung, whose provider is certified, and to somebody else."""
    accept([submitted(binh, DUNG, "erik@post.example", message_id=ABOUT)])
    return Message.objects.get()


def came(raw, *, mail_from="posta-certificata@pec.example", to="binh@ubnd.example", at=NOW):
    (verdict,) = accept([incoming(to, data=raw, mail_from=mail_from, at=at)])
    assert verdict.is_positive, verdict


def hand_over(message, *, at=NOW):
    rows = list(Transfer.objects.filter(message=message).select_related("message__agency"))
    said = [
        Outcome(recipient=one.recipient, state="relayed", code=250, status="2.0.0", text="") for one in rows
    ]
    transferring.note_outcomes(message, rows, said, now=at)


def last(agency, kind):
    sequencer.settle()
    return [one for one in ledger.entries_from(agency.handle, 0, 0, 1000) if one.kind == kind]


def check(now=making.NOW):
    while tasks.check_signatures(now):
        pass


def attest_all():
    with atomic():
        attesting.attest({one.carrier_id for one in Statement.objects.all()}, at=NOW)


def test_a_receipt_is_bound_to_the_message_that_it_names(sent) -> None:
    came(receipt())
    row = Statement.objects.get()
    assert (row.message, row.recipient, row.scheme, row.event, row.entry) == (
        sent,
        DUNG,
        "pec",
        "ContentConsignment",
        "",
    )


@pytest.mark.parametrize(
    "raw",
    [
        receipt(about="somebody-elses@ubnd.example"),
        receipt(consegna="stranger@pec.example"),
        notification(recipient="stranger@pec.example"),
        letter(mixed(evidence(recipient="stranger@pec.example"), name="e.xml")),
    ],
)
def test_a_receipt_for_what_we_never_sent_to_them_says_nothing(sent, raw) -> None:
    came(raw)
    assert Statement.objects.count() == 0


def test_a_receipt_counts_only_where_the_message_was_sent_from(sent, an) -> None:
    came(receipt(), to="an@ubnd.example")
    assert Statement.objects.count() == 0


def test_an_unsigned_receipt_leaves_no_evidence_and_no_step(sent, agency) -> None:
    came(receipt())
    came(notification(), mail_from=DUNG)
    check()
    assert Statement.objects.count() == 2
    assert "mail.statement.verified" not in kinds(agency)
    assert not Receipt.objects.filter(step=Receipt.Step.ATTESTED).exists()


def test_a_notification_is_never_a_step_however_it_is_signed(sent, agency) -> None:
    came(notification(), mail_from=DUNG)
    attest_all()
    assert last(agency, "mail.statement.verified") == []


def test_what_only_the_header_says_is_covered_by_no_signature(sent, agency) -> None:
    came(letter(b"\r\nRicevuta\r\n", "X-Ricevuta: accettazione", f"X-Riferimento-Message-ID: <{ABOUT}>"))
    attest_all()
    assert Statement.objects.get().is_covered is False
    assert last(agency, "mail.statement.verified") == []


def test_a_signed_receipt_is_evidence_once_however_often_it_comes(sent, agency, make) -> None:
    for _ in range(2):
        came(signed_receipt(make), at=making.NOW)
    check()
    assert Statement.objects.count() == 2
    (entry,) = last(agency, "mail.statement.verified")
    assert entry.attributes == {"scheme": "pec", "event": "ContentConsignment"}
    assert entry.disclosures["recipient_address"] == DUNG
    step = Receipt.objects.get(step=Receipt.Step.ATTESTED)
    assert (step.message, step.recipient, step.entry) == (sent, DUNG, entry.id)


def test_a_certified_provider_that_is_silent_alarms_after_12_and_24_hours(sent, agency, binh) -> None:
    hand_over(sent)
    assert [(one.recipient, one.due_at) for one in AwaitedReceipt.objects.all()] == [(DUNG, NOW + 12 * HOUR)]
    assert missing.note_missed(now=NOW + 11 * HOUR) == 0
    assert missing.note_missed(now=NOW + 12 * HOUR) == 1
    assert missing.note_missed(now=NOW + 13 * HOUR) == 0
    assert missing.note_missed(now=NOW + 24 * HOUR) == 1
    assert missing.note_missed(now=NOW + 99 * HOUR) == 0
    assert [one.attributes for one in last(agency, "mail.receipt.missed")] == [
        {"scheme": "pec", "hours": 12, "reason": "no_receipt"},
        {"scheme": "pec", "hours": 24, "reason": "no_receipt"},
    ]
    steps = Receipt.objects.filter(step__in=("overdue", "missing")).values_list("step", "recipient", "at")
    assert list(steps) == [("overdue", DUNG, NOW + 12 * HOUR), ("missing", DUNG, NOW + 24 * HOUR)]
    notes = [one.message for one in Item.objects.filter(mailbox__address=binh.address, folder="inbox")]
    assert len(notes) == 2
    assert all(one.automatic for one in notes)
    assert DUNG in messages.read(blobs.get(notes[0].blob)).text


def test_a_late_clerk_alarms_for_both_time_outs_in_turn(sent, agency) -> None:
    hand_over(sent)
    assert [missing.note_missed(now=NOW + 48 * HOUR) for _ in range(3)] == [1, 1, 0]


def test_a_verified_delivery_ends_the_waiting_an_unverified_one_does_not(sent, agency) -> None:
    hand_over(sent)
    came(receipt())
    missing.note_missed(now=NOW + 12 * HOUR)
    assert [one.attributes["reason"] for one in last(agency, "mail.receipt.missed")] == ["unverified_receipt"]
    attest_all()
    assert AwaitedReceipt.objects.get().due_at is None


def test_a_verified_taking_over_leaves_24_hours_for_the_delivery(sent) -> None:
    hand_over(sent)
    came(receipt("presa-in-carico", more=f"<ricezione>{DUNG}</ricezione>"))
    attest_all()
    assert AwaitedReceipt.objects.get().due_at == NOW + 24 * HOUR


def test_receipts_out_of_order_end_the_waiting_all_the_same(sent) -> None:
    came(receipt())
    attest_all()
    hand_over(sent)
    came(receipt("presa-in-carico", more=f"<ricezione>{DUNG}</ricezione>", message_id="r2@pec.example"))
    attest_all()
    assert AwaitedReceipt.objects.get().due_at is None
    assert missing.note_missed(now=NOW + 30 * HOUR) == 0


def test_what_has_failed_already_is_awaited_no_more(sent, agency) -> None:
    hand_over(sent)
    Transfer.objects.filter(recipient=DUNG).update(state=Transfer.State.FAILED)
    missing.note_missed(now=NOW + 12 * HOUR)
    assert last(agency, "mail.receipt.missed") == []
    assert AwaitedReceipt.objects.get().due_at is None


def test_a_request_for_a_notification_is_not_answered(agency, binh) -> None:
    accept([incoming("binh@ubnd.example", extra="Disposition-Notification-To: dung@dan.example")])
    assert Message.objects.count() == 1
    assert Transfer.objects.count() == 0


def test_the_envelope_of_certified_mail_speaks_of_itself(agency, binh) -> None:
    document = daticert("posta-certificata", about="theirs@pec.example", consegna="")
    came(letter(mixed(document), "X-Trasporto: posta-certificata"))
    row = Statement.objects.get()
    assert (row.message, row.carrier, row.word) == (row.carrier, row.carrier, "posta-certificata")
