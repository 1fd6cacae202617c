"""What officials arrange about petitions: notes, duplicates, incidents, and what everyone may read."""

from collections.abc import Mapping
from datetime import datetime

from congvu.directory.queries import Seat
from congvu.petitions.actions.steps import Line, in_hand, take, words
from congvu.petitions.events import NoteMade, PetitionLinked, PetitionMerged, PetitionReleased
from congvu.petitions.models import Attachment, Link, Petition
from congvu.petitions.policies import may_answer, may_read, may_take_in, require
from congvu.petitions.words import CONFIDENTIAL, OPEN, State


class ConfidentialError(Exception):
    """Complaints and denunciations are never shown to everyone."""


class SamePetitionError(Exception):
    """A petition cannot be merged into itself, or into one that was merged."""


def note(petition: Petition, *, text: str, by: Seat, at: datetime) -> Petition:
    """Write something for colleagues; citizens never read it. Raises NotAllowedError, EmptyError or TooLongError."""
    said = words(text)
    with in_hand(petition, State.values) as found:
        require(allowed=may_read(by, found))
        take(found, NoteMade(), by=by.person, at=at, line=Line(text=said))
    return found


def merge(petition: Petition, *, into: Petition, by: Seat, at: datetime) -> Petition:
    """Let a petition go on in another one about the same thing; its citizen gets the other's answer.

    Raises NotAllowedError, SamePetitionError or WrongStateError.
    """
    with in_hand(petition, OPEN) as found, in_hand(into, OPEN) as other:
        require(allowed=may_take_in(by) or (may_answer(by, found) and may_answer(by, other)))
        if found.pk == other.pk or found.agency_id != other.agency_id:
            raise SamePetitionError(found.number)
        if found.service.is_confidential or other.service.is_confidential:
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


def release(
    petition: Petition, *, content: str, pictures: Mapping[str, str], by: Seat, at: datetime
) -> Petition:
    """Decide what everyone may read: words without personal data, and pictures (attachment handle to its public blob).

    Empty words and no pictures take it back; the register then names only service and state.
    Raises NotAllowedError, ConfidentialError or TooLongError.
    """
    said = words(content) if content.strip() else ""
    with in_hand(petition, State.values) as found:
        require(allowed=may_take_in(by) or may_answer(by, found))
        if found.service.is_confidential or found.sort in CONFIDENTIAL:
            raise ConfidentialError(found.number)
        found.public_content = said
        for row in Attachment.objects.filter(agency=by.agency, petition=found, step=None):
            row.public_blob = pictures.get(row.handle, "")
            row.save(update_fields=["public_blob"])
        take(found, PetitionReleased(shown=bool(said or pictures)), by=by.person, at=at)
    return found
