"""Half-open periods between instants (vi: khoảng thời gian; kk: уақыт аралығы): joining them and cutting them out."""

from collections.abc import Iterable, Iterator
from datetime import datetime

Period = tuple[datetime, datetime]


def merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Return the same time as disjoint periods in order; what is empty or ends before it begins vanishes."""
    found: list[Period] = []
    for begin, end in sorted(one for one in periods if one[0] < one[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return tuple(found)


def cut(periods: Iterable[Period], holes: Iterable[Period]) -> Iterator[Period]:
    """Yield what is left of periods outside of holes that are disjoint and in order."""
    kept = tuple(holes)
    for begin, end in periods:
        rest = begin
        for opens, closes in kept:
            if closes <= rest:
                continue
            if opens >= end:
                break
            if rest < opens:
                yield rest, opens
            rest = closes
        if rest < end:
            yield rest, end


def touches(periods: Iterable[Period], holes: Iterable[Period]) -> bool:
    """Say whether any period shares an instant with any hole."""
    kept = tuple(holes)
    return any(begin < closes and opens < end for begin, end in periods for opens, closes in kept)
