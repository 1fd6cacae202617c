"""What a replay assumes of a book that did not bind the agency: that it was adopted on a day, its parameters decided.

Nothing of it is written anywhere: it is put into the facts of the replay's second course.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from congvu.rules.book import Book, Parameter
from congvu.rules.facts import Adopted, Decided, Facts

ENTRY = "assumed"  # stands where evidence of a decision would stand; no entry of a ledger is called so


class UnknownParameterError(Exception):
    """The book leaves no parameter of this name open; `known` are those that it does."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name)
        self.known = known


class OutOfBoundsError(Exception):
    """The value lies outside the bounds of the book; `parameter` holds them."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter.name)
        self.parameter = parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """As if the agency had adopted this book on this day, and decided its parameters so."""

    book: str
    day: date
    parameters: Mapping[str, Parameter]
    values: Mapping[str, int]  # one of every parameter

    def put(self, facts: Facts, at: datetime) -> None:
        """Put the adoption and the decisions into the facts, as recorded `at`."""
        facts.adopted[self.book] = Adopted(book=self.book, at=at, valid_from=self.day, entry=ENTRY)
        for name, value in self.values.items():
            facts.decided[f"{ENTRY}/{name}"] = Decided(
                book=self.book,
                parameter=name,
                value=value,
                unit=self.parameters[name].unit,
                at=at,
                valid_from=self.day,
                entry=f"{ENTRY}/{name}",
            )

    def plain(self) -> dict[str, Any]:
        """Return it as plain values for JSON, with the titles of its parameters."""
        return {
            "day": self.day.isoformat(),
            "parameters": [
                {
                    "name": name,
                    "title": self.parameters[name].title,
                    "value": value,
                    "unit": self.parameters[name].unit,
                    "is_lowest": value == self.parameters[name].at_least,
                }
                for name, value in self.values.items()
            ],
        }


def assume(draft: Book, *, day: date, values: Mapping[str, int]) -> Assumption:
    """Return the assumption that a draft was adopted on a day; what `values` do not say is at its lowest bound.

    Raises UnknownParameterError or OutOfBoundsError.
    """
    for name, value in values.items():
        bounds = draft.parameters.get(name)
        if bounds is None:
            raise UnknownParameterError(name, tuple(draft.parameters))
        if not bounds.at_least <= value <= bounds.at_most:
            raise OutOfBoundsError(bounds)
    decided = {name: values.get(name, one.at_least) for name, one in draft.parameters.items()}
    return Assumption(book=draft.id, day=day, parameters=draft.parameters, values=decided)


def read(plain: Mapping[str, Any]) -> tuple[date | None, dict[str, int]]:
    """Return the day and the values that `Assumption.plain` wrote, nothing of what was not assumed."""
    if not plain:
        return None, {}
    return date.fromisoformat(plain["day"]), {one["name"]: one["value"] for one in plain["parameters"]}
