import base64
import os

import pytest
from django.urls import reverse

from congvu.base import blobs, clock, derived
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Item
from congvu.mail.tasks import forget_previews
from tests.mail.letters import NOW, incoming
from tests.mail.pages import ENGLISH, show
from tests.mail.previews import files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nine_o_clock(data_folder):
    with clock.demonstration(NOW):
        yield


@pytest.fixture
def client(agency, binh, client_of):
    return client_of(binh)


def receive(*attached):
    """A letter with files; the first has the index 1."""
    rows = [
        "From: Dung <dung@dan.example>",
        "To: binh@ubnd.example",
        "Subject: Tài liệu",
        "Message-ID: <f@dan.example>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b"',
        *("", "--b", "Content-Type: text/plain; charset=utf-8", "", "Kèm theo."),
    ]
    for name, content in attached:
        rows += ["--b", "Content-Type: application/octet-stream", "Content-Transfer-Encoding: base64"]
        rows += [
            f'Content-Disposition: attachment; filename="{name}"',
            "",
            base64.encodebytes(content).decode(),
        ]
    accept([incoming("binh@ubnd.example", data="\r\n".join([*rows, "--b--", ""]).encode())])
    return Item.objects.get(folder="inbox")


def preview(client, item, index=1, **query):
    return client.get(reverse("mail:preview", args=[item.handle, index]), query, headers=ENGLISH)


def picture(client, item, number=1):
    return client.get(reverse("mail:preview-picture", args=[item.handle, 1, number]), headers=ENGLISH)


def test_a_pdf_is_previewed_page_by_page(client):
    item = receive(("to-trinh.pdf", files.pdf("Trang mot", "Trang hai")))
    assert (
        reverse("mail:preview", args=[item.handle, 1])
        in show(client, "message", item.handle).content.decode()
    )
    text = preview(client, item, page="2").content.decode()
    assert 'alt="Page 2 of 2 of to-trinh.pdf"' in text
    assert "Trang hai" in text
    assert "Trang mot" not in text
    drawn = picture(client, item, 2)
    assert drawn["Content-Type"] == "image/png"
    assert drawn["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert drawn.content.startswith(b"\x89PNG")


def test_a_page_past_the_end_is_the_last(client):
    item = receive(("a.pdf", files.pdf("mot", "hai")))
    assert 'alt="Page 2 of 2 of a.pdf"' in preview(client, item, page="77").content.decode()


def test_seeing_a_preview_is_opening_the_letter(client):
    item = receive(("a.pdf", files.pdf("mot")))
    preview(client, item)
    item.refresh_from_db()
    assert item.opened_at == NOW


def test_nobody_else_sees_it(client, chi, client_of):
    item = receive(("a.pdf", files.pdf("mot")))
    preview(client, item)
    assert preview(client_of(chi), item).status_code == 404
    assert picture(client_of(chi), item).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("khoa.pdf", files.locked_pdf(), "locked with a password"),
        ("hong.pdf", b"%PDF-1.7 nothing", "damaged"),
        ("lon.png", files.bomb(), "too large"),
        ("macro.docx", files.docx(macros=True), "brings macros"),
        ("anh.png", files.pdf("x"), "not what its name says"),
        ("ve.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "may hold a script"),
        ("ghi.txt", b"text", "no preview"),
    ],
)
def test_what_has_no_preview_says_why(client, name, content, sentence):
    item = receive((name, content))
    text = preview(client, item).content.decode()
    assert sentence in text
    assert "<img" not in text.partition("<main")[2].partition("</main>")[0]
    assert picture(client, item).status_code == 404


def test_a_refused_file_offers_no_preview_on_the_letter(client):
    item = receive(("macro.docx", files.docx(macros=True)))
    text = show(client, "message", item.handle).content.decode()
    assert "there is no preview of it" in text
    assert reverse("mail:preview", args=[item.handle, 1]) not in text


def test_without_libreoffice_the_pages_say_so(client, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    item = receive(("bao-cao.docx", files.docx()))
    assert "LibreOffice is not installed" in show(client, "message", item.handle).content.decode()
    assert "LibreOffice is not installed" in preview(client, item).content.decode()


def test_a_page_is_drawn_once_and_goes_with_its_letter(client, monkeypatch, data_folder):
    item = receive(("a.pdf", files.pdf("mot")))
    preview(client, item)
    monkeypatch.setattr("congvu.base.confined.asking._run", None)
    assert preview(client, item).status_code == 200
    blob = item_of_blob()
    kept = [one for one in data_folder.glob("derived/*/*/*") if one.is_file()]
    assert len(kept) == 2
    assert not any(b"PNG" in one.read_bytes() for one in kept)
    copies = [(one, one.read_bytes()) for one in kept]
    blobs.destroy(blob)
    assert not any(one.exists() for one in kept)
    for path, data in copies:  # as from a backup
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert derived.find(blob, "1-1.png") is None
    assert preview(client, item).status_code == 404


def item_of_blob():
    return Item.objects.get(folder="inbox").message.blob


def test_pages_are_forgotten_after_a_week(client, data_folder):
    preview(client, receive(("a.pdf", files.pdf("mot"))))
    assert forget_previews(clock.now().replace(year=2000)) == 0
    assert forget_previews(clock.now().replace(year=2100)) == 1
    assert list(data_folder.glob("derived/*/*/*")) == []


def test_of_too_many_pages_those_that_were_drawn_first_go(settings, tmp_path):
    settings.CONGVU_DATA = tmp_path
    for age, handle in enumerate(("third", "second", "first")):
        folder = tmp_path / "derived" / handle[:2] / handle
        folder.mkdir(parents=True)
        (folder / "0-1.png").write_bytes(bytes(100))
        os.utime(folder, (1_000 - age, 1_000 - age))
    assert derived.forget_above(300) == 0
    assert derived.forget_above(150) == 2
    assert [one.name for one in (tmp_path / "derived").glob("*/*")] == ["third"]
