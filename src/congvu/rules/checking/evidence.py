"""Events that can happen, end what they began, and are tied to the duty by what both disclose."""

from collections.abc import Iterator

from congvu.rules import vocabulary
from congvu.rules.book import Condition, Norm
from congvu.rules.checking.telling import Fault
from congvu.rules.match_tables import is_possible, overlap
from congvu.rules.sentences import sentence as _

TIED = ("fulfil", "cancel", "compensate", "suspend.from", "suspend.until", "extend.notice")


def faults(norm: Norm) -> Iterator[Fault]:
    """Yield match tables that no event can meet, and events that do not find their duty."""
    tables = norm.conditions
    for name, one in tables.items():
        if one.kind in vocabulary.KINDS and not is_possible(one):
            yield _("`%(key)s` can never hold.", key=name), _("Leave at least one value open.")
    yield from _suspension(tables)
    if norm.when:
        for name in TIED:
            if name in tables:
                yield from _tie(name, tables[name], norm.when)


def _tie(name: str, one: Condition, trigger: Condition) -> Iterator[Fault]:
    if not one.same and name == "fulfil":
        yield _("nothing ties what fulfils it to what set it off."), _("Add `same:` to `fulfil`.")
    elif not one.same:
        yield (
            _("nothing ties `%(key)s` to what set it off.", key=name),
            _("Add `same:` to `%(key)s`.", key=name),
        )
    shape = vocabulary.KINDS.get(trigger.kind)
    for shared in one.same:
        if shape and shared not in shape.disclosures:
            yield (
                _("`%(key)s` shares no `%(name)s` with its trigger.", key=name, name=shared),
                _("Name what both disclose."),
            )


def _suspension(tables: dict[str, Condition]) -> Iterator[Fault]:
    begin, end = tables.get("suspend.from"), tables.get("suspend.until")
    if begin is None or end is None:
        return
    if not is_possible(end) or (begin.kind in vocabulary.RECORDED and end.kind in vocabulary.ANNOUNCED):
        yield (
            _("the suspension can never end: nothing records its end."),
            _("End it with an event that is recorded."),
        )
    if overlap(begin, end):
        yield _("one event begins and ends the suspension."), _("Keep `from` and `until` apart.")
