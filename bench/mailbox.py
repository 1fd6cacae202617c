"""How quick the pages of a mailbox with 10,000 letters are: asked in process, templates and database included.

A tenth lies unread, folders and filters are there; each page is asked often, in turn, and p50 and p95 are told.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

FOLDERS = 12
MOST_SECONDS = 0.5  # a page slower than this at p95 fails the measurement


def main(arguments: list[str]) -> int:
    """Fill a mailbox, ask its pages, print a table and the JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench mailbox", description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=30)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as folder:
        os.environ["CONGVU_DATA"] = str(Path(folder) / "data")
        os.environ["CONGVU_CHECKPOINT_COPY"] = str(Path(folder) / "copy")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "congvu.config.settings")
        return _measure(asked.letters, asked.rounds)


def _measure(letters: int, rounds: int) -> int:
    import django  # noqa: PLC0415 -- after the environment

    django.setup()
    from bench import inside  # noqa: PLC0415 -- after the environment

    address = inside.found(2)["addresses"][0]
    _fill(address, letters)
    pages = _pages(address)
    took = {name: list(_times(ask, rounds)) for name, ask in pages.items()}
    print(f"{'page':<12} {'p50 ms':>8} {'p95 ms':>8}   ({letters:,} letters, {rounds} times each)")
    for name, times in took.items():
        print(f"{name:<12} {statistics.median(times) * 1e3:>8.1f} {_p95(times) * 1e3:>8.1f}")
    worst = max(_p95(times) for times in took.values())
    values = {name: round(statistics.median(times) * 1e3, 1) for name, times in took.items()}
    print(
        json.dumps(
            {"bench": "mailbox", "value": round(worst * 1e3, 1), "unit": "ms, slowest p95", "p50": values}
        )
    )
    return 0 if worst < MOST_SECONDS else 1


def _fill(address: str, letters: int) -> None:
    """Deliver letters through the product's own path, then file and open some as a person would have."""
    from congvu.base import clock  # noqa: PLC0415 -- after setup
    from congvu.mail.actions.accepting import accept  # noqa: PLC0415 -- after setup
    from congvu.mail.arranging.models import MailFilter, MailFolder  # noqa: PLC0415 -- after setup
    from congvu.mail.door.envelope import Envelope  # noqa: PLC0415 -- after setup
    from congvu.mail.models import Item, Mailbox  # noqa: PLC0415 -- after setup
    from congvu.mail.readers import SearchIndex  # noqa: PLC0415 -- after setup

    now = clock.now()
    for first in range(0, letters, 500):
        accept(
            [
                Envelope(
                    channel="mx",
                    peer="192.0.2.1",
                    helo="dan.example",
                    tls=True,
                    sender=None,
                    mail_from="dung@dan.example",
                    recipients=(address,),
                    raw=_letter(number, address),
                    received_at=now - timedelta(minutes=letters - number),
                )
                for number in range(first, min(first + 500, letters))
            ]
        )
    box = Mailbox.objects.get(kind="personal")
    folders = [
        MailFolder.objects.create(agency=box.agency, mailbox=box, name=f"Thư mục {n}", created_at=now)
        for n in range(FOLDERS)
    ]
    for number, folder in enumerate(folders):
        MailFilter.objects.create(
            agency=box.agency, mailbox=box, position=number, subject=f"vụ việc {number} ", folder=folder
        )
    keys = list(Item.objects.filter(mailbox=box).order_by("pk").values_list("pk", flat=True))
    Item.objects.filter(pk__in=keys[: len(keys) * 9 // 10]).update(opened_at=now)
    for number, folder in enumerate(folders):
        Item.objects.filter(mailbox=box, pk__gte=keys[0], message__subject__contains=f" {number}: ").update(
            folder="filed", filed_in=folder
        )
    _index(SearchIndex(), box.agency.handle)


def _index(reader: object, agency: str) -> None:
    from congvu.ledger import readers, sequencer  # noqa: PLC0415 -- after setup

    sequencer.settle()
    while readers.advance(reader, agency=agency):  # type: ignore[arg-type]  # the reader of the search index
        pass


def _letter(number: int, address: str) -> bytes:
    subject = f"Vụ việc {number % 40}: hồ sơ số {number}"
    lines = [
        f"From: Dung {number % 200} <dung{number % 200}@dan.example>",
        f"To: {address}",
        f"Subject: {subject}",
        f"Message-ID: <{number}@dan.example>",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        f"Kính gửi cơ quan, hồ sơ số {number} về giấy phép xây dựng. " * 20,
    ]
    return "\r\n".join(lines).encode()


def _pages(address: str) -> dict[str, Callable[[], object]]:
    """Return what is asked, each by a signed-in client."""
    from django.conf import settings  # noqa: PLC0415 -- after setup
    from django.test import Client  # noqa: PLC0415 -- after setup
    from django.urls import reverse  # noqa: PLC0415 -- after setup

    from congvu.directory.queries import account_of, find_address  # noqa: PLC0415 -- after setup
    from congvu.mail.arranging.models import MailFolder  # noqa: PLC0415 -- after setup

    settings.ALLOWED_HOSTS = ["*"]
    account, held = account_of(address), find_address(address)
    assert account
    assert held
    account.password_is_initial = False
    account.save()
    client = Client()
    client.force_login(account, backend="congvu.directory.web.backend.SeatedBackend")
    folder = MailFolder.objects.order_by("id")[5]
    urls = {
        "inbox": reverse("mail:inbox"),
        "page 100": reverse("mail:inbox") + "?page=100",
        "folder": reverse("mail:folder", args=[folder.handle]),
        "filed": reverse("mail:filed"),
        "owing": reverse("mail:owing", args=[held.handle]),
        "search": reverse("mail:search") + "?q=giay+phep+123",
        "folders": reverse("mail:folders", args=[held.handle]),
        "day": reverse("desk:day"),
    }

    def asking(url: str) -> Callable[[], object]:
        def ask() -> object:
            answer = client.get(url)
            assert answer.status_code == HTTPStatus.OK, (url, answer.status_code)
            return answer

        return ask

    return {name: asking(url) for name, url in urls.items()}


def _times(ask: Callable[[], object], rounds: int) -> Iterator[float]:
    """Return process CPU seconds of each call; the first one, which warms up, is left out."""
    ask()
    for _ in range(rounds):
        began = time.process_time()
        ask()
        yield time.process_time() - began


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]
