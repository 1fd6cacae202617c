"""Accepting mail durably through SMTP with evidence and mailbox rows, beside Postfix delivering to Dovecot by LMTP.

Ours answers 250 after bytes, rows and evidence are on disk, so accepted is delivered; theirs is timed until every
message lies in its Maildir. Both get the same clients, one after the other, several rounds; medians are told.
"""

import argparse
import json
import math
import statistics
import tempfile
import time
from pathlib import Path

from bench.inside import DOMAIN
from bench.installation import Installation, NotReadyError
from bench.peers import postfix_dovecot
from bench.peers.postfix_dovecot import PostfixDovecot
from bench.smtp_load import Load, send

MAILBOXES = 50
SECONDS_TO_DELIVER = 300.0
SETTLE_SECONDS = 120.0


def main(arguments: list[str]) -> int:
    """Measure, check that nothing is missing, and print a table and the JSON line."""
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="congvu-bench-", dir=asked.folder) as folder:
        return _measure(asked, Path(folder))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench mail_accept", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--kilobytes", type=int, nargs="+", default=[2, 5, 50])
    parser.add_argument("--messages", type=int, default=2_000, help="of a round at 2 KB; fewer when larger")
    parser.add_argument("--folder", help="where to work: the disk that is measured (default: the system's)")
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    return parser


def _measure(asked: argparse.Namespace, folder: Path) -> int:
    why = "left out" if asked.alone else postfix_dovecot.missing()
    (folder / "ours").mkdir()
    (folder / "theirs").mkdir()
    ours = Installation(folder / "ours")
    addresses = ours.ask("bench.inside", "found", str(MAILBOXES))["addresses"]
    with ours.serving("door", "clerk"):
        if why:
            print(f"Postfix and Dovecot do not run beside it: {why}")
            table = _rounds(asked, addresses, ours, None)
        else:
            with PostfixDovecot(folder / "theirs", DOMAIN) as theirs:
                table = _rounds(asked, addresses, ours, theirs)
        sent = sum(_count(asked, size) for size in asked.kilobytes) * asked.rounds
        is_whole = _is_whole(ours, sent)
    _tell(asked, table)
    return 0 if is_whole else 1


def _rounds(
    asked: argparse.Namespace, addresses: list[str], ours: Installation, theirs: PostfixDovecot | None
) -> dict[int, dict[str, list[float]]]:
    """Return the rates of every round by size and by server."""
    table: dict[int, dict[str, list[float]]] = {}
    for size in asked.kilobytes:
        rates = table.setdefault(size, {"ours": [], "theirs": []})
        for turn in range(asked.rounds):
            rates["ours"].append(_ours(_load(asked, addresses, size, ours.ports["smtp"])))
            late = _catch_up(ours)
            if theirs:
                rates["theirs"].append(_theirs(_load(asked, addresses, size, theirs.port), theirs))
            told = ", ".join(f"{who} {rate[-1]:,.0f}/s" for who, rate in rates.items() if rate)
            print(f"{size:>3} KB, round {turn + 1}: {told}; clerk done {late:.1f} s later", flush=True)
    return table


def _load(asked: argparse.Namespace, addresses: list[str], size: int, port: int) -> Load:
    return Load(
        port=port,
        recipients=addresses,
        messages=_count(asked, size),
        octets=size * 1_000,
        connections=asked.connections,
    )


def _count(asked: argparse.Namespace, size: int) -> int:
    """Return how many messages a round has: fewer large ones."""
    shared = asked.messages / math.sqrt(max(1.0, size / 5))
    return max(int(asked.connections), int(shared))


def _ours(load: Load) -> float:
    sent = send(load)
    assert sent.accepted == load.messages
    return sent.accepted / sent.seconds


def _catch_up(ours: Installation) -> float:
    """Wait until everything is signed, judged and indexed, so that it burdens no other round; return how long."""
    began = time.monotonic()
    while ours.ask("bench.inside", "behind")["behind"]:
        if time.monotonic() - began > SETTLE_SECONDS:
            raise NotReadyError(ours.log.read_text()[-2_000:])
        time.sleep(0.5)
    return time.monotonic() - began


def _theirs(load: Load, theirs: PostfixDovecot) -> float:
    before = theirs.delivered()
    began = time.perf_counter()
    send(load)
    found = theirs.wait_delivered(before + load.messages, seconds=SECONDS_TO_DELIVER)
    assert found == before + load.messages
    return load.messages / (time.perf_counter() - began)


def _is_whole(ours: Installation, sent: int) -> bool:
    """Compare rows, bytes and signed entries with what was accepted."""
    found = ours.ask("bench.inside", "count")
    expected = dict.fromkeys(("messages", "items", "blobs"), sent)
    expected |= {"mail.message.accepted": sent, "mail.message.delivered": sent, "waiting": 0}
    wrong = {name: (found.get(name, 0), due) for name, due in expected.items() if found.get(name, 0) != due}
    print(f"{sent:,} accepted; messages, mailbox rows, blobs and signed entries: {wrong or 'all there'}")
    return not wrong


def _tell(asked: argparse.Namespace, table: dict[int, dict[str, list[float]]]) -> None:
    medians = {
        size: {who: statistics.median(rate) for who, rate in rates.items() if rate}
        for size, rates in table.items()
    }
    print(f"{'KB':>4} {'ours/s':>8} {'Postfix-Dovecot/s':>18}   (medians of {asked.rounds} rounds)")
    for size, rates in medians.items():
        theirs = f"{rates['theirs']:,.0f}" if "theirs" in rates else "-"
        print(f"{size:>4} {rates['ours']:>8,.0f} {theirs:>18}")
    first = medians[asked.kilobytes[0]]
    line = {
        "bench": "mail_accept",
        "value": round(first["ours"]),
        "unit": f"messages/s at {asked.kilobytes[0]} KB",
    }
    peers = {"postfix-dovecot": round(first["theirs"])} if "theirs" in first else {}
    ratio = round(first["ours"] / first["theirs"], 2) if peers else None
    print(json.dumps({**line, "peers": peers, "ratio": ratio}))
