"""The words that a book may use are those that the packages record."""

import dataclasses
import importlib
import typing

import pytest

from congvu.ledger.events import Event
from congvu.rules import vocabulary
from tools.vocabulary import subclasses


def recorded() -> dict[str, type]:
    for package in ("ledger", "directory", "rules", "mail", "petitions", "conduct"):
        importlib.import_module(f"congvu.{package}.events")
    return {one.kind: one for one in subclasses(Event) if one.__module__.startswith("congvu.")}


@pytest.mark.parametrize("kind", vocabulary.RECORDED)
def test_every_kind_is_recorded_with_these_attributes(kind):
    event = recorded()[kind]
    hints = typing.get_type_hints(event)
    shape = vocabulary.RECORDED[kind]
    fields = {field.name for field in dataclasses.fields(event)}
    assert set(shape.attributes) <= fields
    for name, allowed in shape.attributes.items():
        if typing.get_origin(hints[name]) is typing.Literal:
            assert set(typing.get_args(hints[name])) <= set(allowed)
        elif not isinstance(allowed, tuple):
            assert hints[name] is allowed
