"""What a norm owes, who bears it, what sets it off and what meets it."""

from collections.abc import Iterator

from congvu.rules import vocabulary
from congvu.rules.book import Norm
from congvu.rules.checking.telling import Fault

OWING = {"obligation", "prohibition"}
BY_EVENT = {
    "recipient",
    "agency",
    "mail_administrator",
    "head_of_unit",
    "sender",
    "actor",
    "assignee",
    "registry_clerk",
    "deputy_in_charge",
    "unit",
}
BY_RHYTHM = {
    "official",
    "agency_mailbox",
    "agency",
    "mail_administrator",
    "head_of_unit",
    "registry_clerk",
    "deputy_in_charge",
    "unit",
}
BY_WINDOW = {"official", "agency_mailbox"}
NAMED_BY_EVENT = ("actor", "assignee")


def faults(norm: Norm) -> Iterator[Fault]:
    """Yield what is wrong with when a norm is owed, by whom, and how it is met."""
    yield from _kind(norm)
    yield from _occasion(norm)
    yield from _bearer(norm)
    yield from _parts(norm)


def machine_parts(norm: Norm) -> list[str]:
    """Return the keys by which a norm would be judged, reported or counted."""
    return [name for name in ("when", "rhythm", "fulfil", "report", "count", "cap") if getattr(norm, name)]


def _kind(norm: Norm) -> Iterator[Fault]:
    parts = machine_parts(norm)
    written = ", ".join("`every`" if name == "rhythm" else f"`{name}`" for name in parts)
    if norm.is_opinion and parts:
        yield (
            "what people think and say is never judged here.",
            f"Drop {written}; write `checklist` for the people who decide.",
        )
    if norm.not_applicable and parts:
        yield "it says that it does not apply, and is set off all the same.", f"Drop {written}, or the words."
    if norm.kind == "recommendation" and (norm.fulfil or norm.report or norm.deadline or norm.cap):
        yield "a recommendation never yields a breach.", "Use `count`."
    elif norm.kind not in OWING and (norm.fulfil or norm.report or norm.cap):
        yield f"a `{norm.kind}` owes nothing.", "Make it an obligation, or drop `fulfil`, `report` and `cap`."

    if norm.exception_to and norm.when and norm.kind not in OWING:
        yield (
            f"a `{norm.kind}` owes nothing, so this exception takes nothing from its rule.",
            "Make it an obligation, or narrow the rule's `when`.",
        )


def _occasion(norm: Norm) -> Iterator[Fault]:
    timed = bool(norm.when or norm.rhythm)
    if norm.when and norm.rhythm:
        yield "a norm is owed on an event or again and again, not both.", "Write two norms."
    if timed and not (norm.fulfil or norm.cap) and norm.kind in OWING:
        yield "nothing fulfils it.", "Add `fulfil:`."
    if norm.fulfil and not timed:
        yield "nothing sets it off.", "Add `when:` or `every:`."
    if norm.when and norm.kind in OWING and norm.deadline is None:
        yield "it has no deadline.", "Add `deadline:`."
    if norm.windows and norm.deadline:
        yield "a window is a deadline already.", "Drop `deadline:`."


def _bearer(norm: Norm) -> Iterator[Fault]:
    if norm.kind in OWING and (norm.when or norm.rhythm):
        able = BY_EVENT if norm.when else BY_WINDOW if norm.windows else BY_RHYTHM
        if not set(norm.bearer) & able:
            yield "nobody bears it.", f"Name a bearer: {', '.join(sorted(able))}."
    if norm.report and not set(norm.bearer) & {"reported", "head_of_unit"}:
        yield "nobody answers a report.", "Name a bearer: reported or head_of_unit."
    shape = vocabulary.KINDS.get(norm.when.kind) if norm.when else None
    if shape is None or norm.when is None:
        return
    for name in NAMED_BY_EVENT:
        if norm.bearer == (name,) and name not in shape.disclosures:
            yield (
                f"`{norm.when.kind}` discloses no `{name}`, so nobody bears it.",
                "Name a bearer that the event tells.",
            )
    if norm.unless and "person" not in shape.disclosures:
        yield (
            f"`unless: {norm.unless}` asks for a person, and `{norm.when.kind}` discloses none.",
            "Drop `unless`.",
        )


def _parts(norm: Norm) -> Iterator[Fault]:
    """Yield parts that have nothing to act upon."""
    for name in ("cancel", "suspend", "extend", "compensate", "unless"):
        if getattr(norm, name) and not (norm.when or norm.rhythm):
            yield f"`{name}` has no duty to act upon.", "Add `when:`, or drop it."
    for name in ("suspend", "extend"):
        if getattr(norm, name) and norm.when and norm.deadline is None:
            yield f"`{name}` has no deadline to move.", "Add `deadline:`, or drop it."
    if norm.cap and not norm.rhythm:
        yield "`cap` has no period over which it is counted.", "Add `every:`."
