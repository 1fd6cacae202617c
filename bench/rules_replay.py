"""Replaying evidence: generated entries of two agencies through the judge in bounded memory, by every book at once.

Nothing that one agency recorded touches a duty of another, so agencies part the work between two processes; books do
not, because a norm may override or except another book's. Making the entries is not in the time; judging them, and
moving what memory does not hold to the scratch file and back, is. `python -m bench rules_replay 10000000` is the aim.
"""

import json
import multiprocessing
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

COUNT = 200_000
AIM = 10_000_000 / 120  # entries a second
SMALLEST = 10_000
PROCESSES = 2
OFFICIALS = 500
A_DAY = 12_000  # entries of one agency
RUN = 2_000
MAIL = 0.7  # of the matters of a day; the others are what the other books speak of
ANSWERED = 0.8
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)  # 07:00 in Vietnam
ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str]) -> None:
    """Print seconds and memory for each size, and the JSON line."""
    count = int(arguments[0]) if arguments else COUNT
    sizes = [size for size in (10**power for power in range(4, 9)) if size < count] + [count]
    rates: dict[str, int] = {}
    seconds, cpu, memory = 0.0, 0.0, 0
    for size in sizes:
        seconds, cpu, memory, duties = _measure(size)
        rates[str(size)] = round(size / seconds)
        print(
            f"{size:>11,} entries: {seconds:8.1f} s ({cpu:.1f} s of a processor each),"
            f" {size / seconds:9,.0f} a second, {memory} MB each, {duties:,} duties"
        )
    line = {
        "bench": "rules_replay",
        "value": round(seconds, 1),
        "unit": f"s for {count} entries by all books in {PROCESSES} processes",
        "peers": {
            "aim_s": round(count / AIM, 1),
            "cpu_s": round(cpu, 1),
            "memory_mb": memory,
            "entries_per_second": rates,
        },
        "ratio": round(count / AIM / seconds, 2),
    }
    print(json.dumps(line))


def _measure(count: int) -> tuple[float, float, int, int]:
    """Return the seconds of the slower process and its processor's, the larger memory (MB), and all duties."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES, maxtasksperchild=1) as pool:
        share = count // PROCESSES
        found = pool.starmap(_replay, [(number, share) for number in range(PROCESSES)])
    seconds, cpu, memory, duties = zip(*found, strict=True)
    return max(seconds), max(cpu), max(memory), sum(duties)


def _replay(number: int, count: int) -> tuple[float, float, int, int]:
    """Judge so many entries of one agency; return seconds, those of the processor, memory (MB) and duties."""
    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as folder:
        os.environ["CONGVU_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "congvu.config.settings"
        import django  # noqa: PLC0415 -- the environment first

        django.setup()
        from congvu.rules.course import Course  # noqa: PLC0415 -- after setup
        from congvu.rules.law import Law  # noqa: PLC0415 -- after setup
        from congvu.rules.replay import scratch, spare_collector  # noqa: PLC0415 -- after setup
        from congvu.rules.shelf import shelve  # noqa: PLC0415 -- after setup

        shelf = shelve(ROOT / "rulebook", with_examples=False)
        law = Law(shelf.books, shelf.calendars["vn"].calendar)
        spare_collector()  # as the process of a replay does
        entries = islice(_lived(law, random.Random(number)), count)  # noqa: S311 -- a repeatable load
        watch = _Watch()
        with scratch() as file:
            course = Course(agency=f"agency-{number}", law=law, file=file)
            while run := list(islice(entries, RUN)):
                with watch:
                    course.read(run)
            with watch:
                course.settle()
            duties = file.execute("SELECT count(*) FROM judged_duties").fetchone()[0]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        return watch.seconds, watch.cpu, memory, duties


class _Watch:
    """Adds up what is done while it runs, by the wall and by the processor."""

    def __init__(self) -> None:
        self.seconds, self.cpu = 0.0, 0.0

    def __enter__(self) -> None:
        self.begun = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self.begun[0]
        self.cpu += time.process_time() - self.begun[1]


def _lived(law: Any, chance: random.Random) -> Iterator[Any]:
    """Yield the evidence of an agency: it adopts every book, appoints, and lives one working day after another."""
    from congvu.base import handles  # noqa: PLC0415 -- after setup
    from congvu.rules.examples import Told  # noqa: PLC0415 -- after setup

    serial = 0

    def tell(at: datetime, kind: str, disclosed: dict[str, str] | None = None, **attributes: Any) -> Any:
        nonlocal serial
        serial += 1
        name = handles.dated(serial, handles.new().encode()[:16])
        return Told(id=name, kind=kind, at=at, attributes=attributes, disclosures=disclosed or {})

    before = MONDAY - timedelta(days=1)
    people = [handles.new() for _ in range(OFFICIALS)]
    yield from _founded(law, before, people, tell)
    matters = _matters(law)
    day = MONDAY
    while True:
        if day.weekday() < 5:  # noqa: PLR2004 -- Monday to Friday
            told = list(_day(day, people, matters, chance, tell))
            told.sort(key=lambda one: one.at)
            yield from told
        day += timedelta(days=1)


def _founded(law: Any, at: datetime, people: list[str], tell: Any) -> Iterator[Any]:
    yield tell(at, "directory.unit.opened", {"unit": "office"}, depth=0)
    for book in {one.id: one for one in law.books}.values():
        yield tell(
            at,
            "rules.book.adopted",
            book=book.id,
            book_version=book.version,
            valid_from=at.date().isoformat(),
        )
        for name, bounds in book.parameters.items():
            decided = {"book": book.id, "parameter": name, "value": bounds.at_least, "unit": bounds.unit}
            yield tell(at, "rules.parameter.decided", **decided, valid_from=at.date().isoformat())
    for index, person in enumerate(people):
        held = {
            "membership": f"m-{person}"[:26],
            "person": person,
            "post": f"p-{person}"[:26],
            "unit": "office",
        }
        charged = {"head": index == 0, "deputy": False, "clerk": index == 1}
        yield tell(
            at,
            "directory.appointment.made",
            {**held, "valid_from": at.date().isoformat()},
            rank="staff",
            **charged,
        )
        yield tell(at, "directory.address.given", {**held, "address": f"a-{person}"[:26]}, box="personal")


def _matters(law: Any) -> list[Any]:
    """Return the norms of the other books that an event sets off and another one fulfils."""
    return [
        norm
        for book in law.books
        for norm in book.norms
        if norm.when and norm.fulfil and not norm.when.kind.startswith(("mail.", "directory."))
    ]


def _day(
    morning: datetime, people: list[str], matters: list[Any], chance: random.Random, tell: Any
) -> Iterator[Any]:
    """Yield one day, not in order: checked windows, letters, and what the other books speak of."""
    told = 0
    for opens in (60, 420):
        for person in people:
            if chance.random() < ANSWERED:
                told += 1
                at = morning + timedelta(minutes=opens + chance.random() * 59)
                yield tell(
                    at,
                    "mail.mailbox.checked",
                    {"mailbox": f"b-{person}"[:26], "actor": person},
                    box="personal",
                )
        yield tell(morning + timedelta(minutes=opens + 60, seconds=1), "rules.clock.ticked")
    while told < A_DAY:
        at = morning + timedelta(minutes=chance.uniform(30, 570))
        made = list(
            _letter(at, people, chance, tell)
            if chance.random() < MAIL or not matters
            else _matter(at, people, chance.choice(matters), chance, tell)
        )
        told += len(made)
        yield from made


def _letter(at: datetime, people: list[str], chance: random.Random, tell: Any) -> Iterator[Any]:
    from congvu.base import handles  # noqa: PLC0415 -- after setup

    message, (sender, recipient) = handles.new(), chance.sample(people, 2)
    coarse = {"channel": "web", "communication": "report", "automatic": False}
    said = {"message": message, "mailbox": f"b-{recipient}"[:26]}
    yield tell(
        at, "mail.message.accepted", {"message": message, "actor": sender}, direction="internal", **coarse
    )
    yield tell(
        at,
        "mail.message.delivered",
        {**said, "recipient": recipient},
        direction="in",
        box="personal",
        **coarse,
    )
    later = at + timedelta(minutes=chance.expovariate(1 / 20))
    yield tell(later, "mail.message.opened", {**said, "actor": recipient})
    if chance.random() < ANSWERED:
        yield tell(later, "mail.message.acknowledged", {**said, "actor": recipient}, by="press")


def _matter(at: datetime, people: list[str], norm: Any, chance: random.Random, tell: Any) -> Iterator[Any]:
    """Yield what sets a norm off and, mostly, what fulfils it some hours later, with the disclosures of both kinds."""
    from congvu.base import handles  # noqa: PLC0415 -- after setup
    from congvu.rules import vocabulary  # noqa: PLC0415 -- after setup

    shared: dict[str, str] = {}
    hours = chance.expovariate(1 / 24)
    for condition, when in ((norm.when, at), (norm.fulfil, at + timedelta(hours=hours))):
        if condition is norm.fulfil and chance.random() >= ANSWERED:
            return
        for name in vocabulary.KINDS[condition.kind].disclosures:
            shared.setdefault(name, _disclosed(name, at, people, chance) or handles.new())
        said = {name: shared[name] for name in vocabulary.KINDS[condition.kind].disclosures}
        met = {test.attribute: test.values[0] for test in condition.tests if test.operator != "not"}
        yield tell(when, condition.kind, said, **met)


def _disclosed(name: str, at: datetime, people: list[str], chance: random.Random) -> str:
    if name.endswith(("_on", "_from", "_to")) or name in {"valid_from", "valid_to", "day"}:
        return at.date().isoformat()
    if name == "unit":
        return "office"
    return chance.choice(people) if name in {"actor", "person", "recipient", "assignee"} else ""
