"""congvu disposal list | run: what people decided to destroy, worked off where no clerk process runs."""

import argparse
import sys
import time

from congvu.base import clock
from congvu.ledger.disposal import queries, tasks
from congvu.ledger.disposal.models import Disposal
from congvu.ledger.models import Ledger

TRIES, PAUSE = 20, 0.5  # seconds: what was recorded meanwhile must be signed by the clerk process


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `disposal` and its verbs."""
    noun = subparsers.add_parser("disposal", help="records that people decided to destroy")
    verbs = noun.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("list", help="show disposals and standing holds")
    one.set_defaults(run=run_list)
    two = verbs.add_parser(
        "run", help="go on with what was approved and begun; the clerk process does this by itself"
    )
    two.set_defaults(run=run_run)


def run_list(arguments: argparse.Namespace) -> int:  # noqa: ARG001 -- the form of a verb
    """Show disposals and standing holds of every agency."""
    for ledger in Ledger.objects.order_by("slug"):
        for one in queries.disposals(ledger.agency):
            held = ", stopped by a hold" if one.is_held else ""
            chosen = "?" if one.chosen is None else one.chosen
            print(f"{ledger.slug} {one.handle} {one.state}{held}: {chosen} entries; {one.basis}")
        for hold in queries.standing(ledger.agency):
            print(f"{ledger.slug} {hold.handle} hold: {' '.join(hold.kinds) or 'everything'}; {hold.basis}")
    return 0


def run_run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 -- the form of a verb
    """Go on until nothing is left to be done; 1 when something is held or waits for the clerk process."""
    for _ in range(TRIES):
        tasks.tend(clock.now())
        left = list(Disposal.objects.filter(state=Disposal.State.EXECUTING).order_by("id"))
        if all(one.is_held for one in left):
            break
        time.sleep(PAUSE)
    for one in left:
        why = (
            "a hold covers it; nothing more is destroyed"
            if one.is_held
            else "it waits until the clerk process has signed what was recorded, or another process works on it"
        )
        print(f"congvu: {one.handle}: {one.done} of {one.total} destroyed: {why}", file=sys.stderr)
    return 1 if left else 0
