"""Who reads petitions: who receives citizens all, a unit's clerk those of the unit, of confidential ones few."""

import pytest

from congvu.directory.queries import receiving
from congvu.ledger import queries as ledger
from congvu.petitions.actions import admitting, sending
from congvu.petitions.models import Petition
from congvu.petitions.policies import NotAllowedError, may_read, may_take_in
from congvu.petitions.queries import petitions as queries
from congvu.petitions.web.acts import offered
from tests.petitions.conftest import NOW
from tests.petitions.test_who_may import taken

pytestmark = pytest.mark.django_db(transaction=True)
CLERK = {"title": {"vi": "Văn thư"}, "functions": ("clerk",)}


@pytest.fixture
def clerk(seat_of):
    """A registry clerk of the office, who receives nobody."""
    return seat_of("Hoàng Thị Mai", unit="vp", **CLERK)


def reads(seat, petition: Petition) -> bool:
    """Return whether a seat reads a petition; its queue and its page say the same."""
    listed = queries.within_reach(seat).filter(pk=petition.pk).exists()
    assert may_read(seat, Petition.objects.select_related("service").get(pk=petition.pk)) == listed
    return listed


def test_a_units_clerk_reads_what_is_at_the_unit_and_no_complaint_there(lamp, complaint, clerk, an, seat_of):
    report, grievance = taken(lamp), taken(complaint)
    elsewhere = seat_of("Vũ Văn Long", unit="ubnd", **CLERK)
    assert [reads(one, report) for one in (clerk, elsewhere, an)] == [True, False, True]
    assert [reads(one, grievance) for one in (clerk, elsewhere, an)] == [False, False, True]
    assert [may_take_in(one) for one in (clerk, elsewhere, an)] == [False, False, True]
    with pytest.raises(NotAllowedError):
        sending.redirect(report, to="Sở", text="Vì", is_told=True, by=clerk, at=NOW)


def test_where_nobody_receives_citizens_the_uppermost_clerk_does_or_else_the_head(
    agency, clerk, lamp, seat_of
):
    chair = seat_of("Lê Kim Chi", unit="ubnd", title={"vi": "Chủ tịch"}, functions=("head",))
    assert receiving(agency, chair.on) == [chair.membership]
    uppermost = seat_of("Vũ Văn Long", unit="ubnd", **CLERK)
    assert [may_take_in(one) for one in (clerk, chair, uppermost)] == [False, False, True]
    seat_of("Nguyễn Thị An", unit="vp", title={"vi": "Tiếp công dân"}, functions=("citizen_reception",))
    assert not may_take_in(uppermost)


def test_whom_the_head_lets_in_reads_a_complaint_while_the_unit_has_it(
    complaint, chi, binh, an, agency, office
):
    petition = taken(complaint)
    with pytest.raises(NotAllowedError):
        admitting.let_in(petition, person=binh.person, by=an, at=NOW)
    for _twice in range(2):
        admitting.let_in(petition, person=binh.person, by=chi, at=NOW)
    assert reads(binh, petition)
    assert {one.name for one in offered(binh, petition).often} == {"note"}
    assert "shut-out" in {one.name for one in offered(chi, Petition.objects.get(pk=petition.pk)).others}
    admitting.shut_out(petition, person=binh.person, by=chi, at=NOW)
    assert not reads(binh, petition)
    admitting.let_in(petition, person=binh.person, by=chi, at=NOW)
    sending.forward(petition, units=[office.parent], by=an, is_told=True, at=NOW)
    assert not reads(binh, petition)
    said = [one for one in queries.steps(petition) if one.kind.startswith("access.")]
    assert [one.kind for one in said] == ["access.given", "access.withdrawn", "access.given"]
    evidence = ledger.evidence([said[0].entry], agency=agency.handle)
    assert evidence[0].disclosures["reader"] == binh.person.handle


def test_a_head_lets_an_official_in_by_their_address(complaint, lamp, chi, binh, client_of):
    client, petition = client_of(chi), taken(complaint)
    page = f"/petitions/{petition.handle}/acts/let-in/"
    assert client.post(page, {"address": "nobody"}).status_code == 422
    assert client.post(page, {"address": "binh"}).status_code == 302
    assert binh.person.full_name in client.get(f"/petitions/{petition.handle}/").content.decode()
    assert client_of(binh).post(f"/petitions/{petition.handle}/who/").status_code == 403
    assert client.get(f"/petitions/{taken(lamp).handle}/acts/let-in/").status_code == 403
