"""Which agency a command is about."""

import argparse
import sys
from collections.abc import Callable

from congvu.directory.models import Agency


def run_for_agency(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace, Agency], int]) -> None:
    """Let a command name an agency, and run it for the one that is meant."""
    parser.add_argument("--agency", help="the agency's slug (not needed when there is only one)")

    def chosen(arguments: argparse.Namespace) -> int:
        found = Agency.objects.filter(slug=arguments.agency) if arguments.agency else Agency.objects.all()
        if found.count() == 1:
            return run(arguments, found.get())
        known = ", ".join(Agency.objects.values_list("slug", flat=True)) or "none"
        return complain(f"name one agency with --agency; there are: {known}")

    parser.set_defaults(run=chosen)


def complain(sentence: str) -> int:
    """Say what is wrong and return the exit status for it."""
    print(f"congvu: {sentence}", file=sys.stderr)
    return 2
