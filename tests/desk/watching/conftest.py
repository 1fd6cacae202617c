"""An agency with a log, watched over by its administrator."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from congvu.base import clock
from congvu.base.database import atomic
from congvu.desk.watching import tasks
from congvu.desk.watching.models import Incident
from congvu.ledger import sequencer
from congvu.ledger.models import Ledger


@pytest.fixture(autouse=True)
def _own_data(data_folder):
    """A log of this test alone."""


@pytest.fixture
def watched(agency, ngoc):
    """The agency with a signed log, looked at once."""
    sequencer.settle()
    look()
    return agency


@pytest.fixture
def sealed(watched) -> Callable[[str], None]:
    """Seal the agency's ledger, or with an empty reason open it again."""

    def seal(reason: str) -> None:
        with atomic():
            Ledger.objects.filter(agency=watched.handle).update(sealed=reason)

    return seal


def look(**span: int) -> None:
    """Let the clerk look so long from now, and take into the log what it wrote."""
    tasks.watch(later(**span))
    sequencer.settle()


def later(**span: int):
    """Return an instant from now on."""
    return clock.now() + timedelta(**span)


def sorts(agency) -> list[str]:
    """Return the sorts of what is open."""
    rows = Incident.objects.filter(agency=agency, ended_at=None)
    return sorted(rows.values_list("sort", flat=True))
