"""What a thief signs after the closing seals nobody, and stops no work."""

from congvu.base import clock
from congvu.ledger import sequencer
from congvu.ledger.gossip import queries as gossip
from congvu.ledger.gossip import tasks
from congvu.ledger.models import Ledger
from congvu.ledger.witnesses import actions as witnessing
from congvu.standards import quorums
from tests.ledger.closing.test_drill import Thief, close, ledger, log_of
from tests.ledger.conftest import mend
from tests.ledger.gossip.test_comparing import SAYS, site

__all__ = ["ledger", "site"]


def compare() -> tuple[int, int, int]:
    outcome = tasks.compare(clock.now())["archive"]
    assert outcome is not None
    return outcome.compared, outcome.proven, outcome.open


def is_sealed(ledger: Ledger) -> bool:
    return Ledger.objects.get(pk=ledger.pk).sealed != ""


def test_heads_beyond_the_end_of_our_closed_log_are_no_question(ledger, site):
    witnessing.adopt_policy(
        quorums.parse(f"witness archive {SAYS.key.text} {site.url}/w\nquorum none\n"), now=clock.now()
    )
    sequencer.settle()
    thief = Thief(ledger)
    assert close(ledger) == 0
    thief.append(4)
    site.show(thief.head())
    assert compare() == (0, 0, 0)
    assert (is_sealed(ledger), gossip.unproven()) == (False, [])


def test_a_fork_of_our_closed_log_is_proven_and_seals_nothing(ledger, site):
    witnessing.adopt_policy(
        quorums.parse(f"witness archive {SAYS.key.text} {site.url}/w\nquorum none\n"), now=clock.now()
    )
    sequencer.settle()
    thief = Thief(ledger)
    assert close(ledger) == 0
    thief.append(2, instead_of=2)
    site.show(thief.head())
    assert compare() == (1, 1, 0)
    assert [one.origin for one in gossip.conflicts()] == [log_of(ledger).origin]
    assert not is_sealed(ledger)
    mend(ledger)
    assert sequencer.settle() > 0
