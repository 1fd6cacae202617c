"""Dialogues that break off at every octet, and a thousand that nobody should hold, with the real door."""

import contextlib
import random
import re
import select
import socket
from collections.abc import Iterator

import pytest

from bench.installation import Installation
from tests.torture.clients import Dialogue, letter
from tests.torture.proof import assert_ledger_whole, settled, tell

FUZZED = 1_000
PATIENCE = 0.05  # seconds for an answer to a line that may not be one
REPLY = re.compile(rb"(?:[2-5][0-9]{2}[ -][^\r\n]*\r\n)*")
STORED = re.compile(rb"^250 2\.0\.0 Stored as (\S+)\r$", re.MULTILINE)

pytestmark = pytest.mark.torture


@pytest.fixture
def door(installation: Installation, addresses) -> Iterator[Installation]:
    with installation.serving("door", "clerk"):
        yield installation


def test_a_dialogue_cut_at_any_octet_stores_nothing_unless_it_was_whole(door: Installation, addresses):
    steps = _steps(addresses[0], "cut@outside.example", 200)
    whole = sum(map(len, steps))
    for cut in range(whole):
        _cut(door, steps, cut)
    assert settled(door)["messages"] == []
    _cut(door, steps, whole)
    report = settled(door)
    tell("truncated dialogues", cuts=whole, stored=len(report["messages"]))
    assert [row["id"] for row in report["messages"]] == ["cut@outside.example"]
    assert "Traceback" not in door.log.read_text()


def test_a_thousand_fuzzed_dialogues_are_answered_and_store_only_what_was_acknowledged(
    door: Installation, addresses, seed
):
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
    told = []
    for number in range(FUZZED):
        steps = _steps(addresses[number % len(addresses)], f"fuzz-{number}@outside.example", 300)
        answers = _hold(door, [_mutated(step, chance) if chance.random() < 0.4 else step for step in steps])
        assert REPLY.fullmatch(answers), answers
        told += [handle.decode() for handle in STORED.findall(answers)]
    report = settled(door)
    there = [row["handle"] for row in report["messages"]]
    tell("fuzzed dialogues", seed=seed, dialogues=FUZZED, acknowledged=len(told), stored=len(there))
    assert len(told) > 0
    assert (
        set(told) - set(there) == set()
    )  # who hangs up before the answer may have more stored than was told
    assert [row["id"] for row in report["messages"] if row["accepted"] != 1] == []
    assert "Traceback" not in door.log.read_text()
    assert_ledger_whole(door)
    polite = Dialogue(door.ports["smtp"])
    polite.greet()
    assert polite.message(addresses[:1], letter("polite@outside.example", addresses[:1], 100))[:3] == b"250"
    polite.close()


def _steps(recipient: str, name: str, octets: int) -> list[bytes]:
    """Return what an ordinary client sends, answer by answer."""
    body = letter(name, [recipient], octets).replace(b"\r\n.", b"\r\n..")
    return [
        b"EHLO client.example\r\n",
        b"MAIL FROM:<stranger@outside.example> BODY=8BITMIME\r\n",
        b"RCPT TO:<" + recipient.encode() + b">\r\n",
        b"DATA\r\n",
        body + b".\r\n",
    ]


def _cut(door: Installation, steps: list[bytes], length: int) -> None:
    """Hold a dialogue up to its so manieth octet and hang up there."""
    dialogue = Dialogue(door.ports["smtp"])
    dialogue.reply()
    left = length
    for step in steps:
        part = step[:left]
        dialogue.socket.sendall(part)
        left -= len(part)
        if len(part) < len(step):
            break
        assert dialogue.reply()[:1] in b"23"
    dialogue.close()


def _mutated(step: bytes, chance: random.Random) -> bytes:
    """Return a step with one thing wrong."""
    at = chance.randrange(len(step))
    odd = chance.choice(
        (b"\r", b"\n", b"\0", b"\xff\xfe", b"\r\n.\r\n", b"\n.\n", b"\r.\r", b" " * 20_000, b"<", b"\x1b[2J")
    )
    ways = (
        step[:at] + odd + step[at:],
        step[:at] + step[at + 1 :],
        step[:at],
        step * 2,
        bytes([step[0] ^ 0x80]) + step[1:],
        bytes(chance.randrange(256) for _ in range(at + 1)),
        step.replace(b"\r\n", b"\n"),
        step.upper(),
    )
    return chance.choice(ways)


def _hold(door: Installation, steps: list[bytes]) -> bytes:
    """Send steps, each after the answer to the one before or a little patience; return all answers."""
    heard = bytearray()
    connected = socket.create_connection(("127.0.0.1", door.ports["smtp"]), timeout=5)
    with connected, contextlib.suppress(ConnectionError):
        for step in [b"", *steps]:
            connected.sendall(step)
            while select.select([connected], [], [], PATIENCE)[0]:
                fresh = connected.recv(65_536)
                heard += fresh
                if not fresh or fresh.endswith(b"\n"):
                    break
        connected.shutdown(socket.SHUT_WR)
        while fresh := connected.recv(65_536):
            heard += fresh
    return bytes(heard)
