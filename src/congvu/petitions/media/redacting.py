"""Faces and plates covered for good, where a person says; solid, since a blur can be undone."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from congvu.petitions.media import drawing, kinds
from congvu.petitions.media.refusals import UnknownTypeError

MANY = 200  # boxes on one picture
FIELDS = ("left", "top", "width", "height")


class BoxError(ValueError):
    """Boxes that lie outside the picture, cover nothing, or are too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of a picture; each number is a fraction of its width or height, from the upper left corner."""

    left: float
    top: float
    width: float
    height: float


def redact(data: bytes, boxes: Sequence[Box]) -> bytes:
    """Return the picture, of the same kind, with the boxes black.

    Raises BoxError, a RefusedFileError or BusyError.
    """
    _check(boxes)
    kind = kinds.of(data, "")
    if kind == "PDF":
        raise UnknownTypeError
    places = [(box.left, box.top, box.width, box.height) for box in boxes]
    return drawing.covered(data, kind, places).data


def read(fields: Callable[[str], Sequence[str]]) -> list[Box]:
    """Read boxes from a page's FIELDS, all values of each in hundredths; what is empty is no box. Raises BoxError."""
    columns = [fields(name)[: MANY + 1] for name in FIELDS]
    try:
        rows = [row for row in zip(*columns, strict=True) if any(row)]
        boxes = [
            Box(**{name: float(one) / 100 for name, one in zip(FIELDS, row, strict=True)}) for row in rows
        ]
    except ValueError as error:
        raise BoxError from error
    _check(boxes)
    return boxes


def _check(boxes: Sequence[Box]) -> None:
    if len(boxes) > MANY or not all(_is_on_picture(box) for box in boxes):
        raise BoxError


def _is_on_picture(box: Box) -> bool:
    numbers = (box.left, box.top, box.width, box.height)
    tolerance = 1e-3  # what rounding in a browser adds
    return (
        all(math.isfinite(one) for one in numbers)
        and box.left >= 0
        and box.top >= 0
        and box.width > 0
        and box.height > 0
        and box.left + box.width <= 1 + tolerance
        and box.top + box.height <= 1 + tolerance
    )
