"""Searching one's boxes."""

from dataclasses import dataclass
from datetime import datetime

from congvu.base.search import Index
from congvu.directory.queries import Seat
from congvu.mail.models import Item
from congvu.mail.queries import items, places

KIND = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of items whose message holds all the words, the newest first, and how many there are."""

    items: list[Item]
    total: int


def search(seat: Seat, words: str, *, now: datetime, offset: int = 0, limit: int = 50) -> Found:
    """Return what the seat may read and what holds the words, with or without marks."""
    boxes = places.boxes(seat, now=now)
    hits = Index().search(
        kind=KIND,
        agency=seat.agency.handle,
        readers=[box.handle for box in boxes],
        words=words,
        offset=offset,
        limit=limit,
    )
    return Found(items=items.of_messages(boxes, hits.keys), total=hits.total)
