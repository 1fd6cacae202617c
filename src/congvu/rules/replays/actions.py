"""Acts on replays: somebody asks for one or stops it; the clerk takes it up, notes how far it is, and files it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from congvu.base.chunks import chunked
from congvu.base.database import atomic
from congvu.directory.models import Agency
from congvu.directory.policies import Actor, NotAllowedError, actor
from congvu.directory.queries import Seat
from congvu.ledger.actions import record
from congvu.rules import policies
from congvu.rules.assumption import Assumption
from congvu.rules.book import Book
from congvu.rules.events import DraftReplayed
from congvu.rules.models import Replay, ReplayDifference, ReplayState
from congvu.rules.replay import Difference
from congvu.rules.replays.bodies import body

KEPT = 20  # replays of an agency; older ones are forgotten when another one is asked for
ROWS = 500  # in one transaction
ENDED = (ReplayState.FINISHED, ReplayState.CANCELED, ReplayState.INTERRUPTED, ReplayState.FAILED)


class AlreadyEndedError(Exception):
    """The replay is over."""


def note(*, by: Actor, agency: Agency, draft: Book, at: datetime) -> str:
    """Leave evidence that somebody tries a draft on the agency's evidence; raises NotAllowedError."""
    if isinstance(by, Seat) and not (policies.may_replay(by) and by.agency.pk == agency.pk):
        raise NotAllowedError
    with atomic():
        event = DraftReplayed(book=draft.id)
        return record(event, agency=agency.handle, at=at, disclosures={"actor": actor(by)})


def ask(
    *,
    by: Seat,
    draft: Book,
    text: str,
    name: str,
    first: date | None,
    last: date | None,
    at: datetime,
    assumed: Assumption | None = None,
) -> Replay:
    """Ask for a replay of a draft over some legal days; the clerk does the work. Raises NotAllowedError."""
    with atomic():
        note(by=by, agency=by.agency, draft=draft, at=at)
        old = Replay.objects.filter(agency=by.agency, state__in=ENDED).order_by("-asked_at", "-id")
        for one in old[KEPT - 1 :]:
            one.delete()
        return Replay.objects.create(
            agency=by.agency,
            asked_by=by.person,
            asked_at=at,
            book=draft.id,
            name=name,
            title=draft.title,
            text=text,
            assumed=assumed.plain() if assumed else {},
            first=first,
            last=last,
        )


def cancel(*, by: Seat, replay: Replay, at: datetime) -> None:  # no-evidence: what it found is not kept
    """Stop a replay that is not over; raises NotAllowedError or AlreadyEndedError."""
    if not policies.may_replay(by) or replay.agency_id != by.agency.pk:
        raise NotAllowedError
    with atomic():
        if not _open(replay).update(state=ReplayState.CANCELED, finished_at=at):
            raise AlreadyEndedError


def take_up(*, at: datetime) -> Replay | None:  # no-evidence: asking for it left it
    """Begin the replay that waits longest; None when none waits."""
    with atomic():
        found = (
            Replay.objects.filter(state=ReplayState.WAITING).select_related("agency").order_by("id").first()
        )
        if found is not None:
            found.state, found.started_at = ReplayState.RUNNING, at
            found.save(update_fields=["state", "started_at"])
        return found


def advance(replay: Replay, *, done: int, total: int) -> bool:  # no-evidence: how far the work is
    """Note how many entries were read; return whether anybody still wants it."""
    with atomic():
        running = Replay.objects.filter(pk=replay.pk, state=ReplayState.RUNNING)
        return bool(running.update(done=done, total=max(done, total)))


def file_differences(
    replay: Replay, found: Iterable[Difference]
) -> None:  # no-evidence: asking for it left it
    """Keep what a replay found, in its order."""
    rows = (_row(replay, position, one) for position, one in enumerate(found))
    for some in chunked(rows, ROWS):
        with atomic():
            ReplayDifference.objects.bulk_create(some)


def finish(
    replay: Replay, *, figures: dict[str, Any], at: datetime
) -> None:  # no-evidence: asking for it left it
    """File the figures of a replay that was read to its end."""
    with atomic():
        running = Replay.objects.filter(pk=replay.pk, state=ReplayState.RUNNING)
        if not running.update(state=ReplayState.FINISHED, figures=figures, finished_at=at):
            ReplayDifference.objects.filter(agency=replay.agency_id, replay=replay).delete()


def give_up(
    replay: Replay, *, problem: str, at: datetime, state: ReplayState = ReplayState.FAILED
) -> None:  # no-evidence: nothing came of it
    """Say why a replay came to no end, and forget the half of what it found."""
    with atomic():
        ReplayDifference.objects.filter(agency=replay.agency_id, replay=replay).delete()
        _open(replay).update(state=state, problem=problem, finished_at=at)


def interrupt(*, at: datetime) -> int:  # no-evidence: nothing came of it
    """Say of every replay that was running when the clerk stopped that it was interrupted; return how many."""
    with atomic():
        running = Replay.objects.filter(state=ReplayState.RUNNING)
        ReplayDifference.objects.filter(replay__in=running).delete()
        return running.update(state=ReplayState.INTERRUPTED, finished_at=at)


def _open(replay: Replay) -> Any:
    return Replay.objects.filter(pk=replay.pk, state__in=(ReplayState.WAITING, ReplayState.RUNNING))


def _row(replay: Replay, position: int, one: Difference) -> ReplayDifference:
    return ReplayDifference(
        replay=replay,
        agency_id=replay.agency_id,
        position=position,
        kind=one.kind,
        is_worse=one.is_worse,
        book=one.book,
        norm=one.norm,
        person=one.shown.person,
        unit=one.shown.unit,
        body=body(one),
    )
