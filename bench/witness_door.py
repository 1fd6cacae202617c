"""The witness's door: cosignatures a second for the heads of several logs, over HTTP, each durable before the answer.

Each log grows by eight entries from head to head; its proof, signature and the witness's own memory are checked every
time. Beside it, in the same run and by turns, the same requests for logs that the witness does not know: what HTTP and
the application cost alone. Each log asks from an address of its own, since the door slows down who asks often.
"""

import contextlib
import http.client
import itertools
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.installation import Installation
from congvu.standards import checkpoints, merkle, notes

SENDERS = (1, 4, 8)
LOGS = 60
ROUNDS = 3
SECONDS = 4.0
STEP = 8  # entries between two heads
START_SECONDS = 60.0
WORDS = ("--agency", "Archive", "--slug", "luutru", "--domain", "luutru.example", "--administrator", "Ngoc")


@dataclass(slots=True)
class Log:
    """A neighbor's log, and how large it was when the witness saw it last."""

    number: int
    signer: notes.SignerKey
    hashes: list[bytes] = field(default_factory=list)
    seen: int = 0

    def request(self) -> bytes:
        """Grow, and return what a witness is asked (C2SP tlog-witness)."""
        size = len(self.hashes)
        self.hashes += [
            merkle.leaf_hash(f"{self.signer.name} {at}".encode()) for at in range(size, size + STEP)
        ]
        proof = merkle.consistency_proof(self.seen, size + STEP, merkle.in_memory(self.hashes))
        head = checkpoints.Checkpoint(self.signer.name, size + STEP, merkle.root(self.hashes))
        lines = [
            f"old {self.seen}",
            *map(notes.encode_base64, proof),
            "",
            checkpoints.sign(head, self.signer),
        ]
        return "\n".join(lines).encode()


def main(arguments: list[str]) -> None:
    """Print the table and the JSON line; `inside` is what it asks of itself in an installation."""
    if arguments[:1] == ["inside"]:
        _inside(arguments[1:])
        return
    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as place:
        house = Installation(Path(place))
        known, strange = _logs("lamson", b"k"), _logs("stranger", b"s")
        _prepare(house, known)
        house.start("web")
        try:
            _wait(house)
            rounds = [
                (count, _ask(house, known, count, 200), _ask(house, strange, count, 404))
                for _ in range(ROUNDS)
                for count in SENDERS
            ]
        finally:
            house.stop()
    _tell(rounds)


def _logs(name: str, seed: bytes) -> list[Log]:
    return [
        Log(number, notes.SignerKey(name=f"{name}.example/log/{number}", seed=(seed + bytes([number])) * 16))
        for number in range(LOGS)
    ]


def _prepare(house: Installation, known: Sequence[Log]) -> None:
    for command in (("init", *WORDS), ("witness", "make")):
        done = house.congvu(*command)
        if done.returncode:
            sys.exit(done.stderr)
    house.ask("bench", "witness_door", "inside", *(one.signer.verifier.text for one in known))


def _inside(keys: Sequence[str]) -> None:
    """Witness these logs from now on."""
    import django  # noqa: PLC0415 -- the environment first

    django.setup()
    from congvu.base import clock  # noqa: PLC0415 -- after setup
    from congvu.ledger.neighbors import actions  # noqa: PLC0415 -- after setup

    for key in keys:
        actions.add_neighbor(key, url="", now=clock.now())
    print(len(keys))


def _wait(house: Installation) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError, http.client.HTTPException), _line(house) as line:
            line.request("GET", "/verify/")
            line.getresponse().read()
            return
        time.sleep(0.1)
    sys.exit("the web did not start")


def _line(house: Installation, number: int = 0) -> "contextlib.closing[http.client.HTTPConnection]":
    """Open a connection from an address of this machine that has the number."""
    whence = (f"127.0.0.{number + 1}", 0)
    made = http.client.HTTPConnection("127.0.0.1", house.ports["web"], timeout=30, source_address=whence)
    return contextlib.closing(made)


def _ask(house: Installation, logs: Sequence[Log], senders: int, expected: int) -> list[float]:
    """Return how many seconds each request took; each sender has its own share of the logs."""
    spans: list[float] = []
    end = time.monotonic() + SECONDS
    threads = [
        threading.Thread(target=_send, args=(house, logs[first::senders], expected, end, spans))
        for first in range(senders)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return spans


def _send(house: Installation, logs: Sequence[Log], expected: int, end: float, spans: list[float]) -> None:
    for log in itertools.cycle(logs):
        body = log.request()
        began = time.perf_counter()
        if time.monotonic() > end:
            return
        with _line(house, log.number) as line:
            line.request("POST", "/witness/add-checkpoint", body)
            answer = line.getresponse()
            said = answer.read()
        if answer.status != expected:
            sys.stderr.write(f"{answer.status} {said[:300]!r}\n")
            return
        spans.append(time.perf_counter() - began)
        if expected == http.HTTPStatus.OK:
            log.seen = len(log.hashes)


def _tell(rounds: Sequence[tuple[int, list[float], list[float]]]) -> None:
    rates: dict[int, tuple[float, float]] = {}
    for count in SENDERS:
        mine = [(cosigned, refused) for logs, cosigned, refused in rounds if logs == count]
        rates[count] = tuple(statistics.median(len(one[at]) / SECONDS for one in mine) for at in (0, 1))  # type: ignore[assignment]  # two
        spans = sorted(span for cosigned, _ in mine for span in cosigned)
        print(
            f"{count} senders: {rates[count][0]:>6.0f} cosignatures/s, "
            f"{spans[len(spans) // 2] * 1e3:.1f} ms median, {spans[int(len(spans) * 0.99)] * 1e3:.1f} ms p99; "
            f"{rates[count][1]:.0f} refusals/s of logs that it does not know"
        )
    value, beside = rates[max(SENDERS)]
    line = {"bench": "witness_door", "value": round(value), "unit": f"cosignatures/s, {max(SENDERS)} senders"}
    print(f"load at the end {os.getloadavg()[0]:.1f}")
    print(json.dumps({**line, "peers": {"refused": round(beside)}, "ratio": round(value / beside, 2)}))
