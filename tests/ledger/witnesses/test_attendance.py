"""Our checkpoints are brought to the witnesses; what they say is kept, published and used."""

import json
import threading
import time
from datetime import timedelta

import pytest
from django.test import Client

from congvu.base import clock
from congvu.ledger import sequencer
from congvu.ledger.models import Outbox
from congvu.ledger.sequencer import Sequencer
from congvu.ledger.witnesses import actions, calling, queries, tasks
from congvu.ledger.witnesses import policy as policies
from congvu.ledger.witnesses.models import HeadCosignature, WitnessedHead, WitnessState
from congvu.standards import checkpoints, cosignatures, quorums
from congvu.standards.witnessing import Question
from tests.ledger.conftest import mend
from tests.ledger.witnesses.conftest import adopt, attend, folder_of, log_of, vkey


def public(ledger, name: str = "checkpoint") -> str:
    answer = Client().get(f"/log/{ledger.slug}/{log_of(ledger).year}/{name}")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode() if answer.status_code == 200 else ""


def told(note: str, policy: quorums.Policy) -> list[str]:
    return [one.key.name for one in cosignatures.cosigned(note, known=policy.cosigners())]


def test_a_head_is_witnessed_once_the_policy_is_met_and_then_published(ledger, witnesses):
    three = [witnesses(name) for name in ("inspectorate", "archive", "press")]
    policy = adopt(ledger, *three, threshold=2)
    size = log_of(ledger).signed_size
    assert attend(three[0]) == [1]
    assert queries.witnessed(log_of(ledger), 0) is None
    assert told(public(ledger), policy) == []
    attend(three[1])
    found = queries.witnessed(log_of(ledger), size - 1)
    assert found is not None
    assert (found.size, told(found.note, policy)) == (size, ["inspectorate.example", "archive.example"])
    assert public(ledger) == found.note
    attend(three[2])  # a late one is added, and the order of the policy kept
    assert told(public(ledger), policy) == ["inspectorate.example", "archive.example", "press.example"]
    assert checkpoints.verify(public(ledger), key=vkey(ledger)).size == size


def test_a_newer_head_waits_for_the_witnesses_and_the_older_one_stands_meanwhile(ledger, witnesses):
    policy = adopt(ledger, one := witnesses("archive"))
    attend(one)
    before, cosigned = log_of(ledger).signed_size, public(ledger)
    mend(ledger, 5)
    sequencer.settle()
    after = log_of(ledger).signed_size
    assert (
        queries.witnessed(log_of(ledger), before - 1).size,
        queries.witnessed(log_of(ledger), before),
    ) == (
        before,
        None,
    )
    assert public(ledger) == cosigned
    assert checkpoints.verify(public(ledger, "head"), key=vkey(ledger)).size == after
    attend(one)
    assert queries.witnessed(log_of(ledger), before).size == after
    assert told(public(ledger), policy) == ["archive.example"]
    assert one.asked[-1] == f"{before} {after}"
    assert [head.size for head in WitnessedHead.objects.all()] == [after]


def test_nothing_is_asked_while_nothing_is_new(ledger, witnesses):
    adopt(ledger, one := witnesses("archive"))
    attend(one)
    asked = len(one.asked)
    assert attend(one) == [0]
    assert len(one.asked) == asked


def test_without_a_policy_nobody_is_awaited(ledger):
    assert queries.witnessed(log_of(ledger), 0) is None
    assert public(ledger) == public(ledger, "head") != ""
    assert public(ledger, "policy") == public(ledger, "witnesses") == ""
    assert [one.is_met for one in queries.standings()] == [True]


def test_the_policy_is_public_with_the_logs_key_and_with_addresses(ledger, witnesses):
    adopt(ledger, one := witnesses("archive"))
    shown = quorums.parse(public(ledger, "witnesses"))
    assert [log.key for log in shown.logs] == [vkey(ledger)]
    assert [(witness.key, witness.url) for witness in shown.witnesses] == [(one.secret.key, one.url)]


def test_a_witness_that_knows_another_size_is_asked_again_from_there(ledger, witnesses):
    adopt(ledger, one := witnesses("archive"))
    attend(one)
    WitnessState.objects.all().delete()  # as after a restore of an older database
    mend(ledger, 5)
    sequencer.settle()
    size = log_of(ledger).signed_size
    assert attend(one) == [1]
    assert [asked.split()[0] for asked in one.asked[-2:]] == ["0", str(size - 5)]


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ((500, "text/plain", b""), "later"),
        ((503, "text/plain", b""), "later"),
        ((429, "text/plain", b""), "later"),
        ((404, "text/plain", b""), "unknown"),
        ((403, "text/plain", b""), "forbidden"),
        ((400, "text/plain", b""), "refused"),
        ((422, "text/plain", b""), "inconsistent"),
        ((409, "text/plain", b"x"), "other_root"),
        ((409, "text/x.tlog.size", b"99999\n"), "stale"),
        ((409, "text/x.tlog.size", b"nonsense"), "malformed"),
        ((200, "text/plain", b"nonsense"), "malformed"),
        ((200, "text/plain", b"x" * 70_000), "too_large"),
        ((302, "text/plain", b""), "refused"),
    ],
)
def test_whatever_a_witness_answers_is_noted_and_it_is_asked_later(ledger, witnesses, said, word):
    adopt(ledger, one := witnesses("archive"))
    one.lies = lambda *_: said
    assert attend(one) == [0]
    (state,) = WitnessState.objects.all()
    assert (state.error, state.failures, state.size) == (word, 1, 0)
    assert state.claimed == (99999 if word == "stale" else None)
    asked = len(one.asked)
    attend(one)
    assert len(one.asked) == asked  # not before its time
    WitnessState.objects.update(next_at=clock.now() - timedelta(seconds=1))
    one.lies = None
    assert attend(one) == [1]
    assert WitnessState.objects.get().error == ""


def test_pauses_grow_up_to_a_quarter_of_an_hour(ledger, witnesses):
    adopt(ledger, one := witnesses("archive"))
    now, pauses = clock.now(), []
    for _ in range(12):
        actions.note_failure(log_of(ledger), one.secret.key, word="slow", claimed=None, now=now)
        pauses.append(int((WitnessState.objects.get().next_at - now).total_seconds()))
    assert pauses == [4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]


def test_a_witness_that_is_away_is_told(ledger, witnesses):
    one = witnesses("archive")
    adopt(ledger, one)
    one.stop()
    attend(one)
    (seen,) = queries.attendances()
    assert (seen.name, seen.size, seen.lag, seen.error) == (
        "w0",
        0,
        log_of(ledger).signed_size,
        "unreachable",
    )
    assert [(one.is_awaited, one.is_met) for one in queries.standings()] == [(True, False)]


def test_a_cosignature_by_another_key_is_none(ledger, witnesses):
    adopt(ledger, one := witnesses("archive"))
    one.secret = cosignatures.generate(one.secret.name, one.secret.sort)
    policy = policies.current()
    tasks.attend(policies.mark(policy.cosigners()[0]), policy=policy, now=clock.now)
    assert WitnessState.objects.get().error == "malformed"
    assert not HeadCosignature.objects.exists()


def test_a_post_quantum_witness_stands_in_the_public_checkpoint(ledger, witnesses):
    policy = adopt(ledger, one := witnesses("archive", sort=cosignatures.ML_DSA_44))
    attend(one)
    assert [key.sort for key in policy.cosigners()] == [6]
    assert told(public(ledger), policy) == ["archive.example"]


def test_a_stricter_policy_makes_older_cosignatures_too_few(ledger, witnesses):
    one, two = witnesses("archive"), witnesses("press")
    adopt(ledger, one)
    attend(one)
    assert queries.witnessed(log_of(ledger), 0) is not None
    adopt(ledger, one, two)
    assert queries.witnessed(log_of(ledger), 0) is None
    attend(one, two)
    assert queries.witnessed(log_of(ledger), 0) is not None


def test_what_must_be_witnessed_is_evidence(ledger, witnesses):
    policy = quorums.parse(witnesses("archive").line("w") + "quorum w\n")
    actions.adopt_policy(policy, now=clock.now())
    leaves = [json.loads(bytes(one)) for one in Outbox.objects.values_list("leaf", flat=True)]
    assert [(one["kind"], one["attributes"]) for one in leaves] == [
        ("ledger.policy.adopted", {"witnesses": 1})
    ]
    assert policies.current() == policy


def test_a_policy_that_nobody_could_meet_is_refused(ledger, witnesses):
    text = witnesses("archive").line("w").rpartition(" ")[0] + "\nquorum w\n"
    with pytest.raises(actions.UnaskableError):
        actions.adopt_policy(quorums.parse(text), now=clock.now())
    assert policies.current() == policies.NOBODY


def test_a_policy_that_cannot_be_read_is_told_and_nobody_is_taken_for_a_witness(ledger):
    policies.path().parent.mkdir(parents=True, exist_ok=True)
    policies.path().write_text("quorum nonsense\n")
    assert queries.policy_fault() == "line 1: the quorum is not named before"
    assert queries.witnessed(log_of(ledger), 0) is None
    assert public(ledger) == public(ledger, "head")


def test_one_slow_witness_delays_neither_the_others_nor_recording(ledger, witnesses, monkeypatch):
    """The threads of the clerk, three witnesses of whom one thinks for seconds, and acts all the while."""
    monkeypatch.setattr(tasks, "PAUSE", 0.05)
    quick = [witnesses("archive"), witnesses("press")]
    slow = witnesses("inspectorate", delay=3.0)
    adopt(ledger, slow, *quick, threshold=2)
    slow.asked.clear()
    stop = threading.Event()
    thread = threading.Thread(target=tasks.serve, args=(stop,))
    with Sequencer() as fenced:
        mend(ledger)
        fenced.step(clock.now())  # the gate asks once, and waits for the slow one
        slow.asked.clear()
        thread.start()
        try:
            ended, sizes, acts = time.monotonic() + 2.8, set(), 0
            while time.monotonic() < ended:
                mend(ledger)
                acts += fenced.step(clock.now())
                found = queries.witnessed(log_of(ledger), 0)
                sizes.add(found.size if found else 0)
        finally:
            stop.set()
            thread.join()
            for one in [one for one in threading.enumerate() if one.name.startswith("witness ")]:
                one.join()
    assert acts >= 10
    assert len(sizes - {0}) >= 4  # several heads were enough while the slow one thought about its first
    assert len(slow.asked) == 1


def test_a_witness_that_thinks_too_long_is_not_waited_for(ledger, witnesses):
    (asked,) = policies.asked(adopt(ledger, one := witnesses("archive")))
    one.delay = 2.0
    with pytest.raises(calling.WitnessError, match="slow"):
        calling.ask(asked, Question(0, (), folder_of(ledger).checkpoint()), seconds=0.2)
