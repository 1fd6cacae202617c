"""What is written page by page before it is sent: kept sealed for hours, destroyed after; and sent once."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from congvu.base import handles
from congvu.base.database import atomic
from congvu.base.keeping import destroy_after, kept
from congvu.directory.models import Person
from congvu.petitions.actions.receiving import TooManyFilesError, receive
from congvu.petitions.models import Petition, Service, UnsentFile, UnsentPetition
from congvu.petitions.submissions import MOST_FILES, File, Submission

LIFE = timedelta(hours=12)  # after the last page that was sent
SHOWN = timedelta(hours=1)  # how long the number and the secret can be shown again
_AT_ONCE = 100


class SentError(Exception):
    """It was sent meanwhile, or thrown away, in another window."""


def begin(service: Service, *, at: datetime) -> UnsentPetition:  # no-evidence: draft
    """Begin a petition that nobody has sent yet, and destroy those that were forgotten."""
    forget_expired(now=at)
    with atomic():
        return UnsentPetition.objects.create(
            agency=service.agency, handle=handles.new(), service=service, expires_at=at + LIFE
        )


def keep(unsent: UnsentPetition, answers: dict[str, Any], *, at: datetime) -> None:  # no-evidence: draft
    """Keep all answers in place of those before. Raises SentError."""
    data = json.dumps(answers, ensure_ascii=False).encode()
    with kept([data], rows=UnsentPetition.objects) as [blob], atomic():
        rows = UnsentPetition.objects.filter(pk=unsent.pk, petition=None)
        destroy_after(rows.values_list("blob", flat=True))
        if not rows.update(blob=blob, expires_at=at + LIFE):
            raise SentError(unsent.handle)


def attach(unsent: UnsentPetition, file: File, *, at: datetime) -> UnsentFile:  # no-evidence: draft
    """Keep a file with it. Raises TooManyFilesError or SentError."""
    with kept([file.data], rows=UnsentFile.objects) as [blob], atomic():
        if not UnsentPetition.objects.filter(pk=unsent.pk, petition=None).update(expires_at=at + LIFE):
            raise SentError(unsent.handle)
        if UnsentFile.objects.filter(unsent=unsent).count() >= MOST_FILES:
            raise TooManyFilesError(MOST_FILES)
        return UnsentFile.objects.create(
            agency=unsent.agency, handle=handles.new(), unsent=unsent, blob=blob, **file.columns()
        )


def detach(unsent: UnsentPetition, handle: str) -> None:  # no-evidence: draft
    """Destroy one of its files; nothing when it has no such file."""
    with atomic():
        rows = UnsentFile.objects.filter(unsent=unsent, handle=handle)
        destroy_after(rows.values_list("blob", flat=True))
        rows.delete()


def hand_in(
    unsent: UnsentPetition, submission: Submission, *, prove: Callable[[], None], at: datetime
) -> Petition:
    """Send it, unless it was sent already; `prove` raises where the sender must show first that they are no machine.

    Raises SentError where it was thrown away, and what `prove` and `receive` raise; everything stands as before then.
    """
    with atomic(shared=True):
        found = UnsentPetition.objects.select_for_update(of=("self",)).filter(pk=unsent.pk).first()
        if found is None:
            raise SentError(unsent.handle)
        if found.petition is not None:
            return found.petition
        prove()
        petition = receive(submission, at=at).petition
        _empty([found])
        found.blob, found.petition, found.expires_at = "", petition, at + SHOWN
        found.save(update_fields=["blob", "petition", "expires_at"])
    return petition


def write_down(submission: Submission, *, once: str, by: Person, at: datetime) -> Petition:
    """Take in what an official wrote on one page, unless the page, `once`, was sent already.

    Raises what `receive` raises; everything stands as before then.
    """
    service = submission.service
    with atomic(shared=True):
        page, _is_new = UnsentPetition.objects.get_or_create(
            agency=service.agency, handle=once, defaults={"service": service, "expires_at": at + LIFE}
        )
        if page.petition is None:
            page.petition = receive(submission, by=by, at=at).petition
            page.save(update_fields=["petition"])
    return page.petition


def throw_away(unsent: UnsentPetition) -> None:  # no-evidence: draft
    """Destroy what was not sent, or the note of what became of it."""
    _forget([unsent])


def forget_expired(*, now: datetime) -> None:  # no-evidence: draft
    """Destroy what nobody came back to."""
    _forget(UnsentPetition.objects.filter(expires_at__lte=now).order_by("expires_at")[:_AT_ONCE])


def _forget(rows: Iterable[UnsentPetition]) -> None:
    with atomic():
        found = list(rows)
        _empty(found)
        UnsentPetition.objects.filter(pk__in=[one.pk for one in found]).delete()


def _empty(found: Sequence[UnsentPetition]) -> None:
    files = UnsentFile.objects.filter(unsent__in=[one.pk for one in found])
    destroy_after([*(one.blob for one in found), *files.values_list("blob", flat=True)])
    files.delete()
