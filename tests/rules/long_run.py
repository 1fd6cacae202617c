"""Many findings of random worlds, replayed in several processes by the program that shares no code."""

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import congvu_recheck
from congvu.rules.law import Law
from congvu.rules.state import Obligation, State
from tests.rules import findings

PROGRAM = Path(congvu_recheck.__file__)
EVENTS = 300  # of a world
LATE = 10  # one world in so many is looked at after its year is over
ALIKE = 30  # findings of one norm of a world: windows and days would drown all else
AS_COMMAND = 250  # one finding in so many is also given to a process of its own
TOLD_EVERY = 20  # seconds


@dataclass
class Met:
    """What was replayed: how many findings, how many as a command, in which ways, and what disagreed."""

    findings: int = 0
    commands: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    disagreed: list[str] = field(default_factory=list)

    def add(self, other: "Met") -> None:
        self.findings += other.findings
        self.commands += other.commands
        self.ways += other.ways
        self.disagreed += other.disagreed


def replay(total: int, *, first: int, processes: int, tell: Callable[[str], object]) -> Met:
    """Replay at least so many findings of the worlds from a seed on; tell progress and each disagreement."""
    met, begun, told = Met(), time.monotonic(), 0.0
    with get_context("fork").Pool(processes) as pool:
        for seed, one in enumerate(pool.imap(world, range(first, first + total)), first):
            met.add(one)
            for line in one.disagreed:
                tell(line)
            spent = time.monotonic() - begun
            if spent > told + TOLD_EVERY or met.findings >= total:
                told = spent
                agreed = met.findings - len(met.disagreed)
                rate = met.findings / spent
                tell(
                    f"findings {met.findings}, agreed {agreed}, {rate:.0f} a second, worlds {first} to {seed}"
                )
            if met.findings >= total:
                break
    return met


def world(seed: int) -> Met:
    """Replay some findings of each norm of a world."""
    of, entries, state = findings.world(seed, EVENTS, seen_after=0 if seed % LATE else 430)
    met, rng = Met(), random.Random(seed)  # noqa: S311 -- a sample, not a secret
    for duty in _some(rng, of, state):
        data = findings.bundle_of(of, entries, state, duty)
        code, said = congvu_recheck.answer(data, language="en")
        if code:
            met.disagreed.append("\n  ".join([f"seed {seed}, finding {duty.handle}", *said]))
        if rng.randrange(AS_COMMAND) == 0:
            met.commands += 1
            if (told := _command(data)) != (code, said[:2]):
                met.disagreed.append(f"seed {seed}, finding {duty.handle}: the command says {told}")
        met.findings += 1
        met.ways.update(findings.ways(of, duty, state))
    return met


def _some(rng: random.Random, of: Law, state: State) -> Iterator[Obligation]:
    duties = list(state.obligations.values())
    for norm in {name: None for *_, name in of.norms}:
        alike = [one for one in duties if one.norm == norm]
        yield from rng.sample(alike, min(ALIKE, len(alike)))


def _command(data: bytes) -> tuple[int, list[str]]:
    """Return exit status, finding and answer of the program as a process of its own, without our folders."""
    with tempfile.NamedTemporaryFile(suffix=".finding.json") as file:
        file.write(data)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(PROGRAM), file.name, "--lang", "en"],
            capture_output=True,
            text=True,
            check=False,
        )
    return done.returncode, [line.removeprefix("  ") for line in done.stdout.splitlines()[1:3]]
