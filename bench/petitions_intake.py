"""Taking petitions in with evidence, on SQLite and on PostgreSQL: submissions a second by one writer and by four.

Each is whole and on disk before the next: number, sealed reporter, place, unit, evidence and the terms of two books.
The clerk runs beside: it sequences, signs, and lets the judge read on.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.installation import Installation
from bench.postgresql import PACKAGE, programs, serving

WRITERS = (1, 4)
ROUNDS = 3
SECONDS = 10.0
READY = 25.0  # until a writer has begun
AIM = 100


def main(arguments: list[str]) -> None:
    """Print the table and the JSON line; `profile` says instead where one writer's time goes, on SQLite."""
    binaries = programs()
    if binaries is None:
        sys.exit(f"PostgreSQL is not installed; the Debian package {PACKAGE} brings it")
    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as place:
        sqlite = _founded(Path(place) / "sqlite", "")
        if arguments[:1] == ["profile"]:
            _profiled(sqlite)
            return
        with serving(binaries) as server:
            _measured([sqlite, _founded(Path(place) / "postgresql", server.make("bench"))])


def _founded(folder: Path, url: str) -> Installation:
    folder.mkdir()
    installation = Installation(folder, extra={"CONGVU_DATABASE": url} if url else {})
    print(f"{folder.name}: {installation.ask('bench.intake', 'found')}", flush=True)
    return installation


def _measured(installations: list[Installation]) -> None:
    print(
        f"{'writers':>7} {'database':>10} {'a second':>9}  p50, p95, processor ms of one; seconds until caught up; load"
    )
    rates: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for writers in WRITERS:
            for one in installations:
                told = _round(one, writers)
                name = f"{one.folder.name} {writers}"
                rates.setdefault(name, []).append(told["rate"])
                spans = " ".join(f"{told[word]:>7.1f}" for word in ("p50", "p95", "processor", "behind"))
                print(
                    f"{writers:>7} {one.folder.name:>10} {told['rate']:>9.1f} {spans} {os.getloadavg()[0]:>5.1f}",
                    flush=True,
                )
    medians = {name: round(statistics.median(some), 1) for name, some in rates.items()}
    value = min(medians.values())
    line = {"bench": "petitions_intake", "value": value, "unit": "submissions/s, the slowest way"}
    print(json.dumps({**line, "peers": {"aim": AIM, **medians}, "ratio": round(value / AIM, 2)}))


def _round(installation: Installation, writers: int) -> dict[str, float]:
    """Let writers hand in at once while the clerk runs; return the sum of their rates and how far behind it fell."""
    installation.start("clerk")
    try:
        words = ("bench.intake", "write", str(SECONDS), str(time.time() + READY))
        with ThreadPoolExecutor(writers) as several:
            told: list[dict[str, Any]] = list(several.map(lambda _: installation.ask(*words), range(writers)))
        ended = time.monotonic()
        while installation.ask("bench.inside", "behind")["behind"]:
            time.sleep(0.2)
    finally:
        installation.stop()
    return {
        "rate": sum(one["count"] for one in told) / SECONDS,
        "p50": statistics.median(one["p50"] for one in told),
        "p95": max(one["p95"] for one in told),
        "processor": statistics.median(one["processor"] for one in told),
        "behind": time.monotonic() - ended,
    }


def _profiled(installation: Installation) -> None:
    command = [sys.executable, "-m", "bench.intake", "profile", "200"]
    subprocess.run(command, env=installation.environment(), check=True)
