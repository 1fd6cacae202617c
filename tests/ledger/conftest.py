"""A ledger of its own for each test, and a small event."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from congvu.base import clock, handles
from congvu.base.database import atomic
from congvu.ledger import actions
from congvu.ledger.events import Event
from congvu.ledger.models import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class LampMended(Event):
    kind: ClassVar[str] = "test.lamp.mended"
    height: int = 4


def found(*, demonstration: bool = False) -> Ledger:
    agency = handles.new()
    with atomic():
        actions.found_ledger(
            agency=agency,
            slug=f"phuong-{agency[:8]}",
            host="congvu.example",
            zone="Asia/Ho_Chi_Minh",
            demonstration=demonstration,
        )
    return Ledger.objects.get(agency=agency)


def mend(ledger: Ledger, count: int = 1, **disclosures: str) -> list[str]:
    said = disclosures or {"actor": "an", "lamp": "the one by the bridge"}
    with atomic():
        return [
            actions.record(LampMended(height=at), agency=ledger.agency, at=clock.now(), disclosures=said)
            for at in range(count)
        ]


@pytest.fixture
def ledger(transactional_db) -> Ledger:
    return found()
