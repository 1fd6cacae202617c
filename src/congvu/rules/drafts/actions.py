"""Acts on drafts: begin, save, submit, send back, approve, withdraw. Author and approver are two people."""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from congvu.base.database import atomic
from congvu.directory.policies import NotAllowedError
from congvu.directory.queries import Seat, legal_day
from congvu.ledger.actions import record
from congvu.ledger.events import Event
from congvu.rules import policies, shelf
from congvu.rules.book import Book
from congvu.rules.drafts import publication
from congvu.rules.drafts.examination import Examination, examine
from congvu.rules.events import (
    BookAdopted,
    BookApproved,
    BookProposed,
    BookPublished,
    BookReturned,
    BookWithdrawn,
)
from congvu.rules.loader import read_book
from congvu.rules.models import Adoption, BookDraft, DraftState, DraftStep

NUMBER = 80
LARGEST = 1_000_000  # octets of a draft; the longest book of the rulebook has a tenth of it


class NotAuthorError(Exception):
    """Only the author changes and submits a draft; others begin from a copy."""


class OwnDraftError(Exception):
    """Nobody approves or sends back their own draft."""


class WrongStateError(Exception):
    """The draft no longer stands where this act begins."""


class SavedMeanwhileError(Exception):
    """The draft was saved elsewhere since this text was begun; `held` is what stands now."""

    def __init__(self, held: BookDraft) -> None:
        super().__init__(held.handle)
        self.held = held


class TooLargeError(Exception):
    """The text is larger than a book may be."""


@dataclass
class UnsoundError(Exception):
    """The draft has problems or failing examples, and nobody can be bound by it."""

    examination: Examination = field()


class TakenVersionError(Exception):
    """This version of the book was published before, or withdrawn; versions are not given twice."""


class TooEarlyError(Exception):
    """The version would bind for today or the past."""


class OtherAgencyError(Exception):
    """Another agency of this installation adopted the book, so this one cannot change it alone."""


class NoReasonError(Exception):
    """A draft is sent back or withdrawn without a reason."""


class NoNumberError(Exception):
    """A version is approved without the number of the deciding document."""


def begin(*, by: Seat, text: str, base_version: int = 0, at: datetime) -> BookDraft:  # no-evidence: draft
    """Begin a draft from a text; raises NotAllowedError or TooLargeError."""
    _require(by)
    _require_size(text)
    with atomic():
        book, version = _named(text)
        return BookDraft.objects.create(
            agency=by.agency,
            author=by.person,
            book=book,
            version=version,
            base_version=base_version,
            text=text,
            created_at=at,
            saved_at=at,
        )


def save_text(
    *, by: Seat, draft: BookDraft, text: str, revision: int, at: datetime
) -> BookDraft:  # no-evidence: draft
    """Save a text over the revision from which it was made.

    Raises NotAllowedError, NotAuthorError, WrongStateError, TooLargeError or SavedMeanwhileError.
    """
    _require(by)
    _require_size(text)
    with atomic():
        held = _own_open(by, draft)
        if held.text == text:
            return held
        if held.revision != revision:
            raise SavedMeanwhileError(held)
        held.book, held.version = _named(text)
        held.text, held.revision, held.saved_at = text, revision + 1, at
        held.save()
        return held


def submit(*, by: Seat, draft: BookDraft, at: datetime) -> BookDraft:
    """Ask another person to approve a draft; it is not changed from here on.

    Raises NotAllowedError, NotAuthorError, WrongStateError, UnsoundError, TakenVersionError, TooEarlyError or
    OtherAgencyError.
    """
    _require(by)
    with atomic():
        held = _own_open(by, draft)
        book = _publishable(by, held.text, at)
        event = BookProposed(book=book.id, book_version=book.version, sha256=digest(held.text))
        _step(by, held, "submitted", event, DraftState.SUBMITTED, at=at)
        return held


def send_back(*, by: Seat, draft: BookDraft, reason: str, at: datetime) -> BookDraft:
    """Give a draft back to its author with a reason.

    Raises NotAllowedError, OwnDraftError, WrongStateError or NoReasonError.
    """
    _require(by)
    if not reason.strip():
        raise NoReasonError
    with atomic():
        held = _held(by, draft)
        _require_second(by, held)
        event = BookReturned(book=held.book, book_version=held.version)
        _step(by, held, "sent_back", event, DraftState.OPEN, at=at, reason=reason.strip())
        return held


def approve(*, by: Seat, draft: BookDraft, valid_from: date, number: str, at: datetime) -> BookDraft:
    """Approve a draft: it is published for good, adopted when it was not, and binds from a day on.

    A later version of a book binds from the day that its own text names; a first version may be older as a law, and
    binds the agency from `valid_from`. Raises NotAllowedError, OwnDraftError, WrongStateError, NoNumberError,
    UnsoundError, TakenVersionError, TooEarlyError or OtherAgencyError.
    """
    _require(by)
    if not number.strip():
        raise NoNumberError
    with atomic():
        held = _held(by, draft)
        _require_second(by, held)
        book = _publishable(by, held.text, at)
        is_later = bool(shelf.versions(book.id))
        start = book.in_force_from if is_later else valid_from
        if start <= legal_day(by.agency, at) or start < book.in_force_from or start != valid_from:
            raise TooEarlyError(start)
        held.valid_from = start
        event = BookApproved(book=book.id, book_version=book.version)
        _step(by, held, "approved", event, DraftState.PUBLISHED, at=at, number=number.strip())
        _publish(held, book, at)
        _adopt(by, book, start, number.strip(), at)
        transaction.on_commit(publication.align)
        return held


def withdraw(*, by: Seat, draft: BookDraft, reason: str, at: datetime) -> BookDraft:
    """Take a published version back before its day, as if it had never been; its number is not given again.

    Raises NotAllowedError, WrongStateError, NoReasonError or TooEarlyError when its day has come.
    """
    _require(by)
    if not reason.strip():
        raise NoReasonError
    with atomic():
        held = _held(by, draft)
        _require_state(held, DraftState.PUBLISHED)
        if held.valid_from is None or held.valid_from <= legal_day(by.agency, at):
            raise TooEarlyError
        event = BookWithdrawn(book=held.book, book_version=held.version)
        _step(by, held, "withdrawn", event, DraftState.WITHDRAWN, at=at, reason=reason.strip())
        transaction.on_commit(publication.align)
        return held


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def _publish(held: BookDraft, book: Book, at: datetime) -> None:
    event = BookPublished(
        book=book.id,
        book_version=book.version,
        valid_from=(held.valid_from or book.in_force_from).isoformat(),
        sha256=digest(held.text),
    )
    record(event, agency=held.agency.handle, at=at, disclosures={"draft": held.handle})


def _adopt(by: Seat, book: Book, valid_from: date, number: str, at: datetime) -> None:
    if Adoption.objects.filter(agency=by.agency, book=book.id).exists():
        return
    event = BookAdopted(book=book.id, book_version=book.version, valid_from=valid_from.isoformat())
    entry = record(event, agency=by.agency.handle, at=at, disclosures={"actor": by.person.handle})
    Adoption.objects.create(
        agency=by.agency,
        book=book.id,
        version=book.version,
        valid_from=valid_from,
        number=number,
        decided_by=by.person,
        decided_at=at,
        entry=entry,
    )


def _step(
    by: Seat,
    held: BookDraft,
    kind: str,
    event: Event,
    state: DraftState,
    *,
    at: datetime,
    reason: str = "",
    number: str = "",
) -> None:
    disclosures = {"actor": by.person.handle, "draft": held.handle}
    entry = record(event, agency=by.agency.handle, at=at, disclosures=disclosures)
    DraftStep.objects.create(
        agency=by.agency,
        draft=held,
        kind=kind,
        by=by.person,
        at=at,
        text=held.text,
        reason=reason,
        number=number,
        entry=entry,
    )
    held.state = state
    held.save()


def _publishable(by: Seat, text: str, at: datetime) -> Book:
    """Return the book of a text that may be published as it stands."""
    found = examine(text)
    if found.book is not None and found.book.version in publication.taken(found.book.id):
        raise TakenVersionError(found.book.version)
    if found.book is None or not found.is_sound:
        raise UnsoundError(found)
    book = found.book
    if Adoption.objects.filter(book=book.id).exclude(agency=by.agency).exists():
        raise OtherAgencyError(book.id)
    if shelf.versions(book.id) and book.in_force_from <= legal_day(by.agency, at):
        raise TooEarlyError(book.in_force_from)
    return book


def _held(by: Seat, draft: BookDraft) -> BookDraft:
    return BookDraft.objects.select_related("agency").get(agency=by.agency, pk=draft.pk)


def _own_open(by: Seat, draft: BookDraft) -> BookDraft:
    """Return a draft that its author may still change. Raises NotAuthorError or WrongStateError."""
    held = _held(by, draft)
    if held.author_id != by.person.pk:
        raise NotAuthorError
    _require_state(held, DraftState.OPEN)
    return held


def _named(text: str) -> tuple[str, int]:
    found = read_book(text.encode("utf-8", "surrogatepass"), name="draft.yaml").book
    return (found.id[:NUMBER], found.version) if found else ("", 0)


def _require(by: Seat) -> None:
    if not policies.may_decide(by):
        raise NotAllowedError


def _require_second(by: Seat, held: BookDraft) -> None:
    _require_state(held, DraftState.SUBMITTED)
    if held.author_id == by.person.pk:
        raise OwnDraftError


def _require_state(held: BookDraft, state: DraftState) -> None:
    if held.state != state:
        raise WrongStateError(held.state)


def _require_size(text: str) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise TooLargeError
