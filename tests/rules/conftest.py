"""The cast, adopting books and living through days; the clerk's part is played by `settle`."""

from datetime import date

import pytest

from congvu.base import clock
from congvu.base.database import atomic
from congvu.ledger import actions as ledger
from congvu.ledger import readers, sequencer
from congvu.rules import actions
from congvu.rules.readers import Judge
from tests.rules.worlds import BOOK, at


@pytest.fixture
def told_time():
    """Keep the demonstration's clock on Monday 2026-03-02, 07:00 in Vietnam, unless a test moves it."""
    with clock.demonstration(at("2026-03-02 07:00")):
        yield


@pytest.fixture
def settle(agency):
    """Sequence what was recorded and let the judge read it."""

    def settled(*, limit: int = 500, of=agency) -> None:
        sequencer.settle()
        while readers.advance(Judge(), agency=of.handle, limit=limit):
            pass

    return settled


@pytest.fixture
def bound(transactional_db, data_folder, told_time, agency, an, binh, chi, settle):
    """The agency with its cast, bound by the regulation, thirty working minutes decided."""
    moment = at("2026-03-02 07:00")
    actions.adopt(by=chi, book=BOOK, valid_from=date(2026, 3, 2), number="12/QĐ-VP", at=moment)
    actions.decide_parameter(
        by=chi,
        book=BOOK,
        parameter="acknowledge_within",
        value=30,
        valid_from=date(2026, 3, 2),
        number="12/QĐ-VP",
        at=moment,
    )
    settle()
    return agency


def tell(agency, event, moment, **disclosures) -> str:
    with atomic():
        return ledger.record(event, agency=agency.handle, at=moment, disclosures=disclosures)
