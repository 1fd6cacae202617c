import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from congvu.base import blobs, clock, handles
from congvu.directory.actions.appointments import end_appointment
from congvu.directory.policies import OPERATOR
from congvu.directory.queries import seat as seat_now
from congvu.ledger import queries as ledger
from congvu.ledger import readers as reading
from congvu.ledger import sequencer
from congvu.mail import policies
from congvu.mail.actions import acknowledging, drafts, filing, opening, recalling, sending
from congvu.mail.actions.accepting import accept
from congvu.mail.actions.drafts import DraftGoneError, TooLargeError, Written
from congvu.mail.actions.sending import NotSentError, UnknownRecipientError
from congvu.mail.compose import File
from congvu.mail.models import Check, Draft, DraftFile, Item, Mailbox, Message, Receipt
from congvu.mail.queries import book, items, places, receipts
from congvu.mail.queries.found import search
from congvu.mail.readers import SearchIndex
from tests.mail.letters import NOW, incoming, submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _folder(data_folder):
    """Every test keeps its blobs to itself."""


def item_of(seat, folder="inbox"):
    return Item.objects.get(mailbox__address=seat.address, folder=folder)


def entries(agency, kind):
    sequencer.settle()
    return [one for one in ledger.entries_from(agency.handle, 0, 0, 1000) if one.kind == kind]


def test_a_check_in_the_same_minute_is_one_entry_and_in_the_next_another(agency, binh):
    place = places.own_place(binh, now=NOW)
    for second in (0, 30, 59, 60):
        opening.check_mailbox(seat=binh, place=place, now=NOW + timedelta(seconds=second))
    checks = entries(agency, "mail.mailbox.checked")
    assert [one.at for one in checks] == [NOW, NOW + timedelta(minutes=1)]
    assert Check.objects.count() == 1
    assert checks[0].attributes == {"box": "personal"}
    assert checks[0].disclosures == {
        "mailbox": Mailbox.objects.get().handle,
        "address": binh.address.handle,
        "actor": binh.person.handle,
        "unit": binh.unit.handle,
    }


def test_what_was_acknowledged_cannot_be_acknowledged_again(agency, an, binh):
    accept([submitted(binh, "an@ubnd.example")])
    acknowledging.acknowledge(seat=an, item=item_of(an), now=NOW)
    with pytest.raises(acknowledging.AlreadyAcknowledgedError):
        acknowledging.acknowledge(seat=an, item=item_of(an), now=NOW)


def test_the_acknowledgement_names_message_box_and_actor(agency, an, binh):
    accept([submitted(binh, "an@ubnd.example")])
    item = acknowledging.acknowledge(seat=an, item=item_of(an), now=NOW)
    [entry] = entries(agency, "mail.message.acknowledged")
    assert entry.attributes == {"by": "press"}
    assert entry.disclosures == {
        "message": item.message.handle,
        "digest": item.message.digest,
        "mailbox": item.mailbox.handle,
        "address": an.address.handle,
        "actor": an.person.handle,
    }


def test_a_letter_without_a_sender_can_be_acknowledged_all_the_same(agency, binh):
    accept([incoming("binh@ubnd.example", data=b"Subject: x\r\n\r\ny\r\n")])
    acknowledging.acknowledge(seat=binh, item=item_of(binh), now=NOW)
    assert item_of(binh).acknowledged_by == "press"


@pytest.mark.parametrize("act", [acknowledging.acknowledge, opening.open_message])
def test_only_the_holder_acts_on_an_item(agency, binh, chi, act):
    accept([incoming("binh@ubnd.example")])
    with pytest.raises(policies.NotAllowedError):
        act(seat=chi, item=item_of(binh), now=NOW)
    assert item_of(binh).opened_at is None


def test_sent_messages_are_not_filed(agency, an, binh):
    accept([submitted(binh, "an@ubnd.example")])
    with pytest.raises(filing.SentError):
        filing.file(seat=binh, item=item_of(binh, "sent"), under="x", now=NOW)


def test_a_recall_counts_who_saw_it(agency, an, binh, chi):
    accept([submitted(binh, "an@ubnd.example", "chi@ubnd.example")])
    opening.open_message(seat=an, item=item_of(an), now=NOW)
    done = recalling.recall(seat=binh, message=Message.objects.get(), now=NOW)
    assert done == recalling.Recall(withheld=1, seen=1, gone=0)
    with pytest.raises(recalling.AlreadyRecalledError):
        recalling.recall(seat=binh, message=Message.objects.get(), now=NOW)
    with pytest.raises(opening.RecalledError):
        opening.open_message(seat=chi, item=item_of(chi), now=NOW)


def test_after_leaving_the_own_box_is_closed_the_same_day(agency, binh, chi):
    accept([incoming("binh@ubnd.example", subject="Trước khi nghỉ")])
    end_appointment(membership=binh.membership, valid_to=NOW.date(), by=OPERATOR, now=NOW)
    assert seat_now(binh.account, NOW) is None
    accept([incoming("binh@ubnd.example", subject="Sau khi nghỉ")])
    with clock.demonstration(NOW):
        shown = [one for place in places.other_places(chi, now=NOW) for one in items.inbox(place.box)]
    assert [one.message.subject for one in shown] == ["Sau khi nghỉ"]


def test_a_draft_larger_than_one_message_may_be_is_not_kept(agency, binh, monkeypatch):
    monkeypatch.setattr(drafts, "LIMIT", 10)
    written = Written(
        sender=binh.address,
        files=[File(filename="a", content_type="text/plain", content=b"12345")] * 3,
    )
    with pytest.raises(TooLargeError):
        drafts.keep(seat=binh, written=written, now=NOW)
    assert Draft.objects.count() == 0


def test_a_draft_that_could_not_be_kept_leaves_no_bytes(agency, an, binh, data_folder):
    kept = drafts.keep(seat=an, written=Written(sender=an.address), now=NOW)
    stolen = Written(
        sender=binh.address,
        draft=kept.handle,
        files=[File(filename="a.txt", content_type="text/plain", content=b"a")],
    )
    with pytest.raises(DraftGoneError):
        drafts.keep(seat=binh, written=stolen, now=NOW)
    assert [one for one in (data_folder / "blobs").rglob("*") if one.is_file()] == []


def test_nobody_writes_from_another_persons_address(agency, an, binh):
    with pytest.raises(policies.NotAllowedError):
        drafts.keep(seat=an, written=Written(sender=binh.address), now=NOW)


def test_one_draft_is_sent_once_however_often_send_was_pressed(agency, an, binh):
    written = Written(sender=binh.address, to="an@ubnd.example", subject="Một lần")
    draft = drafts.keep(seat=binh, written=written, now=NOW)
    same = Draft.objects.get(pk=draft.pk)
    sending.send(seat=binh, draft=draft, now=NOW)
    with pytest.raises(DraftGoneError):
        sending.send(seat=binh, draft=same, now=NOW)
    assert (Message.objects.count(), len(entries(agency, "mail.message.accepted"))) == (1, 1)


def test_two_presses_at_the_same_time_send_one_message(agency, an, binh):
    draft = drafts.keep(seat=binh, written=Written(sender=binh.address, to="an@ubnd.example"), now=NOW)
    both = threading.Barrier(2, timeout=20)

    def pressed(_number):
        mine = Draft.objects.select_related("mailbox__address__agency").get(pk=draft.pk)
        both.wait()
        try:
            return bool(sending.send(seat=binh, draft=mine, now=NOW))
        except DraftGoneError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(pressed, range(2))) == [False, True]
    assert Message.objects.count() == 1


def test_what_was_sent_does_not_become_a_draft_again(agency, an, binh):
    written = Written(sender=binh.address, to="an@ubnd.example")
    draft = drafts.keep(seat=binh, written=written, now=NOW)
    late = dataclasses.replace(written, draft=draft.handle)
    sending.send(seat=binh, draft=draft, now=NOW)
    for act in (drafts.keep, sending.send_written):
        with pytest.raises(DraftGoneError):
            act(seat=binh, written=late, now=NOW)
    assert (Draft.objects.count(), Message.objects.count()) == (0, 1)


def test_two_presses_at_the_same_time_on_what_was_never_kept_send_one_message(agency, an, binh, data_folder):
    file = File(filename="số liệu.txt", content_type="text/plain", content=b"so lieu")
    written = Written(sender=binh.address, to="an@ubnd.example", draft=handles.new(), files=[file])
    both = threading.Barrier(2, timeout=20)

    def pressed(_number):
        both.wait()
        try:
            return bool(sending.send_written(seat=binh, written=written, now=NOW))
        except DraftGoneError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(pressed, range(2))) == [False, True]
    message = Message.objects.get()
    assert (Draft.objects.count(), message.attachments) == (0, 1)
    assert [one.name for one in (data_folder / "blobs").rglob("*") if one.is_file()] == [message.blob]


def test_the_same_file_is_kept_once_and_another_of_its_name_beside_it(agency, binh):
    written = Written(sender=binh.address, draft=handles.new())
    for content in (b"mot", b"mot", b"hai"):
        file = File(filename="a.txt", content_type="text/plain", content=content)
        drafts.keep(seat=binh, written=dataclasses.replace(written, files=[file]), now=NOW)
    kept = DraftFile.objects.order_by("id")
    assert [blobs.get(one.blob) for one in kept] == [b"mot", b"hai"]


def test_a_draft_survives_when_sending_fails(agency, binh):
    written = Written(sender=binh.address, to="khong-co@ubnd.example", body="chữ")
    with pytest.raises(NotSentError) as caught:
        sending.send_written(seat=binh, written=written, now=NOW)
    assert isinstance(caught.value.reason, UnknownRecipientError)
    assert caught.value.draft == Draft.objects.get()


def test_an_address_of_another_agency_of_the_house_is_known(agency, binh, ermek):
    found = book.understand("ermek@akimat.example, dung@dan.example", agency=agency, now=NOW)
    assert (found.unknown, found.outside) == ((), ("dung@dan.example",))


def test_the_address_book_is_the_agencys_own(agency, an, binh, ermek):
    lines = [(one.name, one.address) for one in book.contacts(agency, now=NOW)]
    assert lines == [
        ("Văn phòng", "@vp"),
        ("Nguyễn Thị An", "an@ubnd.example"),
        ("Trần Văn Bình", "binh@ubnd.example"),
        ("Ủy ban nhân dân tỉnh Lam Sơn", "ubnd@ubnd.example"),
        ("Văn phòng", "vanphong@ubnd.example"),
    ]
    assert [one.name for one in book.contacts(agency, now=NOW, words="binh")] == ["Trần Văn Bình"]


def test_who_left_is_not_in_the_address_book(agency, binh):
    end_appointment(membership=binh.membership, valid_to=NOW.date(), by=OPERATOR, now=NOW)
    assert "binh@ubnd.example" not in [one.address for one in book.contacts(agency, now=NOW)]


def test_progress_shows_the_furthest_step_of_each_recipient(agency, an, binh, chi):
    accept([submitted(binh, "an@ubnd.example", "chi@ubnd.example", "dung@dan.example")])
    opening.open_message(seat=chi, item=item_of(chi), now=NOW)
    acknowledging.acknowledge(seat=an, item=item_of(an), now=NOW)
    shown = [(one.recipient, one.step) for one in receipts.progress(Message.objects.order_by("id")[0])]
    assert shown == [
        ("an@ubnd.example", "acknowledged"),
        ("chi@ubnd.example", "opened"),
        ("dung@dan.example", "queued"),
    ]


def test_every_receipt_points_at_its_entry(agency, an, binh):
    accept([submitted(binh, "an@ubnd.example")])
    opening.open_message(seat=an, item=item_of(an), now=NOW)
    sequencer.settle()
    for receipt in Receipt.objects.all():
        entry = ledger.entry(receipt.entry, agency=agency.handle)
        assert entry.kind == f"mail.message.{receipt.step}"


# --- search -------------------------------------------------------------------------------------


def index(agency):
    sequencer.settle()
    while reading.advance(SearchIndex(), agency=agency.handle):
        pass


def found(seat, words):
    return [one.message.subject for one in search(seat, words, now=NOW).items]


def test_a_message_is_found_without_marks_by_those_who_may_read_it(agency, an, binh, chi):
    accept([incoming("binh@ubnd.example", subject="Giấy phép xây dựng", text="Đường Lê Lợi")])
    index(agency)
    assert found(binh, "giay phep") == found(binh, "duong le") == ["Giấy phép xây dựng"]
    assert found(binh, "dung@dan.example") == ["Giấy phép xây dựng"]
    assert found(an, "giay phep") == found(chi, "giay phep") == []


def test_reading_the_ledger_again_finds_every_message_once(agency, binh):
    accept([incoming("binh@ubnd.example", subject="Một")])
    index(agency)
    reading.rewind(SearchIndex(), agency=agency.handle)
    index(agency)
    assert search(binh, "mot", now=NOW).total == 1


def test_a_recalled_message_is_not_found_by_those_who_have_not_opened_it(agency, an, binh, chi):
    accept([submitted(binh, "an@ubnd.example", "chi@ubnd.example", subject="Nhầm lẫn")])
    opening.open_message(seat=chi, item=item_of(chi), now=NOW)
    recalling.recall(seat=binh, message=Message.objects.get(), now=NOW)
    index(agency)
    assert [found(seat, "nham lan") for seat in (an, binh, chi)] == [[], ["Nhầm lẫn"], ["Nhầm lẫn"]]


def test_another_agencys_mail_is_not_found(agency, binh, ermek):
    accept([incoming("ermek@akimat.example", subject="Құпиясыз хат")])
    index(ermek.agency)
    assert found(ermek, "хат") == ["Құпиясыз хат"]
    assert found(binh, "хат") == []
