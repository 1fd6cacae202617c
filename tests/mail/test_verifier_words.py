"""Whoever holds a receipt alone is told in words what it is: the verifier knows every step that mail gives out."""

from dataclasses import fields

import pytest

import congvu_verify
from congvu.ledger.events import Event
from congvu.mail import events

OF_MESSAGES = (
    "mail.message.",
    "mail.signature.",
    "mail.statement.",
    "mail.receipt.",
    "mail.acknowledgement.",
)
GIVEN_OUT = [one for one in vars(events).values() if isinstance(one, type) and issubclass(one, Event)]
KINDS = [one for one in GIVEN_OUT if one is not Event and one.kind.startswith(OF_MESSAGES)]


@pytest.mark.parametrize("event", KINDS, ids=lambda event: event.kind)
def test_a_step_has_its_sentence_and_its_facts_have_names(event: type[Event]) -> None:
    named = {f"={one.name}" for one in fields(event)}
    assert {f"act.{event.kind}", *named} - set(congvu_verify.SENTENCES) == set()
