"""Outgoing mail: every recipient gets an outcome, nothing goes out in the clear, and reports are read."""

import socket
import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.mail.bounces.reports import Bounce, Failure, bounce
from congvu.mail.relay import Outcome, Relay, next_attempt, send
from tests.bounds import soon_done
from tests.mail.doors import AN, BINH, PASSWORD, SIMPLE, STRANGER, client_tls, front

RAW = "From: binh@agency.example\r\nSubject: x\r\n\r\nxin chào\r\n.\r\n".encode()


class Peer:
    """A mail server that answers as it is told, line by line, and remembers what was said to it."""

    def __init__(self, answers, *, offers=(), greeting=b"220 peer\r\n"):
        self.heard, self.message = [], b""
        self._answers, self._offers, self._greeting = answers, offers, greeting
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        connection, _ = self._server.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(self._greeting)
            for line in lines:
                said = line.decode().rstrip("\r\n")
                self.heard.append(said)
                verb = said.partition(" ")[0].upper()
                if verb == "EHLO":
                    offers = ["peer", *self._offers]
                    connection.sendall(
                        "".join(
                            f"250{'-' if offer != offers[-1] else ' '}{offer}\r\n" for offer in offers
                        ).encode()
                    )
                    continue
                answer = next(
                    (
                        answer
                        for start, answer in self._answers.items()
                        if said.upper().startswith(start.upper())
                    ),
                    "250 2.0.0 OK",
                )
                if answer is None:
                    return
                connection.sendall(f"{answer}\r\n".encode())
                if verb == "DATA" and answer.startswith("354"):
                    while (line := lines.readline()) != b".\r\n":
                        self.message += line
                    answer = self._answers.get("end", "250 2.0.0 queued")
                    if answer is None:
                        return
                    connection.sendall(f"{answer}\r\n".encode())
                if verb == "QUIT":
                    return

    def end(self):
        self._thread.join(10)
        self._server.close()


def give(
    answers=None,
    *,
    offers=(),
    recipients=("dung@out.example",),
    raw=RAW,
    mail_from=BINH,
    greeting=b"220 peer\r\n",
    **options,
):
    peer = Peer({"DATA": "354 go"} | (answers or {}), offers=offers, greeting=greeting)
    relay = Relay(
        host="127.0.0.1", port=peer.port, hostname="mx.agency.example", starttls=False, timeout=5, **options
    )
    outcomes = send(raw, mail_from=mail_from, recipients=recipients, relay=relay, envelope_id="abc=+1")
    peer.end()
    return outcomes, peer


def test_a_message_reaches_a_real_server_under_tls():
    with front(tls=True) as opened:
        relay = Relay(host="localhost", port=opened.mx, hostname="client.example", tls=client_tls())
        (outcome,) = send(SIMPLE, mail_from=STRANGER, recipients=[AN], relay=relay)
        assert outcome == Outcome(recipient=AN, state="relayed", code=250, status="2.0.0", text="Stored")
        (kept,) = opened.counter.kept
        assert kept.tls
        assert kept.raw.endswith(SIMPLE)


def test_a_relay_that_wants_a_password_gets_it():
    own = b"From: binh@agency.example\r\n\r\nx\r\n"
    with front(tls=True) as opened:
        relay = Relay(
            host="localhost",
            port=opened.submission,
            hostname="c.example",
            tls=client_tls(),
            user=BINH,
            password=PASSWORD,
        )
        assert [
            outcome.state
            for outcome in send(own, mail_from=BINH, recipients=[AN, "dung@out.example"], relay=relay)
        ] == ["relayed", "relayed"]
        wrong = Relay(
            host="localhost",
            port=opened.submission,
            hostname="c.example",
            tls=client_tls(),
            user=BINH,
            password="x",
        )
        (outcome,) = send(own, mail_from=BINH, recipients=[AN], relay=wrong)
        assert (outcome.state, outcome.status) == ("temporary", "4.7.8")
        assert "password='x'" not in repr(wrong)


def test_nothing_goes_out_in_the_clear_when_tls_is_asked_for():
    with front() as opened:
        (outcome,) = send(
            SIMPLE,
            mail_from=STRANGER,
            recipients=[AN],
            relay=Relay(host="127.0.0.1", port=opened.mx, hostname="c.example"),
        )
        assert (outcome.state, outcome.status) == ("temporary", "4.7.0")
        assert opened.counter.kept == []


def test_a_certificate_of_a_stranger_is_not_trusted():
    with front(tls=True) as opened:
        (outcome,) = send(
            SIMPLE,
            mail_from=STRANGER,
            recipients=[AN],
            relay=Relay(host="localhost", port=opened.mx, hostname="c.example"),
        )
        assert (outcome.state, opened.counter.kept) == ("temporary", [])


def test_a_relay_that_is_not_there_is_a_temporary_failure():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    outcomes = send(
        RAW,
        mail_from=BINH,
        recipients=["a@b.example", "c@d.example"],
        relay=Relay(host="127.0.0.1", port=port, hostname="x"),
    )
    assert [(outcome.state, outcome.code, outcome.status) for outcome in outcomes] == [
        ("temporary", 0, "4.4.1")
    ] * 2


def test_each_recipient_gets_its_own_outcome():
    answers = {
        "RCPT TO:<gone": "550 5.1.1 no such user",
        "RCPT TO:<busy": "450 4.2.1 later",
        "RCPT TO:<odd": "550-old style\r\n550 no",
    }
    outcomes, _ = give(
        answers, recipients=["gone@x.example", "here@x.example", "busy@x.example", "odd@x.example"]
    )
    assert [(outcome.state, outcome.status, outcome.text) for outcome in outcomes] == [
        ("permanent", "5.1.1", "no such user"), ("relayed", "2.0.0", "queued"), ("temporary", "4.2.1", "later"), ("permanent", "5.0.0", "old style no"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "state", "code", "status"),
    [({"MAIL": "550 5.7.1 no"}, "permanent", 550, "5.7.1"), ({"MAIL": "451 4.7.1 greylisted"}, "temporary", 451, "4.7.1"),
     ({"DATA": "554 5.6.0 no"}, "permanent", 554, "5.6.0"), ({"end": "554 5.7.1 spam"}, "permanent", 554, "5.7.1"),
     ({"end": "452 4.3.1 full"}, "temporary", 452, "4.3.1"), ({"end": None}, "temporary", 0, "4.4.2"), ({"MAIL": None}, "temporary", 0, "4.4.2"),
     ({"RCPT": None}, "temporary", 0, "4.4.2"), ({"DATA": None}, "temporary", 0, "4.4.2"), ({"end": "nonsense"}, "temporary", 0, "4.4.2")],
)  # fmt: skip
def test_whatever_the_relay_says_there_is_an_outcome(answers, state, code, status):
    (outcome,), _ = give(answers)
    assert (outcome.state, outcome.code) == (state, code)
    assert outcome.status in {status, "4.4.1"}


def test_a_relay_that_turns_us_away_is_a_temporary_failure():
    (outcome,), _ = give(greeting=b"421 4.3.2 busy\r\n")
    assert (outcome.state, outcome.code, outcome.status) == ("temporary", 421, "4.3.2")


def test_reports_are_asked_for_when_the_relay_offers_them():
    _, peer = give(offers=["DSN", "SIZE 1000000", "8BITMIME"])
    assert f"mail FROM:<{BINH}> SIZE={len(RAW)} BODY=8BITMIME ENVID=abc+3D+2B1 RET=HDRS" in peer.heard
    assert (
        "rcpt TO:<dung@out.example> NOTIFY=SUCCESS,DELAY,FAILURE ORCPT=rfc822;dung@out.example" in peer.heard
    )


def test_a_report_never_asks_for_a_report():
    _, peer = give(offers=["DSN"], mail_from="")
    assert "rcpt TO:<dung@out.example> NOTIFY=NEVER ORCPT=rfc822;dung@out.example" in peer.heard


def test_a_plain_relay_is_asked_for_nothing():
    _, peer = give()
    assert peer.heard[1:3] == [f"mail FROM:<{BINH}>", "rcpt TO:<dung@out.example>"]


def test_lines_with_a_dot_arrive_as_they_are():
    _, peer = give()
    assert peer.message == RAW.replace(b"\r\n.\r\n", b"\r\n..\r\n")


def test_bare_line_ends_of_imported_mail_are_mended():
    _, peer = give(raw=b"Subject: x\n\na\rb\n")
    assert peer.message == b"Subject: x\r\n\r\na\r\nb\r\n"


def test_addresses_beyond_ascii_need_a_relay_that_takes_them():
    (refused,), _ = give(recipients=["dũng@out.example"])
    assert (refused.state, refused.status) == ("permanent", "5.6.7")
    (taken,), peer = give(offers=["SMTPUTF8", "8BITMIME"], recipients=["dũng@out.example"])
    assert taken.state == "relayed"
    assert "rcpt TO:<dũng@out.example>" in peer.heard


def test_attempts_go_on_for_five_days():
    waits: list[timedelta] = []
    while (wait := next_attempt(attempts=len(waits) + 1, waited=sum(waits, timedelta()))) is not None:
        waits.append(wait)
    assert waits[:9] == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 480)]
    assert sum(waits, timedelta()) == timedelta(days=5)


STANDARD = b"""\
Return-Path: <>
From: MAILER-DAEMON@relay.example
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
Original-Envelope-Id: abc+3D+2B1

Original-Recipient: rfc822; dung+2Bx@out.example
Final-Recipient: rfc822; other@inside.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <other@inside.example>: no
 such user

Final-Recipient: rfc822;ok@out.example
Action: Relayed
Status: 2.1.9

Final-Recipient: rfc822; slow@out.example
Action: delayed
Status: 4.4.7 (expired)

--b
Content-Type: text/rfc822-headers

Message-ID: <1@agency.example>
Subject: x
--b--
"""


@pytest.mark.parametrize(
    "raw",
    [STANDARD, STANDARD.replace(b"\n", b"\r\n"), STANDARD.replace(b"text/rfc822-headers", b"message/rfc822")],
)
def test_a_standard_report_is_read(raw):
    assert bounce(raw) == Bounce(
        envelope_id="abc=+1",
        failures=(
            Failure(
                recipient="dung+x@out.example",
                action="failed",
                status="5.1.1",
                diagnostic="550 5.1.1 <other@inside.example>: no such user",
            ),
            Failure(recipient="ok@out.example", action="relayed", status="2.1.9", diagnostic=""),
            Failure(recipient="slow@out.example", action="delayed", status="4.4.7", diagnostic=""),
        ),
    )


EXIM = b"""\
X-Failed-Recipients: dung@out.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@exim.example>
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

  dung@out.example
    host mx.out.example [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<dung@out.example>:
    550 Unknown user
"""


@pytest.mark.parametrize(
    "raw",
    [b"", SIMPLE, b"From: dung@out.example\r\n\r\n<an@agency.example>:\r\n550 5.1.1 no\r\n",
     b"From: postmaster@out.example\r\n\r\nDear dung@out.example, the office is closed.\r\n",
     b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;a@b.c\r\nDisposition: x\r\n--b--\r\n",
     STANDARD.replace(b"Action", b"Act"), EXIM],
)  # fmt: skip
def test_other_mail_is_no_report(raw):
    assert bounce(raw) is None


@pytest.mark.parametrize(
    "filling", [b"\n" * 99_000, b" " * 99_000, b"Action: x\n\n" * 9_000, b"+2B" * 90_000]
)
def test_blanks_of_a_stranger_cost_no_time(filling):
    with soon_done():
        bounce(STANDARD.replace(b"Reporting", filling + b"Reporting"))


@given(
    st.lists(
        st.sampled_from(
            [
                STANDARD,
                EXIM,
                b"\n\n",
                b"--b\n",
                b"<",
                b"@",
                b"Action: failed\n",
                b"\xff\0",
                b"Content-Type: message/delivery-status\n",
            ]
        ),
        max_size=6,
    )
)
def test_no_report_raises(pieces):
    bounce(b"".join(pieces))
