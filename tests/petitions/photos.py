"""Photos as citizens send them, made by Pillow, and hostile ones."""

import io

from PIL import ExifTags, Image, ImageCms

LONDON = ((51.0, 30.0, 2.4), "N"), ((0.0, 7.0, 39.9), "W")
HANOI = ((21.0, 1.0, 42.24), "N"), ((105.0, 51.0, 15.48), "E")


def exif(place=HANOI, *, orientation=None) -> Image.Exif:
    """What a phone notes: its maker, its owner, a time, and where it was."""
    made = Image.Exif()
    made[ExifTags.Base.Make] = "MARKER phone"
    made[ExifTags.Base.Artist] = "MARKER owner"
    if orientation:
        made[ExifTags.Base.Orientation] = orientation
    if place:
        (latitude, north), (longitude, east) = place
        made.get_ifd(ExifTags.IFD.GPSInfo).update({1: north, 2: latitude, 3: east, 4: longitude})
    return made


def photo(kind="JPEG", *, size=(64, 48), color=(200, 30, 30), mode="RGB", **options) -> bytes:
    """A picture of one color."""
    return saved(Image.new(mode, size, color), kind, **options)


def saved(picture: Image.Image, kind: str, **options) -> bytes:
    """The bytes of a picture."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def halves(left=(255, 0, 0), right=(0, 0, 255), size=(64, 32)) -> Image.Image:
    """A picture, red on the left and blue on the right."""
    made = Image.new("RGB", size, left)
    made.paste(right, (size[0] // 2, 0, *size))
    return made


def swapped_profile() -> bytes:
    """A color profile in which red and blue have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.find(b"rXYZ"), profile.find(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def opened(data: bytes) -> Image.Image:
    """A picture to look at."""
    return Image.open(io.BytesIO(data))
