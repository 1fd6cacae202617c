"""Turning state secrets away: that something was refused is evidence, and nothing of what it said."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.models import Agency, Person
from congvu.ledger.actions import record
from congvu.mail.secrecy import Mark
from congvu.petitions.actions.steps import CITIZEN, SecrecyError
from congvu.petitions.events import WordsRefused
from congvu.petitions.models import Petition

DESK = "desk"  # the channel of what officials write


def note_refusal(
    agency: Agency,
    *,
    mark: Mark,
    channel: str,
    by: Person | None = None,
    petition: Petition | None = None,
    at: datetime,
) -> None:
    """Record that words or a file's name were refused; `by` is the official who wrote, None a citizen."""
    said = {"actor": by.handle if by else CITIZEN}
    if petition is not None:
        said["petition"] = petition.handle
    with atomic():
        record(WordsRefused(channel=channel, mark=mark), agency=agency.handle, at=at, disclosures=said)


@contextmanager
def noted(
    agency: Agency,
    *,
    channel: str,
    by: Person | None = None,
    petition: Petition | None = None,
    at: datetime,
) -> Iterator[None]:
    """Record when an act is refused for a mark of state secrecy, after it kept nothing; the refusal goes on."""
    try:
        yield
    except SecrecyError as error:
        note_refusal(agency, mark=error.mark, channel=channel, by=by, petition=petition, at=at)
        raise
