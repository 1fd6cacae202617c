"""congvu petitions reckon: time limits anew, after a book, a parameter or a day off was decided."""

import argparse

from congvu.mail.commands import choosing
from congvu.petitions.actions.reckoning import reckon
from congvu.petitions.models import Petition
from congvu.petitions.words import OPEN, State


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb `reckon`."""
    one = verbs.add_parser(
        "reckon", help="reckon the time limits of open petitions anew, after rules were decided or read"
    )
    choosing.add_agency(one)
    one.set_defaults(run=run_reckon)


def run_reckon(arguments: argparse.Namespace) -> int:
    """Reckon every petition that is not answered yet."""
    agency = choosing.agency(arguments)
    if agency is None:
        return 2
    rows = Petition.objects.filter(agency=agency)
    keys = list(rows.filter(state__in=(*OPEN, State.MERGED)).order_by("pk").values_list("pk", flat=True))
    changed = sum(reckon(rows.get(pk=key)) for key in keys)
    print(f"{len(keys)} reckoned, {changed} with another due time.")
    return 0
