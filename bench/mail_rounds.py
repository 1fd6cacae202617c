"""Rounds of mail through servers in turns: how many a second are delivered, and what each process spends on one.

The rate depends on whatever else the machine does; processor time for a message hardly does.
"""

import argparse
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bench import processor
from bench.installation import Installation, NotReadyError
from bench.peers.postfix_dovecot import PostfixDovecot
from bench.smtp_load import Load, send

MAILBOXES = 50
SETTLE_SECONDS = 300.0
CORES = 1000.0  # milliseconds of one processor in a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One way that mail takes: `processes` are its servers' ids, `settled` waits until these are idle again.

    What was answered with 250 is delivered, or `peer` counts what lies in mailboxes.
    """

    name: str
    port: int
    processes: Mapping[str, int]
    peer: PostfixDovecot | None = None
    settled: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one turn showed: messages a second, and milliseconds of processor for each by process."""

    rate: float
    costs: Mapping[str, float]
    later: Mapping[str, float]  # what the same processes spent afterwards, until nothing was left to do

    @property
    def cost(self) -> float:
        """Return the milliseconds of all servers together, until the message was delivered."""
        return sum(cost for name, cost in self.costs.items() if name != "clients")


@dataclass(slots=True)
class Table:
    """All turns, by size and encryption, then by side."""

    turns: dict[tuple[int, bool], dict[str, list[Turn]]] = field(default_factory=dict)

    def add(self, sides: Sequence[Side], load: Load, *, size: int, rounds: int) -> None:
        """Let every side carry the same load so many times; who begins changes from round to round."""
        row = self.turns.setdefault((size, load.is_tls), {one.name: [] for one in sides})
        for number in range(rounds):
            for side in sides if number % 2 else reversed(sides):
                row[side.name].append(_turn(side, replace(load, port=side.port)))
            rates = ", ".join(f"{name} {turns[-1].rate:,.0f}/s" for name, turns in row.items())
            print(f"{size:>3} KB, {_way(is_tls=load.is_tls)}, round {number + 1}: {rates}", flush=True)

    def rates(self, name: str) -> dict[str, int]:
        """Return a side's median rate by size and encryption."""
        return {
            f"{size} KB {_way(is_tls=is_tls)}": round(statistics.median(one.rate for one in sides[name]))
            for (size, is_tls), sides in self.turns.items()
            if name in sides
        }

    def shares(self, name: str, other: str) -> dict[str, float]:
        """Return how much of another's rate a side reaches: the median of the rounds."""
        return {
            f"{size} KB {_way(is_tls=is_tls)}": round(
                statistics.median(
                    ours.rate / theirs.rate for ours, theirs in zip(sides[name], sides[other], strict=True)
                ),
                2,
            )
            for (size, is_tls), sides in self.turns.items()
            if other in sides
        }

    def tell(self) -> None:
        """Print medians: the rate, how busy both processors were, and what each process spent on a message."""
        print(
            f"{'KB':>4} {'TLS':>4} {'':<8} {'/s':>7} {'ms':>6} {'busy':>5}   milliseconds of processor each"
        )
        for (size, is_tls), sides in self.turns.items():
            for name, turns in sides.items():
                rate = statistics.median(one.rate for one in turns)
                cost = statistics.median(one.cost for one in turns)
                busy = statistics.median(one.rate * sum(one.costs.values()) for one in turns) / CORES
                parts = _parts([one.costs for one in turns]) + _parts([one.later for one in turns], " later")
                how = "on" if is_tls else "off"
                print(f"{size:>4} {how:>4} {name:<8} {rate:>7,.0f} {cost:>6.2f} {busy:>5.2f}   {parts}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what both measurements ask for."""
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--kilobytes", type=int, nargs="+", default=[2, 50])
    parser.add_argument("--messages", type=int, default=2_000, help="of a round at 2 KB; fewer when larger")
    parser.add_argument("--tls", choices=("off", "on", "both"), default="both")
    parser.add_argument("--folder", help="where to work: the disk that is measured (default: the system's)")


def run(asked: argparse.Namespace, table: Table, sides: Sequence[Side], *, recipients: Sequence[str]) -> None:
    """Measure every size that was asked for, without TLS and with it."""
    for is_tls in _ways(asked):
        for size in asked.kilobytes:
            load = Load(
                port=0,
                recipients=recipients,
                messages=_count(asked, size),
                octets=size * 1_000,
                connections=asked.connections,
                is_tls=is_tls,
            )
            table.add(sides, load, size=size, rounds=asked.rounds)


def messages(asked: argparse.Namespace) -> int:
    """Return how many messages every side gets in all."""
    return len(_ways(asked)) * int(asked.rounds) * sum(_count(asked, size) for size in asked.kilobytes)


def _ways(asked: argparse.Namespace) -> list[bool]:
    return {"off": [False], "on": [True], "both": [False, True]}[asked.tls]


def _count(asked: argparse.Namespace, size: int) -> int:
    """Return how many messages a turn has: fewer large ones."""
    return max(int(asked.connections), int(asked.messages / math.sqrt(max(1.0, size / 5))))


def catch_up(ours: Installation) -> None:
    """Wait until everything is signed, judged and indexed, so that it burdens no other turn. Raises NotReadyError."""
    began = time.monotonic()
    while ours.ask("bench.inside", "behind")["behind"]:
        if time.monotonic() - began > SETTLE_SECONDS:
            raise NotReadyError(ours.log.read_text()[-2_000:])
        time.sleep(0.5)


def is_whole(ours: Installation, sent: int) -> bool:
    """Compare rows, bytes and signed entries with what was sent."""
    found = ours.ask("bench.inside", "count")
    expected = dict.fromkeys(("messages", "items", "blobs"), sent)
    expected |= {"mail.message.accepted": sent, "mail.message.delivered": sent, "waiting": 0}
    wrong = {name: (found.get(name, 0), due) for name, due in expected.items() if found.get(name, 0) != due}
    print(f"{sent:,} came to us; messages, mailbox rows, blobs and signed entries: {wrong or 'all there'}")
    return not wrong


def _turn(side: Side, asked: Load) -> Turn:
    present = side.peer.delivered() if side.peer else 0
    before = processor.spent(side.processes)
    sent = send(asked)
    assert sent.accepted == asked.messages, (sent, asked.messages)
    seconds = sent.seconds
    if side.peer:
        side.peer.wait_delivered(present + asked.messages)
        seconds = time.perf_counter() - sent.began
    delivered = processor.spent(side.processes)
    side.settled()
    settled = processor.spent(side.processes)
    return Turn(
        rate=asked.messages / seconds,
        costs=_each(before, delivered, asked.messages) | {"clients": CORES * sent.processor / asked.messages},
        later={
            name: cost
            for name, cost in _each(delivered, settled, asked.messages).items()
            if cost > 0.01  # noqa: PLR2004 -- a tick
        },
    )


def _each(before: Mapping[str, float], after: Mapping[str, float], messages: int) -> dict[str, float]:
    return {name: CORES * (after[name] - before[name]) / messages for name in after}


def _parts(costs: Sequence[Mapping[str, float]], suffix: str = "") -> str:
    names = dict.fromkeys(name for one in costs for name in one)
    medians = {name: statistics.median(one.get(name, 0.0) for one in costs) for name in names}
    return "".join(f"{name}{suffix} {cost:.2f}  " for name, cost in medians.items())


def _way(*, is_tls: bool) -> str:
    return "TLS" if is_tls else "plain"
