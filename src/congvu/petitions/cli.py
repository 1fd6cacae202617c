"""congvu petitions key | services | intake: programs' keys, what may be asked, and the address that takes letters."""

import argparse

from congvu.petitions.commands import intake, keys, offering


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `petitions` with its verbs."""
    petitions = subparsers.add_parser(
        "petitions", help="petitions: services, programs' keys, letters taken in"
    )
    verbs = petitions.add_subparsers(dest="verb", required=True, metavar="VERB")
    for one in (offering, intake, keys):
        one.register(verbs)
