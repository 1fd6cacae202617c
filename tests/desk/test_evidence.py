import pytest
from django.urls import reverse

from congvu.ledger.queries import sizes
from congvu.ledger.sequencer import settle


@pytest.fixture
def auditor(office, seat_of):
    settle()
    return seat_of("Tạ Quang Huy", unit="ubnd", title={"vi": "Kiểm toán"}, functions=("auditor",))


@pytest.mark.parametrize("year", ["", "0", "²", "٢٠٢٦", "-1", "9" * 5_000, "1999"])
def test_a_year_without_a_log_shows_the_newest(auditor, client_of, year):
    answer = client_of(auditor).get(reverse("desk:evidence"), {"year": year, "page": "9" * 5_000})
    assert (answer.status_code, answer.context["year"]) == (200, next(iter(sizes(auditor.agency.handle))))


@pytest.mark.parametrize("year", ["9" * 5_000, "9" * 300, "99999"])
def test_there_is_no_bundle_of_a_year_that_is_none(auditor, client_of, year):
    address = reverse("desk:evidence-bundle", args=[2026, "tile/entries/000"])
    assert client_of(auditor).get(address.replace("2026", year)).status_code == 404
