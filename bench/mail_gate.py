"""Mail through Postfix, the gate and Dovecot, beside Postfix and Dovecot without a gate; delivered is in a Maildir.

Both are the same two servers, once with Congvu between them: there every message is recorded before Dovecot is asked
and again when it has answered, and lies in the browser's mailbox too. The same clients, one after the other, in turns;
the sides change places from round to round; medians are told.
"""

import argparse
import json
import math
import statistics
import tempfile
import time
from pathlib import Path

from bench.inside import DOMAIN
from bench.installation import Installation, NotReadyError, free_ports
from bench.peers import postfix_dovecot
from bench.peers.postfix_dovecot import PostfixDovecot
from bench.smtp_load import Load, send
from congvu.mail.hosts.postfix import CLIENTS

MAILBOXES = 50
SECONDS_TO_DELIVER = 300.0
SETTLE_SECONDS = 120.0
Table = dict[tuple[int, bool], dict[str, list[float]]]


def main(arguments: list[str]) -> int:
    """Measure, check that nothing is missing, and print a table and the JSON line."""
    asked = _parser().parse_args(arguments)
    why = postfix_dovecot.missing()
    if why:
        print(f"Postfix and Dovecot do not run here: {why}")
        return 1
    with tempfile.TemporaryDirectory(prefix="congvu-bench-", dir=asked.folder) as folder:
        return _measure(asked, Path(folder))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench mail_gate", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--kilobytes", type=int, nargs="+", default=[2, 50])
    parser.add_argument("--messages", type=int, default=2_000, help="of a round at 2 KB; fewer when larger")
    parser.add_argument("--folder", help="where to work: the disk that is measured (default: the system's)")
    return parser


def _measure(asked: argparse.Namespace, folder: Path) -> int:
    for name in ("congvu", "gated", "tls-gated", "bare", "tls-bare"):
        (folder / name).mkdir()
    ours = Installation(folder / "congvu")
    addresses = ours.ask("bench.inside", "found", str(MAILBOXES))["addresses"]
    table: Table = {}
    sent = 0
    for is_tls in (False, True):
        prefix, gate = "tls-" if is_tls else "", free_ports(1)[0]
        gated = PostfixDovecot(folder / f"{prefix}gated", DOMAIN, gate=gate, is_tls=is_tls, clients=CLIENTS)
        bare = PostfixDovecot(folder / f"{prefix}bare", DOMAIN, is_tls=is_tls, clients=CLIENTS)
        ours.extra |= {
            "CONGVU_LMTP": f"127.0.0.1:{gate}",
            "CONGVU_DELIVERY_LMTP": f"127.0.0.1:{gated.lmtp}",
        }
        with gated, bare, ours.serving("door", "clerk"):
            _rounds(asked, addresses, table, ours, {"gate": gated, "bare": bare})
            sent += sum(_count(asked, size) for size in asked.kilobytes) * asked.rounds
            is_whole = _is_whole(ours, sent)
    _tell(asked, table)
    return 0 if is_whole else 1


def _rounds(
    asked: argparse.Namespace,
    addresses: list[str],
    table: Table,
    ours: Installation,
    servers: dict[str, PostfixDovecot],
) -> None:
    """Add the rates of every round, by size and by server."""
    is_tls = servers["gate"].is_tls
    for size in asked.kilobytes:
        rates = table.setdefault((size, is_tls), {name: [] for name in servers})
        for turn in range(asked.rounds):
            order = list(servers) if turn % 2 else list(reversed(servers))
            for name in order:
                load = Load(
                    port=servers[name].port,
                    recipients=addresses,
                    messages=_count(asked, size),
                    octets=size * 1_000,
                    connections=asked.connections,
                    is_tls=is_tls,
                )
                rates[name].append(_rate(load, servers[name]))
                late = _catch_up(ours)
            told = ", ".join(f"{who} {rate[-1]:,.0f}/s" for who, rate in rates.items())
            how = "TLS" if is_tls else "plain"
            print(f"{size:>3} KB, {how}, round {turn + 1}: {told}; clerk done {late:.1f} s later", flush=True)


def _count(asked: argparse.Namespace, size: int) -> int:
    """Return how many messages a round has: fewer large ones."""
    return max(int(asked.connections), int(asked.messages / math.sqrt(max(1.0, size / 5))))


def _rate(load: Load, server: PostfixDovecot) -> float:
    before = server.delivered()
    began = time.perf_counter()
    send(load)
    found = server.wait_delivered(before + load.messages, seconds=SECONDS_TO_DELIVER)
    assert found == before + load.messages, (found - before, load.messages)
    return load.messages / (time.perf_counter() - began)


def _catch_up(ours: Installation) -> float:
    """Wait until everything is signed, judged and indexed, so that it burdens no other round; return how long."""
    began = time.monotonic()
    while ours.ask("bench.inside", "behind")["behind"]:
        if time.monotonic() - began > SETTLE_SECONDS:
            raise NotReadyError(ours.log.read_text()[-2_000:])
        time.sleep(0.5)
    return time.monotonic() - began


def _is_whole(ours: Installation, sent: int) -> bool:
    """Compare rows, bytes and signed entries with what was sent."""
    found = ours.ask("bench.inside", "count")
    expected = dict.fromkeys(("messages", "items", "blobs"), sent)
    expected |= {"mail.message.accepted": sent, "mail.message.delivered": sent, "waiting": 0}
    wrong = {name: (found.get(name, 0), due) for name, due in expected.items() if found.get(name, 0) != due}
    print(
        f"{sent:,} through the gate; messages, mailbox rows, blobs and signed entries: {wrong or 'all there'}"
    )
    return not wrong


def _tell(asked: argparse.Namespace, table: Table) -> None:
    print(
        f"{'KB':>4} {'TLS':>4} {'gate/s':>8} {'bare/s':>8} {'share':>6}   (medians of {asked.rounds} rounds)"
    )
    shares: dict[str, float] = {}
    for (size, is_tls), rates in table.items():
        gate, bare = statistics.median(rates["gate"]), statistics.median(rates["bare"])
        share = statistics.median(ours / theirs for ours, theirs in zip(*rates.values(), strict=True))
        shares[f"{size} KB {'TLS' if is_tls else 'plain'}"] = round(share, 2)
        print(f"{size:>4} {'on' if is_tls else 'off':>4} {gate:>8,.0f} {bare:>8,.0f} {share:>6.0%}")
    first = statistics.median(next(iter(table.values()))["gate"])
    line = {"bench": "mail_gate", "value": round(first), "unit": f"messages/s at {asked.kilobytes[0]} KB"}
    print(json.dumps({**line, "share_of_postfix_dovecot": shares}))
