"""congvu petitions services load | list: what citizens may ask for."""

import argparse

from congvu.base import clock
from congvu.base.texts import pick
from congvu.directory.models import Agency, Unit
from congvu.directory.policies import OPERATOR
from congvu.mail.commands import choosing
from congvu.petitions.actions.setting import COUNTRIES, load
from congvu.petitions.models import Service


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb `services`."""
    services = verbs.add_parser("services", help="what citizens may ask for")
    acts = services.add_subparsers(dest="act", required=True, metavar="ACT")
    loading = acts.add_parser(
        "load", help="open the services to begin with of a country; what is there stays"
    )
    loading.add_argument("country", choices=COUNTRIES)
    loading.add_argument(
        "--unit", help="the code of the unit that answers; without it whoever receives citizens sends each on"
    )
    listing = acts.add_parser("list", help="list the services, with the unit that answers")
    for one, run in ((loading, run_load), (listing, run_list)):
        choosing.run_for_agency(one, run)


def run_load(arguments: argparse.Namespace, agency: Agency) -> int:
    """Open the services to begin with."""
    unit = Unit.objects.filter(agency=agency, code=arguments.unit).first() if arguments.unit else None
    if arguments.unit and unit is None:
        return choosing.complain(f"the agency has no unit {arguments.unit}")
    made = load(agency, arguments.country, unit=unit, by=OPERATOR, at=clock.now())
    print(f"{len(made)} services were opened." if made else "All of these services are there already.")
    return 0


def run_list(_arguments: argparse.Namespace, agency: Agency) -> int:
    """List the services."""
    rows = Service.objects.filter(agency=agency).select_related("unit").order_by("position", "code")
    if not rows:
        print("There is no service. `congvu petitions services load vn` opens some to begin with.")
    for row in rows:
        answers = row.unit.code if row.unit else "whoever receives citizens sends it on"
        shut = "" if row.is_open else ", closed"
        print(f"{row.code:<20} {pick(row.name, agency.language)[0]} ({row.sort}; {answers}{shut})")
    return 0
