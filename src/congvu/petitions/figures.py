"""Recompute a 1022 service's published figures from its public export. Python 3.11 or later, nothing else.

    python figures.py requests.csv figures.json

Both files come from the page that this script lies beside: the export of all public requests (CSV) and the figures
(JSON), fetched one after the other. The script says whether every figure follows from the export, and names those that
do not: a request that moved on between the two downloads is such a reason. Without the second file it needs a zone, an
instant and a year, and prints the figures:

    python figures.py requests.csv --zone Asia/Ho_Chi_Minh --at 2026-11-22T07:00:00Z --year 2026

The page itself is reckoned by the functions below. A request counts in the month in which it was received.
"""

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

LEAST = 10  # of fewer requests neither share nor mean nor median is told
ENDS = ("answered", "refused", "redirected", "merged")  # each can be disputed
OPEN = ("received", "assigned", "in_progress", "waiting", "disputed")
DAY = 86_400  # seconds
ALL = "all"


class Row(NamedTuple):
    """What of a request the figures rest on."""

    unit: str
    service: str
    state: str
    received: datetime
    due: datetime | None
    answered: datetime | None
    late: bool | None
    disputed: tuple[str, ...]  # those of ENDS that its citizen disputed
    rating: int | None


class Group:
    """The requests of one unit or service, or all, in one month or year."""

    def __init__(self) -> None:
        """Begin with none."""
        self.received = self.in_time = self.late = self.past_due = 0
        self.ended = self.disputed = 0
        self.came = dict.fromkeys(ENDS, 0)
        self.contested = dict.fromkeys(ENDS, 0)
        self.seconds: list[float] = []  # to the first answer
        self.ratings: list[int] = []

    def add(self, row: Row, ended: list[str], at: datetime) -> None:
        """Count one request, with its ends, as it stands at an instant."""
        self.received += 1
        self.past_due += row.state in OPEN and row.due is not None and row.due < at
        self.ended += bool(ended)
        self.disputed += bool(row.disputed)
        for end in ended:
            self.came[end] += 1
            self.contested[end] += end in row.disputed
        if row.answered is not None:
            self.in_time += row.late is False
            self.late += row.late is True
            self.seconds.append((row.answered - row.received).total_seconds())
        if row.rating is not None:
            self.ratings.append(row.rating)

    def told(self) -> dict[str, Any]:
        """Return the figures; where too few stand behind one, it is null."""
        timed, rated = self.in_time + self.late, len(self.ratings)
        return {
            "received": self.received,
            "ended": self.ended,
            **self.came,
            "in_time": self.in_time,
            "late": self.late,
            "in_time_share": _share(self.in_time, timed),
            "past_due": self.past_due,
            "disputed": self.disputed,
            "disputed_share": _share(self.disputed, self.ended),
            **{f"{end}_disputed": self.contested[end] for end in ENDS},
            **{f"{end}_disputed_share": _share(self.contested[end], self.came[end]) for end in ENDS},
            "rated": rated,
            "rating": round(sum(self.ratings) / rated, 2) if rated >= LEAST else None,
            "median_days": round(median(self.seconds) / DAY, 1) if len(self.seconds) >= LEAST else None,
        }


def reckon(rows: Iterable[Row], *, zone: str, at: datetime, year: int) -> list[dict[str, Any]]:
    """Return the figures of the requests received in a year: of all, each unit and each service, whole and by month."""
    where = ZoneInfo(zone)
    groups: dict[tuple[str, str, str], Group] = defaultdict(Group)
    for row in rows:
        day = row.received.astimezone(where)
        if day.year != year:
            continue
        ended = ends(row)
        for by, code in ((ALL, ""), ("unit", row.unit), ("service", row.service)):
            for period in (f"{day.year:04}", f"{day.year:04}-{day.month:02}"):
                groups[by, code, period].add(row, ended, at)
    return [
        {"by": by, "code": code, "period": period, **groups[by, code, period].told()}
        for by, code, period in sorted(groups)
    ]


def ends(row: Row) -> list[str]:
    """Return the ends at which a request stands, or stood until its citizen disputed them."""
    return [
        end
        for end in ENDS
        if end in row.disputed or (row.state == end if end != "answered" else row.answered is not None)
    ]


def read(lines: Iterable[str]) -> Iterator[Row]:
    """Read the export."""
    for one in csv.DictReader(lines):
        yield Row(
            unit=one["agency_code"],
            service=one["service_code"],
            state=one["status_description"],
            received=moment(one["requested_datetime"]),
            due=moment(one["due_datetime"]) if one["due_datetime"] else None,
            answered=moment(one["answered_datetime"]) if one["answered_datetime"] else None,
            late={"true": True, "false": False}.get(one["late"]),
            disputed=tuple(one["disputed_ends"].split()),
            rating=int(one["rating"]) if one["rating"] else None,
        )


def moment(text: str) -> datetime:
    """Read an instant such as 2026-11-22T07:00:00Z."""
    return datetime.fromisoformat(text)


def differences(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> Iterator[str]:
    """Yield each figure that two reckonings hold differently."""
    sides = [{(one["by"], one["code"], one["period"]): one for one in side} for side in (ours, theirs)]
    for key in sorted(sides[0].keys() | sides[1].keys()):
        one, other = (side.get(key, {}) for side in sides)
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                yield f"{' '.join(key)} {name}: export {one.get(name)}, page {other.get(name)}"


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole >= LEAST else None


def main() -> int:
    """Compare, or print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("export", help="the export of all public requests, as CSV")
    parser.add_argument("figures", nargs="?", help="the figures of the page, as JSON")
    parser.add_argument("--zone")
    parser.add_argument("--at")
    parser.add_argument("--year", type=int)
    given = parser.parse_args()
    page = None
    if given.figures:
        with open(given.figures, encoding="utf-8") as file:  # noqa: PTH123 -- short, for its readers
            page = json.load(file)
        given.zone, given.at, given.year = page["zone"], page["at"], page["year"]
    if not (given.zone and given.at and given.year):
        parser.error("name the page's figures, or --zone, --at and --year")
    with open(given.export, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 -- as above
        figures = reckon(read(file), zone=given.zone, at=moment(given.at), year=given.year)
    if page is None:
        json.dump(figures, sys.stdout, indent=1)
        return 0
    found = list(differences(figures, page["figures"]))
    print("\n".join(found) or f"All figures follow from the export: {len(figures)} rows.")  # noqa: T201 -- it is a command
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
