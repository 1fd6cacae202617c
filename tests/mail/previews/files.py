"""Files of every kind that is drawn, and hostile ones, for tests."""

import io
import struct
import zipfile
import zlib

from PIL import Image

_PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {n} 0 R /Resources << /Font << /F 3 0 R >> >> >>"


def pdf(*texts: str, extra: str = "") -> bytes:
    """A PDF with a page for each text."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for text in texts:
        content = f"BT /F 24 Tf 72 700 Td ({text}) Tj ET"
        objects.append(f"<< /Length {len(content)} >> stream\n{content}\nendstream")
        objects.append(_PAGE.format(n=len(objects)))
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj {one} endobj\n".encode()
    table = "".join(f"{at:010} 00000 n \n" for at in places)
    head = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer << /Size {len(places) + 1} /Root 1 0 R {extra} >>\nstartxref\n{len(out)}\n%%EOF"
    return out + (head + trailer).encode()


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    key = "28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A"
    crypt = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key[::-1]}> /P -4 >> /ID [<00> <00>]"
    return pdf("secret", extra=crypt)


def picture(kind: str, *, size=(60, 40), color=(200, 30, 30), **options) -> bytes:
    """A picture of one color."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind, **options)
    return out.getvalue()


def bomb(width=60_000, height=60_000) -> bytes:
    """A PNG of some kilobytes that says it has thousands of millions of pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def docx(text: str = "Công văn", *, macros: bool = False) -> bytes:
    """A document of Word, as small as may be."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        made.writestr(
            "_rels/.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'officeDocument" Target="word/document.xml"/></Relationships>',
        )
        made.writestr(
            "word/document.xml",
            '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>",
        )
        if macros:
            made.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return out.getvalue()
