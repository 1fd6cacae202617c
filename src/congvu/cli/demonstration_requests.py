"""What citizens ask the fictional ward in the demonstration, and how it answers: real acts, at told hours."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from congvu.base import clock
from congvu.directory.actions import addresses
from congvu.directory.models import Agency, Unit
from congvu.directory.policies import OPERATOR
from congvu.directory.queries import Seat, legal_day
from congvu.petitions.actions import answering, arranging, citizens, sending, setting, timing
from congvu.petitions.actions.receiving import receive
from congvu.petitions.intake.actions import open_intake
from congvu.petitions.models import Petition, Service
from congvu.petitions.submissions import Submission, Who
from congvu.petitions.words import OPEN

BOOKS = (
    "vn.hcmc.1022-2025",
    "vn.complaints-law-2011",
    "vn.denunciations-law-2018",
    "vn.information-law-2016",
)
INDOORS = {"procedure", "other"}  # reports that the office answers
HOURS = (8, 9, 10, 11, 13, 14, 15, 16)
OFFICIALS = {"kinh-te": "binh", "van-phong": "an"}
SOON = 3  # days in which something is promised
_TEXT = Path(__file__).parent / "demonstration_requests.yaml"
_SQUARE = [[105.0, 20.0], [105.01, 20.0], [105.01, 20.01], [105.0, 20.01], [105.0, 20.0]]
Moment = tuple[datetime, Callable[[], None]]


def found(agency: Agency, units: Mapping[str, Unit], now: datetime) -> None:
    """Open the ward's services, draw its territory, and let an address take petitions in."""
    office, economy = units["van-phong"], units["kinh-te"]
    for offer in setting.offers("vn"):
        unit = economy if offer.sort == "report" and offer.code not in INDOORS else office
        setting.set_service(agency, offer, unit=unit, by=OPERATOR, at=now)
    setting.draw_area(
        agency,
        code="binh-minh",
        name={
            "vi": "Phường Bình Minh",
            "kk": "Биньминь кварталы",
            "ru": "Квартал Биньминь",
            "en": "Bình Minh Ward",
        },
        rings=[_SQUARE],
        is_territory=True,
        by=OPERATOR,
        at=now,
    )
    address = addresses.give_unit_address(unit=office, by=OPERATOR, now=now, local_part="1022")
    other = Service.objects.get(agency=agency, code="other")
    open_intake(address, service=other, by=OPERATOR, at=now)


@dataclass(slots=True)
class Requests:
    """The petitions of the play: each is asked in its hour, and its steps follow, one in each working hour."""

    agency: Agency
    seat: Callable[[str, datetime], Seat]  # of a person of the cast
    days: Sequence[date]
    _asked: dict[int, Petition] = field(default_factory=dict)

    def moments(self, day: date) -> Iterator[Moment]:
        """Yield what happens on a day."""
        for number, one in enumerate(yaml.safe_load(_TEXT.read_text(encoding="utf-8"))["requests"]):
            slots = self._slots(one)
            steps = [
                partial(self._ask, number, one),
                *(partial(self._step, number, step) for step in one["done"]),
            ]
            for (on, hour), act in zip(slots, steps, strict=False):
                if on == day:
                    at = datetime.combine(on, time(hour, 10 + 3 * number % 45), ZoneInfo(self.agency.zone))
                    yield at, act

    def _slots(self, one: dict[str, Any]) -> list[tuple[date, int]]:
        working = [day for day in self.days if day.weekday() < 5]  # noqa: PLR2004 -- Saturday and Sunday are free
        if one["days"] >= len(working):
            return []
        slots = [(day, hour) for day in working for hour in HOURS]
        return slots[slots.index((working[-1 - one["days"]], one["hour"])) :]

    def _ask(self, number: int, one: dict[str, Any]) -> None:
        now = clock.now()
        point = one.get("point", (None, None))
        given = Submission(
            service=Service.objects.select_related("agency", "unit").get(
                agency=self.agency, code=one["service"]
            ),
            channel=one["channel"],
            content=one["content"],
            language="vi",
            who=Who(**one["who"]),
            place=one.get("place", ""),
            latitude=point[0],
            longitude=point[1],
            answers=one.get("answers", {}),
        )
        is_taken = one["channel"] in {"phone", "in_person"}
        clerk = self.seat("an", now)
        petition = receive(given, by=clerk.person if is_taken else None, at=now).petition
        self._asked[number] = petition
        if one.get("public"):
            arranging.release(
                petition,
                content=one["public"],
                pictures={},
                place=petition.place,
                shows_point=True,
                by=clerk,
                at=now,
            )

    def _step(self, number: int, step: list[Any]) -> None:
        now, petition = clock.now(), self._asked[number]
        petition.refresh_from_db()
        verb, words = step[0], step[1:]
        getattr(self, f"_{verb}")(petition, words, now)

    def _official(self, petition: Petition, now: datetime) -> Seat:
        unit = petition.unit
        return self.seat(OFFICIALS[unit.code] if unit else "an", now)

    def _take(self, petition: Petition, _words: list[Any], now: datetime) -> None:
        seat = self._official(petition, now)
        sending.assign(petition, to=seat.person, by=seat, at=now)

    def _promise(self, petition: Petition, words: list[Any], now: datetime) -> None:
        day = legal_day(self.agency, now) + timedelta(days=SOON)
        answering.promise(petition, on=day, text=words[0], by=self._official(petition, now), at=now)

    def _answer(self, petition: Petition, words: list[Any], now: datetime) -> None:
        seat = self._official(petition, now)
        answering.answer(petition, text=words[0], proof=words[1], by=seat, at=now)

    def _close(self, petition: Petition, _words: list[Any], now: datetime) -> None:
        answering.close(petition, by=self._official(petition, now), at=now)

    def _ask_citizen(self, petition: Petition, words: list[Any], now: datetime) -> None:
        timing.suspend(petition, question=words[0], by=self._official(petition, now), at=now)

    def _accept(self, petition: Petition, _words: list[Any], now: datetime) -> None:
        timing.accept(
            petition, text="", complexity="plain", is_remote=False, by=self.seat("chi", now), at=now
        )

    def _redirect(self, petition: Petition, words: list[Any], now: datetime) -> None:
        clerk = self.seat("an", now)
        sending.redirect(petition, to=words[0], text=words[1], by=clerk, is_told=False, at=now)

    def _merge(self, petition: Petition, _words: list[Any], now: datetime) -> None:
        rows = Petition.objects.filter(agency=self.agency, service=petition.service_id, state__in=OPEN)
        other = rows.exclude(pk=petition.pk).order_by("received_at").first()
        if other is not None:
            arranging.merge(petition, into=other, by=self.seat("an", now), at=now)

    def _dispute(self, petition: Petition, words: list[Any], now: datetime) -> None:
        citizens.dispute(petition, text=words[0], at=now)

    def _rate(self, petition: Petition, words: list[Any], now: datetime) -> None:
        citizens.rate(petition, score=words[0], text=words[1], at=now)
