"""Which agency a command is about."""

import argparse
import sys

from congvu.directory.models import Agency


def add_agency(parser: argparse.ArgumentParser) -> None:
    """Let a command name an agency."""
    parser.add_argument("--agency", help="the agency's slug (not needed when there is only one)")


def agency(arguments: argparse.Namespace) -> Agency | None:
    """Return the agency that is meant; None after saying why there is none."""
    found = Agency.objects.filter(slug=arguments.agency) if arguments.agency else Agency.objects.all()
    if found.count() == 1:
        return found.get()
    known = ", ".join(Agency.objects.values_list("slug", flat=True)) or "none"
    complain(f"name one agency with --agency; there are: {known}")
    return None


def complain(sentence: str) -> int:
    """Say what is wrong and return the exit status for it."""
    print(f"congvu: {sentence}", file=sys.stderr)
    return 2
