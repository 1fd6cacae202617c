"""When the rules change, open time limits follow by themselves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from congvu.base import clock
from congvu.ledger.readers import advance
from congvu.ledger.sequencer import settle
from congvu.petitions import tasks
from congvu.petitions.actions import reckoning
from congvu.petitions.actions.receiving import receive
from congvu.petitions.models import Petition
from congvu.petitions.readers import NewRules
from congvu.petitions.reckoning import Reckoning
from congvu.petitions.submissions import Submission
from congvu.rules.actions import adopt
from congvu.rules.readers import Judge
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_adopted_rules_reach_open_petitions_in_portions_once_the_judge_knows_them(
    agency, chi, lamp, client_of, monkeypatch, data_folder
):
    given = Submission(service=lamp, channel="phone", content="Đèn hỏng.", language="vi", place="Chợ")
    first, _second, third = (receive(given, at=NOW).petition for _ in range(3))
    assert (first.due_at, tasks.work(NOW)) == (None, 0)
    adopt(
        by=chi,
        book="vn.hcmc.1022-2025",
        valid_from=date(2026, 1, 5),
        number="01/QĐ",
        at=datetime(2026, 1, 4, 1, tzinfo=UTC),
    )
    settle()
    advance(NewRules(), agency=agency.handle)
    assert tasks.work(NOW) == 0  # the judge has not read of it
    while advance(Judge(), agency=agency.handle):
        pass
    monkeypatch.setattr(tasks, "RUN", 2)
    assert tasks.work(NOW) == 2
    assert (due(first) is None, due(third)) == (False, None)
    with clock.demonstration(NOW + timedelta(hours=1)):
        queue = client_of(chi).get(reverse("petitions:queue")).content.decode()
    assert "still to be reckoned anew: 1." in queue
    monkeypatch.setattr(reckoning, "reckon", fail)
    assert tasks.work(NOW) == 1  # what fails holds nothing up
    monkeypatch.undo()
    Reckoning.objects.update(reckoned=0)  # as if the clerk had been stopped before it wrote how far it came
    assert (tasks.work(NOW), tasks.work(NOW), Reckoning.objects.count()) == (3, 0, 0)
    assert due(third) == due(first)


def due(petition):
    return Petition.objects.get(pk=petition.pk).due_at


def fail(_petition):
    raise RuntimeError
