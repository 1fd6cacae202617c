"""The shape of an event that a book may speak of."""

from collections.abc import Mapping
from dataclasses import dataclass

Words = tuple[str, ...]
Range = Words | type[bool] | type[int] | type[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """The attributes of a kind with their possible values, and the names of its disclosures."""

    attributes: Mapping[str, Range]
    disclosures: frozenset[str]


def shape(disclosures: str, **attributes: Range) -> Shape:
    """Return the shape of an event with these disclosures (their names, apart by spaces) and attributes."""
    return Shape(attributes, frozenset(disclosures.split()))
