"""Bytes that an entry takes on disk: bundle, hash tiles, database, disclosures, key; and what compressing would leave.

The mix is that of a mailbox's day: letters accepted, delivered, opened and acknowledged, with their disclosures.
"""

import gzip
import json
import lzma
import os
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

ENTRIES = 20_000
BATCH = 500
AIM = 90  # compressed
_TABLES = ("ledger_entry", "ledger_disclosure")


def main(arguments: list[str]) -> None:
    """Print the table and the JSON line; an argument is another number of entries."""
    count = int(arguments[0]) if arguments else ENTRIES
    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as place:
        os.environ["CONGVU_DATA"] = str(Path(place) / "data")
        os.environ["CONGVU_CHECKPOINT_COPY"] = str(Path(place) / "copy")
        os.environ["DJANGO_SETTINGS_MODULE"] = "congvu.config.settings"
        import django  # noqa: PLC0415 -- the environment first

        django.setup()
        before = _database(Path(place) / "data")
        _fill(count)
        parts = _parts(Path(place) / "data", before)
    each = {name: size / count for name, size in parts.items()}
    for name, size in each.items():
        print(f"{name:<34} {size:>8.1f} bytes an entry")
    log = each["bundles, gzip"] + each["hash tiles"]
    whole = each["bundles"] + each["hash tiles"] + each["database"] + each["keys"]
    print(f"{'the log, its bundles compressed':<34} {log:>8.1f}\n{'all of it, as it lies':<34} {whole:>8.1f}")
    line = {
        "bench": "ledger_bytes",
        "value": round(log, 1),
        "unit": "bytes an entry, bundles compressed, with hash tiles",
    }
    told = {name: round(size, 1) for name, size in each.items()}
    print(json.dumps({**line, "peers": {"aim": AIM}, "ratio": round(log / AIM, 2), "parts": told}))


def _fill(count: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415 -- after setup

    from congvu.base import clock, handles  # noqa: PLC0415 -- after setup
    from congvu.base.database import atomic  # noqa: PLC0415 -- after setup
    from congvu.ledger import actions, sequencer  # noqa: PLC0415 -- after setup

    call_command("migrate", verbosity=0)
    agency, now = handles.new(), clock.now()
    with atomic():
        actions.found_ledger(
            agency=agency, slug="bench", host="localhost", zone="Asia/Ho_Chi_Minh", demonstration=False
        )
    letters = _letters()
    for start in range(0, count - 1, BATCH):
        records = [
            actions.Record(
                event=event, agency=agency, at=now + timedelta(seconds=start + at), disclosures=said
            )
            for at, (event, said) in zip(range(min(BATCH, count - 1 - start)), letters, strict=False)
        ]
        with atomic():
            actions.record_many(records)
        sequencer.settle()


def _letters() -> Iterator[tuple[Any, dict[str, str]]]:
    """Yield events with their disclosures: of ten letters two go to a unit, eight are opened and acknowledged."""
    from congvu.base import handles  # noqa: PLC0415 -- after setup
    from congvu.mail import events  # noqa: PLC0415 -- after setup

    people, boxes = [handles.new() for _ in range(300)], [handles.new() for _ in range(300)]
    kinds = ("working_papers", "report", "official_letter", "other", "invitation")
    for turn in range(10**9):
        message, who, box = handles.new(), people[turn % 300], boxes[turn % 300]
        way: dict[str, Any] = {
            "direction": "in",
            "channel": "mx",
            "communication": kinds[turn % 5],
            "automatic": False,
        }
        named = {"message": message, "actor": who, "mailbox": box}
        yield events.MessageAccepted(**way, origin="confirmed"), {"message": message, "sender_mailbox": box}
        yield (
            events.MessageDelivered(**way, box="personal"),
            {"message": message, "recipient": who, "mailbox": box},
        )
        if turn % 10 < 8:  # noqa: PLR2004 -- as said above
            yield events.MessageOpened(box="personal", through="web"), named
            yield events.MessageAcknowledged(by="press"), named


def _parts(data: Path, before: int) -> dict[str, int]:
    bundles = [path.read_bytes() for path in data.glob("ledger/entries/**/*") if path.is_file()]
    hashes = [path.stat().st_size for path in data.glob("ledger/public/*/*/tile/**/*") if path.is_file()]
    keys = data / "keys.sqlite3"
    sqlite3.connect(keys).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return {
        "bundles": sum(map(len, bundles)),
        "bundles, gzip": sum(len(gzip.compress(one, 9)) for one in bundles),
        "bundles, xz": sum(len(lzma.compress(one)) for one in bundles),
        "bundles, gzip with a dictionary": sum(_with_dictionary(one, bundles[0]) for one in bundles),
        "hash tiles": sum(hashes),
        "database": _database(data) - before,
        "of it entries": _table(data, "ledger_entry"),
        "of it disclosures": _table(data, "ledger_disclosure"),
        "keys": keys.stat().st_size,
    }


def _with_dictionary(data: bytes, known: bytes) -> int:
    packer = zlib.compressobj(9, zdict=known[-32_768:])
    return len(packer.compress(data) + packer.flush())


def _database(data: Path) -> int:
    return sum(_table(data, name) for name in _TABLES)


def _table(data: Path, name: str) -> int:
    """Return the bytes of a table's pages and of its indices'."""
    path = data / "truth.sqlite3"
    if not path.exists():
        return 0
    connection = sqlite3.connect(path)
    query = "SELECT sum(pgsize) FROM dbstat JOIN sqlite_schema USING (name) WHERE tbl_name = ?"
    size: int | None = connection.execute(query, (name,)).fetchone()[0]
    connection.close()
    return size or 0
