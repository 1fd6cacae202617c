"""Who leaves a unit leaves its petitions there, and the unit sees it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from congvu.base import clock
from congvu.directory.actions.appointments import appoint, end_appointment
from congvu.directory.actions.posts import create_post
from congvu.directory.policies import OPERATOR
from congvu.ledger.queries import evidence
from congvu.petitions import tasks
from congvu.petitions.actions import sending
from congvu.petitions.actions.receiving import FutureDayError
from congvu.petitions.models import Petition
from congvu.petitions.queries import petitions as queries
from tests.petitions.conftest import NOW
from tests.petitions.test_who_may import taken

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def test_a_petition_falls_back_to_the_unit_when_its_official_left(lamp, chi, binh, an, client_of):
    left, kept = taken(lamp), taken(lamp)
    sending.assign(left, to=binh.person, by=chi, at=NOW)
    sending.assign(kept, to=an.person, by=chi, at=NOW)
    end_appointment(membership=binh.membership, valid_to=(NOW + DAY).date(), by=OPERATOR, now=NOW)
    assert [tasks.fall_back(at) for at in (NOW, NOW + DAY, NOW + DAY)] == [0, 1, 0]
    assert list(Petition.objects.order_by("id").values_list("assignee", flat=True)) == [None, an.person.pk]
    step = queries.steps(left)[-1]
    (said,) = evidence([step.entry], agency=lamp.agency.handle)
    assert (said.kind, said.disclosures["assignee"], said.disclosures["actor"]) == (
        "petitions.petition.assigned",
        "nobody",
        "program",
    )
    with clock.demonstration(NOW + DAY):
        client = client_of(chi)
        queue, page = (
            client.get(url).content.decode()
            for url in (reverse("petitions:queue"), reverse("petitions:petition", args=[left.handle]))
        )
    assert queue.count("the official left the unit") == 1
    assert "Back with the unit, in which the official holds no post any more" in page


def test_who_moves_to_another_unit_leaves_it_too(agency, lamp, office, chi, binh):
    petition = taken(lamp)
    sending.assign(petition, to=binh.person, by=chi, at=NOW)
    post = create_post(unit=office.parent, title={"vi": "Chuyên viên"}, by=OPERATOR, now=NOW)
    appoint(person=binh.person, post=post, valid_from=NOW.date(), by=OPERATOR, now=NOW)
    assert tasks.fall_back(NOW) == 0
    end_appointment(membership=binh.membership, valid_to=(NOW + DAY).date(), by=OPERATOR, now=NOW)
    assert tasks.fall_back(NOW + DAY) == 1


@pytest.mark.parametrize("days", [1, 365_000])
def test_nothing_came_on_a_day_that_has_not_come(lamp, days):
    with pytest.raises(FutureDayError):
        taken(lamp, channel="post", received_on=NOW.date() + days * DAY)
    assert not Petition.objects.exists()
    assert taken(lamp, channel="post", received_on=NOW.date()).number == "26-000001-5"
