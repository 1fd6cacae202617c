"""What citizens have written and not sent yet."""

import json
from datetime import datetime
from typing import Any

from congvu.base import blobs
from congvu.petitions.models import Service, UnsentFile, UnsentPetition
from congvu.petitions.submissions import File


def unsent(handle: str, *, service: Service, now: datetime) -> UnsentPetition | None:
    """Return what was begun and has not expired."""
    rows = UnsentPetition.objects.filter(agency=service.agency_id, service=service, handle=handle)
    return rows.select_related("agency", "petition").filter(expires_at__gt=now).first()


def answers(found: UnsentPetition) -> dict[str, Any]:
    """Return what was answered so far."""
    if not found.blob:
        return {}
    said: dict[str, Any] = json.loads(blobs.get(found.blob))
    return said


def files(found: UnsentPetition) -> list[UnsentFile]:
    """Return its files, in the order in which they came."""
    return list(UnsentFile.objects.filter(agency=found.agency_id, unsent=found).order_by("pk"))


def opened(rows: list[UnsentFile]) -> list[File]:
    """Return files as they are handed in."""
    return [
        File(
            name=one.name,
            media_type=one.media_type,
            data=blobs.get(one.blob),
            width=one.width,
            height=one.height,
        )
        for one in rows
    ]
