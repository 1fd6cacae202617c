"""Reads of disposals and holds."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, Q, QuerySet

from congvu.base import blobs, handles
from congvu.ledger import queries as ledger
from congvu.ledger.disposal.models import Disposal, Hold, HolderAnswer, Objection


class DisposalMissingError(Exception):
    """The agency has no such disposal."""


class HoldMissingError(Exception):
    """The agency has no such hold."""


def disposals(agency: str) -> QuerySet[Disposal]:
    """Return an agency's disposals, the newest first."""
    return Disposal.objects.filter(agency=agency).order_by("-proposed_at", "-id")


def disposal(handle: str, *, agency: str) -> Disposal:
    """Return one disposal. Raises DisposalMissingError."""
    found = Disposal.objects.filter(agency=agency, handle=handle).first()
    if found is None:
        raise DisposalMissingError(handle)
    return found


def announced(agency: str, since: datetime) -> QuerySet[Disposal]:
    """Return what everybody in the agency should know of: what may be destroyed, and what was since then."""
    ahead = [Disposal.State.PROPOSED, Disposal.State.APPROVED, Disposal.State.EXECUTING]
    return disposals(agency).filter(Q(state__in=ahead) | Q(executed_at__gte=since))


def objections(one: Disposal) -> QuerySet[Objection]:
    """Return who asked that the records be kept, and why, the oldest first."""
    return Objection.objects.filter(agency=one.agency, disposal=one).order_by("id")


def answers(one: Disposal) -> QuerySet[HolderAnswer]:
    """Return what the holders of copies said last."""
    return HolderAnswer.objects.filter(agency=one.agency, disposal=one).order_by("id")


def listing(one: Disposal) -> bytes:
    """Return the list of destroyed entries: a line each, id and kind. Raises BlobMissingError."""
    return blobs.get(one.blob)


def holds(agency: str) -> QuerySet[Hold]:
    """Return an agency's holds, those that stand first, each the newest first."""
    lifted = F("lifted_at").desc(nulls_first=True)  # databases differ in where they put what has no value
    return Hold.objects.filter(agency=agency).order_by(lifted, "-placed_at", "-id")


def standing(agency: str) -> list[Hold]:
    """Return the holds that stand."""
    return list(Hold.objects.filter(agency=agency, lifted_at=None).order_by("id"))


def hold(handle: str, *, agency: str) -> Hold:
    """Return one hold. Raises HoldMissingError."""
    found = Hold.objects.filter(agency=agency, handle=handle).first()
    if found is None:
        raise HoldMissingError(handle)
    return found


def holding(one: Disposal) -> list[Hold]:
    """Return the standing holds that cover any of what a disposal chooses, as far as its choice alone tells."""
    if one.entries:
        kinds = {each.id: each.kind for each in ledger.entries(one.entries, agency=one.agency)}
        return [each for each in standing(one.agency) if is_covered(kinds, each)]
    return [
        each
        for each in standing(one.agency)
        if (not each.kinds or set(each.kinds) & set(one.kinds)) and _overlap(one, each)
    ]


def is_covered(kinds: Mapping[str, str], hold: Hold) -> bool:
    """Return whether a hold covers any of some entries, given with their kinds; their ids say when they were."""
    low = _dated(hold.begins_at) if hold.begins_at else ""
    high = _dated(hold.ends_at) if hold.ends_at else "~"
    return any(
        low <= entry < high and (not hold.kinds or kind in hold.kinds) for entry, kind in kinds.items()
    )


def waiting() -> QuerySet[Disposal]:
    """Return what the machine has to do: count proposals, and execute what was begun."""
    return Disposal.objects.filter(
        Q(state=Disposal.State.EXECUTING) | Q(state=Disposal.State.PROPOSED, chosen=None)
    ).order_by("id")


def _overlap(one: Disposal, hold: Hold) -> bool:
    begins = hold.begins_at is None or one.ends_at is None or hold.begins_at < one.ends_at
    return begins and (hold.ends_at is None or one.begins_at is None or one.begins_at < hold.ends_at)


def _dated(instant: datetime) -> str:
    return handles.dated(int(instant.timestamp() * 1000), b"")
