"""Before the first signature the witnesses are asked: an old backup is found, a lone liar stops nobody."""

import json
import shutil

import pytest

from congvu.base import clock
from congvu.ledger import gate, sequencer, wording
from congvu.ledger.actions import ReadOnlyError
from congvu.ledger.gate import inspect
from congvu.ledger.models import Ledger, Log, Outbox
from congvu.ledger.sequencer import Sequencer
from congvu.ledger.witnesses import policy as policies
from congvu.ledger.witnesses import recall
from congvu.standards import checkpoints, merkle, notes
from congvu.standards.witnessing import Head
from tests.ledger.conftest import mend
from tests.ledger.witnesses.backups import back_up, restore
from tests.ledger.witnesses.conftest import adopt, attend, folder_of, log_of


def pass_gate(ledger: Ledger) -> str:
    with Sequencer() as fenced:
        fenced.pass_gates(clock.now())
    ledger.refresh_from_db()
    return ledger.sealed


def waiting(ledger: Ledger) -> list[dict]:
    rows = Outbox.objects.filter(agency=ledger.agency).order_by("id").values_list("leaf", flat=True)
    return [json.loads(bytes(leaf)) for leaf in rows]


def test_a_whole_old_backup_passes_the_memories_at_home_and_not_the_witness(ledger, witnesses, tmp_path):
    adopt(ledger, one := witnesses("archive"))
    attend(one)
    back_up(tmp_path)
    mend(ledger, 20)
    sequencer.settle()
    attend(one)
    restore(tmp_path)
    assert inspect(log_of(ledger), folder_of(ledger)) == ""
    assert pass_gate(ledger) == recall.AHEAD
    with pytest.raises(ReadOnlyError, match=recall.AHEAD):
        mend(ledger)
    assert sequencer.settle() == 0


def test_a_backup_of_the_last_head_goes_on(ledger, witnesses, tmp_path):
    adopt(ledger, one := witnesses("archive"))
    attend(one)
    back_up(tmp_path)
    restore(tmp_path)
    assert pass_gate(ledger) == ""
    mend(ledger)
    assert sequencer.settle() == 1
    assert attend(one) == [1]


def test_a_witness_that_saw_another_history_under_our_key_seals(ledger, witnesses):
    adopt(ledger, one := witnesses("archive"))
    attend(one)
    key = notes.parse_signer_key(folder_of(ledger).key.read_text().strip())
    head = checkpoints.Checkpoint(key.name, 20, merkle.root([merkle.leaf_hash(b"x")]))
    one.heads[key.name] = Head(head.size, head.root), checkpoints.sign(head, key)
    assert pass_gate(ledger) == recall.FORKED


@pytest.mark.parametrize("shows", [True, False])
def test_a_mere_number_of_one_witness_stops_nobody_and_is_recorded(ledger, witnesses, shows):
    liar = witnesses("liar", shows=shows)
    honest = [witnesses("archive"), witnesses("press")]
    adopt(ledger, liar, *honest, threshold=2)
    attend(*honest)
    liar.lies = lambda *_: (409, "text/x.tlog.size", b"99999999\n")
    assert pass_gate(ledger) == ""
    (said,) = waiting(ledger)
    assert (said["kind"], said["attributes"]) == (
        "ledger.witnesses.asked",
        {"answered": 3, "claims": 1, "witnesses": 3},
    )
    assert sequencer.settle() == 2  # it goes on, and the next start says the same


def test_a_head_under_a_key_that_is_not_ours_is_a_claim_too(ledger, witnesses):
    liar, honest = witnesses("liar"), witnesses("archive")
    adopt(ledger, liar, honest)
    origin = log_of(ledger).origin
    head = checkpoints.Checkpoint(origin, 9_999, bytes(32))
    liar.heads[origin] = Head(head.size, head.root), checkpoints.sign(head, notes.generate(origin))
    found = recall.recall(log_of(ledger), folder_of(ledger), policies.current())
    assert (found.reason, found.answered, found.claims) == ("", 2, 1)


def test_numbers_of_as_many_as_the_policy_believes_seal(ledger, witnesses):
    """Witnesses of another make show no heads; their number is all there is."""
    three = [witnesses(name, shows=False) for name in ("archive", "press", "ward")]
    adopt(ledger, *three, threshold=2)
    for one in three[:2]:
        one.lies = lambda *_: (409, "text/x.tlog.size", b"1000\n")
    assert pass_gate(ledger) == recall.CLAIMED


def test_a_witness_that_forgot_is_no_reason(ledger, witnesses):
    adopt(ledger, one := witnesses("archive", shows=False))
    attend(one)
    one.heads.clear()
    assert pass_gate(ledger) == ""


@pytest.mark.parametrize("said", [b"nonsense", b"", b"\xff\xfe", b"x" * 70_000])
def test_nonsense_is_no_reason(ledger, witnesses, said):
    adopt(ledger, one := witnesses("archive"))
    one.lies = lambda *_: (200, "text/plain", said)
    assert pass_gate(ledger) == ""


def test_witnesses_that_are_away_do_not_keep_an_agency_from_working(ledger, witnesses):
    one, two = witnesses("archive"), witnesses("press")
    adopt(ledger, one, two)
    attend(one, two)
    one.stop()
    assert pass_gate(ledger) == ""
    assert [said["attributes"] for said in waiting(ledger)] == [{"answered": 1, "claims": 0, "witnesses": 2}]


def test_when_all_is_well_nothing_is_recorded(ledger, witnesses):
    adopt(ledger, one := witnesses("archive"))
    attend(one)
    assert pass_gate(ledger) == ""
    assert waiting(ledger) == []


def test_a_policy_that_cannot_be_read_is_said_and_recorded(ledger):
    policies.path().parent.mkdir(parents=True, exist_ok=True)
    policies.path().write_text("nonsense")
    assert pass_gate(ledger) == ""
    assert [said["attributes"]["answered"] for said in waiting(ledger)] == [0]


def test_a_new_log_is_asked_about_as_well(ledger, witnesses):
    """A database from before the first entry: the new log would have an old one's name."""
    one = witnesses("archive")
    adopt(ledger, one)
    attend(one)
    Log.objects.filter(agency=ledger.agency).update(size=0, root="", signed_size=0, checkpoint="")
    shutil.rmtree(folder_of(ledger).public)
    shutil.rmtree(folder_of(ledger).entries)
    folder_of(ledger).copy.unlink()
    key = notes.parse_signer_key(folder_of(ledger).key.read_text().strip()).verifier
    assert one.keys[log_of(ledger).origin] == key
    assert pass_gate(ledger) == recall.AHEAD


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "bản sao lưu cũ"),
        ("kk", "ескі сақтық көшірме"),
        ("ru", "старая резервная копия"),
        ("en", "an old backup"),
    ],
)
def test_the_page_says_why_and_what_to_do(transactional_db, ngoc, client_of, language, words):
    client = client_of(ngoc)
    client.cookies["django_language"] = language
    Ledger.objects.filter(agency=ngoc.agency.handle).update(sealed=recall.AHEAD)
    answer = client.post(f"/directory/people/{ngoc.person.handle}/rename/", {"full_name": "Phạm Thị Ngọc"})
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 503
    assert words in page
    assert "congvu ledger rebuild" in page


@pytest.mark.parametrize(
    "reason",
    [
        *(gate.DATABASE_BEHIND, gate.TILES_BEHIND, gate.FORKED, gate.DAMAGED, gate.KEY_MISSING),
        *(gate.UNREADABLE, recall.AHEAD, recall.CLAIMED, recall.FORKED),
    ],
)
def test_every_reason_has_its_sentence_and_its_steps(reason):
    assert wording.why(reason) != wording.why("a reason that nobody knows")
    assert len(wording.steps(reason)) >= 2
