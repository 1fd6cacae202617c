"""congvu petitions key | services | intake | reckon: programs' keys, what may be asked, letters, time limits."""

import argparse

from congvu.petitions.commands import intake, keys, offering, reckoning


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `petitions` with its verbs."""
    petitions = subparsers.add_parser(
        "petitions", help="petitions: services, programs' keys, letters taken in"
    )
    verbs = petitions.add_subparsers(dest="verb", required=True, metavar="VERB")
    for one in (offering, intake, keys, reckoning):
        one.register(verbs)
