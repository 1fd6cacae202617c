"""Accepting mail durably through SMTP with evidence and mailbox rows, beside Postfix delivering to Dovecot by LMTP.

Ours answers 250 after bytes, rows and evidence are on disk, so accepted is delivered; theirs is timed until every
message lies in its Maildir. Both get the same clients, one after the other, in turns; medians are told.
"""

import argparse
import contextlib
import json
import tempfile
from functools import partial
from pathlib import Path

from bench import mail_rounds
from bench.inside import DOMAIN
from bench.installation import Installation
from bench.mail_rounds import Side, Table
from bench.peers import postfix_dovecot
from bench.peers.postfix_dovecot import PostfixDovecot


def main(arguments: list[str]) -> int:
    """Measure, check that nothing is missing, and print a table and the JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench mail_accept", description=__doc__)
    mail_rounds.add_arguments(parser)
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="congvu-bench-", dir=asked.folder) as folder:
        return _measure(asked, Path(folder))


def _measure(asked: argparse.Namespace, folder: Path) -> int:
    why, table = "left out" if asked.alone else postfix_dovecot.missing(), Table()
    if why:
        print(f"Postfix and Dovecot do not run beside it: {why}")
    for name in ("ours", "theirs"):
        (folder / name).mkdir()
    ours = Installation(
        folder / "ours", extra={"CONGVU_DNS": "off"}
    )  # theirs ask nobody about senders either
    addresses = ours.ask("bench.inside", "found", str(mail_rounds.MAILBOXES))["addresses"]
    with contextlib.ExitStack() as running:
        running.enter_context(ours.serving("door", "clerk"))
        settled = partial(mail_rounds.catch_up, ours)
        sides = [Side(name="ours", port=ours.ports["smtp"], processes=ours.processes, settled=settled)]
        if not why:
            theirs = running.enter_context(PostfixDovecot(folder / "theirs", DOMAIN))
            sides.append(Side(name="theirs", port=theirs.port, processes=theirs.processes, peer=theirs))
        mail_rounds.run(asked, table, sides, recipients=addresses)
        is_whole = mail_rounds.is_whole(ours, mail_rounds.messages(asked))
    table.tell()
    rates, peers = table.rates("ours"), table.rates("theirs")
    first = next(iter(rates))
    line = {"bench": "mail_accept", "value": rates[first], "unit": f"messages/s at {asked.kilobytes[0]} KB"}
    beside = {"postfix-dovecot": peers[first]} if peers else {}
    print(json.dumps({**line, "peers": beside, "times_postfix_dovecot": table.shares("ours", "theirs")}))
    return 0 if is_whole else 1
