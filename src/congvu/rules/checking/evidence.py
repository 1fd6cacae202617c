"""Events that can happen, end what they began, and are tied to the duty by what both disclose."""

from collections.abc import Iterator

from congvu.rules import vocabulary
from congvu.rules.book import Condition, Norm
from congvu.rules.checking.telling import Fault
from congvu.rules.match_tables import is_possible, overlap

TIED = ("fulfil", "cancel", "compensate", "suspend.from", "suspend.until", "extend.notice")


def faults(norm: Norm) -> Iterator[Fault]:
    """Yield match tables that no event can meet, and events that do not find their duty."""
    tables = norm.conditions
    for name, one in tables.items():
        if one.kind in vocabulary.KINDS and not is_possible(one):
            yield f"`{name}` can never hold.", "Leave at least one value open."
    yield from _suspension(tables)
    if norm.when:
        for name in TIED:
            if name in tables:
                yield from _tie(name, tables[name], norm.when)


def _tie(name: str, one: Condition, trigger: Condition) -> Iterator[Fault]:
    if not one.same and name == "fulfil":
        yield "nothing ties what fulfils it to what set it off.", "Add `same:` to `fulfil`."
    elif not one.same:
        yield f"nothing ties `{name}` to what set it off.", f"Add `same:` to `{name}`."
    shape = vocabulary.KINDS.get(trigger.kind)
    for shared in one.same:
        if shape and shared not in shape.disclosures:
            yield f"`{name}` shares no `{shared}` with its trigger.", "Name what both disclose."


def _suspension(tables: dict[str, Condition]) -> Iterator[Fault]:
    begin, end = tables.get("suspend.from"), tables.get("suspend.until")
    if begin is None or end is None:
        return
    if not is_possible(end) or (begin.kind in vocabulary.RECORDED and end.kind in vocabulary.ANNOUNCED):
        yield (
            "the suspension can never end: nothing records its end.",
            "End it with an event that is recorded.",
        )
    if overlap(begin, end):
        yield "one event begins and ends the suspension.", "Keep `from` and `until` apart."
