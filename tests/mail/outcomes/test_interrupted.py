"""A clerk that is killed while it closes a day closes it again, once."""

import os
import signal
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection

from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Transfer
from congvu.mail.outcomes import tasks
from congvu.mail.outcomes.models import MailDay
from congvu.mail.outcomes.queries import count
from tests.mail.letters import NOW, incoming, submitted
from tests.mail.outcomes.test_counting import relayed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform == "win32", reason="processes are forked"),
]


def settled_and_killed(after, at):
    """Let another process settle and kill it so many seconds after it began."""
    connection.close()
    child = os.fork()
    if child == 0:
        tasks.settle(at)
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.parametrize("after", [0.0, 0.01, 0.03, 0.1, 0.3])
def test_a_day_is_closed_once_whenever_the_clerk_was_killed(agency, an, binh, data_folder, after):
    for number in range(10):
        accept([submitted(binh, "an@ubnd.example", f"d{number}@dan.example", message_id=f"{number}@x")])
        accept([incoming("an@ubnd.example", message_id=f"i{number}@x")])
    relayed(*Transfer.objects.filter(state="queued").values_list("recipient", flat=True))
    late = NOW + timedelta(days=4)
    settled_and_killed(after, late)
    tasks.settle(late)
    tasks.settle(late)
    sequencer.settle()
    entries = ledger.entries_from(agency.handle, 0, 0, 5_000)
    kinds = [one.kind for one in entries]
    assert kinds.count("mail.message.unanswered") == 10
    assert kinds.count("mail.day.closed") == MailDay.objects.filter(closed_at__isnull=False).count()
    found = count(agency, NOW.date(), now=late)
    assert (found.submissions, found.outcomes, found.awaited, found.faults) == (20, 30, 0, [])
