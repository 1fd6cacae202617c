"""Each proof that a form was filled in by somebody is taken once."""

from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.models import Agency
from congvu.petitions.models import SpentChallenge


class SpentError(Exception):
    """A proof that was used before."""


def spend(  # no-evidence: what is sent with it is recorded
    *, agency: Agency, digest: str, expires_at: datetime, now: datetime
) -> None:
    """Remember a proof until it expires, and forget those that have. Raises SpentError."""
    with atomic(shared=True):
        SpentChallenge.objects.filter(agency=agency, expires_at__lte=now).delete()
        _, is_fresh = SpentChallenge.objects.get_or_create(
            agency=agency, digest=digest, defaults={"expires_at": expires_at}
        )
    if not is_fresh:
        raise SpentError
