"""How well the agency answers: figures that anybody recomputes from the export with the script that is published."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.core.cache import cache as kept

from congvu.petitions import figures
from congvu.petitions.public.register import Register
from congvu.petitions.queries import published
from congvu.petitions.queries.register import span
from congvu.standards.open311 import instants

LEAST: Final = figures.LEAST
ALL, UNIT, SERVICE = figures.ALL, "unit", "service"
FRESH: Final = 600  # seconds for which figures stand before they are reckoned anew
_KEEP: Final = 86_400
_COLUMNS: Final = (
    "unit_id", "service_id", "state", "received_at", "due_at", "answered_at", "is_late", "disputed_ends", "score",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of the requests received in a legal year, as they stood `at` an instant; as the script has them."""

    year: int
    zone: str
    at: datetime
    rows: tuple[dict[str, Any], ...]

    def of(self, by: str, code: str = "") -> dict[str, dict[str, Any]]:
        """Return the figures of a unit, a service or all, by period: the year, and months as 2026-03."""
        return {one["period"]: one for one in self.rows if (one["by"], one["code"]) == (by, code)}

    def whole(self, by: str) -> dict[str, dict[str, Any]]:
        """Return the figures of each unit or service in the whole year, by its code."""
        return {
            one["code"]: one for one in self.rows if (one["by"], one["period"]) == (by, f"{self.year:04}")
        }

    def document(self) -> dict[str, Any]:
        """Return what is published as JSON, and what the script compares."""
        return {
            "year": self.year,
            "zone": self.zone,
            "at": instants.text(self.at),
            "least": LEAST,
            "figures": list(self.rows),
        }


def of_year(register: Register, year: int, *, now: datetime) -> Figures:
    """Return a year's figures, at most FRESH seconds old; while somebody reckons, others read the former ones."""
    key = f"petition-figures-{register.agency.handle}-{year}"
    found: Figures | None = kept.get(key)
    is_fresh = found is not None and 0 <= (now - found.at).total_seconds() < FRESH
    if found is not None and (is_fresh or not kept.add(f"{key}-reckoning", 1, timeout=60)):
        return found
    fresh = reckoned(register, year, now=now)
    kept.set(key, fresh, timeout=_KEEP)
    return fresh


def reckoned(register: Register, year: int, *, now: datetime) -> Figures:
    """Reckon a year's figures from the rows of the register, to the second, as the export tells them."""
    at = now.replace(microsecond=0)
    rows = figures.reckon(_rows(register, year), zone=register.zone, at=at, year=year)
    return Figures(year=year, zone=register.zone, at=at, rows=tuple(rows))


@cache
def script() -> str:
    """Return the script, which is the very file that reckons here."""
    return Path(figures.__file__).read_text(encoding="utf-8")


def _rows(register: Register, year: int) -> Iterator[figures.Row]:
    start, end = span(register.zone, year)
    rows = published.register(register.agency).filter(received_at__gte=start, received_at__lt=end)
    units = {row: one.code for row, one in register.by_key[UNIT].items()}
    services = {row: one.code for row, one in register.by_key[SERVICE].items()}
    found = rows.values_list(*_COLUMNS).iterator()
    for unit, service, state, received, due, answered, late, disputed, rating in found:
        yield figures.Row(
            units.get(unit, ""),
            services[service],
            state,
            received.replace(microsecond=0),
            due and due.replace(microsecond=0),
            answered and answered.replace(microsecond=0),
            late,
            tuple(disputed.split()),
            rating,
        )
