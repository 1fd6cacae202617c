import random
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from congvu.petitions.media import drawing, redacting, refusals, worker
from congvu.petitions.media.redacting import Box, BoxError
from congvu.petitions.media.stripping import Stripped, strip
from tests.mail.previews.files import bomb, locked_pdf, pdf
from tests.petitions.photos import LONDON, exif, halves, opened, photo, saved, swapped_profile


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Work as the confined process does, without its start."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def drawn(here):
    def anew(data, kind):
        (here / "in.bin").write_bytes(data)
        said = worker.picture("in.bin", kind)
        picture = opened((here / "out").read_bytes())
        picture.load()
        assert picture.size == (said["width"], said["height"])
        return picture, said

    return anew


def is_near(color, other, tolerance=12):
    return all(abs(one - two) <= tolerance for one, two in zip(color, other, strict=True))


def test_a_photo_loses_all_its_camera_wrote_and_gives_its_place():
    sent = photo("JPEG", exif=exif(), comment=b"MARKER comment", dpi=(300, 300), xmp=b"<x>MARKER</x>")
    assert sent.count(b"MARKER") == 4
    found = strip(sent, declared_type="image/jpeg")
    assert found == Stripped(
        data=found.data, media_type="image/jpeg", width=64, height=48, location=(21.028400, 105.854300)
    )
    assert b"MARKER" not in found.data
    assert b"Exif" not in found.data
    assert set(opened(found.data).info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    ("kind", "written"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WEBP"), ("GIF", "PNG")]
)
def test_every_kind_is_drawn_anew_with_its_colors_and_nothing_else(drawn, kind, written):
    options = {"GIF": {"comment": b"MARKER"}, "PNG": {"pnginfo": PngImagePlugin.PngInfo()}}.get(kind, {})
    if kind == "PNG":
        options["pnginfo"].add_itxt("Author", "MARKER")
    if kind != "GIF":
        options["exif"] = exif(LONDON)
    sent = photo(kind, **options) + b"MARKER after the end"
    picture, said = drawn(sent, kind)
    assert picture.format == written
    assert is_near(picture.convert("RGB").getpixel((9, 9)), (200, 30, 30))
    assert said["location"] == (None if kind == "GIF" else [51.500667, -0.127750])
    assert b"MARKER" not in Path("out").read_bytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright(drawn, orientation):
    upright = halves()
    turned = {
        1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4,
    }[orientation]  # fmt: skip
    sent = upright if turned is None else upright.transpose(Image.Transpose(turned))
    picture, _said = drawn(saved(sent, "PNG", exif=exif(None, orientation=orientation)), "PNG")
    assert picture.size == upright.size
    assert picture.getpixel((2, 2)) == (255, 0, 0)
    assert picture.getpixel((60, 30)) == (0, 0, 255)


def test_colors_stay_what_they_look_like(drawn):
    profiled, _ = drawn(photo("JPEG", color=(250, 10, 10), icc_profile=swapped_profile()), "JPEG")
    assert is_near(profiled.getpixel((9, 9)), (10, 10, 250))
    assert "icc_profile" not in profiled.info
    broken, _ = drawn(photo("JPEG", color=(250, 10, 10), icc_profile=b"no profile"), "JPEG")
    assert is_near(broken.getpixel((9, 9)), (250, 10, 10))
    printed, _ = drawn(photo("JPEG", mode="CMYK", color=(0, 255, 255, 0)), "JPEG")
    assert is_near(printed.getpixel((9, 9)), (255, 0, 0))
    deep, _ = drawn(saved(Image.new("I;16", (20, 20), 0x8000), "PNG"), "PNG")
    assert deep.getpixel((9, 9)) == (128, 128, 128)
    clear, _ = drawn(photo("PNG", mode="LA", color=(90, 40)), "PNG")
    assert clear.getpixel((9, 9)) == (90, 90, 90, 40)


def test_of_what_moves_the_first_picture_stays(drawn):
    frames = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (10, 120, 240)]
    for kind in ("GIF", "WEBP", "PNG"):
        picture, _ = drawn(saved(frames[0], kind, save_all=True, append_images=frames[1:]), kind)
        assert getattr(picture, "n_frames", 1) == 1
        assert is_near(picture.convert("RGB").getpixel((9, 9)), (10, 0, 0))


def test_a_large_photo_becomes_as_large_as_a_phones(drawn):
    picture, _ = drawn(photo("PNG", size=(8_100, 20)), "PNG")
    assert picture.size == (4_032, 10)


@pytest.mark.parametrize(
    "place",
    [
        (((0.0, 0.0, 0.0), "N"), ((0.0, 0.0, 0.0), "E")),
        (((91.0, 0.0, 0.0), "N"), ((10.0, 0.0, 0.0), "E")),
        (((9.0, 0.0), "N"), ((10.0, 0.0, 0.0), "E")),
        None,
    ],
    ids=["null island", "no such place", "two numbers", "none"],
)
def test_a_camera_that_does_not_know_suggests_nothing(drawn, place):
    _, said = drawn(photo("JPEG", exif=exif(place)), "JPEG")
    assert said["location"] is None


@pytest.mark.filterwarnings("ignore:Tag data larger")
def test_broken_notes_of_a_camera_do_not_spoil_its_photo(drawn):
    notes = exif().tobytes()
    broken = notes[:-60] + b"\xff" * 60  # where its places point, nothing lies
    sent = photo("JPEG", exif=broken)
    picture, said = drawn(sent, "JPEG")
    assert (picture.size, said["location"]) == ((64, 48), None)


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (bomb(50_000, 50_000), "PNG", "too_large"),
        (bomb(9_000, 9_000), "PNG", "too_large"),
        (photo("PNG", size=(900, 900))[:600], "PNG", "damaged"),
        (photo("JPEG")[:300], "JPEG", "damaged"),
        (photo("WEBP")[:40], "WEBP", "damaged"),
        (b"\xff\xd8\xff" + b"\0" * 99, "JPEG", "damaged"),
        (photo("PNG"), "JPEG", "damaged"),
    ],
    ids=["bomb", "large", "cut", "cut JPEG", "cut WebP", "zeros", "another kind"],
)
def test_what_cannot_be_drawn_says_why(drawn, content, kind, reason):
    with pytest.raises(worker.RefusedError, match=reason):
        drawn(content, kind)


@pytest.mark.parametrize(
    ("content", "declared", "error"),
    [
        (b"", "image/jpeg", refusals.EmptyFileError),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "image/heic", refusals.HeicError),
        (b"\0\0\0\x18ftypisom" + b"\0" * 50, "video/mp4", refusals.UnknownTypeError),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", refusals.UnknownTypeError),
        (b"MZ" + b"\0" * 50, "image/jpeg", refusals.UnknownTypeError),
        (b"\xff\xd8\xff%PDF-1.7", "application/pdf", refusals.MisdeclaredError),
        (pdf("x"), "image/jpeg", refusals.MisdeclaredError),
    ],
    ids=["empty", "heic", "video", "drawing", "program", "PDF in a JPEG", "JPEG that is a PDF"],
)
def test_what_is_no_photo_is_not_even_opened(content, declared, error, monkeypatch):
    monkeypatch.delattr(drawing.asking, "asked")
    with pytest.raises(error):
        strip(content, declared_type=declared)


def test_a_file_above_the_limit_is_told_the_limit(settings):
    settings.CONGVU_PETITION_FILE_LIMIT = 100
    with pytest.raises(refusals.TooManyBytesError) as found:
        strip(bytes(101), declared_type="image/png")
    assert found.value.limit == 100


def test_the_confined_process_refuses_by_name():
    with pytest.raises(refusals.TooLargeError):
        strip(bomb(50_000, 50_000), declared_type="image/png")


def test_a_picture_that_is_a_document_too_is_only_a_picture_after():
    sent = photo("JPEG", comment=pdf("MARKER"))
    assert b"%PDF-" in sent
    assert b"%PDF-" not in strip(sent, declared_type="image/jpeg").data


def test_a_document_is_kept_as_it_came_and_stays_private(here):
    sent = pdf("Don", extra="/Info << /Author (MARKER) >>")
    assert strip(sent, declared_type="application/pdf") == Stripped(
        data=sent, media_type="application/pdf", is_private=True
    )
    for content, reason in ((locked_pdf(), "encrypted"), (b"%PDF-1.7 no", "damaged"), (pdf(), "damaged")):
        (here / "in.bin").write_bytes(content)
        with pytest.raises(worker.RefusedError, match=reason):
            worker.document("in.bin")


def test_a_face_is_covered_for_good():
    sent = saved(halves(size=(100, 50)), "PNG")
    found = opened(redacting.redact(sent, [Box(left=0.5, top=0.2, width=0.255, height=0.39)]))
    seen = {xy for xy in ((x, y) for x in range(100) for y in range(50)) if found.getpixel(xy) == (0, 0, 0)}
    assert seen == {(x, y) for x in range(50, 76) for y in range(10, 30)}
    assert found.getpixel((76, 10)) == (0, 0, 255)


def test_a_box_hides_even_what_is_smaller_than_a_pixel(here):
    (here / "in.bin").write_bytes(saved(halves(size=(100, 50)), "PNG"))
    worker.cover("in.bin", "PNG", "[[0.999, 0.999, 0.001, 0.001]]")
    assert opened((here / "out").read_bytes()).getpixel((99, 49)) == (0, 0, 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"left": ["-1"], "top": ["0"], "width": ["10"], "height": ["10"]},
        {"left": ["95"], "top": ["0"], "width": ["10"], "height": ["10"]},
        {"left": ["0"], "top": ["0"], "width": ["0"], "height": ["10"]},
        {"left": ["nan"], "top": ["0"], "width": ["10"], "height": ["10"]},
        {"left": ["0"], "top": [""], "width": ["10"], "height": ["10"]},
        {"left": ["0"], "top": ["0"], "width": ["10"], "height": []},
        {name: ["1"] * 201 for name in redacting.FIELDS},
    ],
    ids=["outside", "beyond", "nothing", "no number", "half empty", "one short", "many"],
)
def test_a_box_that_covers_nothing_of_the_picture_is_refused(fields):
    with pytest.raises(BoxError):
        redacting.read(lambda name: fields[name])


def test_boxes_are_read_from_the_page_in_hundredths():
    fields = {
        "left": ["50", "", "0"],
        "top": ["10", "", "0"],
        "width": ["25.5", "", "100"],
        "height": ["1", "", "100"],
    }
    assert redacting.read(lambda name: fields[name]) == [
        Box(left=0.5, top=0.1, width=0.255, height=0.01),
        Box(left=0, top=0, width=1, height=1),
    ]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_is_bent_is_drawn_or_refused_in_a_word(drawn, kind):
    whole, said, by = bytearray(saved(halves(), kind)), set(), random.Random(7)  # noqa: S311 -- the same each time
    for _ in range(40):
        bent = bytearray(whole)
        for _ in range(by.randint(1, 6)):
            bent[by.randrange(len(bent))] = by.randrange(256)
        try:
            drawn(bytes(bent[: by.randint(len(bent) // 2, len(bent))]), kind)
        except worker.RefusedError as error:
            said.add(str(error))
    assert said <= {"damaged", "too_large"}
