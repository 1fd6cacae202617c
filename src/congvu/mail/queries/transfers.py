"""The queue of mail to others."""

from datetime import datetime

from django.db.models import QuerySet

from congvu.mail.models import Message, Transfer


def due(now: datetime, *, taken_before: datetime | None = None) -> dict[Message, list[Transfer]]:
    """Return the transfers whose next attempt is due, by message, the oldest first.

    With `taken_before` only of messages that were taken over by then.
    """
    rows = waiting().filter(next_at__lte=now).order_by("message_id", "id")
    if taken_before:
        rows = rows.filter(message__accepted_at__lte=taken_before)
    found: dict[Message, list[Transfer]] = {}
    for row in rows:
        found.setdefault(row.message, []).append(row)
    return found


def waiting() -> QuerySet[Transfer]:
    """Return the transfers that wait for the relay."""
    return Transfer.objects.filter(state=Transfer.State.QUEUED).select_related(
        "message__agency", "message__sender__address__agency", "message__author"
    )
