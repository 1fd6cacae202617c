from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congvu.base import blobs
from congvu.directory.actions.addresses import withdraw_address
from congvu.directory.actions.appointments import appoint, end_appointment
from congvu.directory.policies import OPERATOR
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.ledger.models import Ledger, Outbox
from congvu.mail import policies
from congvu.mail.actions import accepting
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Item, Mailbox, Message, Receipt, Transfer
from congvu.mail.queries import items, places
from tests.mail.letters import NOW, bounce, incoming, submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _folder(data_folder):
    """Every test keeps its blobs to itself."""


def recorded(agency):
    """Return the events in the ledger as (kind, attributes, disclosures), in order, mail only."""
    sequencer.settle()
    found = ledger.entries_from(agency.handle, 0, 0, 1000)
    return [
        (one.kind.removeprefix("mail."), one.attributes, one.disclosures)
        for one in found
        if one.kind.startswith("mail.")
    ]


def folders():
    rows = Item.objects.order_by("id").values_list("mailbox__address__local_part", "mailbox__kind", "folder")
    return list(rows)


def test_a_letter_from_a_citizen_is_accepted_once_and_delivered_to_each_recipient(agency, an, binh):
    verdicts = accept([incoming("binh@ubnd.example", "AN@UBND.example")])
    assert [one.code for one in verdicts] == [250]
    assert folders() == [("binh", "personal", "inbox"), ("an", "personal", "inbox")]
    message = Message.objects.get()
    assert recorded(agency) == [
        (
            "message.accepted",
            {"channel": "mx", "direction": "in", "communication": "other", "automatic": False},
            {"message": message.handle, "digest": message.digest},
        ),
        *(
            (
                "message.delivered",
                {
                    "direction": "in",
                    "channel": "mx",
                    "communication": "other",
                    "automatic": False,
                    "box": "personal",
                },
                {
                    "message": message.handle,
                    "digest": message.digest,
                    "mailbox": Mailbox.objects.get(address=seat.address).handle,
                    "address": seat.address.handle,
                    "recipient": seat.person.handle,
                    "unit": seat.unit.handle,
                },
            )
            for seat in (binh, an)
        ),
    ]


def test_the_bytes_are_kept_as_they_came(agency, binh):
    letter = incoming("binh@ubnd.example")
    accept([letter])
    assert blobs.get(Message.objects.get().blob) == letter.raw


def test_mail_between_two_officials_is_incoming_for_its_recipient(agency, an, binh):
    accept([submitted(binh, "an@ubnd.example")])
    assert folders() == [("an", "personal", "inbox"), ("binh", "personal", "sent")]
    kinds = [(kind, attributes["direction"]) for kind, attributes, _ in recorded(agency)]
    assert kinds == [("message.accepted", "internal"), ("message.delivered", "in")]
    assert list(Item.objects.order_by("id").values_list("owes_acknowledgement", flat=True)) == [True, False]


def test_whoever_is_both_to_and_cc_gets_one_item(agency, an, binh):
    accept(
        [
            incoming(
                "binh@ubnd.example",
                "binh@ubnd.example",
                "BINH@ubnd.example",
                to="binh@ubnd.example",
                cc="binh@ubnd.example",
            )
        ]
    )
    assert folders() == [("binh", "personal", "inbox")]


def test_a_letter_to_oneself_owes_nothing(agency, binh):
    accept([submitted(binh, "binh@ubnd.example")])
    assert folders() == [("binh", "personal", "inbox"), ("binh", "personal", "sent")]
    assert not Item.objects.filter(owes_acknowledgement=True).exists()
    assert [attributes["direction"] for _, attributes, _ in recorded(agency)] == ["internal", "own"]


def test_automatic_mail_owes_no_acknowledgement(agency, binh):
    accept([incoming("binh@ubnd.example", extra="Auto-Submitted: auto-generated")])
    accept([incoming("binh@ubnd.example", mail_from="")])
    assert list(Item.objects.values_list("owes_acknowledgement", flat=True)) == [False, False]


def test_bcc_is_shown_to_nobody(agency, an, binh, chi):
    accept(
        [
            submitted(
                binh,
                "an@ubnd.example",
                "chi@ubnd.example",
                to="an@ubnd.example",
                extra="Bcc: chi@ubnd.example,\r\n  x@y.example",
            )
        ]
    )
    message = Message.objects.get()
    assert message.recipients == [["", "an@ubnd.example", "to"]]
    assert b"chi@ubnd" not in blobs.get(message.blob)
    assert folders() == [
        ("an", "personal", "inbox"),
        ("chi", "personal", "inbox"),
        ("binh", "personal", "sent"),
    ]


def test_mail_to_others_waits_in_the_queue_of_the_relay(agency, an, binh):
    accept([submitted(binh, "an@ubnd.example", "dung@dan.example")])
    rows = Transfer.objects.order_by("id").values_list("recipient", "state")
    assert list(rows) == [("an@ubnd.example", "delivered"), ("dung@dan.example", "queued")]
    assert recorded(agency)[0][1]["direction"] == "out"


def test_another_agency_of_the_house_gets_a_message_of_its_own(agency, binh, ermek):
    accept([submitted(binh, "ermek@akimat.example")])
    ours, theirs = Message.objects.order_by("id")
    assert (ours.agency, theirs.agency) == (agency, ermek.agency)
    assert ours.blob != theirs.blob
    assert [kind for kind, _, _ in recorded(agency)] == ["message.accepted", "message.relayed"]
    assert [kind for kind, _, _ in recorded(ermek.agency)] == ["message.accepted", "message.delivered"]
    assert list(Transfer.objects.values_list("recipient", "state")) == [("ermek@akimat.example", "relayed")]


def test_two_messages_with_one_message_id_stay_two(agency, binh):
    accept([incoming("binh@ubnd.example", text="một"), incoming("binh@ubnd.example", text="hai")])
    assert Message.objects.count() == Item.objects.count() == 2
    assert set(Message.objects.values_list("snippet", flat=True)) == {"một", "hai"}


def test_an_answer_that_comes_before_its_question_still_meets_it(agency, binh):
    accept([incoming("binh@ubnd.example", message_id="2@dan.example", in_reply_to="1@dan.example")])
    accept([incoming("binh@ubnd.example", message_id="1@dan.example")])
    accept([incoming("binh@ubnd.example", message_id="9@dan.example")])
    question, answer, other = (
        Message.objects.get(message_id=f"{one}@dan.example").thread for one in (1, 2, 9)
    )
    assert question == answer != other


def test_messages_of_one_batch_find_their_conversation(agency, binh):
    accept(
        [
            incoming("binh@ubnd.example", message_id="1@x.example", in_reply_to="0@x.example"),
            incoming("binh@ubnd.example", message_id="2@x.example", in_reply_to="1@x.example"),
            incoming("binh@ubnd.example", message_id="3@x.example", in_reply_to="2@x.example"),
        ]
    )
    assert Message.objects.values("thread").distinct().count() == 1


def test_a_message_without_id_and_date_is_taken(agency, binh):
    data = b"From: d@dan.example\r\nTo: binh@ubnd.example\r\n\r\nxin chao\r\n"
    assert accept([incoming("binh@ubnd.example", data=data)])[0].code == 250
    message = Message.objects.get()
    assert (message.message_id, message.sent_at, message.subject) == ("", None, "")


def test_after_the_holder_left_mail_goes_to_the_hand_over_box(agency, binh, chi):
    end_appointment(membership=binh.membership, valid_to=NOW.date(), by=OPERATOR, now=NOW)
    accept([incoming("binh@ubnd.example")])
    assert folders() == [("binh", "hand_over", "inbox")]
    assert not Item.objects.get().owes_acknowledgement
    box = Mailbox.objects.get()
    assert (box.person, box.unit) == (None, chi.unit)
    assert policies.may_read(chi, box, now=NOW)
    kind, attributes, disclosures = recorded(agency)[-1]
    assert (kind, attributes["box"], "recipient" in disclosures) == ("message.delivered", "hand_over", False)


@pytest.fixture
def giang(seat_of):
    """Giang, who heads the root unit."""
    return seat_of("Đỗ Văn Giang", unit="ubnd", title={"en": "Head"}, functions=("head",), local_part="giang")


LATER = NOW + timedelta(hours=3)


def leaves_two_units(binh, other_post):
    """Let Bình leave the office, serve in another unit, and leave that as well; a letter comes each time."""
    end_appointment(membership=binh.membership, valid_to=NOW.date(), by=OPERATOR, now=NOW)
    accept([incoming("binh@ubnd.example", subject="Về Văn phòng")])
    hour = NOW + timedelta(hours=1)
    again = appoint(person=binh.person, post=other_post, valid_from=NOW.date(), by=OPERATOR, now=hour)
    accept([incoming("binh@ubnd.example", subject="Về Bình")])
    end_appointment(membership=again.membership, valid_to=NOW.date(), by=OPERATOR, now=hour)
    accept([incoming("binh@ubnd.example", subject="Về Ủy ban")])


def readable(seat):
    rows = Item.objects.select_related("message", "mailbox__unit").order_by("id")
    return [one.message.subject for one in rows if policies.may_read(seat, one.mailbox, now=LATER)]


def test_who_leaves_two_units_in_turn_leaves_a_hand_over_box_in_each(agency, binh, chi, ngoc, giang):
    leaves_two_units(binh, ngoc.post)
    assert folders() == [("binh", kind, "inbox") for kind in ("hand_over", "personal", "hand_over")]
    assert readable(chi) == ["Về Văn phòng"]
    assert readable(giang) == ["Về Ủy ban"]


def test_who_answers_for_both_units_opens_either_hand_over_box(agency, binh, ngoc, giang):
    leaves_two_units(binh, ngoc.post)
    assert readable(giang) == ["Về Văn phòng", "Về Ủy ban"]
    found = [one for one in places.places(giang, now=LATER) if one.kind == "hand_over"]
    assert [places.place(giang, one.handle, now=LATER) for one in found] == found
    assert [places.place_of(giang, one.box, now=LATER) for one in found] == found
    assert len({one.handle for one in found}) == 2


def test_a_withdrawn_address_takes_nothing(agency, binh, chi):
    end_appointment(membership=binh.membership, valid_to=NOW.date(), by=OPERATOR, now=NOW)
    binh.address.refresh_from_db()
    withdraw_address(address=binh.address, by=OPERATOR, now=NOW)
    verdicts = accept([incoming("binh@ubnd.example"), incoming("chi@ubnd.example")])
    assert [one.code for one in verdicts] == [550, 250]
    assert folders() == [("chi", "personal", "inbox")]


def test_no_recipient_is_dropped_whose_address_was_withdrawn_after_the_door_took_it(agency, binh, chi):
    letter = incoming("binh@ubnd.example", "chi@ubnd.example")
    end_appointment(membership=binh.membership, valid_to=NOW.date(), by=OPERATOR, now=NOW)
    binh.address.refresh_from_db()
    withdraw_address(address=binh.address, by=OPERATOR, now=NOW)
    verdicts = accept([letter, incoming("chi@ubnd.example", message_id="m2@dan.example")])
    assert [one.code for one in verdicts] == [451, 250]
    assert folders() == [("chi", "personal", "inbox")]


def test_mail_for_a_unit_lies_in_its_box_for_its_clerk(agency, an, binh, chi):
    accept([incoming("vanphong@ubnd.example")])
    box = Mailbox.objects.get()
    assert (box.kind, box.unit, box.person) == ("unit", an.unit, None)
    assert [policies.may_read(one, box, now=NOW) for one in (an, binh, chi)] == [True, False, False]
    assert [one.kind for one in places.places(an, now=NOW)] == ["personal", "agency", "unit"]
    assert [one.kind for one in places.places(chi, now=NOW)] == ["personal"]


def test_postmaster_reaches_the_box_of_the_agency(agency, an):
    verdicts = accept([incoming("postmaster"), incoming("Postmaster@ubnd.example")])
    assert [one.code for one in verdicts] == [250, 250]
    assert folders() == [("ubnd", "agency", "inbox")] * 2


def test_a_state_secret_is_refused_and_only_the_refusal_is_evidence(agency, binh):
    verdicts = accept(
        [incoming("binh@ubnd.example", subject="[TỐI MẬT] Kế hoạch"), incoming("binh@ubnd.example")]
    )
    assert [one.code for one in verdicts] == [550, 250]
    assert Message.objects.count() == 1
    assert recorded(agency)[0] == ("message.refused", {"channel": "mx", "mark": "top_secret"}, {})


def test_one_bad_envelope_does_not_sink_the_batch(agency, binh, monkeypatch):
    shown = accepting.lay_in

    def broken(parts, *rest):
        if any(b"broken" in part.letter.raw for part in parts):
            raise ValueError
        return shown(parts, *rest)

    monkeypatch.setattr(accepting, "lay_in", broken)
    letters = [incoming("binh@ubnd.example", text=text) for text in ("một", "broken", "ba")]
    assert [one.code for one in accept(letters)] == [250, 451, 250]
    assert list(Message.objects.order_by("id").values_list("snippet", flat=True)) == ["một", "ba"]
    assert len([kind for kind, _, _ in recorded(agency) if kind == "message.delivered"]) == 2


def test_a_full_disk_stores_nothing_and_says_so(agency, binh, monkeypatch, data_folder):
    def full(_items):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs, "put_many", full)
    assert [one.code for one in accept([incoming("binh@ubnd.example")] * 3)] == [452, 452, 452]
    assert (Message.objects.count(), Outbox.objects.filter(leaf__contains=b"mail.").count()) == (0, 0)


def test_a_sealed_ledger_takes_no_mail_and_keeps_no_bytes(agency, binh, data_folder):
    Ledger.objects.filter(agency=agency.handle).update(sealed="restored")
    assert [one.code for one in accept([incoming("binh@ubnd.example")] * 2)] == [451, 451]
    assert Message.objects.count() == 0
    assert [one for one in (data_folder / "blobs").rglob("*") if one.is_file()] == []


def test_a_reply_to_its_sender_acknowledges(agency, an, binh):
    accept([submitted(binh, "an@ubnd.example", message_id="q@ubnd.example")])
    accept([submitted(an, "binh@ubnd.example", message_id="r@ubnd.example", in_reply_to="q@ubnd.example")])
    item = Item.objects.get(mailbox__person=an.person, folder="inbox")
    assert (item.acknowledged_at, item.acknowledged_by) == (NOW, "reply")
    kind, attributes, disclosures = recorded(agency)[-1]
    assert (kind, attributes) == ("message.acknowledged", {"by": "reply"})
    assert (disclosures["message"], disclosures["actor"]) == (item.message.handle, an.person.handle)


@pytest.mark.parametrize(
    ("to", "extra"),
    [("chi@ubnd.example", ""), ("binh@ubnd.example", "Auto-Submitted: auto-replied")],
    ids=["to somebody else", "written by a program"],
)
def test_what_is_no_reply_to_the_sender_does_not_acknowledge(agency, an, binh, chi, to, extra):
    accept([submitted(binh, "an@ubnd.example", message_id="q@ubnd.example")])
    accept([submitted(an, to, message_id="r@ubnd.example", in_reply_to="q@ubnd.example", extra=extra)])
    assert Item.objects.get(mailbox__person=an.person, folder="inbox").acknowledged_at is None


def test_another_recipients_reply_acknowledges_only_the_own_item(agency, an, binh, chi):
    accept([submitted(binh, "an@ubnd.example", "chi@ubnd.example", message_id="q@ubnd.example")])
    accept([submitted(chi, "binh@ubnd.example", message_id="r@ubnd.example", in_reply_to="q@ubnd.example")])
    done = Item.objects.filter(acknowledged_by="reply").values_list("mailbox__person", flat=True)
    assert list(done) == [chi.person.pk]


def told(agency):
    row = Transfer.objects.get()
    failures = [attributes for kind, attributes, _ in recorded(agency) if kind == "message.failed"]
    return row.state, row.reason, failures, Receipt.objects.filter(step="failed").count()


def test_a_bounce_says_that_the_message_was_not_delivered(agency, binh):
    accept([submitted(binh, "dung@dan.example", message_id="q@ubnd.example")])
    accept([bounce(envelope_id=Transfer.objects.get().handle)])
    assert told(agency) == ("failed", "address", [{"reason": "address"}], 1)
    assert Receipt.objects.get(step="failed").recipient == "dung@dan.example"


def test_a_bounce_after_the_sender_left_counts_too(agency, binh, chi):
    accept([submitted(binh, "dung@dan.example")])
    end_appointment(membership=binh.membership, valid_to=NOW.date(), by=OPERATOR, now=NOW)
    accept([bounce(envelope_id=Transfer.objects.get().handle)])
    assert told(agency) == ("failed", "address", [{"reason": "address"}], 1)


@pytest.mark.parametrize(
    "forged",
    [
        lambda: {"envelope_id": ""},
        lambda: {"envelope_id": Message.objects.get().handle},
        lambda: {"envelope_id": "q@ubnd.example"},
        lambda: {"envelope_id": Transfer.objects.get().handle, "to": "an@ubnd.example"},
        lambda: {"envelope_id": Transfer.objects.get().handle, "mail_from": "dung@dan.example"},
    ],
    ids=["none", "message", "message-id", "to-another", "no-report"],
)
def test_a_stranger_who_knows_the_message_id_cannot_make_it_fail(agency, an, binh, forged):
    accept([submitted(binh, "dung@dan.example", message_id="q@ubnd.example")])
    report = bounce(**forged())
    assert [one.code for one in accept([report])] == [250]
    assert told(agency) == ("queued", "", [], 0)
    lying = Item.objects.get(folder="inbox")
    assert not lying.owes_acknowledgement or report.mail_from


def test_a_batch_asks_the_database_as_often_as_one_letter(agency, an, binh):
    accept([incoming("binh@ubnd.example", "an@ubnd.example")])

    def queries(count):
        letters = [incoming("binh@ubnd.example", message_id=f"{count}-{n}@x.example") for n in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            accept(letters)
        return len([one for one in captured.captured_queries if "ledger_" not in one["sql"]])

    queries(1)  # what changes rarely is made into objects the first time
    assert queries(1) == queries(20)


def test_heads_see_evidence_never_bodies(agency, binh, chi, ngoc):
    accept([incoming("binh@ubnd.example")])
    item = Item.objects.get()
    assert [items.item(seat, item.handle, now=NOW) for seat in (binh, chi, ngoc)] == [item, None, None]


def test_a_message_of_another_agency_is_not_found(agency, binh, ermek):
    accept([incoming("ermek@akimat.example")])
    item = Item.objects.get()
    assert items.item(ermek, item.handle, now=NOW) == item
    assert items.item(binh, item.handle, now=NOW) is None
