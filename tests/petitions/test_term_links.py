"""A term leads to the judge's duty, for whoever may read about it."""

import pytest
from django.urls import reverse

from congvu.base import clock
from congvu.ledger.readers import advance
from congvu.ledger.sequencer import settle
from congvu.petitions.actions.receiving import receive
from congvu.petitions.submissions import Submission
from congvu.rules.models import Obligation
from congvu.rules.readers import Judge
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_term_leads_to_its_duty_once_the_judge_made_it_and_for_whom_it_concerns(
    law, agency, lamp, an, binh, chi, client_of
):
    given = Submission(service=lamp, channel="phone", content="Đèn hỏng.", language="vi", place="Chợ")
    petition = receive(given, at=NOW).petition
    here = reverse("petitions:petition", args=[petition.handle])
    with clock.demonstration(NOW):
        head, official = client_of(chi), client_of(binh)
        assert "/duty/" not in head.get(here).content.decode()
        settle()
        advance(Judge(), agency=agency.handle)
        duty = Obligation.objects.get(norm__contains="answer")
        page = reverse("conduct:duty", args=[duty.handle])
        assert f'href="{page}"' in head.get(here).content.decode()
        assert (head.get(page).status_code, official.get(page).status_code) == (200, 404)
        assert page not in official.get(here).content.decode()
