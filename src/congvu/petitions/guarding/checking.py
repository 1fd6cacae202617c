"""What the door of a public form asks: not too fast, and a proof of work or digits that were copied, each once.

With JavaScript nobody notices; without it the form asks a second step. Raises ProofError, CopyError, TooFastError and
`actions.spending.SpentError`.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from congvu.directory.models import Agency
from congvu.petitions.actions.spending import spend
from congvu.petitions.guarding import plain, proof
from congvu.petitions.guarding.pace import Pace
from congvu.petitions.guarding.plain import Question

PROOF, STAMP, DIGITS = "altcha", "stamp", "digits"  # fields of a form
COPIES = 10  # an hour, from one address, without JavaScript
_pace = Pace(timedelta(minutes=1))
_copies = Pace(timedelta(hours=1))


class NotProvenError(Exception):
    """Neither proof came: the form asks its second step."""


def challenge(*, agency: Agency, now: datetime) -> str:
    """Return a challenge for a form, as JSON (ALTCHA)."""
    return json.dumps(proof.issue(key=_key(b"proof"), agency=agency.handle, at=now))


def question(*, agency: Agency, now: datetime) -> Question:
    """Return the digits to copy, for the second step."""
    return plain.ask(key=_key(b"copy"), agency=agency.handle, at=now)


def keep_pace(address: str, *, now: datetime) -> None:
    """Count what an address sends, before anything else is done with it. Raises TooFastError."""
    if settings.CONGVU_PETITION_PACE:
        _pace.step(address, most=settings.CONGVU_PETITION_PACE, now=now)


def check(values: Mapping[str, str], *, agency: Agency, address: str, now: datetime) -> None:
    """Take the proof that came with a form. Raises NotProvenError and what the module names."""
    keep_pace(address, now=now)
    if values.get(PROOF):
        taken = proof.verify(values[PROOF], key=_key(b"proof"), agency=agency.handle, at=now)
    elif values.get(STAMP):
        answer = values.get(DIGITS, "")
        taken = plain.verify(values[STAMP], answer, key=_key(b"copy"), agency=agency.handle, at=now)
        _copies.step(address, most=COPIES, now=now)
    else:
        raise NotProvenError
    spend(agency=agency, digest=taken.digest, expires_at=taken.expires_at, now=now)


def _key(purpose: bytes) -> bytes:
    return proof.secret(settings.SECRET_KEY.encode(), b"congvu petitions " + purpose)
