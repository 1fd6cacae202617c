"""Mail to others through a real relay: an SMTP server of another make on this machine."""

import re
import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from congvu.base import blobs
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail import messages, reasons, relay, tasks
from congvu.mail.actions import transferring
from congvu.mail.actions.accepting import accept
from congvu.mail.actions.acknowledging import acknowledge
from congvu.mail.actions.recalling import recall
from congvu.mail.bounces import reports
from congvu.mail.models import Item, Message, Receipt, Transfer
from congvu.mail.outcomes.models import MailDay
from congvu.mail.outcomes.tasks import settle
from congvu.mail.queries import receipts
from tests.mail.letters import NOW, bounce, incoming, submitted
from tests.mail.test_relay import Peer as TellingPeer

pytestmark = pytest.mark.django_db(transaction=True)


class Peer:
    """The relay: takes what it is told to take, and keeps it."""

    def __init__(self):
        self.answers = {}
        self.kept = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 -- aiosmtpd's name
        answer = self.answers.get(address, "250 2.1.5 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        self.kept.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 Queued"


@pytest.fixture
def peer(settings, data_folder):
    handler = Peer()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    settings.CONGVU_RELAY_HOST = "127.0.0.1"
    settings.CONGVU_RELAY_PORT = port
    settings.CONGVU_RELAY_STARTTLS = False
    yield handler
    controller.stop()


def kinds(agency):
    sequencer.settle()
    found = ledger.entries_from(agency.handle, 0, 0, 1000)
    return [(one.kind, one.attributes) for one in found if one.kind.startswith("mail.")]


def states():
    return list(Transfer.objects.order_by("id").values_list("recipient", "state", "reason"))


def test_without_a_relay_mail_to_others_waits(agency, binh, data_folder):
    accept([submitted(binh, "dung@dan.example")])
    assert tasks.run_queue(NOW) == 0
    assert states() == [("dung@dan.example", "queued", "")]


def test_what_waits_five_days_for_a_relay_that_nobody_set_is_given_up(agency, binh, data_folder):
    accept([submitted(binh, "dung@dan.example")])
    assert tasks.give_up(NOW + relay.GIVE_UP - timedelta(minutes=1)) == 0
    late = NOW + relay.GIVE_UP
    assert (tasks.give_up(late), tasks.give_up(late)) == (1, 0)
    assert states() == [("dung@dan.example", "failed", reasons.EXPIRED)]
    assert Item.objects.filter(folder="inbox", mailbox__person=binh.person).count() == 1
    settle(late + timedelta(days=2))
    assert [one.missing for one in MailDay.objects.all() if one.missing] == []


def test_mail_to_others_goes_through_the_relay_once_for_all_recipients(agency, binh, peer):
    accept([submitted(binh, "dung@dan.example", "em@dan.example", message_id="q@ubnd.example")])
    assert tasks.run_queue(NOW) == 2
    assert tasks.run_queue(NOW + timedelta(days=1)) == 0
    [(mail_from, recipients, content)] = peer.kept
    assert (mail_from, recipients) == ("binh@ubnd.example", ["dung@dan.example", "em@dan.example"])
    assert content.rstrip(b"\r\n") == blobs.get(Message.objects.get().blob).rstrip(b"\r\n")
    assert states() == [("dung@dan.example", "relayed", ""), ("em@dan.example", "relayed", "")]
    assert kinds(agency)[1:] == [("mail.message.relayed", {"to": "relay"})] * 2


def test_a_refused_recipient_is_reported_to_the_sender(agency, binh, peer):
    peer.answers["dung@dan.example"] = "550 5.1.1 no such user"
    accept(
        [submitted(binh, "dung@dan.example", "em@dan.example", message_id="q@ubnd.example", subject="Hỏi")]
    )
    tasks.run_queue(NOW)
    assert states() == [("dung@dan.example", "failed", "address"), ("em@dan.example", "relayed", "")]
    report = Item.objects.select_related("message").get(folder="inbox")
    assert (report.mailbox.person, report.owes_acknowledgement) == (binh.person, False)
    assert (report.message.channel, report.message.automatic) == ("system", True)
    reading = messages.read(blobs.get(report.message.blob))
    assert "dung@dan.example" in reading.text
    assert reading.in_reply_to == "q@ubnd.example"
    assert "received" not in reading.text  # of the others nothing is known yet
    assert reading.from_.name == "Hệ thống thư của cơ quan"
    assert [one.filename for one in reading.attachments] == ["attachment-1.txt", "attachment-2.txt"]
    found = reports.bounce(blobs.get(report.message.blob))
    assert [(one.recipient, one.status) for one in found.failures] == [("dung@dan.example", "5.1.1")]
    assert report.thread == Message.objects.get(message_id="q@ubnd.example").thread


def test_a_temporary_no_is_tried_again_later(agency, binh, peer):
    peer.answers["dung@dan.example"] = "450 4.2.1 mailbox busy"
    accept([submitted(binh, "dung@dan.example")])
    tasks.run_queue(NOW)
    row = Transfer.objects.get()
    assert (row.state, row.attempts, row.reason) == ("queued", 1, "mailbox")
    assert row.next_at == NOW + relay.next_attempt(attempts=1, waited=timedelta())
    assert tasks.run_queue(NOW) == 0
    peer.answers.clear()
    assert tasks.run_queue(row.next_at) == 1
    assert states() == [("dung@dan.example", "relayed", "mailbox")]


def test_after_the_last_attempt_the_sender_is_told(agency, binh, peer):
    peer.answers["dung@dan.example"] = "450 4.2.1 mailbox busy"
    accept([submitted(binh, "dung@dan.example")])
    now = NOW
    while (row := Transfer.objects.get()).state == "queued":
        now = row.next_at
        tasks.run_queue(now)
    assert (row.state, row.reason) == ("failed", reasons.EXPIRED)
    assert timedelta(days=4) < now - NOW < timedelta(days=6)
    assert Item.objects.filter(folder="inbox", mailbox__person=binh.person).count() == 1
    assert kinds(agency)[-3] == ("mail.message.failed", {"reason": "expired"})


def test_a_relay_that_was_set_late_and_refuses_is_not_tried_beyond_the_five_days(agency, binh, peer):
    peer.answers["dung@dan.example"] = "450 4.2.1 mailbox busy"
    accept([submitted(binh, "dung@dan.example")])
    tasks.run_queue(NOW + relay.GIVE_UP + timedelta(days=9))
    assert states() == [("dung@dan.example", "failed", reasons.EXPIRED)]
    assert Item.objects.filter(folder="inbox", mailbox__person=binh.person).count() == 1


def test_about_automatic_mail_nobody_is_told(agency, binh, peer):
    peer.answers["dung@dan.example"] = "550 5.1.1 no such user"
    accept([submitted(binh, "dung@dan.example", extra="Auto-Submitted: auto-replied")])
    tasks.run_queue(NOW)
    assert states() == [("dung@dan.example", "failed", "address")]
    assert Item.objects.filter(folder="inbox").count() == 0
    assert Receipt.objects.filter(step="failed").count() == 1


def test_automatic_mail_leaves_with_the_null_reverse_path(agency, binh, peer):
    accept([submitted(binh, "dung@dan.example", extra="Auto-Submitted: auto-replied")])
    tasks.run_queue(NOW)
    assert [mail_from for mail_from, _, _ in peer.kept] == ["<>"]


def test_what_died_while_it_spoke_with_the_relay_is_tried_again(agency, binh, peer):
    accept([submitted(binh, "dung@dan.example")])
    transferring.claim(list(Transfer.objects.all()), now=NOW)
    assert tasks.run_queue(NOW) == 0
    assert tasks.run_queue(NOW + transferring.LEASE) == 1
    assert states() == [("dung@dan.example", "relayed", "")]


def test_a_relay_that_is_away_loses_nothing(agency, binh, peer, settings):
    settings.CONGVU_RELAY_PORT = 1
    accept([submitted(binh, "dung@dan.example")])
    tasks.run_queue(NOW)
    assert [state for _, state, _ in states()] == ["queued"]


def test_a_recalled_message_never_leaves(agency, binh, peer):
    accept([submitted(binh, "dung@dan.example")])
    recall(seat=binh, message=Message.objects.get(), now=NOW)
    assert tasks.run_queue(NOW) == 0
    assert peer.kept == []


def recalled_while_it_went_out(binh, outcome):
    accept([submitted(binh, "dung@dan.example")])
    message = Message.objects.get()
    taken = transferring.claim(list(Transfer.objects.all()), now=NOW)
    recall(seat=binh, message=message, now=NOW)
    said = relay.Outcome(recipient="dung@dan.example", text="", **outcome)
    transferring.note_outcomes(message, taken, [said], now=NOW + timedelta(seconds=1))
    return message


def test_what_went_out_while_it_was_recalled_is_recorded_as_handed_over(agency, binh, data_folder):
    message = recalled_while_it_went_out(binh, {"state": "relayed", "code": 250, "status": "2.0.0"})
    assert states() == [("dung@dan.example", "relayed", "")]
    assert kinds(agency)[-1] == ("mail.message.relayed", {"to": "relay"})
    [shown] = receipts.progress(message)
    assert (shown.step, shown.reason) == ("relayed", "")


@pytest.mark.parametrize("state", ["temporary", "permanent"])
def test_what_was_recalled_and_did_not_go_out_stays_recalled(agency, binh, data_folder, state):
    message = recalled_while_it_went_out(binh, {"state": state, "code": 450, "status": "4.2.1"})
    assert states() == [("dung@dan.example", "failed", "recalled")]
    assert kinds(agency)[-1] == ("mail.message.failed", {"reason": "recalled"})
    assert Item.objects.filter(folder="inbox").count() == 0
    assert receipts.progress(message)[0].step == "failed"


def test_a_report_with_the_envelope_id_that_the_relay_was_given_is_evidence(
    agency, binh, data_folder, settings
):
    told = TellingPeer({"DATA": "354 go"}, offers=["DSN", "SMTPUTF8", "8BITMIME"])
    settings.CONGVU_RELAY_HOST, settings.CONGVU_RELAY_PORT = "127.0.0.1", told.port
    settings.CONGVU_RELAY_STARTTLS = False
    accept([submitted(binh, "dung@dan.example")])
    tasks.run_queue(NOW)
    told.end()
    [given] = re.findall(r"ENVID=(\S+)", "\n".join(told.heard))
    assert given.encode() not in told.message
    accept([bounce(envelope_id=given)])
    assert states() == [("dung@dan.example", "failed", "address")]
    assert [kind for kind, _ in kinds(agency)][1:3] == ["mail.message.relayed", "mail.message.accepted"]
    assert kinds(agency)[-1] == ("mail.message.failed", {"reason": "address"})


def test_the_answer_to_a_citizen_leaves_through_the_relay(agency, binh, peer):
    accept([incoming("binh@ubnd.example", message_id="c@dan.example")])
    acknowledge(seat=binh, item=Item.objects.get(), now=NOW)
    tasks.run_queue(NOW)
    [(mail_from, recipients, content)] = peer.kept
    assert (mail_from, recipients) == ("<>", ["dung@dan.example"])
    assert b"\r\nAuto-Submitted: auto-replied\r\n" in content
    assert b"\r\nIn-Reply-To: <c@dan.example>\r\n" in content
