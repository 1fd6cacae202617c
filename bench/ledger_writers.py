"""Writers that record at once, on SQLite and on PostgreSQL: entries a second, and the time from record to checkpoint.

Every writer is a process that commits acts of four entries, one after the other; one more process sequences and signs.
All of it is durable: fsync and synchronous_commit on, synchronous FULL, the store of record keys too. Rounds alternate.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from bench import recording
from bench.postgresql import PACKAGE, programs, serving

WRITERS = (1, 8, 32)
ROUNDS = 3
SECONDS = 4.0
SQLITE, POSTGRESQL = "sqlite", "postgresql"


def main(arguments: list[str]) -> None:
    """Print the table and the JSON line; `inside` is what it asks of itself in an installation."""
    if arguments[:1] == ["inside"]:
        print(json.dumps(_inside(int(arguments[1]))))
        return
    binaries = programs()
    if binaries is None:
        sys.exit(f"PostgreSQL is not installed; the Debian package {PACKAGE} brings it")
    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as folder, serving(binaries) as server:
        urls = {SQLITE: "", POSTGRESQL: server.make("bench")}
        rounds = [
            (writers, kind, recording.ask("ledger_writers", Path(folder) / kind, url, writers))
            for _ in range(ROUNDS)
            for writers in WRITERS
            for kind, url in urls.items()
        ]
    _tell(rounds)


def _tell(rounds: list[tuple[int, str, dict[str, float]]]) -> None:
    print(
        f"{'writers':>7} {'database':>10} {'entries/s':>10} {'p50 ms':>8} {'p99 ms':>8}   (median of {ROUNDS} rounds)"
    )
    rates: dict[str, float] = {}
    for writers in WRITERS:
        for kind in (SQLITE, POSTGRESQL):
            mine = [found for count, name, found in rounds if (count, name) == (writers, kind)]
            rate, p50, p99 = (statistics.median(one[word] for one in mine) for word in ("rate", "p50", "p99"))
            rates[f"{kind} {writers}"] = round(rate)
            print(f"{writers:>7} {kind:>10} {rate:>10,.0f} {p50:>8.1f} {p99:>8.1f}")
    value, beside = rates[f"{POSTGRESQL} 8"], rates[f"{SQLITE} 8"]
    line = {"bench": "ledger_writers", "value": value, "unit": "entries/s of 8 writers on PostgreSQL"}
    print(json.dumps({**line, "peers": rates, "ratio": round(value / beside, 2)}))


def _inside(writers: int) -> dict[str, float]:
    """Let writers record and one sequence, and compare when each entry was recorded and when it was signed."""
    import django  # noqa: PLC0415 -- the environment first

    django.setup()
    count, seconds, waits = recording.run(recording.ledgers(1), writers=writers, seconds=SECONDS)
    return {
        "rate": count / seconds,
        "p50": waits[len(waits) // 2] * 1e3,
        "p99": waits[int(len(waits) * 0.99)] * 1e3,
    }
