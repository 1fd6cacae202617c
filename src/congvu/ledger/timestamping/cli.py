"""congvu stamps ask | check | export."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cryptography.x509 import Certificate
from django.conf import settings

from congvu.base import clock
from congvu.ledger.models import Log
from congvu.ledger.queries import ledgers
from congvu.ledger.store import Folder
from congvu.ledger.timestamping import actions, asking, queries, records, tasks
from congvu.standards import evidence_records


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `stamps` and its verbs."""
    noun = subparsers.add_parser("stamps", help="time stamps over checkpoints: ask, check, export")
    verbs = noun.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("ask", help="have the last checkpoint of each log stamped now")
    one.add_argument("--agency", help="only this agency (slug)")
    one.set_defaults(run=run_ask)
    two = verbs.add_parser("check", help="follow every evidence record to the authority's certificates")
    two.add_argument("--agency", help="only this agency (slug)")
    two.set_defaults(run=run_check)
    three = verbs.add_parser(
        "export", help="write what each stamp is over, and its token, for openssl ts -verify"
    )
    three.add_argument("folder", type=Path, help="a folder, made when it is missing")
    three.add_argument("--agency", required=True, help="the agency (slug)")
    three.add_argument("--year", required=True, help="the log: its year, or 2026-2")
    three.add_argument("--size", type=int, required=True, help="the size of the stamped checkpoint")
    three.set_defaults(run=run_export)


def run_ask(arguments: argparse.Namespace) -> int:
    """Ask the authority for a stamp of every log that grew since its last one."""
    status = 0
    for log in _logs(arguments.agency):
        try:
            row = actions.stamp(log, digest=settings.CONGVU_TIME_AUTHORITY_DIGEST, now=clock.now())
        except tasks.FAULTS as error:
            print(f"congvu: {log.origin}: no stamp: {error}", file=sys.stderr)
            status = 1
        else:
            print(f"{log.origin}: size {row.size} stamped at {row.at:%Y-%m-%d %H:%M:%S} UTC")
    return status


def run_check(arguments: argparse.Namespace) -> int:
    """Check every record; 0 when all hold."""
    rows = [(log, size) for log in _logs(arguments.agency) for size in records.sizes(Folder.of_log(log))]
    try:
        believed = asking.certificates() if rows else []
    except asking.NoAuthorityError as error:
        print(f"congvu: no stamp can be checked: {error}", file=sys.stderr)
        return 1
    if not rows:
        print("congvu: there is no stamp yet; nothing was checked", file=sys.stderr)
    failed = sum(not _holds(log, size, believed) for log, size in rows)
    return 1 if failed else 0


def run_export(arguments: argparse.Namespace) -> int:
    """Write `<n>.data` and `<n>.token` for each stamp of a record, oldest first."""
    log = next((one for one in _logs(arguments.agency) if one.name == arguments.year), None)
    try:
        if log is None or arguments.size not in records.sizes(Folder.of_log(log)):
            print(
                f"congvu: no stamp of {arguments.agency}, {arguments.year}, is over {arguments.size} entries;"
                " congvu stamps check lists them",
                file=sys.stderr,
            )
            return 1
        kept = records.read(Folder.of_log(log), arguments.size)
        steps = evidence_records.steps(kept.record, kept.note)
    except tasks.FAULTS as error:
        print(f"congvu: there is no whole record of that checkpoint: {error}", file=sys.stderr)
        return 1
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for number, step in enumerate(steps, 1):
        (arguments.folder / f"{number}.data").write_bytes(step.data)
        (arguments.folder / f"{number}.token").write_bytes(step.token)
        print(f"openssl ts -verify -data {number}.data -in {number}.token -token_in -CAfile ROOT.pem")
    return 0


def _holds(log: Log, size: int, believed: Sequence[Certificate]) -> bool:
    try:
        tokens = queries.verified(log, records.read(Folder.of_log(log), size), believed=believed)
    except tasks.FAULTS as error:
        print(f"{log.origin}: size {size}: DOES NOT HOLD: {error}")
        return False
    print(
        f"{log.origin}: size {size}: holds: stood at {tokens[0].at:%Y-%m-%d %H:%M:%S} UTC, "
        f"{len(tokens)} stamps, to be renewed before {tokens[-1].until:%Y-%m-%d}"
    )
    return True


def _logs(slug: str | None) -> Iterator[Log]:
    agencies = [ledger.agency for ledger in ledgers(slug)]
    yield from Log.objects.filter(agency__in=agencies, signed_size__gt=0).order_by("origin")
