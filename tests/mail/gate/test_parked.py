"""A mail server that is down, full or dead in the middle: what waits is not lost, and arrives once."""

import socket
import threading
from datetime import timedelta

import pytest

from bench.installation import free_ports
from congvu.base import clock
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail.actions import handing
from congvu.mail.lmtp.models import Handing
from congvu.mail.models import Item, Message, Receipt
from tests.mail.gate.conftest import hand_in
from tests.mail.letters import raw

pytestmark = pytest.mark.django_db(transaction=True)

BINH = "binh@ubnd.example"
QUOTA = """
protocol lmtp {
  mail_plugins = $mail_plugins quota
}
plugin {
  quota = maildir:User quota
}
"""


def kinds(agency) -> list[str]:
    sequencer.settle()
    return [one.kind for one in ledger.entries_from(agency.handle, 2026, 0, 1_000) if "message" in one.kind]


def state() -> tuple[str, str]:
    row = Handing.objects.get()
    return row.state, row.reason


def test_while_the_mail_server_is_down_a_letter_waits_and_then_arrives_once(gate, imap, agency, binh):
    data = raw()
    imap.stop()
    for _ in range(3):
        assert hand_in(gate, BINH, data=data)[BINH][0] == 451
    assert (state(), Item.objects.count()) == (("parked", "network"), 0)
    imap.start()
    assert hand_in(gate, BINH, data=data)[BINH][0] == 250
    assert (state(), Item.objects.count(), len(imap.messages("binh"))) == (("delivered", ""), 1, 1)
    assert kinds(agency) == ["mail.message.accepted", "mail.message.parked", "mail.message.delivered"]


def test_a_mail_server_that_is_down_for_days_costs_no_letter_and_one_outcome(gate, imap, agency, binh):
    """Postfix asks every few minutes for an hour, and then for days; the house gives up only after it has."""
    data, begun = raw(), clock.now()
    imap.stop()
    waits = [*(timedelta(minutes=5 * number) for number in range(13)), timedelta(days=4), timedelta(days=5)]
    for passed in waits:
        with clock.demonstration(begun + passed):
            assert hand_in(gate, BINH, data=data)[BINH][0] == 451
            assert (handing.give_up(now=clock.now()), state()) == (0, ("parked", "network"))
    imap.start()
    with clock.demonstration(begun + timedelta(days=5, minutes=1)):
        assert hand_in(gate, BINH, data=data)[BINH][0] == 250
    assert (state(), Item.objects.count(), len(imap.messages("binh"))) == (("delivered", ""), 1, 1)
    assert list(Receipt.objects.order_by("id").values_list("step", flat=True)) == [
        "accepted",
        "parked",
        "delivered",
    ]


@pytest.mark.parametrize("imap", [{"quota": "3k", "extra": QUOTA}], indirect=True)
def test_a_full_mailbox_is_told_to_pass_and_nothing_is_lost(gate, imap, agency, binh):
    letters = [raw(text="x" * 1_500, message_id=f"{number}@dan.example") for number in range(3)]
    said = [hand_in(gate, BINH, data=one)[BINH] for one in letters]
    assert [code for code, _ in said] == [250, 452, 452]
    assert said[1][1].startswith("4.2.2 ")
    parked = Handing.objects.filter(state="parked")
    assert {(row.reason, row.message.message_id) for row in parked} == {
        ("full", "1@dan.example"),
        ("full", "2@dan.example"),
    }
    assert Message.objects.count() == 3  # their bytes are kept
    for one in (imap.folder / "mail" / "binh" / "new").iterdir():
        one.unlink()
    (imap.folder / "mail" / "binh" / "maildirsize").unlink()
    assert hand_in(gate, BINH, data=letters[1])[BINH][0] == 250
    assert kinds(agency).count("mail.message.parked") == 2


def test_a_no_of_the_mail_server_is_final_and_evidence(opened, agency, binh):
    with Scripted([b"550 5.1.1 no such user"]) as server:
        said = hand_in(opened(server.port), BINH)
    assert said == {BINH: (550, "5.1.1 no such user")}
    assert (state(), Item.objects.count()) == (("failed", "address"), 0)
    assert kinds(agency) == ["mail.message.accepted", "mail.message.failed"]


def test_no_answer_after_the_message_is_looked_up_and_not_sent_again_at_once(opened, agency, binh):
    data = raw()
    with Scripted([None]) as server:
        gate = opened(server.port)
        assert hand_in(gate, BINH, data=data)[BINH][0] == 451
        assert state() == ("open", "")
        assert hand_in(gate, BINH, data=data)[BINH] == (451, f"{handing.BUSY.text}")
        assert server.messages == 1
    handing.resolve(list(Handing.objects.all()), {Handing.objects.get().pk: "abc"}, now=clock.now())
    assert (state(), Item.objects.count()) == (("delivered", ""), 1)
    assert hand_in(gate, BINH, data=data)[BINH] == (250, "2.0.0 Stored")


def test_what_the_log_does_not_show_is_handed_on_again(opened, agency, binh):
    data = raw()
    with Scripted([None, b"250 2.0.0 Saved"]) as server:
        gate = opened(server.port)
        hand_in(gate, BINH, data=data)
        handing.resolve(list(Handing.objects.all()), {}, now=clock.now())
        assert state() == ("parked", "interrupted")
        assert hand_in(gate, BINH, data=data)[BINH][0] == 250
    assert kinds(agency) == ["mail.message.accepted", "mail.message.parked", "mail.message.delivered"]


def test_what_is_never_asked_again_fails_for_want_of_time(opened, agency, binh):
    hand_in(opened(free_ports(1)[0]), BINH)
    now = clock.now()
    assert (handing.give_up(now=now), handing.give_up(now=now + timedelta(days=7))) == (0, 1)
    assert state() == ("failed", "expired")
    assert Receipt.objects.filter(step="failed").count() == 1


class Scripted(threading.Thread):
    """A mail server that answers the final dot as it is told; None hangs up instead."""

    def __init__(self, finals: list[bytes | None]) -> None:
        super().__init__(daemon=True)
        self.finals = list(finals)
        self.messages = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self._socket.close()

    def run(self):
        while True:
            try:
                met, _ = self._socket.accept()
            except OSError:
                return
            with met, met.makefile("rwb") as talk:
                self._talk(talk)

    def _talk(self, talk) -> None:
        talk.write(b"220 scripted\r\n")
        talk.flush()
        for line in talk:
            verb = line.split()[0].upper()
            if verb == b"DATA":
                talk.write(b"354 go\r\n")
                talk.flush()
                while talk.readline() != b".\r\n":
                    pass
                self.messages += 1
                final = self.finals.pop(0)
                if final is None:
                    return
                talk.write(final + b"\r\n")
            else:
                talk.write(b"250 ok\r\n")
            talk.flush()
