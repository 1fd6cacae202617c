"""Proofs and entries."""

import json
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

import congvu_verify
from congvu.base.database import atomic
from congvu.ledger import actions, queries, sequencer
from congvu.ledger.models import Disclosure, Log
from tests.ledger.conftest import LampMended, mend


def test_a_bundle_convinces_a_stranger(ledger):
    made = mend(ledger, 300, actor="an", lamp="bridge")
    sequencer.settle()
    for entry in (made[0], made[150], made[-1]):
        verdict = congvu_verify.verify(queries.prove(entry, agency=ledger.agency))
        assert verdict.ok
        assert verdict.facts.disclosed == {"actor": "an", "lamp": "bridge"}


def test_a_bundle_shows_only_what_is_disclosed(ledger):
    (entry,) = mend(ledger, actor="an", lamp="bridge")
    sequencer.settle()
    data = queries.prove(entry, agency=ledger.agency, disclose=["lamp"])
    assert congvu_verify.verify(data).facts.disclosed == {"lamp": "bridge"}
    assert len(json.loads(data)["disclosures"]) == 1


def test_an_entry_without_checkpoint_is_pending(ledger):
    (entry,) = mend(ledger)
    with pytest.raises(queries.PendingError):
        queries.prove(entry, agency=ledger.agency)
    with pytest.raises(queries.PendingError):
        queries.entry(entry, agency=ledger.agency)


def test_evidence_is_read_wherever_it_is_on_its_way_into_the_log(ledger):
    made = mend(ledger, 3, actor="an", lamp="bridge")
    waiting = queries.evidence(made, agency=ledger.agency)
    sequencer.settle()
    signed = queries.evidence(made, agency=ledger.agency)
    Log.objects.update(signed_size=0)
    placed = queries.evidence(made, agency=ledger.agency)
    assert [(one.id, one.disclosures) for one in waiting] == [
        (entry, {"actor": "an", "lamp": "bridge"}) for entry in made
    ]
    assert [replace(one, log="", index=-1) for one in signed] == waiting
    assert placed == signed


def test_an_unknown_entry_is_missing(ledger):
    with pytest.raises(queries.EntryMissingError):
        queries.prove("nothing", agency=ledger.agency)


def test_a_damaged_disclosure_reads_as_a_destroyed_one(ledger):
    (entry,) = mend(ledger)
    sequencer.settle()
    Disclosure.objects.update(sealed=b"broken")
    read = queries.entry(entry, agency=ledger.agency)
    assert (read.destroyed, read.disclosures) == (True, {})


def test_the_same_instant_comes_back_whatever_zone_it_was_told_in(ledger):
    told = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=ZoneInfo("Asia/Almaty"))
    with atomic():
        made = actions.record(LampMended(), agency=ledger.agency, at=told, disclosures={})
    sequencer.settle()
    read = queries.entry(made, agency=ledger.agency)
    assert read.at == told
    verdict = congvu_verify.verify(queries.prove(made, agency=ledger.agency))
    assert verdict.facts.at == "2026-01-01T22:04:05.678901Z"
