"""Open311's own lists over the register of `bench.register`, in its installation: `python -m bench.georeport TIMES`.

Each is a whole answer of the door, as a program on this machine would get it, in JSON and for the most rows in XML too.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bench import register

SOME = 50  # rows of a page, as clients ask for


def ask(times: int) -> dict[str, Any]:
    """Ask in each way so many times, each time for something else; return median and p95 milliseconds by way."""
    from django.test import Client  # noqa: PLC0415 -- after setup

    client = Client(headers={"host": "localhost"})
    dice = random.Random(11)  # noqa: S311 -- dice of a measurement
    told = {}
    for name, made in _ways(dice).items():
        _told(client, made())
        told[name] = sorted(_told(client, made()) for _ in range(times))
    everything = sorted(one for spans in told.values() for one in spans)
    return {"p95": _high(everything), "ways": {name: _high(spans) for name, spans in told.items()}}


def _high(spans: list[float]) -> list[float]:
    return [statistics.median(spans), spans[int(len(spans) * 0.95) - 1]]


def _told(client: Any, address: str) -> float:
    begun = time.perf_counter()
    answer = client.get(f"/open311/v2/{address}")
    span = (time.perf_counter() - begun) * 1_000
    assert answer.status_code == 200, answer.content  # noqa: PLR2004 -- OK
    return span


def _ways(dice: random.Random) -> dict[str, Callable[[], str]]:
    def quarter() -> str:
        return _dates(dice)

    def listed(words: Callable[[], str], size: int = SOME, form: str = "json") -> Callable[[], str]:
        return lambda: f"requests.{form}?page_size={size}&{words()}"

    def place() -> str:
        return f"lat={dice.uniform(20.9, 21.1):.5f}&long={dice.uniform(105.7, 105.9):.5f}&radius=500"

    return {
        "90 days": listed(quarter),
        "90 days, 1,000 rows": listed(quarter, 1_000),
        "90 days, 1,000 rows, XML": listed(quarter, 1_000, "xml"),
        "90 days, page 100": listed(lambda: f"{quarter()}&page=100"),
        "service": listed(lambda: f"{quarter()}&service_code=s{dice.randrange(register.SERVICES):02}"),
        "open": listed(lambda: f"{quarter()}&status=open"),
        "closed": listed(lambda: f"{quarter()}&status=closed"),
        "updated": listed(lambda: _dates(dice, days=1, names=("updated_after", "updated_before"))),
        "words": listed(lambda: f"{quarter()}&q={dice.choice(register.SYLLABLES)}"),
        "within 500 m": listed(lambda: f"{quarter()}&{place()}"),
        "one": lambda: f"requests/{register.known(dice)}.json",
        "fifty by number": listed(
            lambda: "service_request_id=" + ",".join(register.known(dice) for _ in range(SOME))
        ),
        "updates of a day": lambda: f"servicerequestupdates.json?page_size={SOME}&{_dates(dice, days=1)}",
    }


def _dates(dice: random.Random, days: int = 89, names: tuple[str, str] = ("start_date", "end_date")) -> str:
    last = register.NOW - register.FIRST - timedelta(days=days)
    start = register.FIRST + last * dice.random()
    ends: list[datetime] = [start, start + timedelta(days=days)]
    return "&".join(f"{name}={one:%Y-%m-%dT%H:%M:%SZ}" for name, one in zip(names, ends, strict=True))


def main(arguments: list[str]) -> None:
    """Print what was measured as JSON."""
    import django  # noqa: PLC0415 -- only here

    django.setup()
    print(json.dumps({**ask(int(arguments[0])), "load": os.getloadavg()[0]}))


if __name__ == "__main__":
    main(sys.argv[1:])
