"""The measurement of intake inside an installation: `python -m bench.intake found | write SECONDS START | profile N`.

Petitions go through the act that every door uses: number, sealed reporter, place and unit, evidence, terms.
"""

import cProfile
import json
import pstats
import random
import sys
import time
from collections.abc import Callable
from typing import Any, Final

BOOKS: Final = ("vn.hcmc.1022-2025", "vn.complaints-law-2011")
SERVICES, AREAS = 20, 25
EMAILS: Final = ("", "", "dung@dan.example")  # every third is told by letter as well
WORDS: Final = "Đèn đường trước nhà văn hóa không sáng từ tối qua, đề nghị kiểm tra và sửa chữa sớm. "


def found() -> dict[str, Any]:
    """Found an agency that answers by the books, with services, areas and routes."""
    from bench import inside  # noqa: PLC0415 -- after setup
    from congvu.base import clock, handles  # noqa: PLC0415 -- after setup
    from congvu.directory import queries  # noqa: PLC0415 -- after setup
    from congvu.directory.actions.addresses import give_unit_address  # noqa: PLC0415 -- after setup
    from congvu.directory.models import Address, Agency  # noqa: PLC0415 -- after setup
    from congvu.directory.policies import OPERATOR  # noqa: PLC0415 -- after setup
    from congvu.ledger.readers import advance  # noqa: PLC0415 -- after setup
    from congvu.ledger.sequencer import settle  # noqa: PLC0415 -- after setup
    from congvu.petitions.models import Area, Route, Service  # noqa: PLC0415 -- after setup
    from congvu.rules.actions import adopt  # noqa: PLC0415 -- after setup
    from congvu.rules.readers import Judge  # noqa: PLC0415 -- after setup

    inside.found(0)
    agency = Agency.objects.get()
    root, now = queries.root_unit(agency), clock.now()
    give_unit_address(unit=root, kind=Address.Kind.AGENCY, local_part="1022", by=OPERATOR, now=now)
    head = _head(agency, root, now)
    for book in BOOKS:
        adopt(by=head, book=book, valid_from=queries.legal_day(agency, now), number="1/QĐ", at=now)
    settle()
    while advance(Judge(), agency=agency.handle):
        pass
    for number in range(SERVICES):
        same = {"agency": agency, "handle": handles.new(), "code": f"s{number:02}", "unit": root}
        Service.objects.create(**same, name={"vi": f"Lĩnh vực {number}"}, needs_place=True)
    for number in range(AREAS):
        west = 105.7 + number / 125
        ring = [[west, 20.9], [west + 0.008, 20.9], [west + 0.008, 21.1], [west, 21.1], [west, 20.9]]
        same = {"agency": agency, "handle": handles.new(), "code": f"a{number:02}"}
        area = Area.objects.create(**same, name={"vi": f"Phường {number}"}, rings=[ring])
        Route.objects.create(agency=agency, area=area, unit=root)
    return {"books": BOOKS}


def _head(agency: Any, unit: Any, now: Any) -> Any:
    from congvu.directory import queries  # noqa: PLC0415 -- after setup
    from congvu.directory.actions import appointments, people, posts  # noqa: PLC0415 -- after setup
    from congvu.directory.policies import OPERATOR  # noqa: PLC0415 -- after setup

    same = {"by": OPERATOR, "now": now}
    post = posts.create_post(unit=unit, title={"vi": "Chủ tịch"}, functions=("head",), **same)
    person = people.register_person(agency=agency, full_name="Lê Thị Chi", **same)
    day = queries.legal_day(agency, now)
    made = appointments.appoint(person=person, post=post, valid_from=day, local_part="chi", **same)
    seat = queries.seat(made.account, now)
    assert seat is not None
    return seat


def write(seconds: float, start: float) -> dict[str, Any]:
    """Hand petitions in, one after the other, between two instants; return how many and each one's milliseconds."""
    one = _handing()
    one()
    time.sleep(max(0.0, start - time.time()))
    spans: list[float] = []
    spent = time.process_time()
    while time.time() < start + seconds:
        begun = time.perf_counter()
        one()
        spans.append((time.perf_counter() - begun) * 1_000)
    spans.sort()
    middle, high = spans[len(spans) // 2], spans[int(len(spans) * 0.95)]
    each = (time.process_time() - spent) * 1_000 / len(spans)
    return {"count": len(spans), "p50": middle, "p95": high, "processor": each}


def profile(count: int) -> dict[str, Any]:
    """Hand so many petitions in and say which functions the time went to."""
    one = _handing()
    one()
    watch: Any = cProfile.Profile()
    watch.enable()
    for _ in range(count):
        one()
    watch.disable()
    told: Any = pstats.Stats(watch)
    told.strip_dirs().sort_stats("cumulative").print_stats(60)
    return {"count": count}


def _handing() -> Any:
    from congvu.base import clock  # noqa: PLC0415 -- after setup
    from congvu.petitions.actions.receiving import receive  # noqa: PLC0415 -- after setup
    from congvu.petitions.models import Service  # noqa: PLC0415 -- after setup
    from congvu.petitions.submissions import Submission, Who  # noqa: PLC0415 -- after setup

    services = list(Service.objects.select_related("agency", "unit"))
    dice = random.Random(time.time_ns())  # noqa: S311 -- dice of a measurement

    def one() -> None:
        given = Submission(
            service=dice.choice(services),
            channel="portal",
            content=WORDS * dice.randint(1, 4),
            language="vi",
            who=Who(name="Phạm Thị Dung", phone="0900 000 000", email=dice.choice(EMAILS)),
            latitude=20.9 + dice.random() / 5,
            longitude=105.7 + dice.random() / 5,
            place="Trước nhà văn hóa",
        )
        receive(given, at=clock.now())

    return one


def main(arguments: list[str]) -> None:
    """Do what the first argument names."""
    import django  # noqa: PLC0415 -- only here

    django.setup()
    verbs: dict[str, Callable[[], dict[str, Any]]] = {
        "found": found,
        "write": lambda: write(float(arguments[1]), float(arguments[2])),
        "profile": lambda: profile(int(arguments[1])),
    }
    print(json.dumps(verbs[arguments[0]]()))


if __name__ == "__main__":
    main(sys.argv[1:])
