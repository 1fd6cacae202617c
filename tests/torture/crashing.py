"""Recorder and sequencer under faults of disk and power: one round after another, each from the same whole log.

`python -m tests.torture.crashing KIND ROUNDS SEED PLACE`, with the fault library preloaded; it prints one line of
JSON. Each round forks twice: a program that records and sequences until the fault is over or it has died, and one
that starts again without faults, and says what is lost.
"""

import gc
import importlib
import json
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django

from tests.faults import disk, library

SPANS = {"full": (1, 40), "broken": (1, 3), "readonly": (20, 200), "short": (400, 400), "fsync": (0, 40)}


def main(kind: str, rounds: str, seed: str, place: str) -> None:
    """Print what was lost, forked, damaged and sealed over all rounds."""
    base, live = Path(place) / "base", Path(place) / "live"
    os.environ["CONGVU_DATA"], os.environ["CONGVU_CHECKPOINT_COPY"] = str(live / "data"), str(live / "copy")
    os.environ["DJANGO_SETTINGS_MODULE"] = "congvu.config.settings"
    live.mkdir(parents=True)
    django.setup()
    program = importlib.import_module("tests.torture.crashed")  # once, before all forks
    gc.freeze()
    _told(program.found)
    shutil.move(live, base)
    every = _calls(program, base, live)
    dice = random.Random(int(seed))  # noqa: S311 -- dice, not keys
    total: Counter[str] = Counter()
    begun, spent = time.monotonic(), os.times()
    for _ in range(int(rounds)):
        found = _round(program, kind, dice.randrange(2**31), every, base, live)
        total.update({name: value for name, value in found.items() if isinstance(value, int)})
        for word in found["words"]:
            total[word] += 1
    after = os.times()
    cost = sum(after[:4]) - sum(spent[:4])
    figures = {"seconds": round(time.monotonic() - begun, 1), "processor": round(cost, 1)}
    print(json.dumps({"kind": kind, "rounds": int(rounds), "seed": int(seed), **figures, **total}))  # noqa: T201 -- what the test reads


def _round(program: Any, kind: str, seed: int, every: int, base: Path, live: Path) -> dict[str, Any]:
    dice = random.Random(seed)  # noqa: S311 -- dice, not keys
    journal = live.with_name("journal")
    _fresh(base, live)
    before = disk.Disk(live, dice) if kind in ("cut", "fsync") else None
    at, span = dice.randint(1, every), dice.randint(*SPANS.get(kind, (1, 1)))

    def work() -> Iterator[Any]:
        library.begin(live, journal, kind, at=at, span=span, seed=seed)
        yield from program.work(seed)

    said = _told(work)
    known = [entry for one in said for entry in one.get("recorded", [])]
    signed = [one["signed"] for one in said if "signed" in one]
    signed += [path.read_text() for path in live.rglob("*") if path.name.endswith("checkpoint")]
    if before is not None:
        left = before.run(disk.journal(journal)).cut()
        shutil.rmtree(live)
        disk.lay(left)
    dead = {"lost": len(known), "forked": 0, "damaged": 1, "sealed": 0, "words": ["it did not start again"]}
    found = (_told(lambda: program.again(known, signed)) or [dead])[-1]
    if found["lost"] or found["forked"] or found["damaged"]:
        found["words"].append(f"round {seed}: {kind} at {at} for {span}: {found}")
    return {"recorded": len(known), "signed": len(signed), **found}


def _told(work: Callable[[], Iterator[Any]]) -> list[Any]:
    """Do work in a child and return what it said until it ended or died."""
    hear, say = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        status = 1
        try:
            for one in work():
                os.write(say, json.dumps(one).encode() + b"\n")
            status = 0
        except Exception:  # noqa: BLE001 -- said before dying: the parent finds no last line
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)
    os.close(say)
    with os.fdopen(hear, "rb") as heard:
        lines = heard.read().split(b"\n")
    os.waitpid(child, 0)
    return [json.loads(line) for line in lines[:-1]]


def _fresh(base: Path, live: Path) -> None:
    shutil.rmtree(live, ignore_errors=True)
    shutil.copytree(base, live)


def _calls(program: Any, base: Path, live: Path) -> int:
    """Return how many calls that change something a round without faults makes."""
    _fresh(base, live)

    def work() -> Iterator[Any]:
        library.begin(live, live.with_name("journal"), "none")
        yield from program.work(0)
        yield {"calls": library.count()}

    return int(_told(work)[-1]["calls"])


if __name__ == "__main__":
    main(*sys.argv[1:])
