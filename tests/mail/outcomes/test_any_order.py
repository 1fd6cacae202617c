"""Whatever relays, reports and clerks do, and in whatever order: one outcome for each recipient, and none is missing."""

import os
import random
import time
from datetime import timedelta

import pytest

from congvu.directory.queries import legal_day
from congvu.ledger import sequencer
from congvu.mail.models import Receipt, Transfer
from congvu.mail.outcomes.queries import count
from tests.mail.letters import NOW
from tests.mail.outcomes.courses import Course
from tests.torture.proof import tell

pytestmark = pytest.mark.django_db(transaction=True)


def led(agency, sender, number, *, deaths):
    """Lead one course to its end and prove it; return how many outcomes there were."""
    course = Course(random.Random(number), sender=sender, colleague="an@ubnd.example", deaths=deaths)  # noqa: S311 -- repeatable
    end = course.run()
    sequencer.settle()
    day, outcomes = legal_day(agency, NOW), 0
    while day <= legal_day(agency, end):
        found = count(agency, day, now=end)
        assert (found.faults, found.awaited) == ([], 0), (number, day)
        outcomes += found.outcomes
        day += timedelta(days=1)
    steps = Receipt.objects.filter(step="failed").values_list("message", "recipient")
    assert len(steps) == len(set(steps)), number
    assert not Transfer.objects.filter(state__in=["queued", "relayed"]).exists(), number
    return outcomes


@pytest.mark.parametrize("number", range(2))
def test_every_recipient_comes_to_one_outcome_in_whatever_order_things_happen(
    agency, an, binh, data_folder, number
):
    assert led(agency, binh, number, deaths=number == 0) > 0


@pytest.mark.torture
@pytest.mark.parametrize("turn", range(int(os.environ.get("CONGVU_COURSES", "200"))))
def test_every_recipient_of_hundreds_of_courses_comes_to_one_outcome(agency, an, binh, data_folder, turn):
    """CONGVU_COURSES courses; each on a ledger of its own, with clerks that die."""
    seed = int(os.environ.get("CONGVU_TORTURE_SEED") or time.time_ns() % 1_000_000)
    tell("course", number=seed + turn, outcomes=led(agency, binh, seed + turn, deaths=True))
