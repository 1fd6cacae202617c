"""Clients that behave as mail servers do: they try again until they have a 250, and write down what they were told."""

import contextlib
import hashlib
import json
import os
import random
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from congvu.mail.gate import journal

PAUSE = 0.05  # seconds before a client tries again
LINE = "Kính gửi các cơ quan, đơn vị: đề nghị báo cáo kết quả trước ngày 20.\r\n".encode()


class AnsweredError(Exception):
    """The server said no; the argument is its answer."""


class Dialogue:
    """One connection that speaks line by line."""

    def __init__(self, port: int, *, timeout: float = 20) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.file = self.socket.makefile("rb")

    def reply(self) -> bytes:
        lines = [self.file.readline()]
        while lines[-1][3:4] == b"-":
            lines.append(self.file.readline())
        if not lines[-1].endswith(b"\n"):
            raise ConnectionError("the server went away")
        return b"".join(lines)

    def say(self, octets: bytes, code: bytes) -> bytes:
        self.socket.sendall(octets)
        answer = self.reply()
        if answer[:3] != code:
            raise AnsweredError(answer)
        return answer

    def greet(self) -> None:
        if not self.reply().startswith(b"220"):
            raise ConnectionError("no greeting")
        self.say(b"EHLO client.example\r\n", b"250")

    def message(self, recipients: Sequence[str], raw: bytes) -> bytes:
        """Hand over one message; return the answer to its end."""
        self.say(b"MAIL FROM:<stranger@outside.example>\r\n", b"250")
        for one in recipients:
            self.say(b"RCPT TO:<" + one.encode() + b">\r\n", b"250")
        self.say(b"DATA\r\n", b"354")
        return self.say(raw.replace(b"\r\n.", b"\r\n..") + b".\r\n", b"250")

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.file.close()
            self.socket.close()


class LmtpDialogue(Dialogue):
    """The same as mail servers speak to mailboxes: an answer for each recipient (RFC 2033, 4.2)."""

    def greet(self) -> None:
        if not self.reply().startswith(b"220"):
            raise ConnectionError("no greeting")
        self.say(b"LHLO client.example\r\n", b"250")

    def message(self, recipients: Sequence[str], raw: bytes) -> bytes:
        answers = [super().message(recipients, raw), *(self.reply() for _ in recipients[1:])]
        if not all(one.startswith(b"250") for one in answers):
            raise AnsweredError(b"".join(answers))
        return b"".join(answers)


class CopyDialogue(LmtpDialogue):
    """The same with copies for the journal: each is named after whom it was made for."""

    def message(self, recipients: Sequence[str], raw: bytes) -> bytes:
        return super().message([f"{one}.{journal.DOMAIN}" for one in recipients], raw)


def letter(name: str, recipients: Sequence[str], octets: int) -> bytes:
    """Return a message with this Message-ID and about so many octets."""
    to = ", ".join(recipients)
    head = (
        f"From: Stranger <stranger@outside.example>\r\nTo: {to}\r\nSubject: Report {name}\r\n"
        f"Date: Mon, 06 Jan 2025 09:00:00 +0700\r\nMessage-ID: <{name}>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    ).encode()
    return head + LINE * max(1, octets // len(LINE)) + b".a line that begins with a dot\r\n"


class Client(threading.Thread):
    """Sends one message after another; each goes again, with the same Message-ID, until it is acknowledged.

    Acknowledged messages stand, synced, in a file of JSON lines: id, recipients, sha256, tries (times that the final
    dot was sent without an answer, and the last).
    """

    def __init__(
        self,
        *,
        number: int,
        port: int,
        recipients: Sequence[str],
        folder: Path,
        seed: int,
        pause: float = 0.0,
        dialogue: type[Dialogue] = Dialogue,
    ) -> None:
        super().__init__(name=f"client-{number}", daemon=True)
        self._way = dialogue
        self._port, self._recipients, self._number, self._pause = port, recipients, number, pause
        self._chance = random.Random(seed + number)  # noqa: S311 -- a test that can be repeated
        self._ending = threading.Event()
        self._dialogue: Dialogue | None = None
        self.path = folder / f"acknowledged-{number}.jsonl"
        self.path.touch()

    def run(self) -> None:
        count = 0
        while not self._ending.wait(self._pause):
            count += 1
            name = f"{count}.{self._number}.{self._chance.getrandbits(64):x}@outside.example"
            to = self._chance.sample(list(self._recipients), self._chance.choice((1, 1, 1, 2)))
            raw = letter(name, to, self._chance.choice((500, 2_000, 5_000, 20_000, 200_000)))
            self._deliver(name, to, raw)
        self._hang_up()

    def finish(self) -> None:
        """Let the message on its way be acknowledged, then end."""
        self._ending.set()
        self.join(60)
        assert not self.is_alive()

    def _deliver(self, name: str, to: list[str], raw: bytes) -> None:
        tries = 0
        while True:
            try:
                dialogue = self._connected()
                tries += 1
                dialogue.message(to, raw)
            except (OSError, AnsweredError):
                self._hang_up()
                time.sleep(PAUSE)
            else:
                break
        line = {"id": name, "recipients": to, "sha256": hashlib.sha256(raw).hexdigest(), "tries": tries}
        with self.path.open("a") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _connected(self) -> Dialogue:
        if self._dialogue is None:
            dialogue = self._way(self._port)
            try:
                dialogue.greet()
            except BaseException:
                dialogue.close()
                raise
            self._dialogue = dialogue
        return self._dialogue

    def _hang_up(self) -> None:
        if self._dialogue:
            self._dialogue.close()
            self._dialogue = None


@contextlib.contextmanager
def load(
    *,
    port: int,
    recipients: Sequence[str],
    folder: Path,
    seed: int,
    clients: int = 4,
    pause: float = 0.0,
    dialogue: type[Dialogue] = Dialogue,
) -> Iterator[list[Client]]:
    """Keep several clients sending for the length of the block; at its end nothing is on its way."""
    begun = [
        Client(
            number=number,
            port=port,
            recipients=recipients,
            folder=folder,
            seed=seed,
            pause=pause,
            dialogue=dialogue,
        )
        for number in range(clients)
    ]
    for one in begun:
        one.start()
    try:
        yield begun
    finally:
        for one in begun:
            one.finish()


def acknowledged(folder: Path) -> list[dict]:
    """Return everything that the clients were told is stored."""
    files = sorted(folder.glob("acknowledged-*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]
