"""A register of petitions for measurements: `python -m bench.register grow N | ask N | pages | export FORM | figures`.

Petitions are written as rows, not by acts: what is measured is how they are read. Prints one line of JSON at the end.
"""

import json
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from typing import Any, Final

SLUG: Final = "ubnd"
NOW: Final = datetime(2026, 11, 22, 8, tzinfo=UTC)
FIRST: Final = datetime(2022, 1, 1, 8, tzinfo=UTC)
SERVICES, UNITS, AREAS = 20, 30, 25
STATES: Final = {
    "closed": 880, "refused": 30, "redirected": 30, "merged": 10, "answered": 12, "assigned": 12, "in_progress": 18,
    "waiting": 4, "disputed": 3, "received": 1,
}  # fmt: skip
OPEN: Final = ("assigned", "in_progress", "waiting", "disputed", "received")
SYLLABLES: Final = """
    đèn đường phường không sáng nước thải ngập vỉa hè rác cây xanh đổ chợ trường học bệnh viện xe buýt khói bụi ồn đêm
    công trình xây dựng giấy phép hộ khẩu căn cước cầu hẻm ổ gà cống nắp điện dây cáp quang cáo loa karaoke chó mèo thả
    rông
""".split()  # noqa: SIM905 -- read as words
AT_ONCE: Final = 10_000
Row = dict[str, Any]


def grow(count: int) -> Row:
    """Write a register of so many petitions with two steps each, and the index of its words."""
    from django.db import connection  # noqa: PLC0415 -- after setup

    from congvu.base.database import count_for_planner  # noqa: PLC0415 -- after setup
    from congvu.petitions.readers import ReleasedWords  # noqa: PLC0415 -- after setup

    begun = time.perf_counter()
    _found()
    names = _Names()
    for start in range(0, count, AT_ONCE):
        _write([_petition(names, start + place, count) for place in range(min(AT_ONCE, count - start))])
    written = time.perf_counter()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as its own daemon does sooner or later
    count_for_planner()  # as the clerk does every hour
    ready = time.perf_counter()
    ReleasedWords().write_anew()
    return {"rows_s": round(written - begun), "index_s": round(time.perf_counter() - ready)}


class _Names:
    """Keys of what petitions point to, and dice that fall the same way each time."""

    def __init__(self) -> None:
        from congvu.directory.models import Agency, Unit  # noqa: PLC0415 -- after setup
        from congvu.petitions.models import Area, Service  # noqa: PLC0415 -- after setup

        self.agency = Agency.objects.get(slug=SLUG).pk
        self.services, self.units, self.areas = (
            list(table.objects.order_by("code").values_list("pk", flat=True))
            for table in (Service, Unit, Area)
        )
        self.dice = random.Random(311)  # noqa: S311 -- dice of a measurement
        self.states = list(STATES), list(accumulate(STATES.values()))
        self.syllables = list(accumulate(1_000 // (place + 2) for place in range(len(SYLLABLES))))

    def words(self, count: int) -> str:
        """Return words, the first ones of SYLLABLES much more often than the last."""
        return " ".join(self.dice.choices(SYLLABLES, cum_weights=self.syllables, k=count))

    def one(self, keys: list[int]) -> int:
        """Return a key; the first ones come more often."""
        return keys[int(len(keys) * self.dice.random() ** 2)]


def _petition(names: _Names, order: int, count: int) -> Row:
    dice = names.dice
    received = FIRST + (NOW - FIRST) * (order / count) + timedelta(microseconds=order % 7)
    (state,) = dice.choices(names.states[0], cum_weights=names.states[1])
    if state in OPEN and order < count * 0.95:
        state = "closed"  # what is old is done
    is_answered = state in {"closed", "answered", "disputed", "merged"}
    took = timedelta(hours=dice.expovariate(1 / 120))
    is_disputed = state == "disputed" or (is_answered and dice.random() < 0.02)  # noqa: PLR2004 -- few are
    is_released = dice.random() < 0.9  # noqa: PLR2004 -- most are
    place = f"{order % 300} {names.words(3)}"
    return {
        "id": order + 1,
        "handle": f"{order:026}",
        "agency_id": names.agency,
        "number": _number(received.year, order),
        "key_digest": f"{order:064}",
        "service_id": names.one(names.services),
        "state": state,
        "content": names.words(20),
        "public_content": names.words(24) if is_released else "",
        "public_place": place if is_released else "",
        "shows_point": is_released,
        "latitude": 20.9 + dice.random() / 5,
        "longitude": 105.7 + dice.random() / 5,
        "place": place,
        "area_id": names.one(names.areas),
        "unit_id": names.one(names.units),
        "received_at": received,
        "updated_at": received + took,
        "due_at": received + timedelta(days=10) if state in OPEN else None,
        "answered_at": received + took if is_answered else None,
        "closed_at": received + took if state in {"closed", "refused", "redirected"} else None,
        "was_disputed": is_disputed,
        "disputed_ends": "answered" if is_disputed else "",
        "is_late": took > timedelta(days=10) if is_answered else None,
        "score": dice.randint(1, 5) if is_answered and dice.random() < 0.15 else None,  # noqa: PLR2004 -- few rate
    }


def _number(year: int, order: int) -> str:
    from congvu.petitions import numbers  # noqa: PLC0415 -- after setup

    return numbers.spelled(year, 1_000_000 + order)


def _write(petitions: list[Row]) -> None:
    from congvu.base.database import atomic  # noqa: PLC0415 -- after setup
    from congvu.petitions.models import Petition, Step  # noqa: PLC0415 -- after setup

    always = {
        "sort": "report", "channel": "portal", "urgency": "ordinary", "language": "vi", "is_public": True,
    }  # fmt: skip
    with atomic():
        _store(Petition, [always | one for one in petitions])
        _store(Step, [step for one in petitions for step in _steps(one)])


def _steps(petition: Row) -> Iterator[Row]:
    said = {
        "petition.received": "",
        "answer.given": "Đã kiểm tra và khắc phục xong, cảm ơn ông/bà đã phản ánh.",
    }
    for place, (kind, text) in enumerate(said.items()):
        at = petition["answered_at"] if place else petition["received_at"]
        if at:
            yield {
                "agency_id": petition["agency_id"],
                "petition_id": petition["id"],
                "handle": f"{place}{petition['id']:025}",
                "kind": kind,
                "at": at,
                "text": text,
                "is_public": True,
            }


def _store(table: Any, found: list[Row]) -> None:
    """Write rows; what they do not name has its default."""
    from django.db import connection  # noqa: PLC0415 -- after setup

    from congvu.base import rows  # noqa: PLC0415 -- after setup

    unnamed = [
        one
        for one in table._meta.local_concrete_fields  # noqa: SLF001 -- documented
        if one.attname not in found[0] and not one.null
    ]
    always = {
        one.attname: one.get_db_prep_save(one.get_default(), connection)
        for one in unnamed
        if not one.primary_key
    }
    adapt = connection.ops.adapt_datetimefield_value
    values: list[list[Any]] = [
        [adapt(value) if isinstance(value, datetime) else value for value in (always | one).values()]
        for one in found
    ]
    rows.write(table, list(always | found[0]), values)


def _found() -> None:
    from bench import inside  # noqa: PLC0415 -- after setup
    from congvu.base import handles  # noqa: PLC0415 -- after setup
    from congvu.directory.models import Agency, Unit  # noqa: PLC0415 -- after setup
    from congvu.petitions.models import Area, Service  # noqa: PLC0415 -- after setup

    inside.found(1)
    agency = Agency.objects.get(slug=SLUG)
    root = Unit.objects.get(agency=agency)
    for number in range(UNITS):
        same = {"agency": agency, "code": f"u{number:02}", "name": {"vi": f"Đơn vị {number}"}}
        Unit.objects.create(**same, handle=handles.new(), parent=root, valid_from=FIRST.date())
    for number in range(SERVICES):
        same = {"agency": agency, "code": f"s{number:02}", "name": {"vi": f"Lĩnh vực {number}"}}
        Service.objects.create(**same, handle=handles.new(), unit=root, needs_place=number % 4 != 0)
    for number in range(AREAS):
        west = 105.7 + number / 125
        ring = [[west, 20.9], [west + 0.008, 20.9], [west + 0.008, 21.1], [west, 21.1], [west, 20.9]]
        same = {"agency": agency, "code": f"a{number:02}", "name": {"vi": f"Phường {number}"}}
        Area.objects.create(**same, handle=handles.new(), rings=[ring])


def ask(times: int) -> Row:
    """Ask the register in each way so many times, each time for something else; return milliseconds by way.

    Each is by the clock, and of this process's processor: on a busy machine they differ.
    """
    from congvu.petitions.public import register as public  # noqa: PLC0415 -- after setup

    register = public.opened(SLUG)
    assert register is not None
    dice = random.Random(7)  # noqa: S311 -- dice of a measurement
    told: dict[str, list[tuple[float, float]]] = {}
    for name, (asked, after) in _ways(dice).items():
        public.listed(register, asked(), now=NOW)
        acts = [partial(public.listed, register, asked(), after=after(), now=NOW) for _ in range(times)]
        told[name] = [_spans(one) for one in acts]
    told["one petition"] = [
        _spans(partial(public.petition, register, known(dice), now=NOW)) for _ in range(times)
    ]
    everything = [one for spans in told.values() for one in spans]
    return {"p95": _high(everything), "ways": {name: _high(spans) for name, spans in told.items()}}


def _spans(act: Callable[[], object]) -> tuple[float, float]:
    begun = time.process_time()
    span = _span(act)
    return span, (time.process_time() - begun) * 1_000


def _high(spans: list[tuple[float, float]]) -> list[float]:
    """Return median and 95th percentile by the clock, then the same of the processor."""
    sides = [sorted(side) for side in zip(*spans, strict=True)]
    return [one for side in sides for one in (statistics.median(side), side[int(len(side) * 0.95) - 1])]


def _ways(dice: random.Random) -> dict[str, tuple[Callable[[], Any], Callable[[], str]]]:
    """Return what readers ask for, and behind which petition: nothing, or a number deep in the register."""
    from congvu.petitions.public.register import Asked  # noqa: PLC0415 -- after setup

    some: dict[str, Callable[[], Any]] = {
        "service": lambda: f"s{dice.randrange(SERVICES):02}",
        "unit": lambda: f"u{dice.randrange(UNITS):02}",
        "area": lambda: f"a{dice.randrange(AREAS):02}",
        "state": lambda: dice.choice(list(STATES)),
        "year": lambda: dice.randint(2022, 2026),
        "month": lambda: dice.randint(1, 11),
        "late": lambda: dice.choice(["answered", "open"]),
        "disputed": lambda: True,
        "words": lambda: " ".join(dice.choices(SYLLABLES, k=dice.randint(1, 3))),
    }
    together = [
        "", "service", "unit", "area", "state", "year", "year month", "late", "disputed", "words", "service state",
        "unit late", "unit disputed", "area service year month", "service unit state", "area late disputed year",
        "words service", "words year state", "words unit disputed", "words area late",
    ]  # fmt: skip
    ways: dict[str, tuple[Callable[[], Any], Callable[[], str]]] = {}
    for names in together:

        def asked(names: str = names) -> Any:
            return Asked(**{name: some[name]() for name in names.split()})

        ways[names or "newest"] = (asked, lambda: "")
    ways["page 10,000"] = (Asked, lambda: _at(-25 * 10_000))
    ways["last page"] = (Asked, lambda: _at(25))
    ways["deep in a service"] = (ways["service"][0], lambda: known(dice))
    ways["deep in words"] = (ways["words"][0], lambda: known(dice))
    return ways


def known(dice: random.Random) -> str:
    """Return the number of some petition of the register."""
    return _at(dice.randrange(_count()))


def _at(place: int) -> str:
    """Return the number of the petition at a place of the register; a negative one counts from the newest."""
    order = place if place >= 0 else max(_count() + place, 0)
    received = FIRST + (NOW - FIRST) * (order / _count())
    return _number(received.year, order)


def _count(known: list[int] = []) -> int:  # noqa: B006 -- asked once
    from congvu.petitions.models import Petition  # noqa: PLC0415 -- after setup

    if not known:
        known.append(Petition.objects.order_by("-pk").values_list("pk", flat=True)[0])
    return known[0]


def _span(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1_000


def pages(times: int) -> Row:
    """Ask for the list in turns with a bare page of Django that shows the same rows; return pages a second."""
    from django.http import HttpResponse  # noqa: PLC0415 -- after setup
    from django.template import Context, Template  # noqa: PLC0415 -- after setup
    from django.test import Client, RequestFactory  # noqa: PLC0415 -- after setup

    from congvu.petitions.models import Petition  # noqa: PLC0415 -- after setup

    template = Template("{% for one in rows %}<p>{{ one.number }} {{ one.service.name.vi }} {{ one.unit.name.vi }}"
                        " {{ one.received_at }} {{ one.state }} {{ one.public_content }}</p>{% endfor %}")  # fmt: skip

    def bare(request: Any) -> HttpResponse:
        before = datetime.fromisoformat(request.GET["before"])
        rows = Petition.objects.filter(agency=agency, is_public=True, received_at__lt=before)
        rows = rows.select_related("service", "unit").order_by("-received_at")
        return HttpResponse(template.render(Context({"rows": rows[:25]})))

    client, factory = Client(headers={"host": "localhost", "accept-language": "vi"}), RequestFactory()
    agency = Petition.objects.values_list("agency", flat=True)[0]
    dice, ours, theirs = random.Random(5), [], []  # noqa: S311 -- dice of a measurement
    for _ in range(times):
        place = dice.randrange(_count())
        ours.append(_span(lambda: _whole(client.get(f"/requests/{SLUG}/?after={_at(place)}"))))  # noqa: B023 -- called at once
        before = (FIRST + (NOW - FIRST) * (place / _count())).isoformat()
        theirs.append(_span(lambda: bare(factory.get("/", {"before": before}))))  # noqa: B023 -- called at once
    octets = len(client.get(f"/requests/{SLUG}/").content)
    return {
        "ours": 1e3 / statistics.median(ours),
        "bare": 1e3 / statistics.median(theirs),
        "page_bytes": octets,
    }


def _whole(answer: Any) -> None:
    assert answer.status_code == 200, answer.status_code  # noqa: PLR2004 -- OK
    assert answer.content.count(b"cv-list__row") > 0


def export(form: str) -> Row:
    """Write the whole register as the portal does, and throw it away."""
    from congvu.petitions.public import export as exporting  # noqa: PLC0415 -- after setup
    from congvu.petitions.public import register as public  # noqa: PLC0415 -- after setup

    register = public.opened(SLUG)
    assert register is not None
    begun, before, octets, lines = time.perf_counter(), time.process_time(), 0, 0
    for piece in exporting.pieces(register, form, language="vi", client="", now=NOW):
        written = piece.encode()
        octets, lines = octets + len(written), lines + written.count(b"\n")
    return {
        "seconds": time.perf_counter() - begun,
        "processor": time.process_time() - before,
        "mb": octets / 1e6,
        "lines": lines,
        "peak_mb": _peak(),
    }


def figures() -> Row:
    """Reckon the figures of the last whole year as the page does."""
    from congvu.petitions.public import figures as reckoning  # noqa: PLC0415 -- after setup
    from congvu.petitions.public import register as public  # noqa: PLC0415 -- after setup

    register = public.opened(SLUG)
    assert register is not None
    begun = time.perf_counter()
    found = reckoning.reckoned(register, 2025, now=NOW)
    (whole,) = [one for one in found.rows if (one["by"], one["period"]) == ("all", "2025")]
    return {"seconds": time.perf_counter() - begun, "requests": whole["received"], "peak_mb": _peak()}


def _peak() -> float:
    """Return the most memory that this process has held, in MB (getrusage(2))."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024 / 1e6


def main(arguments: list[str]) -> None:
    """Do what the first argument names."""
    import django  # noqa: PLC0415 -- only here

    django.setup()
    verbs: dict[str, Callable[[], Row]] = {
        "grow": lambda: grow(int(arguments[1])),
        "ask": lambda: ask(int(arguments[1])),
        "pages": lambda: pages(int(arguments[1])),
        "export": lambda: export(arguments[1]),
        "figures": figures,
    }
    print(json.dumps({**verbs[arguments[0]](), "load": os.getloadavg()[0]}))


if __name__ == "__main__":
    main(sys.argv[1:])
