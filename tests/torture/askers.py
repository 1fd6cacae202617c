"""Citizens who ask by the pages and by mail, and try again until they are told that it came.

Each petition begins with a word of its own, by which it is found again.
"""

import contextlib
import html
import http.client
import json
import random
import re
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field

from altcha import Challenge, Payload, solve_challenge

from tests.torture.clients import AnsweredError, Dialogue

PAUSE = 0.1  # seconds before somebody tries again
FINISH_SECONDS = 120.0
TOKEN = "x" * 32  # against forgery: what the form says must be what the cookie says
SITE = "/1022/ubnd/new/lamp"
CHALLENGE = re.compile(r'data-cv-proof="([^"]+)"')
NUMBER = re.compile(r'id="number">([^<]+)')


@dataclass(slots=True)
class Told:
    """What everybody was told: the number of each petition by its word; of letters, how often each was sent."""

    numbers: dict[str, str] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)


class Asker(threading.Thread):
    """Asks one thing after another; whoever asks next is another person."""

    def __init__(self, *, name: str, port: int, told: Told, seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self._port, self._told = port, told
        self._chance = random.Random(f"{seed}{name}")  # noqa: S311 -- a test that can be repeated
        self._ending = threading.Event()
        self._is_well = False

    def run(self) -> None:
        count = 0
        while not self._ending.wait(self._chance.uniform(0, 0.3)):
            count += 1
            self._ask(f"{self.name}-{count}")
        self._is_well = True

    def finish(self) -> None:
        """Let what is being asked be acknowledged, then end."""
        self._ending.set()
        self.join(FINISH_SECONDS)
        assert self._is_well, f"{self.name} is told nothing"

    def _ask(self, word: str) -> None:
        raise NotImplementedError


class Writer(Asker):
    """By mail: the same letter goes again until it is taken."""

    def _ask(self, word: str) -> None:
        raw = (
            f"From: {word} <{word}@outside.example>\r\nTo: 1022@ubnd.example\r\nSubject: Lamp\r\n"
            f"Date: Mon, 06 Jan 2025 09:00:00 +0700\r\nMessage-ID: <{word}@outside.example>\r\n\r\n{word}\r\n"
        ).encode()
        tries = 0
        while True:
            tries += 1
            with contextlib.suppress(OSError, AnsweredError):
                self._send(raw)
                break
            time.sleep(PAUSE)
        self._told.sent[word] = tries

    def _send(self, raw: bytes) -> None:
        with contextlib.closing(Dialogue(self._port)) as dialogue:
            dialogue.greet()
            dialogue.message(["1022@ubnd.example"], raw)


class Visitor(Asker):
    """By the pages, in a browser without a script but for the proof; a page that does not come is asked for again."""

    def _ask(self, word: str) -> None:
        self._cookies = {"csrftoken": TOKEN}
        self._page("what", content=f"{word}\nThe lamp is dark.")
        self._page("files")
        self._page("who", name=word, email=f"{word}@outside.example")
        self._page("similar")
        issued = CHALLENGE.search(self._page("check", is_posted=False))
        challenge = Challenge.from_dict(json.loads(html.unescape(issued[1])))
        self._page("check", altcha=Payload(challenge, solve_challenge(challenge)).to_base64())
        self._told.numbers[word] = NUMBER.search(self._page("done", is_posted=False))[1]

    def _page(self, name: str, /, *, is_posted: bool = True, **fields: str) -> str:
        """Open a page or send its form, until it comes; return what it says."""
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, text = self._exchange(f"{SITE}/{name}/", fields if is_posted else None)
                if status < 500:  # what the server takes upon itself is tried again
                    assert status in {200, 302}, (name, status, text[:2000])
                    return text
            time.sleep(PAUSE)

    def _exchange(self, path: str, fields: dict[str, str] | None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN, **fields})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)) as met:
            met.request("GET" if fields is None else "POST", path, body, headers)
            answer = met.getresponse()
            text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            if name != "csrftoken":
                self._cookies[name] = value
        return answer.status, text


@contextlib.contextmanager
def asking(*, web: int, smtp: int, seed: int, each: int = 2) -> Iterator[Told]:
    """Let so many citizens ask by the pages, and as many by mail, for the length of the block."""
    told = Told()
    all_: list[Asker] = [Visitor(name=f"web{one}", port=web, told=told, seed=seed) for one in range(each)]
    all_ += [Writer(name=f"mail{one}", port=smtp, told=told, seed=seed) for one in range(each)]
    for one in all_:
        one.start()
    try:
        yield told
    finally:
        for one in all_:
            one.finish()
