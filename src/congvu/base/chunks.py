"""Taking a little at a time, so that memory and transactions stay small."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def chunked(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield items in order as lists of `size`, the last one shorter; none is empty."""
    waiting = iter(items)
    while some := list(islice(waiting, size)):
        yield some
