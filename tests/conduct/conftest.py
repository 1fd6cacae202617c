"""An office on a Monday: the Bình Dương book binds it, and nobody has looked into the mailbox yet."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from congvu.base import clock
from congvu.ledger import readers
from congvu.ledger.sequencer import settle
from congvu.rules import queries as rules
from congvu.rules.actions import adopt, tick
from congvu.rules.duties import STATUSES
from congvu.rules.readers import Judge

BOOK = "vn.binh-duong.mail-2009"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = date(2026, 3, 2)


def at(time: str, day: date = MONDAY) -> datetime:
    """Give the instant of a local time in Hà Nội."""
    return datetime.fromisoformat(f"{day} {time}").replace(tzinfo=HANOI).astimezone(UTC)


@pytest.fixture(autouse=True)
def _monday_morning(data_folder) -> Iterator[None]:
    with clock.demonstration(at("07:00")):
        yield


@pytest.fixture
def judge(agency) -> Callable[..., None]:
    """Let time pass until an instant, and let the rules read all evidence."""

    def judged(until: datetime, where=agency) -> None:
        clock.set_demonstration(until)
        tick(agency=where, at=until)
        settle()
        while readers.advance(Judge(), agency=where.handle):
            pass

    return judged


@pytest.fixture
def office(agency, an, binh, chi, ngoc, judge):
    """An, Bình and Chi in the office, Ngọc above; all four missed the morning window of Monday."""
    adopt(by=chi, book=BOOK, valid_from=MONDAY, number="", at=at("07:00"))
    judge(at("07:01"))  # the log opens
    judge(at("10:00"))
    return agency


@pytest.fixture
def missed(office) -> Callable:
    """Return the duty of a person's own mailbox that was missed on Monday morning."""

    def found(seat):
        page = rules.obligations_of(seat.person.handle, agency=seat.agency.handle, statuses=STATUSES)
        return next(one for one in page.duties if one.norm == "check-mailbox" and one.box is None)

    return found
