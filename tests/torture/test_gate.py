"""`kill -9` of gate and door, clerk, web, Postfix and Dovecot under load, thousands of times."""

import os
from pathlib import Path

import pytest

from bench.peers import dovecot, postfix_dovecot
from tests import requires
from tests.torture.chain import chain
from tests.torture.killing_the_chain import keep, kill_and_compare

ROUNDS = int(os.environ.get("CONGVU_TORTURE_ROUNDS", "20"))
LEGS = int(os.environ.get("CONGVU_TORTURE_LEGS", "1"))

pytestmark = pytest.mark.torture


def test_every_recipient_has_one_outcome_and_one_copy_when_processes_are_killed(seed, tmp_path):
    """CONGVU_TORTURE_ROUNDS kills of each process in each of CONGVU_TORTURE_LEGS; CONGVU_TORTURE_KEEP keeps logs."""
    if why := dovecot.missing() or postfix_dovecot.missing():
        requires.missing(why)
    with chain() as running:
        try:
            kill_and_compare(running, tmp_path, rounds=ROUNDS, legs=LEGS, seed=seed)
        finally:
            if os.environ.get("CONGVU_TORTURE_KEEP"):
                keep(running, Path(os.environ["CONGVU_TORTURE_KEEP"]))
