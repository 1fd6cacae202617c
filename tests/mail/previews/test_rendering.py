import io

import pytest
from PIL import Image

from congvu.base.confined.asking import RefusedError
from congvu.mail.previews import rendering, worker
from congvu.mail.previews.rendering import NoOfficeError
from tests.mail.previews import files


def refusal(content, kind):
    with pytest.raises(RefusedError) as found:
        rendering.page(content, kind, number=1)
    return found.value.reason


def test_a_page_of_a_pdf_is_drawn_with_its_text():
    found = rendering.page(files.pdf("Trang mot", "Trang hai"), "pdf", number=2)
    assert (found.text, found.pages) == ("Trang hai", 2)
    picture = Image.open(io.BytesIO(found.png))
    assert (picture.format, picture.width) == ("PNG", worker.WIDTH)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pictures_are_drawn_again_without_what_came_with_them(kind):
    found = rendering.page(files.picture(kind), "picture", number=1)
    drawn = Image.open(io.BytesIO(found.png))
    assert drawn.size == (60, 40)
    assert drawn.info == {}


def test_a_tiff_has_pages():
    out = io.BytesIO()
    frames = [Image.new("L", (30, 30), shade) for shade in (0, 120, 250)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    found = rendering.page(out.getvalue(), "picture", number=3)
    assert found.pages == 3
    assert Image.open(io.BytesIO(found.png)).getpixel((5, 5)) == (250, 250, 250)


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (files.locked_pdf(), "pdf", "encrypted"),
        (b"%PDF-1.7 nothing", "pdf", "damaged"),
        (files.pdf("x")[:300], "pdf", "damaged"),
        (files.pdf(), "pdf", "damaged"),
        (files.bomb(), "picture", "too_large"),
        (files.picture("PNG")[:50], "picture", "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture", "damaged"),
    ],
    ids=["locked", "no pdf", "cut", "no page", "bomb", "cut picture", "drawing"],
)
def test_what_cannot_be_drawn_says_why(content, kind, reason):
    assert refusal(content, kind) == reason


def test_a_large_file_is_not_even_looked_at():
    assert refusal(b"%PDF-" + bytes(rendering.LARGEST), "pdf") == "too_large"


def test_without_libreoffice_the_product_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoOfficeError):
        rendering.converted(files.docx(), "docx")
