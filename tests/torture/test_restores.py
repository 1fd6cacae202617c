"""Old backups restored whole, again and again, while witnesses are away, forget or lie: the log never forks."""

import collections
import os
import random
from pathlib import Path

import pytest

from congvu.base import clock
from congvu.ledger import sequencer
from congvu.ledger.actions import ReadOnlyError
from congvu.ledger.sequencer import Sequencer
from congvu.ledger.witnesses import recall
from congvu.standards import checkpoints
from tests.ledger.conftest import found, mend
from tests.ledger.witnesses.backups import back_up, restore
from tests.ledger.witnesses.conftest import adopt, attend, folder_of, log_of, vkey
from tests.ledger.witnesses.foreign import Witness
from tests.torture.proof import tell

RESTORES = int(os.environ.get("CONGVU_TORTURE_RESTORES", "100"))
BACKUPS = 40
NAMES = ("inspectorate", "archive", "press", "ward", "district")

pytestmark = pytest.mark.torture


def test_no_restore_of_an_older_backup_forks_the_log(transactional_db, data_folder, tmp_path, seed):
    """3 of 5 must cosign; of the five, two at random are away, forget, lie, or are of a make that shows no heads."""
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
    ledger = found()
    mend(ledger, 3)
    sequencer.settle()
    witnesses = [Witness(f"{name}.example") for name in NAMES]
    try:
        adopt(ledger, *witnesses, threshold=3)
        attend(*witnesses)
        heads = _grow(ledger, witnesses, tmp_path, chance)
        seen, forks = collections.Counter(), 0
        for _ in range(RESTORES):
            number = chance.randrange(BACKUPS)
            restore(tmp_path / str(number))
            bad = _misbehave(witnesses, chance)
            reason = _start(ledger)
            seen[reason or "passed"] += 1
            forks += _go_on(ledger, heads)
            assert (reason == "") == (number == BACKUPS - 1), (number, bad)
            _behave(witnesses)
        tell("restores", restores=RESTORES, seed=seed, reasons=dict(seen), forks=forks)
        assert forks == 0
    finally:
        for one in witnesses:
            one.stop()


def test_without_witnesses_the_same_restore_forks_the_log(transactional_db, data_folder, tmp_path, seed):
    """What the other test finds nothing of is there to be found: all memories at home are equally old."""
    ledger = found()
    mend(ledger, 3)
    sequencer.settle()
    heads = _grow(ledger, [], tmp_path, random.Random(seed))  # noqa: S311 -- as above
    restore(tmp_path / "10")
    assert _start(ledger) == ""
    mend(ledger, 2)
    sequencer.settle()
    heads = {size: root for size, root in heads.items() if size >= log_of(ledger).signed_size}
    assert _go_on(ledger, heads) == 1


def _grow(ledger, witnesses: list[Witness], folder: Path, chance: random.Random) -> dict[int, bytes]:
    """Make backups on the way; return the root of every head that was ever signed, by size."""
    heads: dict[int, bytes] = {}
    for number in range(BACKUPS):
        mend(ledger, chance.randint(1, 9))
        sequencer.settle()
        attend(*witnesses)
        head = checkpoints.verify(folder_of(ledger).checkpoint(), key=vkey(ledger))
        heads[head.size] = head.root
        (folder / str(number)).mkdir()
        back_up(folder / str(number))
    return heads


def _misbehave(witnesses: list[Witness], chance: random.Random) -> list[str]:
    """Let two of the five be away, forget, lie with a number, or show nothing."""
    chosen = []
    for one in chance.sample(witnesses, 2):
        how = chance.choice(["away", "forgets", "small", "nonsense", "shows nothing"])
        chosen.append(f"{one.name} {how}")
        one.shows = how != "shows nothing"
        one.lies = {
            "away": lambda *_: (503, "text/plain", b""),
            "small": lambda *_: (409, "text/x.tlog.size", b"1\n"),
            "nonsense": lambda *_: (200, "text/plain", b"\xff"),
            "forgets": lambda *_: (404, "text/plain", b""),
        }.get(how)
        if how in {"away", "forgets", "small", "nonsense"}:
            one.shows = False
    return chosen


def _behave(witnesses: list[Witness]) -> None:
    for one in witnesses:
        one.shows, one.lies = True, None


def _start(ledger) -> str:
    with Sequencer() as fenced:
        fenced.pass_gates(clock.now())
    ledger.refresh_from_db()
    return ledger.sealed


def _go_on(ledger, heads: dict[int, bytes]) -> int:
    """Act and sign, as far as the gate lets; return 1 when a head was signed that is of another history."""
    if ledger.sealed:
        with pytest.raises(ReadOnlyError):
            mend(ledger)
        assert sequencer.settle() == 0
        assert ledger.sealed in {recall.AHEAD, recall.CLAIMED}
    head = checkpoints.verify(folder_of(ledger).checkpoint(), key=vkey(ledger))
    is_known = heads.get(head.size) == head.root
    return 0 if is_known and head.size == log_of(ledger).signed_size else 1
