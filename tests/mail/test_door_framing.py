"""SMTP smuggling: a message ends with CRLF dot CRLF and nothing else; what is not CRLF is refused, never repaired."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mail.doors import HEADER, SIMPLE, front

ENDINGS = [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\r", b"\r\n.\n", b"\r.\r\n", b"\r.\n", b"\n.\r", b"\r\n\r.\r\n", b"\r\r\n.\r\n", b"\r\n.\r\r\n", b"\n\r\n.\r\n"]  # fmt: skip
SECOND = (
    b"MAIL FROM:<admin@outside.example>\r\nRCPT TO:<binh@agency.example>\r\nDATA\r\n"
    b"From: chi@outside.example\r\n\r\nsmuggled\r\n.\r\nQUIT\r\n"
)


@pytest.fixture(scope="module")
def door():
    with front() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _empty(door):
    door.counter.kept.clear()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_bare_line_end_in_a_message_is_refused_and_nothing_follows(door, ending):
    with door.raw() as client:
        client.until_data()
        client.send(HEADER + b"\r\nfirst" + ending + SECOND)
        assert client.rest() == b"554 5.6.0 Bare CR or LF in the message: lines must end with CR LF\r\n"
    assert door.counter.kept == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_octets_that_come_one_by_one_are_judged_alike(door, ending):
    with door.raw() as client:
        client.until_data()
        for octet in HEADER[-6:] + b"\r\nf" + ending + b"x\r\n.\r\n":
            try:
                client.send(bytes([octet]))
            except OSError:  # the door has hung up already, as it should
                break
        assert client.rest()[:3] in {b"554", b""}
    assert door.counter.kept == []


@pytest.mark.parametrize(
    "line",
    [
        b"NOOP\n",
        b"NOOP\r",
        b"NO\rOP\r\n",
        b"NO\nOP\r\n",
        b"NOOP\r\r\n",
        b"\rNOOP\r\n",
        b"MAIL FROM:<a@b.c>\nRCPT TO:<d@e.f>\r\n",
    ],
)
def test_a_bare_line_end_in_a_command_ends_the_connection(door, line):
    with door.raw() as client:
        client.send(line + b"NOOP\r\n")
        assert client.rest() == b"500 5.5.2 Bare CR or LF in a command\r\n"


def test_the_refusal_is_heard_by_a_client_that_is_still_sending(door):
    with door.raw() as client:
        client.until_data()
        client.send(b"Subject: x\n" + b"y" * 70 + b"\r\n" * 3_000_000)
        assert client.reply()[:3] == b"554"


def test_dots_are_unstuffed_once(door):
    with door.raw() as client:
        client.until_data()
        assert client.ask(HEADER + b"\r\n..\r\n...\r\na.b\r\n..x\r\n.\r\n")[:3] == b"250"
    assert door.counter.kept[0].raw.endswith(HEADER + b"\r\n.\r\n..\r\na.b\r\n.x\r\n")


def test_a_dot_on_the_first_line_is_the_end(door):
    with door.raw() as client:
        client.until_data()
        assert client.ask(b".\r\n")[:3] == b"250"
        assert client.ask(b"QUIT\r\n")[:3] == b"221"
    assert re.fullmatch(rb"Received: [^\0]+\r\n", door.counter.kept[0].raw)


def test_the_bytes_are_kept_as_they_came_below_our_received_field(door):
    body = HEADER + b"X-Odd:\t \xff\xfe folded\r\n  more\r\n\r\n\0\x80 8-bit \xe1\xbb\x87\r\n\r\n"
    with door.raw() as client:
        client.until_data()
        assert client.ask(body + b".\r\n")[:3] == b"250"
    (kept,) = door.counter.kept
    assert re.fullmatch(
        rb"Received: from client\.example \(\[127\.0\.0\.1\]\)\r\n\tby mx\.agency\.example with ESMTP id [0-9a-f]{16}"
        rb"\r\n\tfor <an@agency\.example>;\r\n\t[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} \+0000\r\n",
        kept.raw.removesuffix(body),
    )


def test_commands_may_be_pipelined_up_to_data(door):
    with door.raw() as client:
        client.send(
            b"EHLO c\r\nMAIL FROM:<stranger@outside.example>\r\nRCPT TO:<nobody@agency.example>\r\n"
            b"RCPT TO:<an@agency.example>\r\nDATA\r\n"
        )
        assert [client.reply()[:3] for _ in range(5)] == [b"250", b"250", b"550", b"250", b"354"]
        client.send(SIMPLE + b".\r\nMAIL FROM:<>\r\nRCPT TO:<binh@agency.example>\r\nDATA\r\n")
        assert [client.reply()[:3] for _ in range(4)] == [b"250", b"250", b"250", b"354"]
        assert client.ask(SIMPLE + b".\r\n")[:3] == b"250"
    assert [kept.mail_from for kept in door.counter.kept] == ["stranger@outside.example", ""]


def test_text_sent_ahead_of_354_is_refused(door):
    with door.raw() as client:
        client.send(b"EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<an@agency.example>\r\nDATA\r\n" + SIMPLE + b".\r\n")
        assert client.rest().splitlines()[-1] == b"503 5.5.0 Wait for the answer before you go on"
    assert door.counter.kept == []


def test_a_command_line_has_a_limit(door):
    with door.raw() as client:
        client.send(b"NOOP " + b"x" * 20_000 + b"\r\n")
        assert client.rest() == b"500 5.5.6 Command line too long\r\n"


@pytest.mark.parametrize(
    ("length", "code"), [(998, b"250"), (65_000, b"250"), (65_537, b"554"), (400_000, b"554")]
)
def test_a_line_of_a_message_has_a_limit(door, length, code):
    with door.raw() as client:
        client.until_data()
        client.send(HEADER + b"\r\n" + b"y" * length + b"\r\n.\r\n")
        assert client.reply()[:3] == code


@settings(max_examples=150)
@given(
    pieces=st.lists(
        st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"a", b"\r\n.", b"\r\n.\r\n", b"..", b"\0"]),
        max_size=14,
    )
)
def test_any_mixture_of_line_ends_and_dots_is_framed_as_a_naive_reader_would(door, pieces):
    """Either exactly the messages that strict CRLF framing finds are stored, or the first fault ends it all."""
    door.counter.kept.clear()
    stream = HEADER + b"\r\n" + b"".join(pieces) + b"\r\n.\r\n"
    first, _, _after = stream.partition(b"\r\n.\r\n")
    text = first + b"\r\n"
    is_strict = not re.search(rb"\r(?!\n)|(?<!\r)\n", text)
    with door.raw() as client:
        client.until_data()
        client.send(stream)
        code = client.reply()[:3]
    assert code == (b"250" if is_strict else b"554")
    expected = [re.sub(rb"(?m)^\.", b"", text)] if is_strict else []
    assert [kept.raw.partition(b"+0000\r\n")[2] for kept in door.counter.kept] == expected


@settings(max_examples=100)
@given(noise=st.binary(max_size=300))
def test_noise_never_stores_anything_and_the_door_stays_open(door, noise):
    with door.raw() as client:
        client.send(noise + b"\r\nQUIT\r\n")
        client.rest()
    assert door.counter.kept == []
    assert door.smtp().noop()[0] == 250
