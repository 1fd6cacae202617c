"""Delivery reports as RFC 3464 has them and as they are really written, believed only by their envelope id."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from congvu.mail import messages, mime, reasons, relay
from congvu.mail.actions import transferring
from congvu.mail.actions.accepting import accept
from congvu.mail.bounces import causes, dialects, reports
from congvu.mail.models import Item, Receipt, Transfer
from congvu.mail.queries import receipts
from tests.bounds import soon_done
from tests.mail.letters import NOW, incoming, submitted

HEAD = """\
From: MAILER-DAEMON@mx.example
To: binh@ubnd.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

No.
--b
"""


def report(status, kind="message/delivery-status", extra=""):
    return f"{HEAD}Content-Type: {kind}\n{extra}\n{status}\n--b--\n".encode()


def failures(raw):
    found = reports.bounce(raw)
    return [(one.recipient, one.action, one.status, one.reason) for one in found.failures] if found else None


ONE = [("dung@dan.example", "failed", "5.1.1", "address")]


@pytest.mark.parametrize(
    "raw",
    [
        report("Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822;dung@dan.example\nAction: failed\nStatus: 5.1.1"),
        report("Reporting-MTA: dns; mx\n\nFinal-Recipient: RFC822; <dung@dan.example> (Dung)\nAction: Failed (permanent)\nStatus: 5.1.1 (bad address)"),
        report("Reporting-MTA: dns; mx\n\nOriginal-Recipient: rfc822;dung@dan.example\nFinal-Recipient: x400; /S=D/O=X\nAction: failed\nStatus: 5.1.1"),
        report("Final-Recipient: dung@dan.example\nAction: failed\nDiagnostic-Code: smtp; 550 5.1.1 no such user"),
        report("Final-Recipient: rfc822;dung@dan.example\n\nAction: failed\nStatus: 511"),
        report("Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822;dung@dan.example\nAction: failed\nStatus: 5.1.1").replace(b"\n", b"\r\n"),
        report("Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822;dung@dan.example\nAction: failed\nStatus: 5.1.1", kind="text/plain"),
        report("UmVwb3J0aW5nLU1UQTogZG5zOyBteAoKRmluYWwtUmVjaXBpZW50OiByZmM4MjI7ZHVuZ0BkYW4uZXhhbXBsZQpBY3Rpb246IGZhaWxlZApTdGF0dXM6IDUuMS4xCg==", extra="Content-Transfer-Encoding: base64\n"),
        report("Final-Recipient: rfc822;dung@dan.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: X-Notes; User dung not listed in public Name & Address Book").replace(b"5.0.0", b"5.1.1"),
        report("Final-Recipient: utf-8; dung+40dan.example\nAction: failed\nStatus: 5.1.1"),
        report("Action: failed\nFinal-Recipient: rfc822;dung@dan.example\nStatus: 5.1.1"),
    ],
    ids=["plain", "decorated", "x400", "no-status", "blank-line", "crlf", "disguised", "base64", "domino", "xtext", "order"],
)  # fmt: skip
def test_reports_are_read_in_all_their_forms(raw):
    assert failures(raw) == ONE


def test_recipients_without_blank_lines_between_them_are_told_apart():
    raw = report(
        "Final-Recipient: rfc822;a@dan.example\nAction: failed\nStatus: 5.1.1\n"
        "Final-Recipient: rfc822;b@dan.example\nAction: delivered\nStatus: 2.0.0\n"
        "Original-Recipient: rfc822;c@dan.example\nFinal-Recipient: rfc822;x@in.example\nAction: relayed\nStatus: 2.0.0"
    )
    assert [one[:2] for one in failures(raw)] == [
        ("a@dan.example", "failed"),
        ("b@dan.example", "delivered"),
        ("c@dan.example", "relayed"),
    ]


@pytest.mark.parametrize(
    ("status", "text", "word"),
    [
        ("5.2.2", "", "full"),
        ("5.1.1", "mailbox is full", "full"),
        ("5.0.0", "552 Message size exceeds fixed maximum message size", "size"),
        ("5.7.1", "Relaying denied", "policy"),
        ("5.7.26", "", "sender"),
        ("5.7.1", "Unauthenticated email from ubnd.example is not accepted due to DMARC policy", "sender"),
        ("5.4.6", "", "loop"),
        ("4.7.1", "Greylisted, please try again later", "system"),
        ("5.1.2", "", "domain"),
        ("5.2.1", "", "disabled"),
        ("4.2.1", "", "mailbox"),
        ("9.9.9", "?", "other"),
    ],
)
def test_a_cause_is_one_closed_word(status, text, word):
    assert causes.reason(status, text) == word
    assert str(reasons.sentence(word))
    assert str(reasons.advice(word))


def test_every_word_has_a_sentence_and_an_advice():
    assert set(reasons.SENTENCES) == set(reasons.ADVICE)


@pytest.mark.django_db(transaction=True)
class TestOutcomes:
    """What a believed report does."""

    @pytest.fixture
    def given(self, agency, an, binh, data_folder):  # noqa: ARG002 -- they set the scene
        accept([submitted(binh, "dung@dan.example", "em@dan.example")])
        rows = list(Transfer.objects.select_related("message__agency"))
        said = [
            relay.Outcome(recipient=one.recipient, state="relayed", code=250, status="2.0.0", text="")
            for one in rows
        ]
        transferring.note_outcomes(rows[0].message, rows, said, now=NOW)
        return rows[0].handle

    def take(self, envelope_id, *parts, to="binh@ubnd.example"):
        groups = "\n\n".join(
            f"Final-Recipient: rfc822;{who}\nAction: {act}\nStatus: 2.0.0" for who, act in parts
        )
        raw = report(f"Reporting-MTA: dns; mx\nOriginal-Envelope-Id: {envelope_id}\n\n{groups}")
        assert [one.code for one in accept([incoming(to, mail_from="", data=raw)])] == [250]

    def states(self):
        return list(Transfer.objects.order_by("id").values_list("state", "next_at"))

    def test_a_delivery_that_is_reported_is_confirmed(self, given):
        self.take(given, ("dung@dan.example", "delivered"), ("em@dan.example", "relayed"))
        assert self.states() == [("confirmed", None), ("passed", None)]
        shown = receipts.progress(Transfer.objects.first().message)
        assert [one.step for one in shown] == ["confirmed", "passed"]

    def test_the_first_final_word_stands(self, given):
        self.take(given, ("dung@dan.example", "delivered"))
        self.take(given, ("dung@dan.example", "failed"))
        self.take(given, ("dung@dan.example", "delivered"))
        assert self.states()[0] == ("confirmed", None)
        assert Receipt.objects.filter(recipient="dung@dan.example").count() == 2

    def test_what_was_passed_on_may_fail_later(self, given):
        self.take(given, ("dung@dan.example", "relayed"))
        self.take(given, ("dung@dan.example", "failed"))
        assert self.states()[0] == ("failed", None)

    def test_a_failure_is_final(self, given):
        self.take(given, ("dung@dan.example", "failed"))
        self.take(given, ("dung@dan.example", "delivered"))
        assert self.states()[0] == ("failed", None)

    def test_a_stranger_to_the_letter_gets_no_outcome(self, given):
        self.take(given, ("stranger@dan.example", "failed"))
        self.take("a" * 26, ("dung@dan.example", "failed"))
        self.take(given, ("dung@dan.example", "failed"), to="an@ubnd.example")
        assert {state for state, _ in self.states()} == {"relayed"}

    def test_ten_thousand_recipients_cost_no_minute(self, given):
        many = [(f"r{number}@dan.example", "failed") for number in range(10_000)]
        with soon_done():
            self.take(given, *many, ("dung@dan.example", "failed"))
        assert Item.objects.filter(folder="inbox", mailbox__person__full_name="Trần Văn Bình").count() == 1


def nested(depth):
    raw = report("Final-Recipient: rfc822;dung@dan.example\nAction: failed\nStatus: 5.1.1")
    for number in range(depth):
        head = f"From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; boundary=x{number}\n\n--x{number}\n"
        raw = head.encode() + raw + f"\n--x{number}--\n".encode()
    return raw


@pytest.mark.parametrize(
    "raw",
    [
        nested(50),
        report("Final-Recipient: rfc822;dung@dan.example\nAction: failed\nStatus: 5.1.1\n" + "X: y\n" * 1_000_000),
        report("a@b.example\n\n" * 400_000),
        report("Diagnostic-Code: smtp; " + "user " * 1_000_000),
        HEAD.encode() + b"Content-Type: text/plain\n\n" + b"<a@b.example>: user unknown \n" * 170_000,
        HEAD.encode() + b"Content-Type: text/plain\n\n" + b"was not delivered to: user name address " * 120_000,
        HEAD.encode() + b"Content-Type: text/plain\n\n" + b"a." * 2_500_000 + b"@",
    ],
    ids=["nested", "fields", "groups", "diagnostic", "recipients", "phrases", "address"],
)  # fmt: skip
def test_hostile_reports_cost_little(raw):
    with soon_done():
        tree = mime.take_apart(raw)
        reports.read(tree)
        dialects.read(tree, messages.read(raw))


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.sampled_from(["<a@b.example>:", "550 5.1.1", "Action: failed", "\n\n", "user ", "không ", "Final-Recipient: ", "=?x?", "\x00", "--b"]), max_size=12))  # fmt: skip
def test_nothing_raises(pieces):
    raw = report("".join(pieces))
    reports.bounce(raw)
    dialects.read(mime.take_apart(raw), messages.read(raw))
