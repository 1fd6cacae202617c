"""Officials who write in the browser: each presses *Send* again, with the same draft, until the page says it is sent.

`python -m tests.torture.visitors` signs everybody in and prints one line of JSON with their cookies.
"""

import contextlib
import http.client
import json
import random
import threading
import time
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

PAUSE = 0.1  # seconds before somebody presses again
PRESS_SECONDS = 20.0
FINISH_SECONDS = 90.0
TOKEN = "x" * 32  # against forgery: what the form says must be what the cookie says
COMPOSE = "/mail/compose/"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A letter that the page called sent: the handle of its draft, to whom, and how often it took."""

    draft: str
    recipients: tuple[str, ...]
    tries: int


@dataclass(slots=True)
class Book:
    """What all visitors were told."""

    pressed: list[Pressed] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Visitor(threading.Thread):
    """One official at one browser."""

    def __init__(
        self, *, port: int, cookie: Mapping[str, str], others: Sequence[str], book: Book, seed: int
    ) -> None:
        super().__init__(name="visitor", daemon=True)
        self._port, self._others, self._book = port, others, book
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookie.items())
        self._chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
        self._ending = threading.Event()

    def run(self) -> None:
        while not self._ending.wait(self._chance.uniform(0.1, 1.0)):
            draft = "".join(self._chance.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(26))
            to = tuple(self._chance.sample(list(self._others), self._chance.choice((1, 1, 2))))
            tries = 1
            while not self._press(draft, to):
                tries += 1
                time.sleep(PAUSE)
            with self._book.lock:
                self._book.pressed.append(Pressed(draft, to, tries))

    def finish(self) -> None:
        """Let the letter that is being sent be sent, then end."""
        self._ending.set()
        self.join(FINISH_SECONDS)
        assert not self.is_alive(), "a letter is not sent"

    def _press(self, draft: str, to: Sequence[str]) -> bool:
        """Press *Send*; tell whether the page says that it is sent, by this press or an earlier one."""
        fields = {
            "csrfmiddlewaretoken": TOKEN,
            "do": "send",
            "draft": draft,
            "to": ", ".join(to),
            "subject": f"Báo cáo {draft}",
            "body": "Kính gửi đồng chí.\n" * self._chance.choice((1, 50, 500)),
        }
        headers = {
            "Cookie": f"csrftoken={TOKEN}; {self._cookie}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PRESS_SECONDS)
        try:
            line.request("POST", COMPOSE, urllib.parse.urlencode(fields), headers)
            answer = line.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        assert answer.status in {302, 500, 503}, (answer.status, said[-2_000:])
        return answer.status == http.client.FOUND and "/login" not in (answer.headers["Location"] or "")


@contextlib.contextmanager
def visits(*, port: int, cookies: Mapping[str, Mapping[str, str]], seed: int) -> Iterator[Book]:
    """Keep officials sending for the length of the block; at its end nothing is on its way."""
    book = Book()
    begun = [
        Visitor(
            port=port,
            cookie=cookie,
            others=[one for one in cookies if one != address],
            book=book,
            seed=seed * 100 + number,  # or the next leg would write the same letters
        )
        for number, (address, cookie) in enumerate(cookies.items())
    ]
    for one in begun:
        one.start()
    try:
        yield book
    finally:
        for one in begun:
            one.finish()


def sign_in() -> dict[str, dict[str, str]]:
    """Sign every official in; return each one's cookie by address."""
    from django.conf import settings  # noqa: PLC0415 -- after setup
    from django.test import Client  # noqa: PLC0415 -- after setup

    from congvu.directory.models import Address  # noqa: PLC0415 -- after setup
    from congvu.directory.queries import account_of, email  # noqa: PLC0415 -- after setup

    found = {}
    for address in Address.objects.select_related("agency"):
        account = account_of(email(address))
        if account is None:
            continue
        account.password_is_initial = False
        account.save()
        client = Client()
        client.force_login(account, backend="congvu.directory.web.backend.SeatedBackend")
        name = settings.SESSION_COOKIE_NAME
        found[email(address)] = {name: client.cookies[name].value}
    return found


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(sign_in()))  # noqa: T201 -- read by the test
