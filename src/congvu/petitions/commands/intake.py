"""congvu petitions intake open | close | list: the official address whose letters become petitions."""

import argparse

from congvu.base import clock
from congvu.directory.actions.addresses import AddressTakenError, give_unit_address
from congvu.directory.models import Address, Agency, Unit
from congvu.directory.naming import TextError
from congvu.directory.policies import OPERATOR
from congvu.directory.queries import email, find_address
from congvu.mail.commands import choosing
from congvu.petitions.intake.actions import AlreadyOpenError, close_intake, open_intake
from congvu.petitions.models import Service
from congvu.petitions.post import MailIntake


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb `intake`."""
    intake = verbs.add_parser("intake", help="the official address whose letters become petitions")
    acts = intake.add_subparsers(dest="act", required=True, metavar="ACT")
    opening = acts.add_parser("open", help="let the letters to an address become petitions of a service")
    opening.add_argument("address", help="an official address of a unit or of the agency")
    opening.add_argument(
        "service", help="the code of the service; `congvu petitions services list` names them"
    )
    opening.add_argument("--unit", help="the code of a unit that is given the address if nobody has it yet")
    closing = acts.add_parser("close", help="let the letters to an address be letters again")
    closing.add_argument("address")
    listing = acts.add_parser("list", help="list the addresses")
    for one, run in ((opening, run_open), (closing, run_close), (listing, run_list)):
        choosing.run_for_agency(one, run)


def run_open(arguments: argparse.Namespace, agency: Agency) -> int:
    """Open an address."""
    service = Service.objects.filter(agency=agency, code=arguments.service).first()
    if service is None:
        return choosing.complain(f"there is no service {arguments.service}")
    address = _address(agency, arguments.address) or _given(agency, arguments)
    if address is None or address.kind == Address.Kind.PERSONAL:
        return choosing.complain(
            f"{arguments.address} is no address of a unit or of the agency; --unit gives it to one"
        )
    try:
        open_intake(address, service=service, by=OPERATOR, at=clock.now())
    except AlreadyOpenError:
        return choosing.complain(f"letters to {arguments.address} become petitions already")
    print(f"Letters to {email(address)} become petitions from now on.")
    return 0


def run_close(arguments: argparse.Namespace, agency: Agency) -> int:
    """Close an address."""
    row = next((one for one in _open(agency) if email(one.address) == arguments.address.lower()), None)
    if row is None:
        return choosing.complain(f"letters to {arguments.address} do not become petitions")
    close_intake(row, by=OPERATOR, at=clock.now())
    print(f"Letters to {email(row.address)} are letters again.")
    return 0


def run_list(_arguments: argparse.Namespace, agency: Agency) -> int:
    """List the addresses."""
    rows = _open(agency)
    if not rows:
        print("No address takes petitions in.")
    for row in rows:
        print(f"{email(row.address)}  becomes {row.service.code}")
    return 0


def _address(agency: Agency, typed: str) -> Address | None:
    found = find_address(typed)
    return found if found is not None and found.agency_id == agency.pk else None


def _given(agency: Agency, arguments: argparse.Namespace) -> Address | None:
    """Give the unit that was named an address of the agency, None where that cannot be."""
    unit = Unit.objects.filter(agency=agency, code=arguments.unit).first() if arguments.unit else None
    local_part, _at, domain = arguments.address.rpartition("@")
    if unit is None or domain.lower() != agency.domain:
        return None
    try:
        return give_unit_address(unit=unit, local_part=local_part, by=OPERATOR, now=clock.now())
    except (TextError, AddressTakenError):
        return None


def _open(agency: Agency) -> list[MailIntake]:
    rows = MailIntake.objects.filter(agency=agency, closed_at=None)
    return list(rows.select_related("address__agency", "service").order_by("pk"))
