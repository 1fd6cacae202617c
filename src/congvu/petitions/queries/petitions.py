"""Petitions by number or handle, their history, terms and files, and who asked."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from congvu.base import keys
from congvu.directory.models import Agency, Function
from congvu.directory.policies import below
from congvu.directory.queries import Seat
from congvu.petitions import keys as secrets
from congvu.petitions import numbers
from congvu.petitions.access import Access
from congvu.petitions.models import Attachment, Link, Petition, Reporter, Service, Step, Term
from congvu.petitions.policies import let_in, may_read, may_take_in, reach, stood_in_for
from congvu.petitions.submissions import Who
from congvu.petitions.terms import ANSWER
from congvu.petitions.words import CONFIDENTIAL, End
from congvu.rules.duties import Duty
from congvu.rules.queries import obligations_by_trigger

RELATED = ("agency", "service", "unit", "assignee", "area", "merged_into")
WHO = ("name", "phone", "email", "address")
_ENDING = {
    "answer.given": End.ANSWERED,
    "petition.refused": End.REFUSED,
    "petition.redirected": End.REDIRECTED,
    "petition.merged": End.MERGED,
}


def petition(handle: str, *, agency: Agency) -> Petition | None:
    """Return a petition of an agency by its handle."""
    return Petition.objects.select_related(*RELATED).filter(agency=agency, handle=handle).first()


def by_number(typed: str, *, agency: Agency) -> Petition | None:
    """Return a petition by the number that somebody typed; None for a wrong digit too."""
    number = numbers.read(typed)
    if number is None:
        return None
    return Petition.objects.select_related(*RELATED).filter(agency=agency, number=number).first()


def of_citizen(typed: str, key: str, *, agency: Agency) -> Petition | None:
    """Return a petition to whoever knows its number and its secret."""
    found = by_number(typed, agency=agency)
    return found if found is not None and secrets.fits(found, key) else None


def readable(handle: str, *, seat: Seat) -> Petition | None:
    """Return a petition that the seat may read, None otherwise."""
    found = petition(handle, agency=seat.agency)
    return found if found is not None and may_read(seat, found) else None


def within_reach(seat: Seat) -> QuerySet[Petition]:
    """Return the petitions that the seat may read, confidential ones of others left out."""
    rows = Petition.objects.filter(agency=seat.agency)
    given, units = Q(assignee__in=stood_in_for(seat)), reach(seat)
    if opened := list(let_in(seat).values_list("petition", flat=True)):
        given |= Q(pk__in=opened)
    if units is not None:
        rows = rows.filter(given | Q(unit__in=units))
    if not may_take_in(seat):
        leads = seat.has(Function.HEAD, Function.DEPUTY)
        headed = Q(unit__in=below(seat)) if leads else Q(pk=None)
        hidden = Service.objects.filter(agency=seat.agency, is_confidential=True).values("pk")
        rows = rows.filter(given | headed | ~(Q(service__in=hidden) | Q(sort__in=CONFIDENTIAL)))
    return rows


def whole(pks: Iterable[int]) -> list[Petition]:
    """Return petitions by their primary keys, in their order, with what pages say of them."""
    wanted = list(pks)
    found = Petition.objects.select_related(*RELATED).in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def asker(petition: Petition) -> tuple[Who | None, str]:
    """Return who asked, and the citizen's secret, for a letter to them; None and empty when that was destroyed."""
    found = _unsealed(petition)
    who = Who(**{name: found[name] for name in WHO}) if found else None
    return who, found.get("secret", "")


def reporter(petition: Petition) -> Who | None:
    """Return who asked, None when that was destroyed."""
    return asker(petition)[0]


def secret(petition: Petition) -> str:
    """Return the citizen's secret, empty when it was destroyed."""
    return asker(petition)[1]


def steps(petition: Petition, *, public_only: bool = False) -> list[Step]:
    """Return what was done about a petition, in order; without stages and tellings, which repeat it."""
    rows = Step.objects.filter(agency=petition.agency_id, petition=petition)
    rows = rows.exclude(kind__startswith="stage.").exclude(kind__endswith=".notified")
    if public_only:
        rows = rows.filter(is_public=True)
    return list(rows.select_related("by", "unit").order_by("at", "id"))


def last_end(petition: Petition) -> str:
    """Return the end to which a petition came last, by itself or with the one that it goes on in; empty before any."""
    rows = Step.objects.filter(agency=petition.agency_id, petition=petition, kind__in=_ENDING)
    rows = rows.filter(~Q(kind="answer.given") | Q(data__outcome="result"))
    last = rows.order_by("-id").values_list("kind", flat=True).first()
    return _ENDING[last] if last else ""


def terms(petition: Petition, *, now: datetime) -> list[tuple[Term, str]]:
    """Return the terms of a petition by due time, each with how it stands: met, late, over, open, undecided."""
    rows = Term.objects.filter(agency=petition.agency_id, petition=petition).order_by("due_at", "id")
    return [(one, standing(one, now)) for one in rows]


def duties(petition: Petition, found: Collection[Term]) -> dict[int, Duty]:
    """Return what the judge has made of these terms, by their keys; of the newest he may not have read yet."""
    entries = Step.objects.filter(agency=petition.agency_id, petition=petition).values_list(
        "entry", flat=True
    )
    made = obligations_by_trigger(entries, agency=petition.agency.handle)
    named = {(one.book, one.version, one.norm, one.opened_at): one for one in made}
    pairs = ((one.pk, named.get((one.book, one.version, one.norm, one.since))) for one in found)
    return {key: duty for key, duty in pairs if duty is not None}


def answer_term(petition: Petition, *, now: datetime) -> Term | None:
    """Return the next open term for an answer, with its due time: what a citizen can be told."""
    owed = (one for one, how in terms(petition, now=now) if how == "open" and one.kind == ANSWER)
    return next(owed, None)


def standing(term: Term, now: datetime) -> str:
    """Return how a term stands: met, late (done too late), over (not done), open, undecided (no due time)."""
    if term.ended_at is not None:
        return "late" if term.is_late else "met"
    if term.due_at is None:
        return "undecided"
    return "over" if term.due_at < now else "open"


def attachments(petition: Petition) -> list[Attachment]:
    """Return all files of a petition and of its answers."""
    rows = Attachment.objects.filter(agency=petition.agency_id, petition=petition)
    return list(rows.select_related("step").order_by("id"))


def repeated(petition: Petition) -> list[Attachment]:
    """Return the released pictures of answers that went to this petition as well, because it goes on in another."""
    own = Step.objects.filter(agency=petition.agency_id, petition=petition).exclude(repeats=None)
    rows = Attachment.objects.filter(step__in=own.values("repeats"), media_type__startswith="image/")
    return list(rows.filter(petition__is_public=True).exclude(public_blob="").order_by("id"))


def linked(petition: Petition, *, seat: Seat) -> list[Petition]:
    """Return the petitions about the same incident that the seat may read."""
    one = Link.objects.filter(agency=petition.agency_id, petition=petition).values("other")
    two = Link.objects.filter(agency=petition.agency_id, other=petition).values("petition")
    rows = within_reach(seat).filter(Q(pk__in=one) | Q(pk__in=two))
    return list(rows.order_by("received_at"))


def accesses(petition: Petition) -> list[Access]:
    """Return whom the head of the unit that has a petition lets read it, by name."""
    rows = Access.objects.filter(agency=petition.agency_id, petition=petition, unit=petition.unit_id)
    return list(rows.select_related("person").order_by("person__sorted_as", "id"))


def merged(petition: Petition) -> list[Petition]:
    """Return the petitions that go on in this one."""
    rows = Petition.objects.filter(agency=petition.agency_id, merged_into=petition)
    return list(rows.order_by("received_at"))


def _unsealed(petition: Petition) -> dict[str, str]:
    row = Reporter.objects.filter(agency=petition.agency_id, petition=petition).first()
    key = keys.get_many([row.handle]).get(row.handle) if row else None
    if row is None or key is None:
        return {}
    found: dict[str, str] = json.loads(keys.unseal(key, row.handle, bytes(row.sealed)))
    return found
