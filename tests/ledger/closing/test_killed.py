"""A closing that is cut off anywhere was done or was not done."""

import pytest
from django.db import connections

from congvu.ledger import log_keys, ordering, queries, sequencer
from congvu.ledger.closing import actions
from congvu.ledger.models import Ledger, Log, Outbox
from congvu.ledger.store import Folder
from congvu.standards import checkpoints, closings, tiles
from tests.ledger.closing.test_drill import NEXT, close, folder_of, ledger, log_of
from tests.ledger.conftest import mend
from tests.ledger.killing import killed

__all__ = ["ledger"]
PLACES: dict[str, tuple[object, str]] = {
    "the new key is made": (log_keys, "_write"),
    "the closing is signed": (closings, "sign"),
    "entries wait once more": (actions, "_carry"),
    "the closed log is cut": (actions, "_cut"),
    "the closing is recorded": (actions, "record"),
    "what waits is in order": (ordering, "put_first"),
    "the act is over": (actions, "close"),
    "the note is published": (Folder, "close"),
    "the new log is written": (Folder, "write"),
    "its head is signed": (Folder, "publish"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("before", [True, False])
def test_a_closing_that_is_killed_is_done_or_not_done(ledger: Ledger, place: str, before: bool) -> None:  # noqa: FBT001 -- pytest's own
    made = mend(ledger, 3)
    kept = log_of(ledger).size
    sequencer.settle()
    head = folder_of(ledger).public.parent / "head"
    head.write_text(_signed(ledger, kept))
    assert killed(lambda: close(ledger, head=head), PLACES[place], nth=1, before=before)
    connections.close_all()
    if Log.objects.count() == 1:
        assert (log_of(ledger).closing, log_of(ledger).size) == ("", kept + 3)
        assert Outbox.objects.count() == 0
        assert close(ledger, head=head) == 0
    sequencer.settle()
    old, new = log_of(ledger), log_of(ledger, NEXT)
    assert old.closing == folder_of(ledger).closing()
    assert folder_of(ledger).checkpoint() == old.checkpoint
    assert (old.size, new.size, Log.objects.count()) == (kept, 4, 2)
    assert [one.id for one in queries.entries_of(ledger.agency, NEXT, range(1, 9))] == made
    assert closings.read(old.closing).next == log_keys.verifier(new.origin, folder_of(ledger, NEXT))


def _signed(ledger: Ledger, size: int) -> str:
    """Return the head that the log signed at an earlier size."""
    folder = folder_of(ledger)
    head = checkpoints.Checkpoint(log_of(ledger).origin, size, tiles.root(size, folder.read))
    return checkpoints.sign(head, log_keys.signer(head.origin, folder))
