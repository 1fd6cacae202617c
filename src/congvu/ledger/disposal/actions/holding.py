"""Placing and lifting holds."""

from collections.abc import Sequence
from datetime import datetime

from congvu.base import handles
from congvu.base.database import atomic
from congvu.ledger.actions import record
from congvu.ledger.disposal import events, queries
from congvu.ledger.disposal.actions.deciding import LONGEST, PeriodError, check_text
from congvu.ledger.disposal.models import Hold


class AlreadyLiftedError(Exception):
    """The hold stands no more."""


def place(
    *,
    agency: str,
    by: str,
    basis: str,
    kinds: Sequence[str] = (),
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
    at: datetime,
) -> Hold:
    """Forbid to destroy what this covers, from now on; a destruction that is under way stops before its next record.

    Raises NoReasonError or PeriodError.
    """
    check_text("basis", basis)
    if begins_at and ends_at and begins_at >= ends_at:
        raise PeriodError
    with atomic():
        made = Hold(
            handle=handles.new(),
            agency=agency,
            kinds=sorted(set(kinds)),
            begins_at=begins_at,
            ends_at=ends_at,
            basis=basis.strip(),
            placed_by=by,
            placed_at=at,
        )
        made.save()
        said = {"hold": made.handle, "actor": by, "basis": made.basis, "kinds": " ".join(made.kinds)}
        said |= {"begins_at": begins_at.isoformat()} if begins_at else {}
        said |= {"ends_at": ends_at.isoformat()} if ends_at else {}
        record(events.HoldPlaced(), agency=agency, at=at, disclosures=said)
    return made


def place_for_unknown(entries: Sequence[str], *, agency: str, at: datetime) -> Hold:
    """Hold everything because of entries that say that holds were placed, of which a restored database knows nothing.

    Nobody placed it; whoever may lift holds looks at what was meant first.
    """
    return place(agency=agency, by="", basis=", ".join(entries)[: LONGEST["basis"]], at=at)


def lift(handle: str, *, agency: str, by: str, reason: str, at: datetime) -> Hold:
    """End a hold. Raises AlreadyLiftedError or NoReasonError."""
    check_text("reason", reason)
    with atomic():
        found = queries.hold(handle, agency=agency)
        if found.lifted_at:
            raise AlreadyLiftedError
        found.lifted_at, found.lifted_by, found.reason = at, by, reason.strip()
        found.save()
        said = {"hold": found.handle, "actor": by, "reason": found.reason}
        record(events.HoldLifted(), agency=agency, at=at, disclosures=said)
    return found
