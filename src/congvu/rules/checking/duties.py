"""What a norm owes, who bears it, what sets it off and what meets it."""

from collections.abc import Iterator

from congvu.rules import vocabulary
from congvu.rules.book import Norm
from congvu.rules.checking.telling import Fault
from congvu.rules.sentences import sentence as _

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
            _("what people think and say is never judged here."),
            _("Drop %(keys)s; write `checklist` for the people who decide.", keys=written),
        )
    if norm.not_applicable and parts:
        yield (
            _("it says that it does not apply, and is set off all the same."),
            _("Drop %(keys)s, or the words.", keys=written),
        )
    if norm.kind == "recommendation" and (norm.fulfil or norm.report or norm.deadline or norm.cap):
        yield _("a recommendation never yields a breach."), _("Use `count`.")
    elif norm.kind not in OWING and (norm.fulfil or norm.report or norm.cap):
        yield (
            _("a `%(kind)s` owes nothing.", kind=norm.kind),
            _("Make it an obligation, or drop `fulfil`, `report` and `cap`."),
        )
    if norm.exception_to and norm.when and norm.kind not in OWING:
        yield (
            _("a `%(kind)s` owes nothing, so this exception takes nothing from its rule.", kind=norm.kind),
            _("Make it an obligation, or narrow the rule's `when`."),
        )


def _occasion(norm: Norm) -> Iterator[Fault]:
    timed = bool(norm.when or norm.rhythm)
    if norm.when and norm.rhythm:
        yield _("a norm is owed on an event or again and again, not both."), _("Write two norms.")
    if timed and not (norm.fulfil or norm.cap) and norm.kind in OWING:
        yield _("nothing fulfils it."), _("Add `fulfil:`.")
    if norm.fulfil and not timed:
        yield _("nothing sets it off."), _("Add `when:` or `every:`.")
    if norm.when and norm.kind in OWING and norm.deadline is None:
        yield _("it has no deadline."), _("Add `deadline:`.")
    if norm.windows and norm.deadline:
        yield _("a window is a deadline already."), _("Drop `deadline:`.")


def _bearer(norm: Norm) -> Iterator[Fault]:
    if norm.kind in OWING and (norm.when or norm.rhythm):
        able = BY_EVENT if norm.when else BY_WINDOW if norm.windows else BY_RHYTHM
        if not set(norm.bearer) & able:
            yield _("nobody bears it."), _("Name a bearer: %(known)s.", known=", ".join(sorted(able)))
    if norm.report and not set(norm.bearer) & {"reported", "head_of_unit"}:
        yield _("nobody answers a report."), _("Name a bearer: reported or head_of_unit.")
    shape = vocabulary.KINDS.get(norm.when.kind) if norm.when else None
    if shape is None or norm.when is None:
        return
    for name in NAMED_BY_EVENT:
        if norm.bearer == (name,) and name not in shape.disclosures:
            yield (
                _("`%(kind)s` discloses no `%(name)s`, so nobody bears it.", kind=norm.when.kind, name=name),
                _("Name a bearer that the event tells."),
            )
    if norm.unless and "person" not in shape.disclosures:
        yield (
            _(
                "`unless: %(name)s` asks for a person, and `%(kind)s` discloses none.",
                name=norm.unless,
                kind=norm.when.kind,
            ),
            _("Drop `unless`."),
        )


def _parts(norm: Norm) -> Iterator[Fault]:
    """Yield parts that have nothing to act upon."""
    for name in ("cancel", "suspend", "extend", "compensate", "unless"):
        if getattr(norm, name) and not (norm.when or norm.rhythm):
            yield _("`%(key)s` has no duty to act upon.", key=name), _("Add `when:`, or drop it.")
    for name in ("suspend", "extend"):
        if getattr(norm, name) and norm.when and norm.deadline is None:
            yield _("`%(key)s` has no deadline to move.", key=name), _("Add `deadline:`, or drop it.")
    if norm.cap and not norm.rhythm:
        yield _("`cap` has no period over which it is counted."), _("Add `every:`.")
