"""Office files drawn by the real LibreOffice: that they are, and that nothing in them reaches out or runs."""

import http.server
import io
import shutil
import threading
import zipfile

import pytest

from congvu.base.confined.asking import RefusedError
from congvu.mail.previews import rendering
from tests.mail.previews import files

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice (libreoffice-writer-nogui)"),
]


def drawn(content: bytes, extension: str) -> rendering.Page:
    return rendering.page(rendering.converted(content, extension), "pdf", number=1)


def odt(body: str) -> bytes:
    out = io.BytesIO()
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    )
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        made.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        )
        made.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        )
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (files.docx("Công văn số 12"), "docx"),
        (odt("<text:p>Công văn số 12</text:p>"), "odt"),
        (rb"{\rtf1\ansi Cong van so 12}", "rtf"),
    ],
)
def test_office_files_are_drawn(content: bytes, extension: str) -> None:
    assert drawn(content, extension).text.startswith("C")


def test_linked_pictures_are_not_fetched() -> None:
    asked: list[str] = []

    class Door(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/spy.png"
        frame = (
            f'<draw:frame svg:width="5cm" svg:height="5cm"><draw:image xlink:type="simple" xlink:href="{address}"/>'
            "</draw:frame>"
        )
        page = drawn(odt(f"<text:p>Văn bản{frame}</text:p>"), "odt")
        server.shutdown()
    assert page.text.startswith("V")
    assert asked == []


@pytest.mark.parametrize("content", [b"", files.docx()[:200]])
def test_damaged_office_files_are_refused(content: bytes) -> None:
    with pytest.raises(RefusedError) as found:
        rendering.converted(content, "docx")
    assert found.value.reason == "damaged"
