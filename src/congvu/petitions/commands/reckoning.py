"""congvu petitions reckon: time limits anew, at once; after new rules the clerk does it by itself."""

import argparse

from congvu.directory.models import Agency
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
    choosing.run_for_agency(one, run_reckon)


def run_reckon(_arguments: argparse.Namespace, agency: Agency) -> int:
    """Reckon every petition that is not answered yet."""
    keys = list(reckonable(agency).values_list("pk", flat=True))
    changed = sum(reckon(Petition.objects.get(agency=agency, pk=key)) for key in keys)
    print(f"{len(keys)} reckoned, {changed} with another due time.")
    return 0
