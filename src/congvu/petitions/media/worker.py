"""Citizens' files drawn anew or looked through: tasks of a confined process, which imports nothing else of Congvu.

A picture stands in `out`, in the folder of that process, with nothing of the old file but what is seen.
"""

import io
import json
import math
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

MANY_PIXELS = 60_000_000  # that are decoded; a larger JPEG is decoded at a half, a fourth or an eighth
MOST_PIXELS = 250_000_000  # that a file may declare
LONGEST = 4_032  # pixels of a side that are kept: what a phone's camera has
MANY_PAGES = 500
QUALITY = 90
FORMATS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WEBP", "GIF": "PNG"}  # what is written for what is read
_WIDE = frozenset(("I", "I;16", "I;16B", "I;16L"))  # modes of sixteen bits
_ORIENTATION, _GPS = 0x0112, 0x8825  # EXIF 2.32, 4.6.4 and 4.6.3
_SOUTH_OR_NORTH, _LATITUDE, _WEST_OR_EAST, _LONGITUDE = 1, 2, 3, 4


class RefusedError(Exception):
    """Nothing is made of the file; the argument is one closed word."""


def picture(name: str, kind: str) -> dict[str, Any]:
    """Draw a picture anew, upright and in sRGB; say its size and where its camera says that it was."""
    found = _opened(name, kind)
    exif = _exif(found)
    drawn = _plain(_loaded(found))
    drawn = _upright(drawn, exif.get(_ORIENTATION))
    drawn.thumbnail((LONGEST, LONGEST))
    _save(drawn, FORMATS[kind])
    return {"width": drawn.width, "height": drawn.height, "location": _location(exif.get(_GPS, {}))}


def cover(name: str, kind: str, boxes: str) -> dict[str, Any]:
    """Paint boxes over a picture, black; `boxes` is JSON [[left, top, width, height], …], parts of one."""
    from PIL import ImageDraw  # noqa: PLC0415 -- only after the limits are set

    drawn = _plain(_loaded(_opened(name, kind)))
    brush = ImageDraw.Draw(drawn)
    for left, top, width, height in json.loads(boxes):
        start = math.floor(left * drawn.width), math.floor(top * drawn.height)
        end = math.ceil((left + width) * drawn.width) - 1, math.ceil((top + height) * drawn.height) - 1
        brush.rectangle((start, (max(start[0], end[0]), max(start[1], end[1]))), fill="black")
    _save(drawn, FORMATS[kind])
    return {"width": drawn.width, "height": drawn.height, "location": None}


def document(name: str) -> dict[str, Any]:
    """Tell whether a PDF can be opened and has a reader's number of pages."""
    import pypdfium2  # type: ignore[import-untyped]  # has none  # noqa: PLC0415 -- only after the limits are set

    try:
        pages = len(pypdfium2.PdfDocument(Path(name)))
    except pypdfium2.PdfiumError as error:
        raise RefusedError("encrypted" if "password" in str(error).lower() else "damaged") from error
    if pages > MANY_PAGES:
        raise RefusedError("too_large")
    if not pages:
        raise RefusedError("damaged")
    return {"pages": pages}


def _opened(name: str, kind: str) -> "Image":
    """Open a picture of that kind and no other; its size is known before anything is unpacked."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 -- only after the limits are set

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses above twice as much
    try:
        found = Image.open(name, formats=(kind,))
    except Image.DecompressionBombError as error:
        raise RefusedError("too_large") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise RefusedError("damaged") from error
    found.draft(None, (LONGEST, LONGEST))
    if found.width * found.height > MANY_PIXELS:
        raise RefusedError("too_large")
    return found


def _loaded(found: "Image") -> "Image":
    try:
        found.load()
    except (OSError, ValueError, SyntaxError, EOFError, IndexError) as error:
        raise RefusedError("damaged") from error
    return found


def _exif(found: "Image") -> dict[int, Any]:
    """Read what turns the picture and where it was taken; what cannot be read is not there."""
    with suppress(Exception):  # a camera's broken notes do not spoil its picture
        exif = found.getexif()
        return {_ORIENTATION: exif.get(_ORIENTATION), _GPS: dict(exif.get_ifd(_GPS))}
    return {}


def _plain(found: "Image") -> "Image":
    """Return a picture of eight bits in sRGB, with its transparency and nothing else."""
    if found.mode in _WIDE:
        found = found.point(lambda value: value * (1 / 256)).convert("L")
    mode = "RGBA" if found.has_transparency_data else "RGB"
    profile = found.info.get("icc_profile")
    drawn = _in_srgb(found, profile, mode) if profile else found.convert(mode)
    drawn.info = {}
    return drawn


def _in_srgb(found: "Image", profile: bytes, mode: str) -> "Image":
    """Change the colors from a profile to sRGB; a profile that does not fit is left out of account."""
    from PIL import ImageCms  # noqa: PLC0415 -- only after the limits are set

    whole = found if found.mode in {"L", "CMYK"} else found.convert(mode)
    try:
        of_file = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        drawn = ImageCms.profileToProfile(whole, of_file, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        drawn = None
    return drawn or whole.convert(mode)


def _upright(drawn: "Image", orientation: object) -> "Image":
    from PIL.Image import Transpose  # noqa: PLC0415 -- only after the limits are set

    turns = (
        Transpose.FLIP_LEFT_RIGHT,
        Transpose.ROTATE_180,
        Transpose.FLIP_TOP_BOTTOM,
        Transpose.TRANSPOSE,
        Transpose.ROTATE_270,
        Transpose.TRANSVERSE,
        Transpose.ROTATE_90,
    )
    turn = dict(enumerate(turns, start=2)).get(orientation) if isinstance(orientation, int) else None
    return drawn if turn is None else drawn.transpose(turn)


def _location(gps: dict[int, Any]) -> list[float] | None:
    """Return latitude and longitude in degrees; None for none, for 0/0 and for no place on earth."""
    with suppress(KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        latitude = _degrees(gps[_LATITUDE], gps[_SOUTH_OR_NORTH], "S")
        longitude = _degrees(gps[_LONGITUDE], gps[_WEST_OR_EAST], "W")
        if abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude or longitude):  # noqa: PLR2004 -- degrees
            return [round(latitude, 6), round(longitude, 6)]
    return None


def _degrees(parts: Any, side: str, negative: str) -> float:
    degrees, minutes, seconds = (float(one) for one in parts)
    return (degrees + minutes / 60 + seconds / 3600) * (-1 if side.strip("\0 ") == negative else 1)


def _save(drawn: "Image", kind: str) -> None:
    options = {} if kind == "PNG" else {"quality": QUALITY}
    drawn.save("out", kind, **options)
