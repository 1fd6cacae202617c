"""Hostile photos by the thousand through the confined process: each is drawn or refused by name, in bounded time.

CONGVU_PHOTOS: how many of each kind.
"""

import io
import os
import random
import struct
import time
import zlib

import pytest
from PIL import Image

from congvu.petitions.media import refusals
from congvu.petitions.media.refusals import RefusedFileError
from congvu.petitions.media.stripping import strip
from tests.petitions.photos import exif, halves, photo, saved, swapped_profile

pytestmark = pytest.mark.torture
MANY = int(os.environ.get("CONGVU_PHOTOS", "150"))
LONGEST = 16  # seconds: what the process is given, and its start


def bent(whole: bytes, by: random.Random) -> bytes:
    """A file with some bytes changed, doubled or cut out."""
    found = bytearray(whole)
    for _ in range(by.randint(1, 4)):
        at = by.randrange(len(found))
        match by.randrange(4):
            case 0:
                found[at] = by.randrange(256)
            case 1:
                found[at : at + 4] = by.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"))
            case 2:
                found[at:at] = found[at : at + by.randint(1, 64)]
            case _:
                del found[at : at + by.randint(1, 16)]
    return bytes(found[: by.randint(len(found) // 2, len(found))] if by.random() < 0.2 else found)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_bent_photo_is_drawn_or_refused_by_name(kind):
    options = {"exif": exif(), "icc_profile": swapped_profile()}
    if kind == "GIF":
        options = {"comment": b"MARKER " * 30}
    whole, by = saved(halves(size=(96, 64)), kind, **options), random.Random(kind)  # noqa: S311 -- the same each time
    drawn = 0
    for _ in range(MANY):
        began = time.monotonic()
        try:
            found = strip(bent(whole, by), declared_type="image/jpeg")
        except RefusedFileError:
            pass
        else:
            picture = Image.open(io.BytesIO(found.data))
            picture.load()
            assert b"MARKER" not in found.data
            assert "icc_profile" not in picture.info
            drawn += 1
        assert time.monotonic() - began < LONGEST
    assert 0 < drawn < MANY


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *, before: bytes = b"", rows: bytes = b"\0" * 1_000_000) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + before + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def patched(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def progressive() -> bytes:
    """A JPEG whose scans are repeated ten thousand times."""
    whole = saved(halves(size=(2_000, 2_000)), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * 10_000 + whole[-2:]


def told(name: bytes) -> bytes:
    """A PNG with a chunk that unpacks to a gigabyte."""
    return png(10, 10, before=chunk(name, b"a\0\0" + zlib.compress(bytes(1 << 30), 9)))


def large_jpeg() -> bytes:
    data = photo("JPEG")
    return patched(data, data.index(b"\xff\xc0") + 5, b"\xff\xdc\xff\xdc")


BOMBS = {
    "PNG of all zeros": lambda: png(60_000, 60_000),
    "PNG with a text of a gigabyte": lambda: told(b"zTXt"),
    "PNG with a profile of a gigabyte": lambda: told(b"iCCP"),
    "GIF of 65,535 a side": lambda: patched(photo("GIF"), 6, b"\xff\xff\xff\xff"),
    "JPEG of 65,500 a side": large_jpeg,
    "JPEG of many scans": progressive,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_little_time_and_is_refused_or_harmless(name):
    data = BOMBS[name]()[:20_000_000]
    began = time.monotonic()
    try:
        found = strip(data, declared_type="image/png")
    except (refusals.TooLargeError, refusals.TooSlowError, refusals.DamagedError):
        pass
    else:
        assert found.width * found.height <= 4_032**2
    assert time.monotonic() - began < LONGEST
