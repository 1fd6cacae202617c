"""Public pages over an agency whose log has been signed, and one of its receipts."""

import pytest

from congvu.ledger import queries as ledger
from congvu.ledger.models import Entry
from congvu.ledger.sequencer import settle
from tests.petitions.conftest import complaint, lamp, law, office, ward  # noqa: F401 -- fixtures
from tests.ui.conftest import browser, opened  # noqa: F401 -- fixtures


@pytest.fixture
def receipt(data_folder, agency, binh) -> bytes:
    """Return the receipt of the latest act, Bình's appointment."""
    settle()
    newest = Entry.objects.filter(agency=agency.handle).order_by("-index")[0]
    return ledger.prove(newest.entry, agency=agency.handle)
