import pytest
from django.urls import reverse

from congvu.ledger.queries import agency_slug, prove_by_cose, sizes
from congvu.ledger.sequencer import settle
from congvu.ledger.store import Folder


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


def test_the_auditor_gets_the_cose_receipt_beside_the_bundle(auditor, client_of):
    client = client_of(auditor)
    page = client.get(reverse("desk:evidence"), HTTP_ACCEPT_LANGUAGE="en")
    assert "It names no witnesses, and the size of the log in it is not signed" in page.content.decode()
    entry = page.context["entries"][0].id
    answer = client.get(reverse("desk:evidence-receipt", args=[entry]), {"format": "cose"})
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/cose",
        f'attachment; filename="entry-{entry}.cose"',
    )
    assert answer.content == prove_by_cose(entry, agency=auditor.agency.handle)
    Folder.of(agency_slug(auditor.agency.handle), page.context["year"]).key.unlink()
    assert client.get(reverse("desk:evidence-receipt", args=[entry]), {"format": "cose"}).status_code == 404
