"""A destruction that is cut off anywhere is finished on the next start, and never without evidence."""

import threading

import pytest
from django.db import connection, connections

from congvu.base import blobs, clock, keys
from congvu.base.database import atomic
from congvu.ledger import queries as ledger
from congvu.ledger.disposal import paper, queries
from congvu.ledger.disposal.actions import executing
from congvu.ledger.disposal.models import Disposal
from congvu.ledger.sequencer import settle
from congvu.mail.models import Message
from tests.ledger.killing import killed

pytestmark = pytest.mark.django_db(transaction=True)
PLACES: dict[str, tuple[object, str]] = {
    "the paper is written": (paper, "write"),
    "keys are gone": (keys, "destroy_many"),
    "bytes are gone": (blobs, "destroy_many"),
    "the row says how far": (executing, "_keep"),
    "the key store is written anew": (keys, "compact"),
    "the destruction is recorded": (executing, "record"),
    "the paper is dropped": (paper, "drop"),
}
QUICK = ("keys are gone", "the row says how far", "the destruction is recorded")


@pytest.mark.parametrize(
    "place", [one if one in QUICK else pytest.param(one, marks=pytest.mark.torture) for one in PLACES]
)
def test_a_destruction_that_is_killed_between_any_steps_is_finished_afterwards(
    story, attacker, candidates, place
):
    one, deaths = story.begin(), 0
    for nth in (1, 2, 3):
        for before in (True, False):
            deaths += killed(lambda: story.finish(one), PLACES[place], nth=nth, before=before)
            told = queries.disposal(one.handle, agency=story.agency)
            if not keys.get_many([story.entry_id]):
                assert "begun" in told.evidence
            assert (
                told.state != Disposal.State.EXECUTED
                or not Message.objects.filter(pk=story.letter.pk).exists()
            )
    assert deaths > 0
    done = story.finish(one)
    assert (done.state, [row.traces for row in queries.answers(done)]) == ("executed", [0] * 9)
    settle()
    recorded = [one.kind for one in ledger.entries_from(story.agency, 0, 0, 10_000)]
    assert recorded.count("ledger.disposal.executed") == 1
    connection.close()
    assert attacker.attack(candidates) == []


def test_two_executions_at_once_do_no_harm(story):
    one, faults = story.begin(), []
    settle()

    def work() -> None:
        try:
            for _ in range(30):
                executing.execute(one, now=clock.now())
        except Exception as error:  # noqa: BLE001 -- told below
            faults.append(error)
        finally:
            connections.close_all()

    both = [threading.Thread(target=work) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    done = story.finish(one)
    assert (faults, done.state, done.counts["mail.message.accepted"]) == (
        [],
        "executed",
        2,
    )  # with its acknowledgment


def test_what_is_recorded_about_the_letter_meanwhile_goes_too(story):
    from congvu.ledger.actions import record  # noqa: PLC0415 -- one late entry
    from congvu.mail.events import MessageRecalled  # noqa: PLC0415 -- as above

    one = story.begin()
    settle()
    executing.execute(one, now=clock.now())
    executing.execute(one, now=clock.now())
    one.refresh_from_db()
    assert one.step == "destroy"
    with atomic():
        late = record(
            MessageRecalled(),
            agency=story.agency,
            at=clock.now(),
            disclosures={"message": story.letter.handle},
        )
    done = story.finish(one)
    settle()
    assert done.state == "executed"
    assert ledger.entry(late, agency=story.agency).destroyed
