"""An hour of a nation: 27,778 events a second, over the logs of its agencies; how many of them two cores carry.

First acts of four entries are recorded as fast as two writers can, over 1 to 32 logs, beside the same rows in a bare
SQLite file; all of it is durable. Then as many logs as that carries, with a fifth in hand, get their agencies' share
of the hour at its pace, and `congvu ledger check` reads them. `python -m bench ledger_nation 3600` lives the whole of
it; a second number says how many logs, for a machine that has other work. The rest is arithmetic: machines of two
cores, and octets on disk.
"""

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from bench import recording

NAME = "ledger_nation"
NATION = 27_778  # events a second, 100 million in an hour
AGENCIES = 1_000
SHARE = NATION / AGENCIES  # events a second of one agency
LOGS = (1, 8, 32)
WRITERS = 2
ROUNDS = 3
SECONDS = 5.0
PACED_SECONDS = 60.0
IN_HAND = 0.8
BARE = "rows without evidence"


def main(arguments: list[str]) -> None:
    """Print what was carried and the JSON line; `inside` is what it asks of itself in an installation."""
    if arguments[:1] == ["inside"]:
        print(json.dumps(_inside(int(arguments[1]), float(arguments[2]), float(arguments[3]))))
        return
    seconds = float(arguments[0]) if arguments else PACED_SECONDS
    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as name:
        folder = Path(name)
        rates, bare = _rates(folder)
        rate = rates[max(LOGS)]
        logs = int(arguments[1]) if arguments[1:] else max(int(rate * IN_HAND / SHARE), 1)
        print(f"paced: {logs} logs of {SHARE:.1f} events a second each, for {seconds:,.0f} s", flush=True)
        paced = recording.ask(
            NAME, folder / "paced", "", logs, seconds, WRITERS * recording.ENTRIES / (logs * SHARE)
        )
        size = sum(one.stat().st_size for one in (folder / "paced" / "data").rglob("*") if one.is_file())
    _tell(rates, bare, logs, paced, size / paced["count"])


def _rates(folder: Path) -> tuple[dict[int, float], float]:
    """Return entries a second for each number of logs, and rows a second without evidence; medians."""
    found: dict[int, list[float]] = {logs: [] for logs in LOGS}
    bare = []
    for number in range(ROUNDS):
        bare.append(_bare(folder / f"bare-{number}.sqlite3"))
        for logs in LOGS:
            one = recording.ask(NAME, folder / str(logs), "", logs, SECONDS, 0.0)
            found[logs].append(one["count"] / one["seconds"])
    return {logs: statistics.median(rates) for logs, rates in found.items()}, statistics.median(bare)


def _inside(logs: int, seconds: float, every: float) -> dict[str, float]:
    import django  # noqa: PLC0415 -- the environment first

    django.setup()
    count, took, waits = recording.run(recording.ledgers(logs), writers=WRITERS, seconds=seconds, every=every)
    if every:
        subprocess.run(
            [sys.executable, "-m", "congvu.cli", "ledger", "check"], check=True, stdout=subprocess.DEVNULL
        )
    return {
        "count": count,
        "seconds": took,
        "p50": waits[len(waits) // 2],
        "p99": waits[int(len(waits) * 0.99)],
    }


def _bare(path: Path) -> float:
    """Return rows a second that as many writers put into a plain table, four in each durable commit."""
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, agency TEXT, kind TEXT, body BLOB)")
    pipes = []
    for _ in range(WRITERS):
        ours, its = recording.FORK.Pipe()
        recording.FORK.Process(target=_write_bare, args=(its, path)).start()
        its.close()
        pipes.append(ours)
    rows: int = sum(pipe.recv() for pipe in pipes)
    return rows / SECONDS


def _write_bare(pipe: Connection, path: Path) -> None:
    file, count, end = sqlite3.connect(path, timeout=30), 0, time.time() + SECONDS
    file.execute("PRAGMA synchronous=FULL")
    row = ("a" * 26, recording.Delivered.kind, b"x" * 300)
    while time.time() < end:
        with file:
            file.executemany(
                "INSERT INTO event (agency, kind, body) VALUES (?, ?, ?)", [row] * recording.ENTRIES
            )
        count += recording.ENTRIES
    pipe.send(count)


def _tell(rates: dict[int, float], bare: float, logs: int, paced: dict[str, float], octets: float) -> None:
    for count, rate in rates.items():
        print(f"{count:>4} logs: {rate:>8,.0f} entries/s recorded, sequenced and signed")
    print(f"{BARE}: {bare:,.0f} rows/s")
    print(
        f"paced: {paced['count']:,.0f} entries, signed {paced['p50']:.2f} s (median) and {paced['p99']:.2f} s (p99) "
        f"after they were due; every log checked whole; {octets:,.0f} octets an entry on disk, database and files"
    )
    print(
        f"a nation: {NATION:,} events/s, {AGENCIES:,} logs: {AGENCIES / logs:,.0f} machines of two cores, "
        f"{NATION * 3_600 * octets / 1e9:,.0f} GB in the hour"
    )
    value = rates[max(LOGS)]
    line = {"bench": NAME, "value": round(value), "unit": f"events/s over {max(LOGS)} logs"}
    print(json.dumps({**line, "peers": {BARE: round(bare)}, "ratio": round(value / bare, 3)}))
