"""What an attacker tries at the doors, and what two people do to each other at once."""

import pytest
from django.urls import reverse

from congvu.base import clock
from congvu.petitions.actions.receiving import receive
from congvu.petitions.models import Petition, Service
from congvu.petitions.submissions import Submission
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _monday():
    with clock.demonstration(NOW):
        yield


def taken(service: Service, **said) -> Petition:
    given = {"content": "Đèn đường không sáng.", "place": "Trước trường học", "channel": "portal"} | said
    return receive(Submission(service=service, language="vi", **given), at=NOW).petition


def test_no_browser_keeps_what_an_official_reads_of_a_citizen(lamp, binh, client_of):
    shown = client_of(binh).get(reverse("petitions:petition", args=[taken(lamp).handle]))
    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
