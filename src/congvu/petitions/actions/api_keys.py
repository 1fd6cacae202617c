"""Keys with which programs hand in petitions (Open311): given, withdrawn, used."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, Q, When

from congvu.base import handles
from congvu.base.database import atomic, lazily
from congvu.directory.models import Agency
from congvu.directory.policies import Actor, actor, require_administrator
from congvu.directory.queries import legal_day
from congvu.ledger.actions import record
from congvu.petitions.actions.receiving import Received, receive
from congvu.petitions.events import KeyGiven, KeyWithdrawn
from congvu.petitions.keys import digest
from congvu.petitions.models import ApiKey, Token
from congvu.petitions.submissions import Submission

LONGEST = 80  # characters of a label
MOST = 300  # a minute with one key
_MINUTE = 60  # seconds


class LabelError(Exception):
    """A label is empty, or longer than LONGEST."""


class OverusedError(Exception):
    """Too much came with one key; `seconds` later there is room again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class WithdrawnError(Exception):
    """The key was withdrawn already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A key, with the secret that is shown this once."""

    row: ApiKey
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A petition that a program handed in; `token` stands for the number of a confidential one, else it is empty."""

    received: Received
    token: str


def give_key(*, agency: Agency, label: str, by: Actor, at: datetime) -> Given:
    """Give a program a key of its own. Raises NotAllowedError or LabelError."""
    require_administrator(by, agency)
    named = " ".join(label.split())
    if not 0 < len(named) <= LONGEST:
        raise LabelError(label)
    secret = handles.new()
    with atomic():
        row = ApiKey.objects.create(
            agency=agency, handle=handles.new(), label=named, digest=digest(secret), created_at=at
        )
        said = {"key": row.handle, "actor": actor(by)}
        record(KeyGiven(), agency=agency.handle, at=at, disclosures=said)
    return Given(row=row, secret=secret)


def withdraw_key(row: ApiKey, *, by: Actor, at: datetime) -> ApiKey:
    """Withdraw a key for good; what was handed in with it stays. Raises NotAllowedError or WithdrawnError."""
    require_administrator(by, row.agency)
    with atomic():
        if not ApiKey.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=at):
            raise WithdrawnError(row.label)
        said = {"key": row.handle, "actor": actor(by)}
        record(KeyWithdrawn(), agency=row.agency.handle, at=at, disclosures=said)
    row.revoked_at = at
    return row


def count(row: ApiKey, *, at: datetime) -> None:  # no-evidence: a count is no act
    """Count what comes with a key, together for all processes and addresses. Raises OverusedError above MOST."""
    minute, second = divmod(int(at.timestamp()), _MINUTE)
    more = Case(When(counted_minute=minute, then=F("counted") + 1), default=1)
    with lazily(), atomic():
        rows = ApiKey.objects.filter(~Q(counted_minute=minute) | Q(counted__lt=MOST), pk=row.pk)
        is_within = rows.update(counted_minute=minute, counted=more)
    if not is_within:
        raise OverusedError(_MINUTE - second)


def hand_in(submission: Submission, *, key: ApiKey, at: datetime) -> HandedIn:
    """Take in what a program hands in, and its token with it. Raises what `receive` raises; nothing is kept then."""
    today, token = legal_day(key.agency, at), ""
    with atomic(shared=True):
        received = receive(submission, at=at)
        ApiKey.objects.filter(pk=key.pk).exclude(last_used_on=today).update(last_used_on=today)
        if submission.service.is_confidential:
            token = handles.new()
            Token.objects.create(agency=key.agency, handle=token, petition=received.petition, made_at=at)
    return HandedIn(received=received, token=token)
