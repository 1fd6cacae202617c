"""The queue of mail to others."""

from datetime import datetime

from django.db.models import QuerySet

from congvu.mail.models import Message, Transfer


def due(now: datetime) -> dict[Message, list[Transfer]]:
    """Return the transfers whose next attempt is due, by message, the oldest first."""
    rows = waiting().filter(next_at__lte=now).order_by("message_id", "id")
    found: dict[Message, list[Transfer]] = {}
    for row in rows:
        found.setdefault(row.message, []).append(row)
    return found


def waiting() -> QuerySet[Transfer]:
    """Return the transfers that wait for the relay."""
    return Transfer.objects.filter(state=Transfer.State.QUEUED).select_related(
        "message__agency", "message__sender__address__agency", "message__author"
    )
