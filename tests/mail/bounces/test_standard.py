"""Delivery reports as RFC 3464 has them and as they are really written, believed only by their envelope id."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.mail import messages, mime, reasons, relay
from congvu.mail.actions import transferring
from congvu.mail.actions.accepting import accept
from congvu.mail.bounces import causes, dialects, reports
from congvu.mail.certified.models import Statement
from congvu.mail.models import Item, Receipt, Transfer
from congvu.mail.queries import receipts
from congvu.mail.queries.courses import courses
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

    def test_of_very_many_recipients_those_are_read_that_fit(self, given):
        many = [(f"r{number}@dan.example", "failed") for number in range(10_000)]
        self.take(given, ("dung@dan.example", "failed"), *many, ("em@dan.example", "failed"))
        assert [state for state, _ in self.states()] == ["failed", "relayed"]
        assert inbox() == 1

    def test_a_report_that_all_arrived_stands_beside_the_letter_and_not_in_the_inbox(self, given):
        self.take(given, ("dung@dan.example", "delivered"), ("em@dan.example", "relayed"))
        report = Item.objects.exclude(folder="sent").get()
        assert (inbox(), report.folder, report.filed_in.name) == (0, "filed", "Báo cáo gửi thư")
        assert hints(Transfer.objects.get(handle=given).message) == []  # there are steps, with their evidence

    def test_a_report_that_tells_of_one_failure_stays_in_the_inbox(self, given):
        self.take(given, ("dung@dan.example", "delivered"), ("em@dan.example", "failed"))
        assert inbox() == 1

    def test_a_report_without_our_number_is_a_hint_and_no_outcome(self, given):
        sent = Transfer.objects.get(handle=given).message
        back = f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{sent.message_id}>\n"
        raw = report(
            f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822;dung@dan.example\nAction: delivered\nStatus: 2.0.0\n{back}"
        )
        accept([incoming("binh@ubnd.example", mail_from="", data=raw)])
        assert {state for state, _ in self.states()} == {"relayed"}
        assert (inbox(), hints(sent)) == (0, [("dung@dan.example", "delivered", "unsigned")])

    def test_a_report_about_nothing_of_ours_stays_in_the_inbox(self, given):
        self.take("a" * 26, ("dung@dan.example", "delivered"))
        self.take(given, ("dung@dan.example", "delivered"), to="an@ubnd.example")
        assert (inbox(), Statement.objects.count()) == (2, 0)


def inbox():
    return Item.objects.filter(folder="inbox").count()


def hints(message):
    found = courses(message, [message.sender])
    return [(one.recipient, hint.statement.word, hint.standing) for one in found for hint in one.hints]


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
        report("Final-Recipient: rfc822;a@b.example\nAction: failed\nDiagnostic-Code: smtp; 550 odd\n\n" * 50_000),
        HEAD.encode() + b"Content-Type: text/plain\n\n" + b"<a@b.example>: user unknown \n" * 170_000,
        HEAD.encode() + b"Content-Type: text/plain\n\n" + b"was not delivered to: user name address " * 120_000,
        HEAD.encode() + b"Content-Type: text/plain\n\n" + b"a." * 2_500_000 + b"@",
    ],
    ids=["nested", "fields", "groups", "diagnostic", "named", "recipients", "phrases", "address"],
)  # fmt: skip
def test_hostile_reports_cost_few_steps(raw):
    """Steps are calls, as they are counted; what one call may read is bounded by the test after this."""
    steps = 0

    def count(_frame, event, _argument):
        nonlocal steps
        steps += event in {"call", "c_call"}

    tree, reading = mime.take_apart(raw), messages.read(raw)
    sys.setprofile(count)
    try:
        reports.read(tree)
        dialects.read(tree, reading)
    finally:
        sys.setprofile(None)
    assert steps < 500_000  # two readings, of at most 30 ms each here


def test_what_stands_far_behind_is_not_read():
    group = "Final-Recipient: rfc822;dung@dan.example\nAction: failed\nStatus: 5.1.1\n\n"
    assert len(reports.bounce(report(group * 20_000)).failures) == reports.MANY
    long = group.replace("Status", "X: " + "x" * 1_000 + "\nStatus")
    assert (
        len(reports.bounce(report(long * 1_000)).failures) == reports.LONGEST_STATUS // len(long) + 1
    )  # the last is cut
    assert failures(report("a@b.example\n\n" * reports.MANY + group)) is None
    far = "x" * dialects.LONGEST + "\n<far@dan.example>: user unknown\n"
    raw = HEAD.encode() + b"Content-Type: text/plain\n\nundeliverable\n<near@dan.example>: user unknown\n"
    found = dialects.read(mime.take_apart(raw + far.encode()), messages.read(raw + far.encode()))
    assert [one.recipient for one in found.told] == ["near@dan.example"]


@given(st.lists(st.sampled_from(["<a@b.example>:", "550 5.1.1", "Action: failed", "\n\n", "user ", "không ", "Final-Recipient: ", "=?x?", "\x00", "--b"]), max_size=12))  # fmt: skip
def test_nothing_raises(pieces):
    raw = report("".join(pieces))
    reports.bounce(raw)
    dialects.read(mime.take_apart(raw), messages.read(raw))
