"""The destruction itself: in small steps, each of which may be cut off anywhere and done again."""

import contextlib
import fcntl
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path

from django.conf import settings

from congvu.base import blobs, keys
from congvu.base.chunks import chunked
from congvu.base.database import atomic
from congvu.ledger import queries as ledger
from congvu.ledger.actions import record
from congvu.ledger.disposal import paper, queries
from congvu.ledger.disposal.events import DisposalExecuted
from congvu.ledger.disposal.holders import CHUNK, Marked, holders
from congvu.ledger.disposal.models import Disposal, HolderAnswer
from congvu.ledger.disposal.own import NotCleanedError
from congvu.ledger.models import Entry, Log, Outbox

State, Step = Disposal.State, Disposal.Step
RUN = 2_000  # entries read at once
BEFORE = 1_000  # entries before the first chosen one, from which on evidence of the same is sought


class HeldOnTheWayError(Exception):
    """A hold covers what is left to be destroyed."""


def count(one: Disposal) -> None:  # no-evidence: a figure for whoever decides
    """Count what a proposal chooses."""
    found = sum(len(some) for some in _chosen(one))
    Disposal.objects.filter(agency=one.agency, pk=one.pk, chosen=None).update(chosen=found)


def execute(one: Disposal, *, now: datetime) -> bool:  # no-evidence: its last step records it
    """Do the next step of a destruction; return whether it went on. Evidence says when it is over.

    One process at a time does this; for a second one there is nothing to do.
    """
    with _alone() as is_first:
        found = queries.disposal(one.handle, agency=one.agency) if is_first else None
        if found is None or found.state != State.EXECUTING or found.is_held:
            return False
        try:
            return _STEPS[Step(found.step)](found, now)
        except HeldOnTheWayError:
            _keep(found, is_held=True)
            return False
        except NotCleanedError:
            return False


def _gather(one: Disposal, _now: datetime) -> bool:
    """Find all that goes, and write it down before anything does."""
    if not _has_mark(one):
        return True
    if _is_waited_for(one):
        return False
    marked, first = Marked(one.agency), None
    for some in _chosen(one):
        first = first or some[0]
        marked.entries.update((entry.id, entry.kind) for entry in some)
        for holder in holders():
            holder.gather(some, marked)
    end = _end(one.agency)
    if first is not None:
        _spread(marked, (first.log, max(0, first.index - BEFORE)))
    _stop_if_held(one, marked)
    _take_paper(one, marked, step=Step.DESTROY, done=0, mark=0, read_log=end[0], read_index=end[1])
    return True


def _destroy(one: Disposal, _now: datetime) -> bool:
    """Destroy what is written down: bytes, then rows, a little at a time; keys always before rows."""
    marked = paper.read(one)
    parts = [
        *(([], some) for some in chunked(sorted(marked.blobs), CHUNK)),
        *((some, []) for some in marked.names()),
    ]
    known: tuple[int, ...] | None = None
    passed = 0
    for names, files in parts:
        passed += len(names) + len(files)
        if passed <= one.done:
            continue
        with atomic():
            standing = tuple(hold.pk for hold in queries.standing(one.agency))
            if standing != known:
                _stop_if_held(one, marked)
                known = standing
            if files:
                blobs.destroy_many(files)
            for holder in holders() if names else ():
                holder.forget(names, agency=one.agency)
            _keep(one, done=passed)
    _keep(one, step=Step.CATCH_UP, mark=0)
    return True


def _catch_up(one: Disposal, _now: datetime) -> bool:
    """Read what was recorded while it went on: somebody may have opened a letter until the last moment."""
    if not _has_mark(one):
        return True
    if _is_waited_for(one):
        return False
    marked = paper.read(one)
    before, end = (len(marked.entries), len(marked.subjects)), _end(one.agency)
    _spread(marked, (one.read_log, one.read_index))
    if (len(marked.entries), len(marked.subjects)) == before:
        _keep(one, step=Step.CLEAN)
    else:
        _take_paper(one, marked, step=Step.DESTROY, done=0, mark=0, read_log=end[0], read_index=end[1])
    return True


def _clean(one: Disposal, now: datetime) -> bool:
    """Take away what is left where rows were, and record the destruction."""
    marked = paper.read(one)
    for holder in holders():
        holder.clean(marked)
    with atomic():
        if "executed" not in one.evidence:
            one.counts = dict(Counter(marked.entries.values()))
            one.subjects, one.blobs = len(marked.subjects), len(marked.blobs)
            event = DisposalExecuted(entries=len(marked.entries), subjects=one.subjects, blobs=one.blobs)
            said = {"disposal": one.handle, "digest": paper.digest(marked)}
            one.evidence["executed"] = record(event, agency=one.agency, at=now, disclosures=said)
            one.blob = blobs.put(paper.listing(marked))
            one.executed_at = now
        one.step = Step.ASK
        one.save()
    return True


def _ask(one: Disposal, now: datetime) -> bool:
    """Ask every holder what it still has; the names of what is gone are given up once nobody has anything."""
    marked = paper.read(one)
    found = {
        holder.name: {place: count for place, count in holder.traces(marked).items() if count}
        for holder in holders()
    }
    if not any(found.values()):
        paper.drop(one)
        keys.compact()
    with atomic():
        HolderAnswer.objects.filter(agency=one.agency, disposal=one).delete()
        HolderAnswer.objects.bulk_create(
            HolderAnswer(
                agency=one.agency, disposal=one, holder=name, traces=sum(left.values()), places=sorted(left)
            )
            for name, left in found.items()
        )
        one.state, one.step, one.asked_at = State.EXECUTED, Step.NONE, now
        one.save()
    return True


_STEPS: dict[str, Callable[[Disposal, datetime], bool]] = {
    Step.GATHER: _gather,
    Step.DESTROY: _destroy,
    Step.CATCH_UP: _catch_up,
    Step.CLEAN: _clean,
    Step.ASK: _ask,
}


def _chosen(one: Disposal) -> Iterator[Sequence[ledger.Entry]]:
    """Yield what was chosen and is not destroyed yet, in the log's order."""
    if one.entries:
        batches: Iterator[list[ledger.Entry]] = iter([ledger.entries(one.entries, agency=one.agency)])
    elif one.begins_at and one.ends_at:
        batches = ledger.between(one.begins_at, one.ends_at, agency=one.agency)
    for batch in batches:
        some = [entry for entry in batch if not entry.destroyed and (one.entries or entry.kind in one.kinds)]
        if some:
            yield some


def _spread(marked: Marked, place: tuple[str, int]) -> None:
    """Mark all that was made of what is marked, and every entry that names any of it, until nothing is added."""
    size = -1
    while size != (size := len(marked.subjects) + len(marked.entries)):
        for holder in holders():
            holder.follow(marked)
        runs = ledger.runs(marked.agency, size=RUN, start=place) if marked.subjects else ()
        for entry in chain.from_iterable(runs):
            if not entry.kind.startswith("ledger.") and _is_about(entry, marked):
                marked.entries[entry.id] = entry.kind


def _is_about(entry: ledger.Entry, marked: Marked) -> bool:
    values = entry.disclosures.values()
    return any(value in marked.subjects for value in values) or any(
        marked.is_named(value) for value in values if len(value) > len(entry.id)
    )


def _end(agency: str) -> tuple[str, int]:
    log = Log.objects.filter(agency=agency).order_by("-name").first()
    return (log.name, log.signed_size) if log else ("", 0)


def _has_mark(one: Disposal) -> bool:
    """Return whether it is known up to where the log must be read; else find it out."""
    if one.mark:
        return True
    newest = Outbox.objects.order_by("-pk").values_list("pk", flat=True).first()
    _keep(one, mark=newest or -1)
    return False


def _is_waited_for(one: Disposal) -> bool:
    """Return whether anything that was recorded up to the mark is not signed yet."""
    if Outbox.objects.filter(agency=one.agency, pk__lte=one.mark).exists():
        return True
    logs = Log.objects.filter(agency=one.agency)
    return any(
        Entry.objects.filter(agency=one.agency, log=log, index__gte=log.signed_size).exists() for log in logs
    )


def _stop_if_held(one: Disposal, marked: Marked) -> None:
    for hold in queries.standing(one.agency):
        if queries.is_covered(marked.entries, hold):
            raise HeldOnTheWayError


def _take_paper(one: Disposal, marked: Marked, **changed: object) -> None:
    """Write down what goes; then the row says how far that has come."""
    paper.write(one, marked)
    _keep(one, total=len(marked.blobs) + len(marked.subjects) + len(marked.entries), **changed)


def _keep(one: Disposal, **changed: object) -> None:
    with atomic():
        for name, value in changed.items():
            setattr(one, name, value)
        one.save(update_fields=list(changed))


@contextlib.contextmanager
def _alone() -> Iterator[bool]:
    """Let one process of the installation destroy at a time; say whether it is this one."""
    path = Path(settings.CONGVU_DATA) / "run" / "disposal"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _is_locked(descriptor)
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
