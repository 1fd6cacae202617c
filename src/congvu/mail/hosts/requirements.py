"""One thing that a mail server must be told, why, and whether it was."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One setting: the line that is right here, why it matters, and what else would do.

    `is_met` takes the setting's value, "" when it is not set.
    """

    name: str
    line: str
    why: str
    is_met: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a running configuration has instead."""

    requirement: Requirement
    value: str
    is_met: bool


def check(requirements: Iterable[Requirement], settings: Mapping[str, str]) -> list[Finding]:
    """Hold settings against requirements, in order."""
    return [
        Finding(
            requirement=one,
            value=settings.get(one.name, ""),
            is_met=one.is_met(settings.get(one.name, "")),
        )
        for one in requirements
    ]


def has(*words: str) -> Callable[[str], bool]:
    """Return a test for a list that holds all of these words, whatever separates them."""

    def is_met(value: str) -> bool:
        found = set(value.replace(",", " ").split())
        return found.issuperset(words)

    return is_met


def within(least: int, most: int) -> Callable[[str], bool]:
    """Return a test for a number between two, both included."""

    def is_met(value: str) -> bool:
        return value.isdecimal() and least <= int(value) <= most

    return is_met


def one_of(*values: str) -> Callable[[str], bool]:
    """Return a test for one of several values."""
    return lambda value: value in values
