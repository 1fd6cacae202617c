"""Giving official addresses and withdrawing them."""

from datetime import date, datetime

from congvu.base.database import atomic
from congvu.directory import evidence, naming, periods, queries
from congvu.directory.events import AddressHandedOver, AddressWithdrawn
from congvu.directory.models import Address, Membership, Unit
from congvu.directory.policies import Actor, actor, require_administrator, require_mail_administrator
from congvu.ledger.actions import record, record_many


class AddressTakenError(Exception):
    """The agency gave this address before; an address never changes hands."""


class AddressWithdrawnError(Exception):
    """The address was withdrawn already."""


class HolderInPostError(Exception):
    """The address's holder still holds a post of the agency."""


def give_unit_address(
    *, unit: Unit, local_part: str, by: Actor, now: datetime, kind: str = Address.Kind.UNIT
) -> Address:
    """Give a unit its address, or (kind agency) the agency an address that this unit answers.

    Raises NotAllowedError, AddressTakenError or an error of `naming`.
    """
    agency = unit.agency
    require_administrator(by, agency)
    local_part = naming.clean_local_part(local_part, reserved=True)
    with atomic():
        if Address.objects.filter(agency=agency, local_part=local_part).exists():
            raise AddressTakenError(local_part)
        box: Address.Kind = Address.Kind.AGENCY if kind == Address.Kind.AGENCY else Address.Kind.UNIT
        address = Address.objects.create(
            agency=agency, unit=unit, local_part=local_part, kind=box, given_at=now
        )
        record_many([evidence.address_given(address, by, now)])
    return address


def let_receive_citizens(
    address: Address,
) -> None:  # no-evidence: the intake of petitions that needs it is recorded
    """Let only those who receive citizens open an address's box, whatever its unit; nobody takes that back."""
    address.receives_citizens = True
    address.save(update_fields=["receives_citizens"])


def give_personal_address(
    *, membership: Membership, by: Actor, now: datetime, local_part: str = ""
) -> Address:
    """Give a newly appointed person an address, or let the one that they have serve the new post too.

    One that went to a hand-over box and is not yet withdrawn comes back. Raises NotAllowedError,
    AddressTakenError or an error of `naming`.
    """
    require_administrator(by, membership.agency)
    with atomic():
        address = queries.personal_addresses(membership.agency, membership.person).first()
        if address is None:
            address = Address.objects.create(
                agency=membership.agency,
                person=membership.person,
                local_part=_free_local_part(membership, local_part),
                given_at=now,
            )
        address.membership, address.left_on, address.withdraw_on = membership, None, None
        address.save(update_fields=["membership", "left_on", "withdraw_on"])
        record_many([evidence.address_given(address, by, now)])
    return address


def hand_over(
    *, address: Address, membership: Membership, left_on: date, by: Actor, now: datetime
) -> Address:
    """Let an address receive for the unit that its holder leaves, until it is withdrawn.

    Raises NotAllowedError.
    """
    require_administrator(by, address.agency)
    with atomic():
        address.membership = membership
        address.left_on = left_on
        address.withdraw_on = periods.withdraw_on(left_on, membership.post.rank)
        address.save(update_fields=["membership", "left_on", "withdraw_on"])
        disclosures = {
            "actor": actor(by),
            "address": address.handle,
            "membership": membership.handle,
            "person": membership.person.handle,
            "unit": membership.post.unit.handle,
            "valid_from": left_on.isoformat(),
            "valid_to": address.withdraw_on.isoformat(),
        }
        record(AddressHandedOver(), agency=address.agency.handle, at=now, disclosures=disclosures)
    return address


def withdraw_address(*, address: Address, by: Actor, now: datetime) -> Address:
    """Withdraw an address: from now on it receives nothing, and nobody gets it again.

    Raises NotAllowedError, AddressWithdrawnError or HolderInPostError.
    """
    require_mail_administrator(by, address.agency)
    with atomic():
        address = Address.objects.select_related("agency", "person", "unit").get(pk=address.pk)
        if address.withdrawn_at is not None:
            raise AddressWithdrawnError(address.handle)
        if not queries.is_left(address, queries.legal_day(address.agency, now)):
            raise HolderInPostError(address.handle)
        address.withdrawn_at = now
        address.save(update_fields=["withdrawn_at"])
        holder = {"person": address.person.handle} if address.person else {}
        holder |= {"unit": address.unit.handle} if address.unit else {}
        disclosures = {"actor": actor(by), "address": address.handle, **holder}
        event = AddressWithdrawn(box=Address.Kind(address.kind))
        record(event, agency=address.agency.handle, at=now, disclosures=disclosures)
    return address


def _free_local_part(membership: Membership, chosen: str) -> str:
    taken = Address.objects.filter(agency=membership.agency)
    if not chosen:
        return naming.local_part_from(
            membership.person.full_name, is_taken=lambda one: taken.filter(local_part=one).exists()
        )
    local_part = naming.clean_local_part(chosen)
    if taken.filter(local_part=local_part).exists():
        raise AddressTakenError(local_part)
    return local_part
