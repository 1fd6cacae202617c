"""Opening, moving and closing units."""

from datetime import date, datetime

from congvu.base.database import atomic
from congvu.base.texts import Texts
from congvu.directory import naming, queries
from congvu.directory.actions.addresses import give_unit_address
from congvu.directory.events import UnitClosed, UnitMoved, UnitOpened
from congvu.directory.models import Membership, Unit
from congvu.directory.policies import Actor, actor, require_administrator
from congvu.ledger.actions import record


class UnitCodeTakenError(Exception):
    """A unit of the agency has this code already."""


class UnitClosedError(Exception):
    """The unit is closed on that day."""


class OtherAgencyError(Exception):
    """The unit belongs to another agency."""


class UnitInsideItselfError(Exception):
    """A unit cannot stand under itself or under a unit below it."""


class UnitNotEmptyError(Exception):
    """Posts of the unit are held, or units under it are open, on the day that it would close."""


class RootUnitError(Exception):
    """The agency's own unit neither moves nor closes."""


def open_unit(
    *,
    parent: Unit,
    code: str,
    name: Texts,
    valid_from: date,
    by: Actor,
    now: datetime,
    local_part: str = "",
) -> Unit:
    """Open a unit under another one, at any depth, with its address if a local part is chosen.

    Raises NotAllowedError, UnitClosedError (the parent is), UnitCodeTakenError, `addresses.AddressTakenError` or
    an error of `naming`.
    """
    agency = parent.agency
    require_administrator(by, agency)
    code, name = naming.clean_code(code), naming.clean_texts(name)
    with atomic():
        parent.refresh_from_db(fields=["valid_to"])
        if not queries.is_open(parent, valid_from):
            raise UnitClosedError(parent.code)
        if Unit.objects.filter(agency=agency, code=code).exists():
            raise UnitCodeTakenError(code)
        unit = Unit.objects.create(agency=agency, parent=parent, code=code, name=name, valid_from=valid_from)
        _record(UnitOpened(depth=queries.depth(unit)), unit, by, now, valid_from=valid_from.isoformat())
        if local_part:
            give_unit_address(unit=unit, local_part=local_part, by=by, now=now)
    return unit


def move_unit(*, unit: Unit, parent: Unit, by: Actor, now: datetime) -> Unit:
    """Put a unit, with all that is under it, under another one.

    Raises NotAllowedError, OtherAgencyError, RootUnitError, UnitInsideItselfError or UnitClosedError.
    """
    require_administrator(by, unit.agency)
    with atomic():
        unit.refresh_from_db(fields=["parent"])
        parent.refresh_from_db(fields=["valid_to"])
        if unit.parent_id is None:
            raise RootUnitError(unit.code)
        if parent.agency_id != unit.agency_id:
            raise OtherAgencyError(parent.code)
        if parent.pk in {one.pk for one in queries.units_below(unit.agency, unit)}:
            raise UnitInsideItselfError(unit.code)
        if not queries.is_open(parent, queries.legal_day(unit.agency, now)):
            raise UnitClosedError(parent.code)
        unit.parent = parent
        unit.save(update_fields=["parent"])
        _record(UnitMoved(depth=queries.depth(unit)), unit, by, now)
    return unit


def close_unit(*, unit: Unit, valid_to: date, by: Actor, now: datetime) -> Unit:
    """Close a unit; `valid_to` is its first day closed.

    Raises NotAllowedError, RootUnitError, UnitClosedError (already) or UnitNotEmptyError.
    """
    require_administrator(by, unit.agency)
    with atomic():
        unit.refresh_from_db(fields=["parent", "valid_to"])
        if unit.parent_id is None:
            raise RootUnitError(unit.code)
        if not queries.is_open(unit, valid_to):
            raise UnitClosedError(unit.code)
        below = [one.pk for one in queries.units_below(unit.agency, unit)]
        held = Membership.objects.filter(agency=unit.agency, post__unit__in=below)
        children = Unit.objects.filter(agency=unit.agency, parent=unit)
        if (held.filter(queries.after(valid_to)) | held.filter(valid_from__gte=valid_to)).exists() or (
            children.filter(queries.after(valid_to)).exists()
        ):
            raise UnitNotEmptyError(unit.code)
        unit.valid_to = valid_to
        unit.save(update_fields=["valid_to"])
        _record(UnitClosed(), unit, by, now, valid_to=valid_to.isoformat())
    return unit


def _record(
    event: UnitOpened | UnitMoved | UnitClosed, unit: Unit, by: Actor, now: datetime, **more: str
) -> None:
    parent = {"parent": unit.parent.handle} if unit.parent else {}
    disclosures = {"actor": actor(by), "unit": unit.handle, **parent, **more}
    record(event, agency=unit.agency.handle, at=now, disclosures=disclosures)
