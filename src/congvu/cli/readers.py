"""congvu readers rewind: feed what is made from the log (duties, search) again from its first entry."""

import argparse
import sys

from congvu.config.readers import readers
from congvu.ledger import queries
from congvu.ledger import readers as reading
from congvu.ledger.readers import Reader


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `readers` and its verb."""
    noun = subparsers.add_parser("readers", help="what is made from the log: duties, search")
    verbs = noun.add_subparsers(dest="verb", required=True)
    names = [one.name for one in readers()]
    rewind = verbs.add_parser("rewind", help="empty it and feed it again from the first entry")
    rewind.add_argument("name", nargs="?", choices=names, help="only this one (all when not given)")
    rewind.add_argument("--agency", help="only this agency (slug)")
    rewind.set_defaults(run=run_rewind)


def run_rewind(arguments: argparse.Namespace) -> int:
    """Empty the chosen readers' projections and let them read the whole log again."""
    for ledger in queries.ledgers(arguments.agency):
        for reader in readers():
            if arguments.name in (None, reader.name):
                print(f"{ledger.slug}, {reader.name}: {_feed(reader, ledger.agency)} entries")
    return 0


def _feed(reader: Reader, agency: str) -> int:
    reading.rewind(reader, agency=agency)
    read = 0
    while count := reading.advance(reader, agency=agency):
        read += count
        print(f"\r{read:>12,}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return read
