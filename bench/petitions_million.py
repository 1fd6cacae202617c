"""The public register with a million petitions, on SQLite and on PostgreSQL: searched, listed, exported, reckoned.

The petitions are written as rows, two public steps each, not by acts; the index of their words is the product's own.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.installation import Installation
from bench.postgresql import PACKAGE, programs, serving

SIZE, TIMES, PAGES = 1_000_000, 40, 200
MILLISECONDS, SECONDS, MEGABYTES = 50, 60, 150  # what is aimed at
SQLITE, POSTGRESQL = "sqlite", "postgresql"


def main(arguments: list[str]) -> None:
    """Print the tables and the JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench petitions_million", description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--only", choices=(SQLITE, POSTGRESQL))
    parser.add_argument(
        "--keep", type=Path, help="where the installation on SQLite stays, to be measured again"
    )
    asked = parser.parse_args(arguments)
    told = {}
    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as folder:
        if asked.only != POSTGRESQL:
            told[SQLITE] = _measured(Installation(asked.keep or Path(folder) / SQLITE), asked.size)
        if asked.only != SQLITE:
            told[POSTGRESQL] = _on_postgresql(Path(folder) / POSTGRESQL, asked.size)
    worst = max(one["ask"]["p95"][1] for one in told.values())
    line = {
        "bench": "petitions_million",
        "value": round(worst, 1),
        "unit": f"ms, p95 of asking {asked.size} petitions",
    }
    print(json.dumps({**line, "peers": told, "ratio": round(worst / MILLISECONDS, 2)}))


def _on_postgresql(folder: Path, size: int) -> dict[str, Any]:
    binaries = programs()
    if binaries is None:
        sys.exit(f"PostgreSQL is not installed; the Debian package {PACKAGE} brings it")
    with serving(binaries) as server:
        return _measured(Installation(folder, extra={"CONGVU_DATABASE": server.make("bench")}), size)


def _measured(installation: Installation, size: int) -> dict[str, Any]:
    def tell(*words: object) -> dict[str, Any]:
        found: dict[str, Any] = installation.ask("bench.register", *map(str, words))
        return found

    told = {}
    if not installation.data.exists():
        installation.folder.mkdir(exist_ok=True)
        told["grow"] = tell("grow", size)
        print(f"grown: {told['grow']}, {_weight(installation.data)} MB in the data folder", flush=True)
    told["ask"] = tell("ask", TIMES)
    for way, spans in [*told["ask"]["ways"].items(), ("all ways", told["ask"]["p95"])]:
        median, p95, _, processor = spans
        print(f"  {way:<26}{median:>8.1f} ms median {p95:>8.1f} ms p95 {processor:>8.1f} ms p95 of processor")
    print(f"  aim {MILLISECONDS} ms; load {told['ask']['load']:.1f}", flush=True)
    told["open311"] = installation.ask("bench.georeport", str(TIMES))
    for way, (median, p95) in [*told["open311"]["ways"].items(), ("all of Open311", told["open311"]["p95"])]:
        print(f"  Open311: {way:<26}{median:>8.1f} ms median {p95:>8.1f} ms p95")
    print(f"  load {told['open311']['load']:.1f}", flush=True)
    told["pages"] = tell("pages", PAGES)
    print(f"  list: {told['pages']}", flush=True)
    for form in ("csv", "json"):
        told[form] = tell("export", form)
        print(f"  {form}: {told[form]} (aim {SECONDS} s, {MEGABYTES} MB)", flush=True)
    told["figures"] = tell("figures")
    print(f"  figures: {told['figures']}", flush=True)
    return told


def _weight(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 1_000_000
