"""congvu petitions reckon: time limits anew, at once; after new rules the clerk does it by itself."""

import argparse

from congvu.mail.commands import choosing
from congvu.petitions.actions.reckoning import reckon
from congvu.petitions.models import Petition
from congvu.petitions.queries.reckoning import reckonable


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb `reckon`."""
    one = verbs.add_parser(
        "reckon",
        help="reckon the time limits of open petitions anew, now; after new rules the clerk does it by itself",
    )
    choosing.add_agency(one)
    one.set_defaults(run=run_reckon)


def run_reckon(arguments: argparse.Namespace) -> int:
    """Reckon every petition that is not answered yet."""
    agency = choosing.agency(arguments)
    if agency is None:
        return 2
    keys = list(reckonable(agency).values_list("pk", flat=True))
    changed = sum(reckon(Petition.objects.get(agency=agency, pk=key)) for key in keys)
    print(f"{len(keys)} reckoned, {changed} with another due time.")
    return 0
