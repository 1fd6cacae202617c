"""`kill -9` of the witness's door, again and again: what it cosigned it never forgets, so that no fork is cosigned."""

import contextlib
import http.client
import os
import random
import signal
import threading
import time

import pytest

from bench.installation import Installation
from congvu.standards import checkpoints, cosignatures, merkle, notes
from tests.torture import processes
from tests.torture.proof import tell

ROUNDS = int(os.environ.get("CONGVU_TORTURE_ROUNDS", "8"))
LOG = notes.SignerKey(name="lamson.example/log/ubnd/2026", seed=bytes(range(32)))

pytestmark = pytest.mark.torture


class Door:
    """The add-checkpoint of an installation."""

    def __init__(self, installation: Installation) -> None:
        self.port = installation.ports["web"]

    def ask(self, old: int, hashes: list[bytes]) -> tuple[int, bytes]:
        """Ask for a cosignature over all these hashes; 0 when the door went away."""
        proof = merkle.consistency_proof(old, len(hashes), merkle.in_memory(hashes))
        head = checkpoints.Checkpoint(LOG.name, len(hashes), merkle.root(hashes))
        lines = [f"old {old}", *map(notes.encode_base64, proof), "", checkpoints.sign(head, LOG)]
        try:
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as line:
                line.request("POST", "/witness/add-checkpoint", "\n".join(lines).encode())
                answer = line.getresponse()
                return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""


def leaf(number: int, history: str) -> bytes:
    return merkle.leaf_hash(f"{history} {number}".encode())


def test_a_witness_that_is_killed_cosigns_one_history_only(installation, seed):
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
    key = _prepared(installation)
    door, main = Door(installation), [leaf(0, "main")]
    cosigned, refused, unanswered = 0, 0, 0
    for _ in range(ROUNDS):
        _start(installation)
        _settle(door, main)
        killer = threading.Timer(chance.uniform(0.02, 0.6), _kill, [installation])
        killer.start()
        while True:
            status, said = door.ask(len(main), [*main, leaf(len(main), "main")])
            if status != 200:
                break
            main.append(leaf(len(main), "main"))
            _check(said, main, key)
            cosigned += 1
        assert status == 0, (status, said)  # gone, and not: forgotten what it answered a moment ago
        killer.join()
        unanswered += 1
        _start(installation)
        refused += _attack(door, main)
    tell("witness", rounds=ROUNDS, seed=seed, cosigned=cosigned, forks_refused=refused, unanswered=unanswered)
    assert cosigned > ROUNDS
    assert refused == 3 * ROUNDS


def _attack(door: Door, main: list[bytes]) -> int:
    """Offer other histories that a witness which forgot its last head would cosign; return how many it refused."""
    refused = 0
    for old in (max(1, len(main) - 1), max(1, len(main) // 2), len(main)):
        fork = [*main[: old - 1], *(leaf(at, "fork") for at in range(old - 1, len(main) + 1))]
        status, said = door.ask(old, fork)
        assert status in {409, 422}, (status, said)
        refused += 1
    return refused


def _settle(door: Door, main: list[bytes]) -> None:
    """Learn whether the head in flight at the kill was kept: more than we were told is well, less is forgetting."""
    status, said = door.ask(0, main)
    if status == 409:
        size = int(said)
        assert len(main) <= size <= len(main) + 1
        if size > len(main):
            main.append(leaf(len(main), "main"))
    else:
        assert (status, len(main)) == (200, 1)


def _check(said: bytes, hashes: list[bytes], key: cosignatures.CosignerKey) -> None:
    text = checkpoints.Checkpoint(LOG.name, len(hashes), merkle.root(hashes)).format()
    assert len(cosignatures.cosigned(f"{text}\n{said.decode()}", known=[key])) == 1


def _prepared(installation: Installation) -> cosignatures.CosignerKey:
    names = (
        "--agency",
        "Lưu trữ",
        "--slug",
        "luutru",
        "--domain",
        "luutru.example",
        "--administrator",
        "Ngọc",
    )
    assert installation.congvu("init", *names).returncode == 0
    made = installation.congvu("witness", "make")
    assert made.returncode == 0, made.stderr
    added = installation.congvu("witness", "add", LOG.verifier.text)
    assert added.returncode == 0, added.stderr
    return cosignatures.parse_key(made.stdout.splitlines()[0])


def _start(installation: Installation) -> None:
    if "web" not in installation.running:
        installation.start("web")
    ended = time.monotonic() + 60
    while not processes.answers_web(installation):
        assert time.monotonic() < ended, installation.log.read_text()[-2_000:]
        time.sleep(0.02)


def _kill(installation: Installation) -> None:
    process = installation.running.pop("web")
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
