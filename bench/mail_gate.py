"""Mail through Postfix, the gate and Dovecot, beside Postfix and Dovecot without a gate; delivered is in a Maildir.

Both are the same two servers, once with Congvu between them: there every message is recorded before Dovecot is asked
and again when it has answered, and lies in the browser's mailbox too. The same clients, one after the other, in turns;
the sides change places from round to round; medians are told.
"""

import argparse
import json
import tempfile
from functools import partial
from pathlib import Path

from bench import mail_rounds
from bench.inside import DOMAIN
from bench.installation import Installation, free_ports
from bench.mail_rounds import Side, Table
from bench.peers import postfix_dovecot
from bench.peers.postfix_dovecot import PostfixDovecot


def main(arguments: list[str]) -> int:
    """Measure, check that nothing is missing, and print a table and the JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench mail_gate", description=__doc__)
    mail_rounds.add_arguments(parser)
    asked = parser.parse_args(arguments)
    why = postfix_dovecot.missing()
    if why:
        print(f"Postfix and Dovecot do not run here: {why}")
        return 1
    with tempfile.TemporaryDirectory(prefix="congvu-bench-", dir=asked.folder) as folder:
        return _measure(asked, Path(folder))


def _measure(asked: argparse.Namespace, folder: Path) -> int:
    for name in ("congvu", "gated", "bare"):
        (folder / name).mkdir()
    gate, table = free_ports(1)[0], Table()
    ours = Installation(folder / "congvu")
    clients = ours.ask("bench.inside", "clients")["clients"]
    gated = PostfixDovecot(folder / "gated", DOMAIN, gate=gate, clients=clients)
    bare = PostfixDovecot(folder / "bare", DOMAIN, clients=clients)
    ours.extra |= {"CONGVU_DNS": "off"}  # the bare path asks nobody about senders either
    ours.extra |= {"CONGVU_LMTP": f"127.0.0.1:{gate}", "CONGVU_DELIVERY_LMTP": f"127.0.0.1:{gated.lmtp}"}
    addresses = ours.ask("bench.inside", "found", str(mail_rounds.MAILBOXES))["addresses"]
    with gated, bare, ours.serving("door", "clerk"):
        sides = (
            Side(
                name="gate",
                port=gated.port,
                processes=ours.processes | gated.processes,
                peer=gated,
                settled=partial(mail_rounds.catch_up, ours),
            ),
            Side(name="bare", port=bare.port, processes=bare.processes, peer=bare),
        )
        mail_rounds.run(asked, table, sides, recipients=addresses)
        is_whole = mail_rounds.is_whole(ours, mail_rounds.messages(asked))
    table.tell()
    shares = table.shares("gate", "bare")
    first = next(iter(table.rates("gate").values()))
    line = {"bench": "mail_gate", "value": first, "unit": f"messages/s at {asked.kilobytes[0]} KB"}
    print(json.dumps({**line, "share_of_postfix_dovecot": shares}))
    return 0 if is_whole else 1
