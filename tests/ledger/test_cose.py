"""A COSE receipt of a real log's entry, verified by foreign code, and what the operator is told beside it."""

import base64
import json

import pytest

from congvu.cli.__main__ import main
from congvu.ledger import queries, sequencer
from congvu.ledger.models import Entry, Log
from congvu.ledger.store import Folder
from tests.conformance.test_scitt_cose import verified
from tests.ledger.conftest import mend


def test_a_foreign_verifier_accepts_the_receipt_of_every_entry(ledger):
    mend(ledger, 20)
    sequencer.settle()
    log = Log.objects.get(agency=ledger.agency)
    key = queries.log_keys.verifier(log.origin, Folder.of(ledger.slug, log.year))
    for row in Entry.objects.filter(agency=ledger.agency):
        beside = json.loads(queries.prove(row.entry, agency=ledger.agency))
        found = verified(
            queries.prove_by_cose(row.entry, agency=ledger.agency),
            leaf=base64.b64decode(beside["entry"]),
            key=key,
        )
        assert (found.errors, found.leaf_index, found.tree_size) == ([], row.index, 21)
        assert (found.issuer, found.subject) == (log.origin, row.entry)


def test_the_operator_is_told_what_the_form_does_not_sign(ledger, tmp_path, capsysbinary):
    (entry,) = mend(ledger)
    sequencer.settle()
    file = tmp_path / "entry.cose"
    assert main(["ledger", "prove", entry, "--format", "cose", "--output", str(file)]) == 0
    assert (
        b"a COSE receipt does not sign the size of the log, and names no witnesses"
        in capsysbinary.readouterr().err
    )
    assert file.read_bytes() == queries.prove_by_cose(entry, agency=ledger.agency)
    assert main(["ledger", "prove", entry, "--format", "cose"]) == 0
    assert capsysbinary.readouterr().out == file.read_bytes()


def test_a_lone_entry_and_a_missing_key_are_said(ledger, capsys):
    sequencer.settle()
    (entry,) = mend(ledger)
    with pytest.raises(queries.PendingError):
        queries.prove_by_cose(entry, agency=ledger.agency)
    sequencer.settle()
    log = Log.objects.get(agency=ledger.agency)
    Folder.of(ledger.slug, log.year).key.unlink()
    assert main(["ledger", "prove", entry, "--format", "cose"]) == 1
    assert (
        capsys.readouterr().err == "congvu: the key of this log is gone, and no COSE receipt can be signed\n"
    )
