"""What officials arrange about petitions: notes, duplicates, incidents, and what everyone may read."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from congvu.base.keeping import destroy_after
from congvu.base.texts import pick
from congvu.directory.queries import Seat
from congvu.petitions.actions.steps import Line, in_hand, take, words
from congvu.petitions.events import (
    NoteMade,
    PetitionLinked,
    PetitionMerged,
    PetitionReclassified,
    PetitionReleased,
)
from congvu.petitions.models import Attachment, Link, Petition, Service
from congvu.petitions.policies import is_confidential, may_read, may_send_on, may_write_to, require
from congvu.petitions.words import LOOKED, OPEN, State


class ConfidentialError(Exception):
    """Complaints and denunciations are never shown to everyone."""


class OtherSortError(Exception):
    """A petition cannot become something else in law, nor more or less confidential, by naming another service."""


class SamePetitionError(Exception):
    """A petition cannot be merged into itself, or into one that was merged."""


def note(petition: Petition, *, text: str, by: Seat, at: datetime) -> Petition:
    """Write something for colleagues; citizens never read it. Raises NotAllowedError, EmptyError or TooLongError."""
    said = words(text)
    with in_hand(petition, State.values) as found:
        require(allowed=may_read(by, found))
        take(found, NoteMade(), by=by.person, at=at, line=Line(text=said))
    return found


def look(petition: Petition, *, by: Seat, at: datetime) -> None:
    """Note that an official asked for who asked; what the citizen wrote still waits. Raises NotAllowedError."""
    with in_hand(petition, State.values) as found:
        require(allowed=may_read(by, found))
        take(found, NoteMade(), by=by.person, at=at, line=Line(data={"outcome": LOOKED}))


def merge(petition: Petition, *, into: Petition, by: Seat, at: datetime) -> Petition:
    """Let a petition go on in another one about the same thing; its citizen gets the other's answer.

    Raises NotAllowedError, SamePetitionError or WrongStateError.
    """
    with in_hand(petition, OPEN) as found, in_hand(into, OPEN) as other:
        require(allowed=may_write_to(by, found) and may_write_to(by, other))
        if found.pk == other.pk:
            raise SamePetitionError(found.number)
        if is_confidential(found) or is_confidential(other):
            raise ConfidentialError(found.number)
        Petition.objects.filter(agency=found.agency, merged_into=found).update(merged_into=other)
        found.state, found.merged_into = State.MERGED, other
        take(
            found,
            PetitionMerged(),
            by=by.person,
            at=at,
            disclosures={"into": other.handle},
            line=Line(data={"number": other.number}, is_public=True, tells=True),
        )
    return found


def link(petition: Petition, *, other: Petition, by: Seat, at: datetime) -> Link:
    """Note that two petitions concern one incident; each keeps its own answer. NotAllowedError, SamePetitionError."""
    with in_hand(petition, State.values) as found, in_hand(other, State.values) as second:
        require(allowed=may_read(by, found) and may_read(by, second))
        if found.pk == second.pk:
            raise SamePetitionError(found.number)
        one, two = sorted((found, second), key=lambda each: each.pk)
        made, is_new = Link.objects.get_or_create(agency=by.agency, petition=one, other=two)
        if is_new:
            said = {"other": two.handle}
            take(
                one,
                PetitionLinked(),
                by=by.person,
                at=at,
                disclosures=said,
                line=Line(data={"number": two.number}),
            )
    return made


def reclassify(petition: Petition, *, service: Service, by: Seat, at: datetime) -> Petition:
    """Say that a petition is about another service, alike in law; who has it and until when stays.

    Raises NotAllowedError, OtherSortError or WrongStateError.
    """
    with in_hand(petition, OPEN) as found:
        require(allowed=may_send_on(by, found))
        was = found.service
        if not is_alike(was, service):
            raise OtherSortError(service.code)
        names = [pick(one.name, found.agency.language)[0] for one in (was, service)]
        found.service = service
        said, line = {"service": service.handle}, Line(text=" → ".join(names), is_public=True)
        take(found, PetitionReclassified(), by=by.person, at=at, line=line, disclosures=said)
    return found


def is_alike(one: Service, other: Service) -> bool:
    """Return whether petitions may go from one service to another: one agency, one sort, and as confidential."""
    kinds = [(each.agency_id, each.sort, each.is_confidential) for each in (one, other)]
    return kinds[0] == kinds[1] and one.pk != other.pk


def release(
    petition: Petition,
    *,
    content: str,
    pictures: Collection[str],
    place: str = "",
    shows_point: bool = False,
    by: Seat,
    at: datetime,
) -> Petition:
    """Decide what everyone may read: words and place without personal data, and pictures, by handle, as covered.

    Without words nothing is said of the place; without pictures too, the register names only service and state.
    Raises NotAllowedError, ConfidentialError or TooLongError.
    """
    said = words(content) if content.strip() else ""
    with in_hand(petition, State.values) as found:
        require(allowed=may_write_to(by, found))
        if is_confidential(found):
            raise ConfidentialError(found.number)
        found.public_content, found.public_place = said, place.strip() if said else ""
        found.shows_point = bool(said) and shows_point
        shown = [one for one in _pictures(found) if show_picture(one, is_shown=one.handle in pictures)]
        disclosures = {"digest": hashlib.sha256(said.encode()).hexdigest()} if said else {}
        event = PetitionReleased(shown=bool(said or shown))
        take(found, event, by=by.person, at=at, disclosures=disclosures)
    return found


def show_picture(  # no-evidence: the release that it belongs to is recorded
    row: Attachment, *, is_shown: bool, covered: str = ""
) -> bool:
    """Let everyone see a picture, as it is covered now, or not any more; what was covered before is destroyed."""
    shown = covered or row.public_blob or row.blob if is_shown else ""
    destroy_after({row.public_blob} - {shown, row.blob})
    row.public_blob = shown
    row.save(update_fields=["public_blob"])
    return is_shown


def _pictures(petition: Petition) -> QuerySet[Attachment]:
    """Return the citizen's own pictures, also those sent later; documents are never shown to everyone."""
    own = Q(step=None) | Q(step__by=None)
    return Attachment.objects.filter(
        own, agency=petition.agency_id, petition=petition, media_type__startswith="image/"
    )
