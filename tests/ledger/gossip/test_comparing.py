"""What others saw is compared with what we saw: two histories are proven, and one that is only said proves nothing."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client

from congvu.base import clock
from congvu.ledger import sequencer
from congvu.ledger.gossip import actions, queries, tasks
from congvu.ledger.models import Ledger, Outbox
from congvu.ledger.neighbors import actions as neighbors
from congvu.ledger.neighbors.models import Neighbor, NeighborHead
from congvu.ledger.witnesses import actions as witnessing
from congvu.ledger.witnesses import policy as policies
from congvu.ledger.witnesses.recall import AHEAD, FORKED
from congvu.standards import checkpoints, conflicts, cosignatures, merkle, notes, quorums, tiles
from congvu.standards.checkpoints import Checkpoint
from tests.ledger.conftest import found, mend
from tests.ledger.witnesses.conftest import folder_of, log_of

LOG = notes.SignerKey(name="lamson.example/log/ubnd/2026", seed=bytes(range(32)))
SAYS = cosignatures.generate("archive.example", cosignatures.ED25519)


class Site:
    """A web server of others: files by path, and what a witness shows."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.files.get(self.path.partition("?")[0].lstrip("/"))
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def show(self, *notes_: str, proofs: tuple[bytes, ...] = ()) -> None:
        self.files["w/checkpoints"] = json.dumps({"checkpoints": notes_, "next": None}).encode()
        said = [json.loads(one) for one in proofs]
        self.files["w/conflicts"] = json.dumps({"conflicts": said}, ensure_ascii=False).encode()


@pytest.fixture
def site():
    made = Site()
    made.show()
    yield made
    made.server.shutdown()
    made.server.server_close()


class History:
    """A log of others: one of its histories."""

    def __init__(self, *, fork: int = 10**9) -> None:
        self.leaves = [b"%d" % at if at < fork else b"x%d" % at for at in range(400)]
        self.hashes = [merkle.leaf_hash(leaf) for leaf in self.leaves]

    def note(self, size: int, signer=LOG) -> str:
        return checkpoints.sign(Checkpoint(LOG.name, size, merkle.root(self.hashes[:size])), signer)

    def publish(self, site: Site, size: int) -> None:
        """Put the tiles of a log that signed at every size below its public address."""
        edge = tiles.EMPTY
        for leaf in self.leaves[:size]:
            growth = edge.append([leaf])
            site.files.update({f"log/{path}": data for path, data in growth.files.items()})
            edge = growth.edge


ONE, TWO = History(), History(fork=50)


@pytest.fixture
def watching(transactional_db, data_folder, site):
    """An installation that witnesses a log, and compares with one other witness."""
    ledger = found()
    neighbors.add_neighbor(LOG.verifier.text, url=f"{site.url}/log", now=clock.now())
    text = f"witness archive {SAYS.key.text} {site.url}/w\nquorum none\n"
    witnessing.adopt_policy(quorums.parse(text), now=clock.now())
    return ledger


def saw(history: History, *sizes: int) -> None:
    neighbor = Neighbor.objects.get()
    for size in sizes:
        root = notes.encode_base64(merkle.root(history.hashes[:size]))
        NeighborHead.objects.create(
            neighbor=neighbor, size=size, root=root, note=history.note(size), cosigned_at=clock.now()
        )


def compare() -> tuple[int, int, int]:
    outcome = tasks.compare(clock.now())["archive"]
    assert outcome is not None
    return outcome.compared, outcome.proven, outcome.open


def test_one_history_is_one_history_at_whatever_sizes(watching, site):
    ONE.publish(site, 400)
    saw(ONE, 100, 300)
    for size in (1, 99, 100, 101, 256, 300, 399):
        site.show(ONE.note(size))
        assert compare() == (1, 0, 0)
    assert queries.conflicts() == queries.unproven() == []


def test_another_root_of_one_size_is_proven_without_any_tile(watching, site):
    saw(ONE, 100)
    site.show(TWO.note(100))
    assert compare() == (1, 1, 0)
    (kept,) = queries.conflicts()
    assert (kept.origin, kept.sort, kept.told_by.split("+")[0]) == (LOG.name, "same_size", "archive.example")
    shown = conflicts.verify(queries.proof(kept.handle))
    assert {head.root for head in (shown.first, shown.second)} == {
        merkle.root(ONE.hashes[:100]),
        merkle.root(TWO.hashes[:100]),
    }


def test_a_log_that_shows_the_other_tiles_is_proven_by_them(watching, site):
    TWO.publish(site, 400)
    saw(ONE, 100)
    site.show(TWO.note(300))
    assert compare() == (1, 1, 0)
    assert queries.conflicts()[0].sort == "other_prefix"


def test_a_log_that_shows_each_its_own_tiles_is_proven_once_our_view_has_grown_as_far(watching, site):
    """The split view: the larger head is of the other history, whose tiles nobody shows us."""
    ONE.publish(site, 100)
    saw(ONE, 100)
    site.show(TWO.note(300))
    assert compare() == (1, 0, 1)
    assert [(one.origin, one.size) for one in queries.unproven()] == [(LOG.name, 300)]
    assert compare() == (1, 0, 1)
    assert len(queries.unproven()) == 1
    ONE.publish(site, 350)
    saw(ONE, 350)
    site.show()
    compare()
    assert [one.sort for one in queries.conflicts()] == ["other_prefix"]
    assert queries.unproven() == []


def test_an_open_question_is_closed_when_it_was_one_history(watching, site):
    saw(ONE, 100)
    site.show(ONE.note(300))
    assert compare() == (1, 0, 1)
    ONE.publish(site, 300)
    assert compare() == (1, 0, 0)
    assert queries.unproven() == []


def test_open_questions_stay_few(watching, site):
    saw(ONE, 100)
    for size in range(101, 121):
        site.show(TWO.note(size))
        compare()
    assert len(queries.unproven()) == actions.MOST


def test_a_log_that_was_proven_to_misbehave_is_cosigned_no_more(watching, site):
    neighbors.open_witness(name="w", now=clock.now())
    saw(ONE, 100)
    site.show(TWO.note(100))
    compare()
    answer = Client().post(
        "/witness/add-checkpoint", f"old 100\n\n{ONE.note(100)}".encode(), content_type="text/plain"
    )
    assert (answer.status_code, answer.content) == (403, b"two histories of this log were proven\n")


def test_a_proof_is_evidence_and_is_given_to_others(watching, site):
    saw(ONE, 100)
    site.show(TWO.note(100))
    compare()
    leaves = [json.loads(bytes(one)) for one in Outbox.objects.order_by("id").values_list("leaf", flat=True)]
    assert (leaves[-1]["kind"], leaves[-1]["attributes"]) == (
        "ledger.conflict.proven",
        {"is_own": False, "sort": "same_size"},
    )
    (shown,) = json.loads(Client().get("/witness/conflicts").content)["conflicts"]
    assert conflicts.verify(queries.proofs(limit=1)[0]).key == LOG.verifier
    assert shown["first"] in {ONE.note(100), TWO.note(100)}
    assert compare()[1] == 0  # once is enough


def test_a_proof_of_others_is_taken_over_when_it_is_one_and_of_a_log_that_we_know(watching, site):
    evidence = conflicts.Evidence(b"", ())
    proof = conflicts.build(evidence, key=LOG.verifier, one=ONE.note(90), other=TWO.note(90))
    other = notes.generate("unknown.example/log")
    heads = [Checkpoint(other.name, 1, bytes([number]) * 32) for number in range(2)]
    unknown = conflicts.build(
        evidence,
        key=other.verifier,
        one=checkpoints.sign(heads[0], other),
        other=checkpoints.sign(heads[1], other),
    )
    site.show(proofs=(unknown, proof.replace(b"prefix", b"prefux"), proof))
    assert compare() == (0, 1, 0)
    assert [one.origin for one in queries.conflicts()] == [LOG.name]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"checkpoints": 7}',
        b'{"checkpoints": [7, null, "x"]}',
        b"\xff",
        b"[" * 9_999,
    ],
)
def test_whatever_a_witness_shows_nothing_breaks(watching, site, body):
    site.files["w/checkpoints"] = site.files["w/conflicts"] = body
    assert compare() == (0, 0, 0)


def test_pages_that_go_round_in_circles_end(watching, site):
    site.files["w/checkpoints"] = json.dumps({"checkpoints": [], "next": "b"}).encode()
    assert compare() == (0, 0, 0)


def test_heads_that_the_log_did_not_sign_are_nothing(watching, site):
    saw(ONE, 100)
    site.show(TWO.note(100, notes.generate(LOG.name)), TWO.note(100).replace("\n100\n", "\n101\n"))
    assert compare() == (0, 0, 0)


def test_a_witness_that_is_away_is_told_apart(watching, site):
    del site.files["w/checkpoints"]
    assert tasks.compare(clock.now()) == {"archive": None}


def test_the_witnesses_of_one_log_find_each_other_by_its_public_policy(watching, site):
    """Neither is in the other's policy: the log itself says who else witnesses it."""
    other = cosignatures.generate("press.example", cosignatures.ED25519)
    policy = f"log {LOG.verifier.text}\nwitness press {other.key.text} {site.url}/press\nquorum press\n"
    site.files["log/witnesses"] = policy.encode()
    ONE.publish(site, 200)
    saw(ONE, 200)
    site.files["press/checkpoint"] = ONE.note(150).encode()
    assert tasks.compare(clock.now())[LOG.name].compared == 1
    assert queries.conflicts() == []
    site.files["press/checkpoint"] = TWO.note(150).encode()
    assert tasks.compare(clock.now())[LOG.name].proven == 1
    assert queries.conflicts()[0].told_by.split("+")[0] == "press.example"


@pytest.mark.parametrize("policy", [b"", b"nonsense", b"\xff", b"quorum none\n"])
def test_a_public_policy_that_is_none_breaks_nothing(watching, site, policy):
    saw(ONE, 200)
    site.files["log/witnesses"] = policy
    assert tasks.compare(clock.now())[LOG.name].compared == 0
    del site.files["log/witnesses"]
    assert tasks.compare(clock.now())[LOG.name] is None


def own(watching: Ledger) -> notes.SignerKey:
    mend(watching, 40)
    sequencer.settle()
    return notes.parse_signer_key(folder_of(watching).key.read_text().strip())


def test_another_head_under_our_own_key_seals_our_log(watching, site):
    key = own(watching)
    site.show(checkpoints.sign(Checkpoint(key.name, 20, bytes(32)), key))
    assert compare() == (1, 1, 0)
    watching.refresh_from_db()
    assert watching.sealed == FORKED
    assert [one.sort for one in queries.conflicts()] == ["other_prefix"]


def test_a_newer_head_under_our_own_key_seals_a_restored_log(watching, site):
    key = own(watching)
    site.show(checkpoints.sign(Checkpoint(key.name, 9_999, bytes(32)), key))
    assert compare() == (1, 0, 1)
    watching.refresh_from_db()
    assert watching.sealed == AHEAD


def test_our_own_heads_as_others_saw_them_are_well(watching, site):
    own(watching)
    site.show(log_of(watching).checkpoint)
    mend(watching, 5)
    sequencer.settle()
    assert compare() == (1, 0, 0)
    watching.refresh_from_db()
    assert watching.sealed == ""
    assert policies.current().quorum == "none"
