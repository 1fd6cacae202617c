"""The operator's page and /metrics over a large log: milliseconds of one request, through every layer but the network.

The log's files, its row and the row of each entry are there; the page must not count them.
"""

import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.ledger_check import grow

SIZE = 1_000_000
TIMES = 100
AIM = 100  # milliseconds
TOKEN = "token-of-the-bench"  # noqa: S105 -- of this measurement


def main(arguments: list[str]) -> None:
    """Print the table and the JSON line; an argument is another number of entries."""
    size = int(arguments[0]) if arguments else SIZE
    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as place:
        os.environ["CONGVU_DATA"] = str(Path(place) / "data")
        os.environ["CONGVU_CHECKPOINT_COPY"] = str(Path(place) / "copy")
        os.environ["CONGVU_METRICS_TOKEN"] = TOKEN
        os.environ["DJANGO_SETTINGS_MODULE"] = "congvu.config.settings"
        import django  # noqa: PLC0415 -- the environment first

        django.setup()
        _found(size)
        doors = _doors()
        told = {name: _measured(name, ask) for name, ask in doors.items()}
    line = {"bench": "watch_page", "value": told["page"], "unit": f"ms, median, {size} entries"}
    print(f"load at the end {os.getloadavg()[0]:.1f}")
    print(json.dumps({**line, "peers": {"aim": AIM, **told}, "ratio": round(told["page"] / AIM, 2)}))


def _measured(name: str, ask: Callable[[], object]) -> float:
    """Return the median of a request's milliseconds by the clock; print beside it the slowest and the processor's."""
    ask()
    spans, before = [], time.process_time()
    for _ in range(TIMES):
        begun = time.perf_counter()
        ask()
        spans.append((time.perf_counter() - begun) * 1_000)
    spent = (time.process_time() - before) * 1_000 / TIMES
    median, p99 = statistics.median(spans), sorted(spans)[int(TIMES * 0.99) - 1]
    print(f"{name:<8} {median:>7.1f} ms median {p99:>8.1f} ms p99 {spent:>8.1f} ms of processor")
    return round(median, 1)


def _doors() -> dict[str, Callable[[], object]]:
    """Return what is asked, by name; each answer must be whole."""
    from django.test import Client  # noqa: PLC0415 -- after setup

    from congvu.directory.models import Account  # noqa: PLC0415 -- after setup

    client, prometheus = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
    backend = "congvu.directory.web.backend.SeatedBackend"
    client.force_login(Account.objects.get(), backend=backend)

    def page() -> None:
        assert client.get("/desk/watch/").status_code == 200  # noqa: PLR2004 -- OK

    def metrics() -> None:
        answer = prometheus.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert b"congvu_ledger_entries" in answer.content

    return {"page": page, "metrics": metrics}


def _found(size: int) -> None:
    """Found an agency with an administrator, and a log of so many entries."""
    from django.core.management import call_command  # noqa: PLC0415 -- after setup

    from congvu.base import clock, rows  # noqa: PLC0415 -- after setup
    from congvu.base.database import atomic  # noqa: PLC0415 -- after setup
    from congvu.cli import init  # noqa: PLC0415 -- after setup
    from congvu.cli.__main__ import _parser  # noqa: PLC0415 -- after setup
    from congvu.desk.watching import tasks  # noqa: PLC0415 -- after setup
    from congvu.directory.models import Account  # noqa: PLC0415 -- after setup
    from congvu.ledger.models import Entry, Ledger, Log  # noqa: PLC0415 -- after setup
    from congvu.ledger.sequencer import settle  # noqa: PLC0415 -- after setup
    from congvu.ledger.store import Folder  # noqa: PLC0415 -- after setup
    from congvu.standards import notes  # noqa: PLC0415 -- after setup

    call_command("migrate", verbosity=0, interactive=False)
    words = ["init", "--agency", "Committee", "--slug", "ubnd", "--domain", "ubnd.example"]
    init.run(_parser().parse_args([*words, "--administrator", "Ngoc"]))
    settle()
    ledger, log = Ledger.objects.get(), Log.objects.get()
    folder = Folder.of(ledger.slug, log.year)
    root = grow(folder.public, size)
    shutil.rmtree(folder.entries / "tile" / "entries")
    (folder.public / "tile" / "entries").rename(folder.entries / "tile" / "entries")
    with atomic():
        Log.objects.update(size=size, signed_size=size, root=notes.encode_base64(root))
        Account.objects.update(password_is_initial=False)
        for start in range(log.size, size, 10_000):
            span = range(start, min(start + 10_000, size))
            places = [(f"{at:026}", ledger.agency, log.pk, at) for at in span]
            rows.write(Entry, ("entry", "agency", "log_id", "index"), places)
    tasks.watch(clock.now())
