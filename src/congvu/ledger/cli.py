"""congvu ledger check | prove | rebuild | destroy."""

import argparse
import sys
from pathlib import Path

from congvu.base import clock
from congvu.ledger import actions, check, gate, queries, rebuild
from congvu.ledger.models import Entry, Ledger, Log
from congvu.ledger.store import Folder


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `ledger` and its verbs."""
    noun = subparsers.add_parser("ledger", help="the log of evidence: check, prove, rebuild")
    verbs = noun.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser(
        "check", help="hash every entry and tile again and compare all memories of the head"
    )
    one.add_argument("--agency", help="only this agency (slug)")
    one.set_defaults(run=run_check)
    two = verbs.add_parser("prove", help="write the bundle of an entry, for congvu-verify")
    two.add_argument("entry", help="the entry's id")
    two.add_argument("--disclose", action="append", help="a disclosure to show (all when not given)")
    two.add_argument("--output", type=Path, help="the file to write (standard output when not given)")
    two.set_defaults(run=run_prove)
    three = verbs.add_parser("rebuild", help="restore the database's cache of the log from its bundles")
    three.add_argument("--agency", help="only this agency (slug)")
    three.set_defaults(run=run_rebuild)
    four = verbs.add_parser("destroy", help="destroy an entry's disclosures; the entry stays as a tombstone")
    four.add_argument("entry", help="the entry's id")
    four.set_defaults(run=run_destroy)


def run_check(arguments: argparse.Namespace) -> int:
    """Check every log; 0 when all are whole, 1 when something is damaged."""
    bad = 0
    for ledger in _ledgers(arguments.agency):
        for log in Log.objects.filter(agency=ledger.agency).order_by("year"):
            bad += _check_log(log, Folder.of(ledger.slug, log.year))
    return 1 if bad else 0


def run_prove(arguments: argparse.Namespace) -> int:
    """Write the bundle of an entry."""
    agency = _agency_of(arguments.entry)
    if agency is None:
        print(f"congvu: there is no entry {arguments.entry}", file=sys.stderr)
        return 1
    try:
        data = queries.prove(arguments.entry, agency=agency, disclose=arguments.disclose)
    except queries.PendingError:
        print(
            "congvu: the entry is recorded; its proof is pending until the next checkpoint", file=sys.stderr
        )
        return 1
    if arguments.output:
        arguments.output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
    return 0


def run_rebuild(arguments: argparse.Namespace) -> int:
    """Rebuild every log from its files; afterwards `congvu readers rewind` feeds the readers again."""
    for ledger in _ledgers(arguments.agency):
        for year in rebuild.years(ledger):
            try:
                done = rebuild.rebuild(ledger, year, _progress)
            except rebuild.DamagedLogError as error:
                damage: check.Damage = error.args[0]
                print(f"\ncongvu: {damage.file}: {damage.what} at entry {damage.index}; nothing was rebuilt")
                return 1
            except rebuild.NothingToRebuildError as error:
                print(f"congvu: {error}: no signed checkpoint")
                continue
            print(f"\n{done.origin}: {done.size} entries")
    print("Now run: congvu readers rewind")
    return 0


def run_destroy(arguments: argparse.Namespace) -> int:
    """Destroy an entry's disclosures."""
    agency = _agency_of(arguments.entry)
    if agency is None:
        print(f"congvu: there is no entry {arguments.entry}", file=sys.stderr)
        return 1
    actions.destroy_record(entry=arguments.entry, agency=agency, at=clock.now(), actor="command-line")
    print("destroyed; the entry stays as a tombstone")
    return 0


def _check_log(log: Log, folder: Folder) -> int:
    found = 0
    for damage in check.damages(folder, log.size, _progress):
        found += 1
        print(f"\n{log.origin}: {damage.file}: {damage.what}, from entry {damage.index}")
    if reason := gate.inspect(log, folder):
        found += 1
        print(f"\n{log.origin}: the memories of the log disagree: {reason}")
    missing = log.signed_size - Entry.objects.filter(log=log, index__lt=log.signed_size).count()
    if missing:
        found += 1
        print(f"\n{log.origin}: the database lacks {missing} entries; congvu ledger rebuild restores them")
    print(f"\n{log.origin}: {log.size} entries, {'whole' if not found else 'DAMAGED'}")
    return found


def _ledgers(slug: str | None) -> list[Ledger]:
    ledgers = Ledger.objects.order_by("slug")
    return list(ledgers.filter(slug=slug) if slug else ledgers)


def _agency_of(entry: str) -> str | None:
    return Entry.objects.filter(entry=entry).values_list("agency", flat=True).first()


def _progress(done: int, whole: int) -> None:
    if sys.stderr.isatty() or done == whole:
        print(f"\r{done:>12,} of {whole:,} entries", end="", file=sys.stderr, flush=True)
