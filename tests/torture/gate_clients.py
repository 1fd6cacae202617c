"""Whoever hands mail in: asks again for each recipient until it has a yes, as Postfix does, and writes it down."""

import contextlib
import hashlib
import random
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.torture.clients import AnsweredError, Dialogue, letter

PAUSE = 0.1  # seconds before a client tries again
FINISH_SECONDS = 90


@dataclass(slots=True)
class Told:
    """What a client was told about one message."""

    id: str
    sha256: str
    recipients: list[str]
    attempts: int = 0


@dataclass(slots=True)
class Book:
    """What all clients were told."""

    told: list[Told] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, one: Told) -> None:
        with self.lock:
            self.told.append(one)


class Lmtp(Dialogue):
    """A dialogue with an answer for each recipient."""

    def greet(self) -> None:
        if not self.reply().startswith(b"220"):
            raise ConnectionError("no greeting")
        self.say(b"LHLO postfix.example\r\n", b"250")

    def hand_in(self, recipients: Sequence[str], raw: bytes) -> list[bool]:
        """Hand one message in; tell for each recipient whether it was taken."""
        self.say(b"MAIL FROM:<stranger@outside.example>\r\n", b"250")
        for one in recipients:
            self.say(b"RCPT TO:<" + one.encode() + b">\r\n", b"250")
        self.say(b"DATA\r\n", b"354")
        self.socket.sendall(raw.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        return [self.reply().startswith(b"250") for _ in recipients]


class Client(threading.Thread):
    """Hands one message in after another; each goes again, byte for byte, until every recipient has it."""

    def __init__(self, *, number: int, port: int, recipients: Sequence[str], book: Book, seed: int) -> None:
        super().__init__(name=f"postfix-{number}", daemon=True)
        self._number, self._port, self._recipients, self._book = number, port, recipients, book
        self._chance = random.Random(seed * 1_000 + number)  # noqa: S311 -- a test that can be repeated
        self._ending = threading.Event()
        self._dialogue: Lmtp | None = None

    def run(self) -> None:
        count = 0
        while not self._ending.is_set():
            count += 1
            name = f"{count}.{self._number}.{self._chance.getrandbits(64):x}@outside.example"
            to = self._chance.sample(list(self._recipients), self._chance.choice((1, 1, 2)))
            raw = letter(name, to, self._chance.choice((500, 2_000, 20_000)))
            self._hand_in(Told(name, hashlib.sha256(raw).hexdigest(), to), raw)
        self._hang_up()

    def finish(self) -> None:
        """Let the message on its way be taken, then end."""
        self._ending.set()
        self.join(FINISH_SECONDS)
        assert not self.is_alive(), "a message is not taken"

    def _hand_in(self, told: Told, raw: bytes) -> None:
        missing = list(told.recipients)
        while missing:
            try:
                dialogue = self._connected()
                told.attempts += 1
                taken = dialogue.hand_in(missing, raw)
            except (OSError, AnsweredError):
                self._hang_up()
                time.sleep(PAUSE)
                continue
            missing = [one for one, is_taken in zip(missing, taken, strict=True) if not is_taken]
            if missing:
                time.sleep(PAUSE)
        self._book.note(told)

    def _connected(self) -> Lmtp:
        if self._dialogue is None:
            dialogue = Lmtp(self._port)
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
def load(*, port: int, recipients: Sequence[str], seed: int, clients: int = 6) -> Iterator[Book]:
    """Keep several clients handing in for the length of the block; at its end nothing is on its way."""
    book = Book()
    begun = [
        Client(number=number, port=port, recipients=recipients, book=book, seed=seed)
        for number in range(clients)
    ]
    for one in begun:
        one.start()
    try:
        yield book
    finally:
        for one in begun:
            one.finish()
