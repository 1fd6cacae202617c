"""The gate's process killed under load: what was acknowledged is there once, in the house and in Dovecot."""

from bench.peers import dovecot
from tests import requires
from tests.torture.killing_the_gate import kill_and_compare


def test_a_gate_that_is_killed_loses_nothing_and_doubles_nothing():
    if why := dovecot.missing():
        requires.missing(why)
    kill_and_compare(rounds=1, seed=1, victims=("door",))
