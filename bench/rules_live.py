"""Judging evidence: entries a second from the signed log into duties in the database, and by the pure judge alone.

An agency of 500 officials lives a week under the books of the rulebook: mail delivered, opened, acknowledged (or
not), windows checked (or not), ticks. The time of the reader holds everything: reading and decrypting the log,
fetching, judging, and durable commits of 500 entries each.
"""

import json
import os
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

OFFICIALS = 500
DAYS = 5
MAILS = 3_000  # a day
AIM = 5_000
BATCH = 500
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)  # 07:00 in Vietnam
BOOKS = ("vn.binh-duong.mail-2009", "vn.mic.mail-2016")
HOURS = (30, 570)  # minutes after MONDAY in which mail comes, of a working day


def main(arguments: list[str]) -> None:
    """Print the rates and the JSON line."""
    del arguments
    folder = tempfile.TemporaryDirectory(prefix="congvu-bench-")
    os.environ["CONGVU_DATA"] = str(Path(folder.name) / "data")
    os.environ["CONGVU_CHECKPOINT_COPY"] = str(Path(folder.name) / "copy")
    os.environ["DJANGO_SETTINGS_MODULE"] = "congvu.config.settings"
    import django  # noqa: PLC0415 -- the environment first

    django.setup()
    agency, people = _found()
    count = _live(agency, people)
    rate = _read(agency)
    pure = _judge(agency)
    print(f"{count:,} entries of {DAYS} days, {OFFICIALS} officials")
    print(f"from the log into duties: {rate:,.0f} entries/s in commits of {BATCH}")
    print(f"the pure judge alone:     {pure:,.0f} entries/s")
    line = {"bench": "rules_live", "value": round(rate), "unit": "entries/s judged into durable duties"}
    print(json.dumps({**line, "peers": {"aim": AIM, "pure": round(pure)}, "ratio": round(rate / AIM, 2)}))
    folder.cleanup()


def _found() -> tuple[str, list[str]]:
    """Found the agency, appoint the officials, adopt the books and decide thirty minutes, a day before."""
    from django.core.management import call_command  # noqa: PLC0415 -- after setup

    from congvu.base.database import atomic  # noqa: PLC0415 -- after setup
    from congvu.directory import queries  # noqa: PLC0415 -- after setup
    from congvu.directory.actions import agencies, appointments, people, posts  # noqa: PLC0415 -- after setup
    from congvu.directory.policies import OPERATOR  # noqa: PLC0415 -- after setup
    from congvu.rules import actions  # noqa: PLC0415 -- after setup

    call_command("migrate", verbosity=0, interactive=False)
    now = MONDAY - timedelta(days=1)
    who: dict[str, Any] = {"by": OPERATOR, "now": now}
    with atomic():
        agency = agencies.found_agency(slug="bench", name={"vi": "Ủy ban"}, domain="bench.example", **who)
        root, handles = queries.root_unit(agency), []
        for number in range(OFFICIALS):
            functions = ("head", "legal_officer") if number == 0 else ("clerk",) if number == 1 else ()
            post = posts.create_post(unit=root, title={"vi": "Chuyên viên"}, functions=functions, **who)
            letters = "".join(chr(ord("A") + int(figure)) for figure in str(number))
            person = people.register_person(agency=agency, full_name=f"Nguyễn Văn {letters}", **who)
            local_part = f"official-{number}"
            made = appointments.appoint(
                person=person, post=post, valid_from=date(2026, 3, 1), local_part=local_part, **who
            )
            handles.append(person.handle)
            if number == 0:
                chief = made.account
        seat = queries.seats(chief, now)[0]
        for book in BOOKS:
            actions.adopt(by=seat, book=book, valid_from=date(2026, 3, 1), number="", at=now)
        told: dict[str, Any] = {"value": 30, "valid_from": date(2026, 3, 1), "number": "", "at": now}
        actions.decide_parameter(by=seat, book=BOOKS[0], parameter="acknowledge_within", **told)
    return agency.handle, handles


def _live(agency: str, people: list[str]) -> int:
    """Record and sequence the week, in the order of time; return how many entries the log then holds."""
    from congvu.base.database import atomic  # noqa: PLC0415 -- after setup
    from congvu.ledger import actions, sequencer  # noqa: PLC0415 -- after setup

    chance = random.Random(2009)  # noqa: S311 -- a bench repeats itself
    told = sorted(_week(people, chance), key=lambda one: one[0])
    records = [
        actions.Record(event=event, agency=agency, at=at, disclosures=said) for at, event, said in told
    ]
    for start in range(0, len(records), 5_000):
        with atomic():
            actions.record_many(records[start : start + 5_000])
        sequencer.settle()
    return len(records)


def _week(people: list[str], chance: random.Random) -> Iterator[tuple[datetime, Any, dict[str, str]]]:
    from congvu.base import handles  # noqa: PLC0415 -- after setup
    from congvu.mail import events  # noqa: PLC0415 -- after setup
    from congvu.rules.events import ClockTicked  # noqa: PLC0415 -- after setup

    boxes = {person: handles.new() for person in people}
    for day in range(DAYS):
        morning = MONDAY + timedelta(days=day)
        for opens in (60, 420):
            for person in people:
                if chance.random() < 0.9:  # noqa: PLR2004 -- one in ten misses the window
                    at = morning + timedelta(minutes=opens + chance.random() * 59)
                    yield (
                        at,
                        events.MailboxChecked(box="personal"),
                        {"mailbox": boxes[person], "actor": person},
                    )
            yield morning + timedelta(minutes=opens + 60, seconds=1), ClockTicked(), {}
        for _ in range(MAILS):
            yield from _mail(morning, people, boxes, handles.new(), chance)


def _mail(
    morning: datetime, people: list[str], boxes: dict[str, str], message: str, chance: random.Random
) -> Iterator[tuple[datetime, Any, dict[str, str]]]:
    from congvu.mail import events  # noqa: PLC0415 -- after setup

    at = morning + timedelta(minutes=chance.uniform(*HOURS))
    sender, recipient = chance.sample(people, 2)
    coarse: dict[str, Any] = {
        "channel": "web",
        "communication": chance.choice(["other", "report", "invitation"]),
        "automatic": False,
    }
    said = {"message": message, "mailbox": boxes[recipient]}
    accepted = events.MessageAccepted(direction="internal", **coarse)
    yield at, accepted, {"message": message, "actor": sender, "sender_mailbox": boxes[sender]}
    delivered = events.MessageDelivered(direction="in", box="personal", **coarse)
    yield at + timedelta(microseconds=1), delivered, {**said, "recipient": recipient}
    later = at + timedelta(minutes=chance.expovariate(1 / 20))
    yield later, events.MessageOpened(box="personal", through="browser"), {**said, "actor": recipient}
    if chance.random() < 0.8:  # noqa: PLR2004 -- one in five forgets
        yield (
            later + timedelta(seconds=5),
            events.MessageAcknowledged(by="press"),
            {**said, "actor": recipient},
        )


def _read(agency: str) -> float:
    """Return the rate of the reader over the whole log."""
    from congvu.ledger import readers  # noqa: PLC0415 -- after setup
    from congvu.rules.models import Obligation  # noqa: PLC0415 -- after setup
    from congvu.rules.readers import Judge  # noqa: PLC0415 -- after setup

    reader, read, began = Judge(), 0, time.perf_counter()
    while count := readers.advance(reader, agency=agency, limit=BATCH):
        read += count
    took = time.perf_counter() - began
    print(f"{Obligation.objects.count():,} duties")
    return read / took


def _judge(agency: str) -> float:
    """Return the rate of the judge over entries in memory."""
    from congvu.directory.models import Agency  # noqa: PLC0415 -- after setup
    from congvu.ledger.queries import entries_from  # noqa: PLC0415 -- after setup
    from congvu.rules.judge import judge  # noqa: PLC0415 -- after setup
    from congvu.rules.standing import law_of  # noqa: PLC0415 -- after setup
    from congvu.rules.state import State  # noqa: PLC0415 -- after setup

    entries = entries_from(agency, 0, 0, 1_000_000)
    law = law_of(Agency.objects.get(handle=agency))
    began = time.perf_counter()
    judge(law, State(agency), entries)
    return len(entries) / (time.perf_counter() - began)
