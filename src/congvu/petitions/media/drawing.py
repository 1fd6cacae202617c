"""A picture drawn anew by the confined process, which is believed in form only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from congvu.base.confined import asking
from congvu.base.confined.asking import Limits, Task
from congvu.petitions.media import refusals
from congvu.petitions.media.kinds import MEDIA_TYPES
from congvu.petitions.media.worker import FORMATS

LARGEST = 64 << 20  # octets of a picture that was drawn
_LIMITS = Limits(memory=3 << 29, seconds=10, wait=15)
_WORKER = Path(__file__).with_name("worker.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture of which only what is seen is left; `location` is what its camera said: degrees north and east."""

    data: bytes
    media_type: str
    width: int
    height: int
    location: tuple[float, float] | None


def anew(data: bytes, kind: str) -> Drawn:
    """Return a picture as it is seen. Raises RefusedFileError or BusyError."""
    return _drawn("picture", data, kind)


def covered(data: bytes, kind: str, boxes: Sequence[Sequence[float]]) -> Drawn:
    """Return a picture with black boxes [left, top, width, height], parts of one.

    Raises RefusedFileError or BusyError.
    """
    return _drawn("cover", data, kind, json.dumps(boxes))


def look_through(data: bytes) -> None:
    """Open a PDF. Raises RefusedFileError or BusyError."""
    try:
        with asking.asked(_task("document"), content=data):
            pass
    except asking.RefusedError as error:
        raise refusals.of(error) from error


def _drawn(task: str, data: bytes, kind: str, *arguments: str) -> Drawn:
    try:
        with asking.asked(_task(task), kind, *arguments, content=data) as answer:
            made, said = answer.made("out", most=LARGEST), answer.said
    except asking.RefusedError as error:
        raise refusals.of(error) from error
    width, height = said.get("width"), said.get("height")
    if not isinstance(width, int) or not isinstance(height, int):
        raise refusals.DamagedError
    return Drawn(
        data=made,
        media_type=MEDIA_TYPES[FORMATS[kind]],
        width=width,
        height=height,
        location=_place(said.get("location")),
    )


def _task(name: str) -> Task:
    return Task(source=_WORKER, name=name, limits=_LIMITS)


def _place(said: Any) -> tuple[float, float] | None:
    match said:
        case [float(latitude), float(longitude)]:
            return latitude, longitude
    return None
