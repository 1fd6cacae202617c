"""`kill -9` of the gate, the clerk and Dovecot's deliverers under load, again and again."""

import os

import pytest

from bench.peers import dovecot
from tests import requires
from tests.torture.killing_the_gate import kill_and_compare

ROUNDS = int(os.environ.get("CONGVU_TORTURE_ROUNDS", "20"))

pytestmark = pytest.mark.torture


def test_every_recipient_has_one_outcome_and_one_copy_when_processes_are_killed(seed):
    if why := dovecot.missing():
        requires.missing(why)
    kill_and_compare(rounds=ROUNDS, seed=seed, victims=("door", "door", "door", "clerk"))
