"""A hundred thousand changes of genuine receipts: none is accepted, and no genuine one is refused."""

import time
from collections import Counter
from datetime import timedelta
from random import Random

import pytest

import congvu_verify
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.ledger.models import Log
from congvu.ledger.witnesses import actions as witnesses
from congvu.mail.actions import acknowledging, opening, recalling
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Item, Message, Receipt
from congvu.mail.queries import receipts
from congvu.standards import notes
from congvu.standards.cosignatures import Cosignature
from congvu.standards.quorums import Group, Policy, Witness
from tests import witnessed
from tests.mail.letters import NOW, incoming, submitted
from tests.torture.mutations import CHANGES

MANY = 100_000
FEW = 1_500  # in every run of the tests


@pytest.fixture
def genuine(data_folder, agency, an, binh, chi) -> list[bytes]:
    """Receipts of many steps, each with what is needed, with everything, and with nothing disclosed."""
    for number in range(6):
        at = NOW + timedelta(minutes=number)
        named = f"m{number}@ubnd.example"
        accept([submitted(binh, "an@ubnd.example", "chi@ubnd.example", message_id=named, at=at)])
        accept([incoming("binh@ubnd.example", message_id=f"o{number}@dan.example", at=at)])
    for item in Item.objects.filter(mailbox__address=an.address, folder="inbox"):
        opening.open_message(seat=an, item=item, now=NOW + timedelta(hours=1))
        acknowledging.acknowledge(seat=an, item=item, now=NOW + timedelta(hours=1))
    recalling.recall(seat=binh, message=Message.objects.filter(sender__isnull=False).first(), now=NOW)
    witness(agency)
    rows = Receipt.objects.select_related("message__agency").order_by("id")
    return [
        ledger.prove(row.entry, agency=agency.handle, disclose=disclose)
        for row in rows
        for disclose in (receipts.needed(row), None, frozenset())
    ]


def witness(agency) -> None:
    """Let the newest head of the log be cosigned by two of three witnesses, one of them by ML-DSA-44."""
    secrets = [witnessed.LATTICE, *witnessed.SECRETS[1:]]
    names = zip(witnessed.NAMES, secrets, strict=True)
    asked = tuple(Witness(name, one.key, "https://witness.invalid/") for name, one in names)
    policy = Policy((), asked, (Group("quorum", 2, witnessed.NAMES),), "quorum")
    witnesses.adopt_policy(policy, now=NOW)
    sequencer.settle()
    log = Log.objects.get(agency=agency.handle)
    head = witnesses.open_head(log, now=NOW)
    for one in secrets[:2]:
        line = one.cosign(notes.parse(log.checkpoint).text, at=witnessed.SAID_AT)
        witnesses.keep(head, Cosignature(one.key, witnessed.SAID_AT, line), policy=policy, now=NOW)


def changed(genuine: list[bytes], many: int, seed: int) -> tuple[Counter[str], list[tuple[str, bytes]]]:
    """Try changes, with the agency's key at hand; return how each class was answered, and what was accepted."""
    dice = Random(seed)  # noqa: S311 -- repeatable, not secret
    key = _key(genuine[0])
    known = set(genuine)
    answers: Counter[str] = Counter()
    accepted: list[tuple[str, bytes]] = []
    while answers.total() < many:
        change = CHANGES[answers.total() % len(CHANGES)]
        one = dice.choice(genuine)
        try:
            forged = change(one, dice.choice(genuine), dice)
        except (IndexError, ValueError):  # nothing of that sort is in this receipt
            forged = CHANGES[0](one, one, dice)
        if forged in known:
            continue
        verdict = congvu_verify.verify(forged, key=key)
        answers["not proven" if verdict.readable else "unreadable"] += not verdict.ok
        answers["accepted"] += verdict.ok
        if verdict.ok:
            accepted.append((change.__name__, forged))
    return answers, accepted


def _key(receipt: bytes) -> str:
    facts = congvu_verify.verify(receipt).facts
    assert facts is not None
    return facts.key


@pytest.mark.django_db(transaction=True)
def test_every_genuine_receipt_is_proven(genuine) -> None:
    key = _key(genuine[0])
    assert len(genuine) > 100
    verdicts = [congvu_verify.verify(raw, key=key) for raw in genuine]
    assert [one.reasons for one in verdicts if not one.ok] == []
    assert {(one.facts.witnessing.met, one.facts.witnessing.count) for one in verdicts if one.facts} == {
        (True, 2)
    }


@pytest.mark.django_db(transaction=True)
def test_no_changed_receipt_is_proven(genuine) -> None:
    answers, accepted = changed(genuine, FEW, 20261122)
    assert (answers["accepted"], accepted) == (0, [])
    assert answers["not proven"] > 0
    assert answers["unreadable"] > 0


@pytest.mark.torture
@pytest.mark.django_db(transaction=True)
def test_a_hundred_thousand_changed_receipts_are_refused(genuine, seed) -> None:
    begun = time.process_time()
    answers, accepted = changed(genuine, MANY, seed)
    taken = time.process_time() - begun
    refused = [raw for raw in genuine if not congvu_verify.verify(raw, key=_key(genuine[0])).ok]
    print(  # noqa: T201 -- the point of a long run is its figures
        f"seed {seed}: {answers.total():,} changes in {len(CHANGES)} classes of {len(genuine)} genuine receipts, "
        f"{answers['accepted']} accepted, {answers['not proven']:,} not proven, {answers['unreadable']:,} unreadable; "
        f"genuine refused: {len(refused)}; {taken:.0f} s of one core"
    )
    assert (accepted, refused) == ([], [])
