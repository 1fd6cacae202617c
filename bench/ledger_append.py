"""Appending evidence on SQLite: entries a second by batch size, and the time from record to signed checkpoint.

Recorder and sequencer are two processes, as in the product. Every batch is durable: truth file with synchronous
FULL, key store, tiles, bundles and checkpoint with fsync and read back.
"""

import json
import multiprocessing
import os
import statistics
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from bench.recording import DISCLOSURES, Delivered

BATCHES = (1, 10, 100, 500, 1_000, 5_000)
RATES = (1_000, 5_000)
SECONDS = 8.0
COMMITS = 100  # a second, by the recorder: as the mail door commits what has gathered
AIM = 20_000


def main(arguments: list[str]) -> None:
    """Print both tables and the JSON line."""
    del arguments
    folder = tempfile.TemporaryDirectory(prefix="congvu-bench-")
    os.environ["CONGVU_DATA"] = str(Path(folder.name) / "data")
    os.environ["DJANGO_SETTINGS_MODULE"] = "congvu.config.settings"
    import django  # noqa: PLC0415 -- the environment first

    django.setup()
    agency = _found()
    best = _throughput(agency)
    for rate in RATES:
        _latency(agency, rate)
    line = {"bench": "ledger_append", "value": round(best), "unit": "entries/s at batches of 500 and more"}
    print(json.dumps({**line, "peers": {"aim": AIM}, "ratio": round(best / AIM, 2)}))
    folder.cleanup()


def _found() -> str:
    from django.core.management import call_command  # noqa: PLC0415 -- after setup

    from congvu.base import handles  # noqa: PLC0415 -- after setup
    from congvu.base.database import atomic  # noqa: PLC0415 -- after setup
    from congvu.ledger import actions, sequencer  # noqa: PLC0415 -- after setup

    call_command("migrate", verbosity=0)
    agency = handles.new()
    with atomic():
        actions.found_ledger(
            agency=agency, slug="bench", host="localhost", zone="Asia/Ho_Chi_Minh", demonstration=False
        )
    _record(agency, 1)
    sequencer.settle()
    return agency


def _record(agency: str, count: int) -> None:
    from congvu.base import clock  # noqa: PLC0415 -- after setup
    from congvu.base.database import atomic  # noqa: PLC0415 -- after setup
    from congvu.ledger import actions  # noqa: PLC0415 -- after setup

    now = clock.now()
    with atomic():
        actions.record_many(
            [actions.Record(event=Delivered(), agency=agency, at=now, disclosures=DISCLOSURES)] * count
        )


def _throughput(agency: str) -> float:
    print(f"{'batch':>6} {'entries/s':>10} {'record ms':>10} {'sequence ms':>12}   (median of rounds)")
    rates: list[float] = []
    for batch in BATCHES:
        rounds = _rounds(agency, batch, max(3, min(40, 20_000 // batch)))
        recorded, sequenced = (statistics.median(column) for column in zip(*rounds, strict=True))
        rate = batch / (recorded + sequenced)
        print(f"{batch:>6} {rate:>10,.0f} {recorded * 1e3:>10.1f} {sequenced * 1e3:>12.1f}")
        if batch >= 500:  # noqa: PLR2004 -- where the aim begins
            rates.append(rate)
    return statistics.median(rates)


def _rounds(agency: str, batch: int, count: int) -> list[tuple[float, float]]:
    from congvu.base import clock  # noqa: PLC0415 -- after setup
    from congvu.ledger.sequencer import Sequencer  # noqa: PLC0415 -- after setup

    rounds = []
    with Sequencer() as sequencer:
        for _ in range(count):
            began = time.perf_counter()
            _record(agency, batch)
            recorded = time.perf_counter()
            sequencer.step(clock.now())
            rounds.append((recorded - began, time.perf_counter() - recorded))
    return rounds


def _latency(agency: str, rate: int) -> None:
    ours, theirs = multiprocessing.Pipe()
    clerk = multiprocessing.get_context("spawn").Process(target=_clerk, args=(theirs,))
    clerk.start()
    ours.recv()
    each = rate // COMMITS
    sent: list[float] = []
    start = time.perf_counter()
    for turn in range(int(SECONDS * COMMITS)):
        due = start + turn / COMMITS
        if (left := due - time.perf_counter()) > 0:
            time.sleep(left)
        sent += [time.time()] * each
        _record(agency, each)
    ours.send("stop")
    signed: list[float] = []
    for count, at in ours.recv():
        signed += [at] * count
    clerk.join()
    times = sorted((b - a) * 1e3 for a, b in zip(sent, signed, strict=True))
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    took = time.perf_counter() - start
    print(
        f"{rate:>6}/s asked, {len(sent) / took:,.0f}/s done: record to checkpoint p50 {p50:.1f} ms, p99 {p99:.1f} ms"
    )


def _clerk(pipe: Connection) -> None:
    import django  # noqa: PLC0415 -- a fresh process

    django.setup()
    from congvu.base import clock  # noqa: PLC0415 -- after setup
    from congvu.base.doorbell import Listener  # noqa: PLC0415 -- after setup
    from congvu.ledger.sequencer import Sequencer  # noqa: PLC0415 -- after setup

    done: list[tuple[int, float]] = []
    bell = Listener()
    with Sequencer() as sequencer:
        sequencer.step(clock.now())
        pipe.send("ready")
        while True:
            if count := sequencer.step(clock.now()):
                done.append((count, time.time()))
            elif pipe.poll():
                break
            else:
                bell.wait(0.05)
    pipe.send(done)
