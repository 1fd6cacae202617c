"""Events: kinds of their own, closed words, and a place in the reference."""

import enum
import typing
from dataclasses import dataclass
from typing import ClassVar, Literal

import pytest

from tests.architecture.planting import assert_none
from tools import reference, vocabulary


def test_events_have_their_own_kinds_and_closed_words() -> None:
    assert_none(vocabulary.faults(reference.events()))


def test_the_reference_says_what_the_code_says() -> None:
    assert reference.EVENTS.read_text() == reference.events_page(reference.events()), "run `make reference`"


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


def test_the_page_of_an_event_says_what_its_attributes_hold() -> None:
    assert reference.events_page([Good]).split("## ")[1] == (
        "`architecture.fault.planted`\n\nAn event without fault. box: personal, unit. Version 1.\n\n"
        "- `channel`: web\n- `box`: personal, unit\n- `book`: the files of the rule book\n"
    )
