"""Neighbours ask to be cosigned at the real door; what was cosigned is never forgotten."""

import json
import threading

import pytest
from django.db import connection
from django.test import Client

from congvu.base import clock
from congvu.ledger.models import Ledger, Outbox
from congvu.ledger.neighbors import actions, queries, witness_keys
from congvu.ledger.neighbors.models import NeighborHead
from congvu.ledger.web import witness
from congvu.standards import checkpoints, cosignatures, merkle, notes
from tests.ledger.conftest import found

LOG = notes.SignerKey(name="demonstration.lamson.example/log/ubnd/2026", seed=bytes(range(32)))
HASHES = [merkle.leaf_hash(b"%d" % number) for number in range(200)]
FORKED = [*HASHES[:50], *(merkle.leaf_hash(b"other %d" % number) for number in range(150))]


def head(size: int, hashes=HASHES) -> checkpoints.Checkpoint:
    return checkpoints.Checkpoint(LOG.name, size, merkle.root(hashes[:size]))


def body(old: int, new: int, *, hashes=HASHES, signer=LOG) -> bytes:
    proof = merkle.consistency_proof(old, new, merkle.in_memory(hashes[:new]))
    lines = [f"old {old}", *map(notes.encode_base64, proof), "", checkpoints.sign(head(new, hashes), signer)]
    return "\n".join(lines).encode()


def post(data: bytes):
    return Client().post("/witness/add-checkpoint", data, content_type="text/plain")


@pytest.fixture
def door(transactional_db, data_folder, monkeypatch):
    """An installation that witnesses one neighbour."""
    actions.open_witness(name="congvu.example/witness", now=clock.now())
    actions.add_neighbor(LOG.verifier.text, url="", now=clock.now())
    monkeypatch.setattr(witness, "BY_LOG", witness.Pace(burst=10_000, a_minute=1))
    monkeypatch.setattr(witness, "BY_ADDRESS", witness.Pace(burst=10_000, a_minute=1))


def test_a_neighbour_is_cosigned_under_both_keys_and_remembered(door):
    answer = post(body(0, 5))
    text = head(5).format()
    told = cosignatures.cosigned(f"{text}\n{answer.content.decode()}", known=witness_keys.verifiers())
    assert (answer.status_code, [one.key.sort for one in told]) == (200, [4, 6])
    assert all(abs(one.at - clock.now().timestamp()) < 60 for one in told)
    assert queries.neighbor(LOG.name).size == 5
    assert queries.neighbor(LOG.name).note == checkpoints.sign(head(5), LOG)


def test_a_log_grows_step_by_step(door):
    for old, new in [(0, 1), (1, 1), (1, 7), (7, 8), (8, 130), (130, 200)]:
        assert post(body(old, new)).status_code == 200
    assert [one.size for one, _ in queries.heads(LOG.name)] == [200, 130, 8, 7, 1]


def test_another_history_is_refused_and_the_remembered_one_stays(door):
    post(body(0, 100))
    assert post(body(100, 120, hashes=FORKED)).status_code == 422
    assert post(body(100, 100, hashes=FORKED)).status_code == 409
    assert post(body(0, 100, hashes=FORKED)).content == b"100\n"
    assert queries.neighbor(LOG.name).note == checkpoints.sign(head(100), LOG)


def test_a_smaller_checkpoint_is_answered_with_the_size_that_is_known(door):
    post(body(0, 100))
    answer = post(body(0, 50))
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (409, b"100\n", "text/x.tlog.size")


def test_strangers_and_unknown_logs_are_refused(door):
    assert post(body(0, 5, signer=notes.generate(LOG.name))).status_code == 403
    stranger = notes.generate("stranger.example/log")
    note = checkpoints.sign(checkpoints.Checkpoint(stranger.name, 0, merkle.EMPTY_ROOT), stranger)
    assert post(b"old 0\n\n" + note.encode()).status_code == 404


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"old 0\n\n", 400),
        (b"\0" * 1000, 400),
        (b"old 0\n\n" + b"\xff" * 100, 400),
        (b"x" * 65_536, 400),
        (b"x" * 65_537, 413),
        (b"old 0\n\n" + b"a\n" * 30_000, 400),
        (body(0, 5)[:-1], 400),
        (body(0, 5) * 2, 400),
    ],
)
def test_hostile_bodies_have_an_answer(door, data, status):
    assert post(data).status_code == status
    assert not NeighborHead.objects.exists()


def test_only_posts_are_taken_and_no_session_is_begun(door):
    assert Client().get("/witness/add-checkpoint").status_code == 405
    answer = Client(enforce_csrf_checks=True).post(
        "/witness/add-checkpoint", body(0, 5), content_type="text/plain"
    )
    assert (answer.status_code, dict(answer.cookies)) == (200, {})


def test_whoever_asks_too_often_is_slowed_down(door, monkeypatch):
    monkeypatch.setattr(witness, "BY_ADDRESS", witness.Pace(burst=3, a_minute=1))
    answers = [post(b"junk") for _ in range(5)]
    assert [one.status_code for one in answers] == [400, 400, 400, 429, 429]
    assert answers[-1]["Retry-After"] == "5"
    monkeypatch.setattr(witness, "BY_ADDRESS", witness.Pace(burst=100, a_minute=1))
    monkeypatch.setattr(witness, "BY_LOG", witness.Pace(burst=2, a_minute=1))
    assert [post(body(0, 5)).status_code for _ in range(3)] == [200, 409, 429]


def test_an_allowance_grows_again_with_time():
    pace = witness.Pace(burst=2, a_minute=60)
    assert [pace.allows("a", at) for at in (0.0, 0.0, 0.5, 1.0, 1.1, 9.0, 9.0, 9.0)] == [
        *(True, True, False, True, False, True, True, False)
    ]
    assert pace.allows("b", 9.0)


def test_a_sealed_installation_does_not_cosign(door):
    Ledger.objects.filter(pk=found().pk).update(sealed="witnesses-ahead")
    assert post(body(0, 5)).status_code == 503
    assert not NeighborHead.objects.exists()


def test_an_installation_without_keys_is_no_witness(transactional_db, data_folder):
    assert post(body(0, 5)).status_code == 503
    assert Client().get("/witness/key").status_code == 404


def test_public_keys_and_heads_are_given_to_everybody(door):
    post(body(0, 7))
    keys = Client().get("/witness/key").content.decode().split("\n")[:-1]
    assert [cosignatures.parse_key(text) for text in keys] == witness_keys.verifiers()
    assert (
        Client().get("/witness/checkpoint", {"origin": LOG.name}).content
        == checkpoints.sign(head(7), LOG).encode()
    )
    assert Client().get("/witness/checkpoint", {"origin": "x"}).status_code == 404
    actions.add_neighbor(notes.generate("a.example/log").verifier.text, url="", now=clock.now())
    listed = json.loads(Client().get("/witness/checkpoints").content)
    assert listed == {"checkpoints": [checkpoints.sign(head(7), LOG)], "next": None}
    after = json.loads(Client().get("/witness/checkpoints", {"after": LOG.name}).content)
    assert after == {"checkpoints": [], "next": None}


def test_twenty_at_once_get_one_history(door):
    """Two histories asked at the same time from many threads: one wins, the other is never cosigned."""
    told: list[tuple[int, str]] = []
    start = threading.Barrier(20)

    def ask(number: int) -> None:
        start.wait()
        hashes = (HASHES, FORKED)[number % 2]
        answer = post(body(0, 100 + number // 2, hashes=hashes))
        if answer.status_code == 200:
            told.append((100 + number // 2, "ab"[number % 2]))
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1


def test_only_so_many_heads_are_kept(door, monkeypatch):
    monkeypatch.setattr(actions, "KEPT", 3)
    for new in range(1, 9):
        post(body(new - 1, new))
    assert [one.size for one, _ in queries.heads(LOG.name)] == [8, 7, 6]


def test_what_a_witness_takes_on_is_evidence(transactional_db, data_folder):
    ledger = found()
    before = Outbox.objects.count()
    actions.open_witness(name="w", now=clock.now())
    actions.add_neighbor(LOG.verifier.text, url="https://lamson.example/log/ubnd/2026", now=clock.now())
    actions.remove_neighbor(LOG.name, now=clock.now())
    kinds = [
        json.loads(bytes(leaf))["kind"]
        for leaf in Outbox.objects.filter(agency=ledger.agency).order_by("id").values_list("leaf", flat=True)
    ][before:]
    assert kinds == ["ledger.witness.opened", "ledger.neighbor.added", "ledger.neighbor.removed"]


def test_a_log_that_was_removed_cannot_come_again_with_another_history(door):
    assert post(body(0, 5)).status_code == 200
    actions.remove_neighbor(LOG.name, now=clock.now())
    assert post(body(5, 6)).status_code == 404
    actions.add_neighbor(LOG.verifier.text, url="", now=clock.now())
    assert post(body(0, 4)).status_code == 409
    assert post(body(5, 6)).status_code == 200


def test_acts_of_a_witness_refuse_what_would_harm(door):
    with pytest.raises(actions.WitnessExistsError):
        actions.open_witness(name="w", now=clock.now())
    with pytest.raises(actions.NeighborExistsError):
        actions.add_neighbor(LOG.verifier.text, url="", now=clock.now())
    with pytest.raises(actions.NoNeighborError):
        actions.remove_neighbor("x", now=clock.now())
    with pytest.raises(notes.MalformedKeyError):
        actions.add_neighbor(witness_keys.verifiers()[0].text, url="", now=clock.now())
    ledger = found(demonstration=True)
    own = notes.generate(f"demonstration.{ledger.host}/log/{ledger.slug}/2031").verifier.text
    with pytest.raises(actions.OwnLogError):
        actions.add_neighbor(own, url="", now=clock.now())


def test_new_keys_take_the_place_of_old_ones_only_when_asked(door):
    old = witness_keys.verifiers()
    actions.open_witness(name="congvu.example/witness", now=clock.now(), replace=True)
    assert not set(old) & set(witness_keys.verifiers())
    assert witness_keys.path().stat().st_mode & 0o777 == 0o600
