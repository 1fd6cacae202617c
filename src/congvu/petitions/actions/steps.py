"""One step of a petition's road: evidence, history, terms and the citizen's letter, in the act's transaction."""

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from congvu.base import handles, rows
from congvu.base.database import atomic
from congvu.directory.models import Person, Unit
from congvu.directory.queries import legal_day
from congvu.ledger.actions import Record, record_many, reserve
from congvu.ledger.events import Event
from congvu.mail import secrecy
from congvu.mail.secrecy import Mark
from congvu.petitions import numbers, terms
from congvu.petitions.events import PetitionRegistered, StageReached
from congvu.petitions.models import Petition, Step
from congvu.petitions.words import LOOKED, State

LONGEST = 20_000  # characters of an answer or a petition
CITIZEN, PROGRAM = "citizen", "program"


class EmptyError(Exception):
    """Words are asked for and there are none."""


class TooLongError(Exception):
    """Words are longer than LONGEST."""


class SecrecyError(Exception):
    """The words or a file's name carry a mark of state secrecy: they may not enter (Law 117/2025/QH15)."""

    def __init__(self, mark: Mark) -> None:
        super().__init__(mark)
        self.mark: Mark = mark


class WrongStateError(Exception):
    """A petition in this state takes no such step; the argument is the state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the history says of a step. What is public everyone may read; with `tells` the citizen gets a letter."""

    text: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    unit: Unit | None = None
    is_public: bool = False
    tells: bool = False
    message: str = ""  # handle of the letter by which it came
    repeats: Step | None = None  # the answer to the petition that this one goes on in


QUIET = Line()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An event with who made it, what the history says of it, and what only its disclosures say."""

    event: Event
    by: Person | str
    line: Line = QUIET
    disclosures: Mapping[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def in_hand(
    petition: Petition, states: Collection[str]
) -> Iterator[Petition]:  # no-evidence: the steps inside record
    """Give the petition as it stands now, for steps in one transaction; at its end its terms are reckoned anew.

    Raises WrongStateError unless it is in one of `states`.
    """
    with atomic():
        found = (
            Petition.objects.select_for_update(of=("self",))
            .select_related("agency", "service", "unit", "assignee", "area")
            .get(pk=petition.pk)
        )
        if found.state not in states:
            raise WrongStateError(found.state)
        yield found
        settle(found)


def merged_in_hand(petition: Petition) -> Iterator[Petition]:  # no-evidence: the steps inside record
    """Yield each petition that goes on in one that is in hand, in hand itself."""
    for one in Petition.objects.filter(agency=petition.agency_id, merged_into=petition).order_by("pk"):
        with in_hand(one, (State.MERGED,)) as found:
            yield found


def settle(petition: Petition) -> None:  # no-evidence: the steps before it are recorded
    """Reckon the terms of a petition after its last step, inside the open transaction, and save it."""
    terms.follow(petition)
    petition.save()


def begin(
    petition: Petition, moves: Sequence[Move], *, at: datetime, keys: Sequence[tuple[str, bytes]] = ()
) -> None:
    """Write a new petition down with its number, first moves, history and terms, in the open transaction.

    Whoever else needs a number waits from then on until the transaction ends, so it is given last. `keys` are those of
    what else belongs to it, by handle; they are on disk with the evidence's own.
    """
    found = terms.first(petition.agency, [_record(petition, move, at) for move in moves])
    terms.owe(petition, found)
    slots = reserve(petition.agency.handle, [at] * len(moves), keys_beside=keys)
    petition.number = numbers.following(petition.agency, legal_day(petition.agency, at).year)
    entries = record_many([_record(petition, move, at) for move in moves], into=slots)
    rows.insert([petition], keyed=True)
    rows.insert([_step(petition, move, at, entry) for move, entry in zip(moves, entries, strict=True)])
    terms.write(petition, found)


def take(
    petition: Petition,
    event: Event,
    *,
    at: datetime,
    by: Person | str = CITIZEN,
    line: Line = QUIET,
    disclosures: Mapping[str, str] | None = None,
) -> Step:
    """Record an event of a petition in hand and write it into its history. `by` is an official, CITIZEN or PROGRAM."""
    move = Move(event=event, by=by, line=line, disclosures=disclosures or {})
    return take_all(petition, [move], at=at)[0]


def take_all(petition: Petition, moves: Sequence[Move], *, at: datetime) -> list[Step]:
    """Record several events of a petition in hand at once, in order, and write them into its history.

    With any act of an official, what the citizen wrote waits no more.
    """
    return take_together([(petition, move) for move in moves], at=at)


def take_together(moves: Sequence[tuple[Petition, Move]], *, at: datetime) -> list[Step]:
    """Record events of several petitions in hand, in order, as `take_all` does those of one."""
    entries = record_many([_record(petition, move, at) for petition, move in moves])
    for petition, move in moves:
        petition.updated_at = at
        if isinstance(move.by, Person) and move.line.data.get("outcome") != LOOKED:
            petition.wrote_at = None
    steps = [_step(petition, move, at, entry) for (petition, move), entry in zip(moves, entries, strict=True)]
    return Step.objects.bulk_create(steps)


def reach(petition: Petition, stage: str, *, at: datetime, tells: bool = False) -> Step:
    """Record that a petition in hand came to a stage; with `tells` the citizen gets a letter about it alone."""
    return take_all(petition, [to_stage(stage, tells=tells)], at=at)[0]


def to_stage(stage: str, *, tells: bool = False) -> Move:
    """Return the move to a stage; telling the citizen names it by its `step`."""
    said = {"step": handles.new()}
    line = Line(data={"stage": stage, **said}, tells=tells)
    return Move(event=StageReached(stage=stage), by=PROGRAM, line=line, disclosures=said)


def _record(petition: Petition, move: Move, at: datetime) -> Record:
    actor = move.by.handle if isinstance(move.by, Person) else move.by
    said = {"petition": petition.handle, "actor": actor, **move.disclosures}
    if isinstance(move.event, PetitionRegistered):
        said["number"] = petition.number
    if move.line.unit is not None:
        said["unit"] = move.line.unit.handle
    return Record(event=move.event, agency=petition.agency.handle, at=at, disclosures=said)


def _step(petition: Petition, move: Move, at: datetime, entry: str) -> Step:
    return Step(
        agency=petition.agency,
        handle=handles.new(),
        petition=petition,
        kind=move.event.kind.removeprefix("petitions."),
        at=at,
        by=move.by if isinstance(move.by, Person) else None,
        unit=move.line.unit,
        text=move.line.text,
        data=dict(move.line.data),
        is_public=move.line.is_public,
        tells=move.line.tells,
        message=move.line.message,
        repeats=move.line.repeats,
        entry=entry,
    )


def words(text: str) -> str:
    """Return what somebody wrote, without blank ends; raises EmptyError, TooLongError or SecrecyError."""
    found = text.strip()
    if not found:
        raise EmptyError
    if len(found) > LONGEST:
        raise TooLongError(len(found))
    require_unmarked(lines=found.splitlines())
    return found


def require_unmarked(*, subject: str = "", filenames: Iterable[str] = (), lines: Iterable[str] = ()) -> None:
    """Raise SecrecyError where a mark of state secrecy stands."""
    if mark := secrecy.marking(subject=subject, filenames=filenames, lines=lines):
        raise SecrecyError(mark)
