"""An agency that answers citizens: the books of 1022, two services, a ward drawn on the map."""

from datetime import UTC, date, datetime

import pytest

from congvu.directory.models import Unit
from congvu.ledger.readers import advance
from congvu.ledger.sequencer import settle
from congvu.petitions.models import Area, Route, Service
from congvu.rules.actions import adopt
from congvu.rules.readers import Judge

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)  # a Monday, 9:00 in Vietnam


@pytest.fixture
def law(agency, chi, data_folder):
    """Let the regulation of Ho Chi Minh City and the Complaints Law bind the agency."""
    for book in ("vn.hcmc.1022-2025", "vn.complaints-law-2011"):
        adopt(
            by=chi,
            book=book,
            valid_from=date(2026, 1, 5),
            number="01/QĐ",
            at=datetime(2026, 1, 4, 1, tzinfo=UTC),
        )
    settle()
    while advance(Judge(), agency=agency.handle):
        pass


@pytest.fixture
def office(agency):
    """The unit that answers."""
    return Unit.objects.get(agency=agency, code="vp")


@pytest.fixture
def lamp(agency, office):
    """Street lamps: a public report with a place."""
    return Service.objects.create(
        agency=agency,
        code="street-lamp",
        name={"vi": "Đèn đường", "en": "Street lamp"},
        unit=office,
        needs_place=True,
        urgency="at_once",
    )


@pytest.fixture
def complaint(agency, office):
    """Complaints about administrative acts: confidential, never anonymous."""
    return Service.objects.create(
        agency=agency,
        code="complaint",
        name={"vi": "Khiếu nại", "en": "Complaint"},
        sort="complaint",
        unit=office,
        allows_anonymous=False,
        is_confidential=True,
        forwards_at_once=True,
    )


@pytest.fixture
def ward(agency, office):
    """A ward of one square kilometre, whose lamps another unit could mend."""
    square = [[105.0, 20.0], [105.01, 20.0], [105.01, 20.01], [105.0, 20.01], [105.0, 20.0]]
    area = Area.objects.create(agency=agency, code="ward", name={"vi": "Phường"}, rings=[square])
    Route.objects.create(agency=agency, area=area, unit=office)
    return area
