import io
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from congvu.mail.previews import rendering, worker
from congvu.mail.previews.rendering import BusyError, NoOfficeError, RefusedError
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


CONFINED = """
import socket, sys, os
sys.path.insert(0, {folder!r})
import worker
print(worker.confine("pdf"))
for path in ({secret!r}, "/etc/hostname", "/proc/self/environ", "/proc/1/environ"):
    try:
        open(path).close()
        print("seen")
    except PermissionError:
        print("hidden")
open("own", "w").close()
os.remove("own")
try:
    open("/usr/own", "w")
    print("written")
except PermissionError:
    print("not written")
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK):
    try:
        socket.socket(family, socket.SOCK_DGRAM)
        print("open")
    except PermissionError:
        print("shut")
socket.socket(socket.AF_UNIX).close()
try:
    bytearray(2 << 30)
    print("memory")
except MemoryError:
    print("no memory")
print(sorted(os.environ), flush=True)
if os.fork() == 0:
    try:
        socket.socket()
        print("child open")
    except PermissionError:
        print("child shut", flush=True)
    os._exit(0)
os.wait()
"""


def test_the_process_reaches_no_network_and_no_files_and_takes_little_memory(tmp_path):
    secret, own = tmp_path / "secret", tmp_path / "own"
    secret.write_text("x")
    own.mkdir()
    code = CONFINED.format(folder=str(Path(worker.__file__).parent), secret=str(secret))
    command = [sys.executable, "-I", "-c", code]
    run = subprocess.run(command, cwd=own, env={"A": "1"}, capture_output=True, text=True, check=True)
    assert sorted(run.stdout.split("\n")) == sorted(
        [
            "{'is_hidden': True, 'is_shut': True}",
            *["hidden"] * 4,
            "not written",
            *["shut"] * 3,
            "no memory",
            "['A', 'LC_CTYPE']",
            "child shut",
            "",
        ]
    )


def test_a_process_that_does_not_end_is_killed(monkeypatch):
    monkeypatch.setitem(rendering.WAIT, "pdf", 0.01)
    assert refusal(files.pdf("x"), "pdf") == "too_slow"


def test_too_many_at_once_wait_and_are_told(monkeypatch):
    monkeypatch.setattr(rendering, "QUEUE", 0.01)
    monkeypatch.setattr(rendering, "_places", threading.BoundedSemaphore(1))
    with rendering._places, pytest.raises(BusyError):
        rendering.page(files.pdf("x"), "pdf", number=1)


def test_without_libreoffice_the_product_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoOfficeError):
        rendering.converted(files.docx(), "docx")
