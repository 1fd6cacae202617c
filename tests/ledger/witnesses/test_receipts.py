"""A receipt carries what the witnesses said of the checkpoint under which it was issued."""

import json

import pytest

import congvu_verify
from congvu.ledger import log_keys, queries, sequencer
from congvu.ledger.models import Entry
from congvu.ledger.witnesses import policy as policies
from congvu.standards import cosignatures, notes
from tests.ledger.conftest import mend
from tests.ledger.witnesses.conftest import adopt, attend, folder_of, log_of, vkey


def newest(ledger) -> str:
    return Entry.objects.filter(agency=ledger.agency).order_by("-index")[0].entry


def told(ledger, entry: str, **options) -> congvu_verify.Witnessing:
    verdict = congvu_verify.verify(
        queries.prove(entry, agency=ledger.agency), key=vkey(ledger).text, **options
    )
    assert verdict.reasons == ()
    assert verdict.facts is not None
    return verdict.facts.witnessing


def test_a_receipt_says_who_witnessed_its_checkpoint(ledger, witnesses):
    three = [witnesses(name) for name in ("inspectorate", "archive", "press")]
    adopt(ledger, *three, threshold=2)
    entry = newest(ledger)
    found = told(ledger, entry)
    assert (found.policy, found.met, found.count, found.of) == ("receipt", False, 0, 3)
    attend(*three[:2])
    found = told(ledger, entry)
    assert (found.met, found.count, found.of) == (True, 2, 3)
    assert [one.key.split("+")[0] for one in found.by] == ["inspectorate.example", "archive.example"]
    attend(three[2])
    assert told(ledger, entry).count == 3


def test_an_older_entry_is_proven_under_the_witnessed_head_while_a_newer_one_waits(ledger, witnesses):
    adopt(ledger, one := witnesses("archive"))
    attend(one)
    old, size = newest(ledger), log_of(ledger).signed_size
    mend(ledger, 600)
    sequencer.settle()
    new = newest(ledger)
    assert congvu_verify.verify(queries.prove(old, agency=ledger.agency)).facts.size == size
    assert (told(ledger, old).met, told(ledger, new).met) == (True, False)
    attend(one)
    assert (told(ledger, old).met, told(ledger, new).met) == (True, True)


def test_without_a_policy_a_receipt_names_none(ledger):
    assert told(ledger, newest(ledger)).policy == ""


def test_a_receipt_is_issued_with_its_policy_when_the_key_of_the_log_is_gone(ledger, witnesses):
    policy = adopt(ledger, one := witnesses("archive"))
    attend(one)
    folder = folder_of(ledger)
    assert folder.statement().startswith(policies.bare(policy))
    folder.key.unlink()
    assert told(ledger, newest(ledger)).met


def test_without_the_key_and_a_kept_policy_the_receipt_stands_alone(ledger, witnesses):
    adopt(ledger, witnesses("archive"))
    folder_of(ledger).key.unlink()
    assert told(ledger, newest(ledger)).policy == ""


def test_a_changed_policy_is_signed_anew(ledger, witnesses):
    adopt(ledger, one := witnesses("archive"))
    attend(one)
    before = folder_of(ledger).statement()
    adopt(ledger, one, two := witnesses("press"), threshold=1)
    attend(one, two)
    after = folder_of(ledger).statement()
    assert after != before
    assert notes.verify(after, known=[vkey(ledger)]).text == policies.bare(policies.current())
    assert (told(ledger, newest(ledger)).count, told(ledger, newest(ledger)).of) == (2, 2)


def test_a_policy_that_cannot_be_read_leaves_the_receipt_without_witnesses(ledger, witnesses):
    adopt(ledger, one := witnesses("archive"))
    attend(one)
    policies.path().write_text("nonsense\n")
    assert told(ledger, newest(ledger)).policy == ""


def test_ml_dsa_stands_beside_ed25519_in_a_receipt(ledger, witnesses):
    adopt(ledger, one := witnesses("archive", sort=cosignatures.ML_DSA_44), two := witnesses("press"))
    attend(one, two)
    data = queries.prove(newest(ledger), agency=ledger.agency)
    assert [one.algorithm for one in congvu_verify.verify(data).facts.witnessing.by] == [
        "ML-DSA-44",
        "Ed25519",
    ]
    assert "policy" in json.loads(data)


def test_the_missing_key_of_a_log_is_said(ledger):
    folder_of(ledger).key.unlink()
    with pytest.raises(log_keys.KeyMissingError):
        queries.prove_by_cose(newest(ledger), agency=ledger.agency)
