# writes: when a chore was done is no act of anybody
"""What the installation does again and again for an agency's evidence: when it was last done, and what went wrong."""

from datetime import datetime, timedelta

from congvu.ledger.models import Chore

LONGEST = 300  # characters of what went wrong


def is_resting(agency: str, name: str, *, now: datetime, pause: timedelta) -> bool:
    """Tell whether a chore failed so shortly ago that it is not tried again yet."""
    failed_ = Chore.objects.filter(agency=agency, name=name).exclude(failure="")
    return failed_.filter(tried_at__gt=now - pause, tried_at__lte=now).exists()


def done(agency: str, name: str, *, now: datetime) -> None:
    """Note that a chore was done."""
    fields = {"tried_at": now, "done_at": now, "failure": ""}
    Chore.objects.update_or_create(agency=agency, name=name, defaults=fields)


def failed(agency: str, name: str, failure: str, *, now: datetime) -> None:
    """Note why a chore could not be done."""
    fields = {"tried_at": now, "failure": failure[:LONGEST] or "unknown"}
    Chore.objects.update_or_create(agency=agency, name=name, defaults=fields)
