"""Who owes: a person by a membership, a mailbox or unit with the post that answers for it, or the agency."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from congvu.rules import book
from congvu.rules.book import Norm
from congvu.rules.facts import Evidence, Member, Office
from congvu.rules.state import State

OF_AGENCY = {"agency", "mail_administrator"}
OF_UNIT: dict[str, Office] = {"head_of_unit": "head", "deputy_in_charge": "deputy"}


class Bearer(NamedTuple):
    """Who owes; `key` tells apart who owes the same beside others."""

    key: str
    person: str = ""
    membership: str = ""
    unit: str = ""
    box: str = ""


def of_event(state: State, norm: Norm, entry: Evidence) -> Bearer | None:
    """Return who owes for an event: the first named bearer that the evidence tells, None when it tells none."""
    for kind in norm.bearer:
        if (found := _named(state, kind, entry)) is not None:
            return found
    return None


def of_period(state: State, norm: Norm, begin: datetime, end: datetime) -> dict[str, Bearer]:
    """Return who owes for a whole window or period, by key."""
    found: dict[str, Bearer] = {}
    for kind in norm.bearer:
        for one in _standing(state, norm, kind, begin, end):
            found[one.key] = one
    return found


def told(state: State, norm: Norm, names: tuple[str, ...], entry: Evidence) -> list[str]:
    """Return the keys of the bearers to whom evidence of a period may belong."""
    said = entry.disclosures
    if names:
        return [named for name in names[:1] if (named := said.get(name))]
    found: dict[str, None] = {}
    for kind in norm.bearer:
        if kind == "official":
            found[said.get("actor") or said.get("person") or ""] = None
        elif kind == "agency_mailbox":
            found[state.facts.box_of(entry)] = None
        elif kind in {*OF_UNIT, "unit"}:
            found[said.get("unit") or ""] = None
        elif kind in {*OF_AGENCY, "registry_clerk"}:
            found[state.agency] = None
    return [one for one in found if one]


def holder(member: Member | None) -> Bearer:
    """Return a person who holds a post, or nobody."""
    if member is None:
        return Bearer(key="")
    return Bearer(key=member.person, person=member.person, membership=member.membership, unit=member.unit)


def _named(state: State, kind: book.Bearer, entry: Evidence) -> Bearer | None:
    finder = FINDERS.get(kind)
    return finder(state, kind, entry) if finder else None


def _agency(state: State, kind: str, entry: Evidence) -> Bearer:
    del kind
    return Bearer(key=state.agency, unit=entry.disclosures.get("unit") or "")


def _disclosed(state: State, kind: str, entry: Evidence) -> Bearer | None:
    person = entry.disclosures.get(kind)
    return _of_person(state, person, entry) if person else None


def _reported(state: State, kind: str, entry: Evidence) -> Bearer | None:
    del kind
    person = entry.disclosures.get("person")
    return _of_person(state, person, entry) if person else _of_unit(state, "head_of_unit", entry)


def _clerk(state: State, kind: str, entry: Evidence) -> Bearer:
    del kind
    unit = entry.disclosures.get("unit") or ""
    clerk = holder(state.facts.nearest(unit, entry.at, "clerk"))
    return clerk._replace(key=unit or state.agency, unit=unit or clerk.unit)


def _unit_itself(state: State, kind: str, entry: Evidence) -> Bearer | None:
    del kind
    unit = _unit(state, entry)
    return Bearer(key=unit, unit=unit) if unit else None


def _recipient(state: State, kind: str, entry: Evidence) -> Bearer | None:
    del kind
    person = entry.disclosures.get("recipient")
    if person:
        return _of_person(state, person, entry)
    box = state.facts.box_of(entry)
    if not box:
        return None
    known = state.facts.mailboxes.get(box)
    if known is not None and known.intake_at is not None and known.intake_at <= entry.at:
        return None
    unit = entry.disclosures.get("unit") or (known.unit if known else "")
    clerk = state.facts.nearest(unit, entry.at, "clerk")
    return holder(clerk)._replace(key=box, box=box, unit=unit or (clerk.unit if clerk else ""))


def _of_person(state: State, person: str, entry: Evidence) -> Bearer:
    held = state.facts.posts_of(person, entry.at)
    if held and held[0].unit:
        return holder(held[0])
    membership = held[0].membership if held else ""
    return Bearer(person, person, membership, unit=entry.disclosures.get("unit") or "")


def _of_unit(state: State, kind: str, entry: Evidence) -> Bearer | None:
    unit = _unit(state, entry)
    if not unit:
        return None
    return holder(state.facts.nearest(unit, entry.at, OF_UNIT[kind]))._replace(key=unit, unit=unit)


def _unit(state: State, entry: Evidence) -> str:
    """Return the unit that an entry discloses, else that of the person in it."""
    unit = entry.disclosures.get("unit")
    if unit:
        return unit
    person = entry.disclosures.get("person")
    held = state.facts.posts_of(person, entry.at) if person else []
    return held[0].unit if held else ""


def _standing(
    state: State, norm: Norm, kind: book.Bearer, begin: datetime, end: datetime
) -> Iterator[Bearer]:
    facts = state.facts
    if kind == "official":
        yield from _officials(state, begin, end, needs_box=bool(norm.windows))
    elif kind == "agency_mailbox":
        yield from _mailboxes(state, begin, end)
    elif kind in OF_AGENCY:
        yield Bearer(key=state.agency)
    elif kind == "registry_clerk":
        yield holder(facts.nearest("", begin, "clerk"))._replace(key=state.agency)
    elif kind in OF_UNIT:
        for unit in sorted(facts.units):
            yield holder(facts.nearest(unit, begin, OF_UNIT[kind]))._replace(key=unit, unit=unit)
    elif kind == "unit":
        yield from (Bearer(key=unit, unit=unit) for unit in sorted(facts.units))


def _officials(state: State, begin: datetime, end: datetime, *, needs_box: bool) -> Iterator[Bearer]:
    """Yield each who holds a post (for a window, a mailbox) the whole time and is not away; the longest held last."""
    boxes = {
        one.person
        for one in state.facts.mailboxes.values()
        if one.box == "personal" and one.covers(begin, end)
    }
    holding = [
        one
        for one in state.facts.members.values()
        if one.covers(begin, end)
        and (one.person in boxes or not needs_box)
        and not state.facts.is_away(one.person, begin, end)
    ]
    for one in sorted(holding, key=lambda one: (one.since, one.membership), reverse=True):
        yield holder(one)


def _mailboxes(state: State, begin: datetime, end: datetime) -> Iterator[Bearer]:
    """Yield each mailbox of a unit or the agency; the clerk's post answers."""
    for one in state.facts.mailboxes.values():
        if one.box in {"unit", "agency"} and one.covers(begin, end):
            clerk = holder(state.facts.nearest(one.unit, begin, "clerk"))
            yield clerk._replace(key=one.mailbox, box=one.mailbox, unit=one.unit or clerk.unit)


FINDERS: Mapping[str, Callable[[State, str, Evidence], Bearer | None]] = {
    "recipient": _recipient,
    **dict.fromkeys(OF_AGENCY, _agency),
    **dict.fromkeys(("actor", "assignee"), _disclosed),
    **dict.fromkeys(("reported", "sender"), _reported),
    **dict.fromkeys(OF_UNIT, _of_unit),
    "registry_clerk": _clerk,
    "unit": _unit_itself,
}
