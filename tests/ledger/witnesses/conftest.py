"""A log with entries, and witnesses for it."""

from collections.abc import Callable, Iterator

import pytest

from congvu.base import clock
from congvu.ledger import log_keys, sequencer
from congvu.ledger.models import Ledger, Log
from congvu.ledger.store import Folder
from congvu.ledger.witnesses import actions, tasks
from congvu.ledger.witnesses import policy as policies
from congvu.standards import notes, quorums
from tests.ledger.conftest import found, mend
from tests.ledger.witnesses.foreign import Witness


@pytest.fixture
def ledger(transactional_db, data_folder) -> Ledger:
    made = found()
    mend(made, 30)
    sequencer.settle()
    return made


@pytest.fixture
def witnesses() -> Iterator[Callable[..., Witness]]:
    """Start witnesses: `witnesses("archive", delay=1)`."""
    running: list[Witness] = []

    def start(name: str, **behaviour) -> Witness:
        running.append(Witness(f"{name}.example", **behaviour))
        return running[-1]

    yield start
    for one in running:
        one.stop()


def log_of(ledger: Ledger) -> Log:
    return Log.objects.get(agency=ledger.agency)


def folder_of(ledger: Ledger) -> Folder:
    return Folder.of(ledger.slug, log_of(ledger).year)


def vkey(ledger: Ledger) -> notes.VerifierKey:
    return log_keys.verifier(log_of(ledger).origin, folder_of(ledger))


def adopt(ledger: Ledger, *all_: Witness, threshold: int | None = None) -> quorums.Policy:
    """Let these witness the ledger's log, so many of them needed (all when not said)."""
    names = [f"w{number}" for number in range(len(all_))]
    text = "".join(one.line(name) for one, name in zip(all_, names, strict=True))
    text += f"group g {threshold or len(all_)} {' '.join(names)}\nquorum g\n"
    policy = quorums.parse(text)
    actions.adopt_policy(policy, now=clock.now())
    sequencer.settle()
    for one in all_:
        one.keys[log_of(ledger).origin] = vkey(ledger)
    return policy


def attend(*all_: Witness) -> list[int]:
    """Bring each witness what it lacks, once."""
    policy = policies.current()
    return [tasks.attend(policies.mark(one.secret.key), policy=policy, now=clock.now) for one in all_]
