"""Events: kinds of their own, closed words, and a place in the reference."""

import dataclasses
import enum
import importlib
import typing
from dataclasses import dataclass
from typing import ClassVar, Literal

import pytest

from congvu.ledger.events import Event
from tests.architecture.planting import assert_none
from tools import documented, tree, vocabulary

PAGE = "docs/reference/events.md"


def ours() -> list[type]:
    for package in tree.packages():
        if (tree.SOURCE / package / "events.py").exists():
            importlib.import_module(f"congvu.{package}.events")
    return [event for event in vocabulary.subclasses(Event) if event.__module__.startswith("congvu.")]


def test_events_have_their_own_kinds_and_closed_words() -> None:
    assert_none(vocabulary.faults(ours()))


def test_every_event_is_in_the_reference() -> None:
    text = (tree.ROOT / PAGE).read_text()
    assert_none(documented.faults([event.kind for event in ours()], text, page=PAGE))


def test_every_attribute_is_in_the_reference() -> None:
    text = (tree.ROOT / PAGE).read_text()
    assert_none(
        f"{PAGE} does not describe {field.name} of {event.kind}"
        for event in ours()
        for field in dataclasses.fields(event)
        if f"`{field.name}`" not in documented.section(text, event.kind)
    )


class Channel(enum.Enum):
    """How it came."""

    WEB = "web"


@pytest.mark.parametrize(
    "hint", [int, bool, Channel, Literal["a", "b"], int | None, Literal["a"] | None, ClassVar[str]]
)
def test_a_closed_attribute_passes(hint: typing.Any) -> None:
    assert vocabulary.is_closed(hint)


@pytest.mark.parametrize("hint", [str, str | None, float, list[int], dict[str, str], bytes, typing.Any])
def test_an_open_attribute_is_caught(hint: typing.Any) -> None:
    assert not vocabulary.is_closed(hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """An event without fault. box: personal, unit."""

    kind: ClassVar[str] = "architecture.fault.planted"
    version: ClassVar[int] = 1
    channel: Channel
    box: str
    book: str  # vocabulary: the files of the rule book


@dataclass(kw_only=True)
class Bad:
    """An event with four faults."""

    kind: ClassVar[str] = "mail.planted"
    subject: str


def test_a_good_event_passes() -> None:
    assert list(vocabulary.faults([Good])) == []


def test_a_bad_event_is_caught_for_each_fault() -> None:
    assert [fault.split("Bad", 1)[1] for fault in vocabulary.faults([Bad])] == [
        " has the kind 'mail.planted'; it reads architecture.<noun>.<past tense>",
        " is not a frozen dataclass",
        " has no version",
        ".subject is open; use Literal, or list its words in the docstring",
    ]


def test_a_kind_taken_twice_is_caught() -> None:
    name = f"{Good.__module__}.Good"
    assert next(vocabulary.faults([Good, Good])) == f"{name} takes the kind {Good.kind} of {name}"
