"""What speaks against opening a file: its content, its name, what is packed in it; and never slowly."""

import bz2
import gzip
import io
import lzma
import socket
import struct
import tarfile
import threading
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.mail import guarding
from congvu.mail.attaching import concerns, scanning
from tests.bounds import soon_done

PDF, PNG, EXE = b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"MZ\x90\x00"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


def zipped(files, *, method=zipfile.ZIP_DEFLATED):
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", method) as made:
        for name, content in files.items():
            made.writestr(
                zipfile.ZipInfo(name), content, compress_type=method
            )  # of 1980: the same octets at any time
    return octets.getvalue()


def tarred(files):
    octets = io.BytesIO()
    with tarfile.open(fileobj=octets, mode="w") as made:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
    return octets.getvalue()


def locked():
    """Set the flag of encryption in both headers of a zip."""
    made = bytearray(zipped({"a.pdf": PDF}, method=zipfile.ZIP_STORED))
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def of(name, content):
    return sorted(concerns.of_file(name, content).concerns)


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("report.pdf", PDF, []),
        ("report.PDF", b"\n\n" + PDF, []),
        ("notes.txt", b"xin ch\xc3\xa0o", []),
        ("letter.docx", zipped({"word/document.xml": b"<w/>"}), []),
        ("letter.doc", OLE, []),
        ("sheet.csv", b"a,b\r\n", []),
        ("invoice.pdf.exe", EXE, ["hidden_end", "program"]),
        ("invoice.pdf", EXE, ["contradiction", "program"]),
        ("setup.exe", EXE, ["program"]),
        ("setup.exe", b"whatever", ["program"]),
        ("photo.jpg", PNG, ["contradiction"]),
        ("photo.jpg", b"<html><script>", ["contradiction", "page"]),
        ("photo.jpg", b"nothing known", ["contradiction"]),
        ("letter.pdf", zipped({"a.txt": b"x"}), ["contradiction"]),
        ("a.js", b"alert(1)", ["program"]),
        ("a.lnk", b"L\0\0\0\x01\x14\x02\0", ["program"]),
        ("page.html", b"<!DOCTYPE html><p>", ["page"]),
        ("drawing.svg", b'<?xml version="1.0"?><svg onload="x">', ["page"]),
        ("run", b"#!/bin/sh\n", ["program"]),
        ("disk.iso", b"\0" * 100, ["program"]),
        ("letter.docm", zipped({"word/vbaProject.bin": OLE}), ["macro"]),
        ("letter.docx", zipped({"word/vbaProject.bin": OLE}), ["macro"]),
        ("letter.odt", zipped({"Basic/Standard/Module1.xml": b"<x/>"}), ["macro"]),
        ("letter.doc", OLE + "_VBA_PROJECT".encode("utf-16-le"), ["macro"]),
        ("letter.docx", OLE + "EncryptedPackage".encode("utf-16-le"), ["locked"]),
        ("letter.rtf", rb"{\rtf1 {\object\objdata 0105}}", ["macro"]),
        ("all.zip", zipped({"a/b.pdf": PDF, "c.txt": b"x"}), []),
        ("all.zip", zipped({"a/b.pdf.exe": EXE}), ["hidden_end", "program"]),
        ("all.zip", zipped({"b.zip": zipped({"c.exe": EXE})}), ["program"]),
        ("all.zip", locked(), ["locked"]),
        ("all.zip", zipped({"a.pdf": PDF})[:-30], ["damaged"]),
        ("all.tar", tarred({"a.exe": EXE}), ["program"]),
        ("all.tar.gz", gzip.compress(tarred({"a.exe": EXE})), ["program"]),
        ("all.tgz", gzip.compress(tarred({"a.pdf": PDF})), []),
        ("all.tar.bz2", bz2.compress(tarred({"a.exe": EXE})), ["program"]),
        ("all.tar.xz", lzma.compress(tarred({"a.exe": EXE})), ["program"]),
        ("all.7z", b"7z\xbc\xaf\x27\x1c", ["sealed"]),
        ("all.rar", b"Rar!\x1a\x07\x01", ["sealed"]),
        ("", b"", []),
    ],
)  # fmt: skip
def test_what_is_found_in_a_file(name, content, found):
    assert of(name, content) == found


def test_the_file_that_gave_cause_is_named():
    assert concerns.of_file("all.zip", zipped({"a.pdf": PDF, "b/run.exe": EXE})).inside == "b/run.exe"


def nested(depth):
    content = b"x"
    for number in range(depth):
        content = zipped({f"{number}.zip" if number else "a.txt": content})
    return content


@pytest.mark.parametrize(
    "content",
    [
        zipped({"zeros": b"\0" * (8 << 20)}),
        gzip.compress(b"\0" * (120 << 20), 6),
        zipped({f"{n}.txt": b"" for n in range(3_000)}),
        nested(6),
        zipped({f"{n}.zip": zipped({"zeros": b"\0" * (4 << 20)}) for n in range(10)}),
        gzip.compress(gzip.compress(b"\0" * (8 << 20), 9), 9),
    ],
    ids=["one large", "stream", "many", "deep", "wide", "twice"],
)
def test_bombs_are_known_quickly(content):
    with soon_done():
        found = of("x", content)
    assert found == ["bomb"]


def test_an_ordinary_large_archive_is_no_bomb():
    import random  # noqa: PLC0415 -- here only

    noise = random.Random(1).randbytes(5 << 20)  # noqa: S311 -- no secret
    assert (
        of(
            "photos.zip",
            zipped({f"{n}.jpg": b"\xff\xd8\xff" + noise for n in range(4)}, method=zipfile.ZIP_STORED),
        )
        == []
    )


def test_xz_may_not_ask_for_all_memory():
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 96 << 20}]
    assert of("a.xz", lzma.compress(b"x" * 100, filters=filters)) == ["damaged"]


@given(
    st.sampled_from(
        [
            zipped({"a.pdf": PDF}),
            tarred({"a": b"x"}),
            gzip.compress(b"x"),
            bz2.compress(b"x"),
            lzma.compress(b"x"),
            OLE,
        ]
    ),
    st.data(),
)
def test_damaged_archives_never_raise(content, data):
    octets = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    concerns.of_file("x.zip", bytes(octets[: data.draw(st.integers(0, len(octets)))]))


@given(st.text(max_size=60), st.binary(max_size=300))
def test_no_file_raises(name, content):
    concerns.of_file(name, content)


class Daemon:
    """A clamd that knows one word; its other answers are given."""

    def __init__(self, answer=None):
        self.answer, self.server = answer, socket.create_server(("127.0.0.1", 0))
        self.where = f"127.0.0.1:{self.server.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        line, _ = self.server.accept()
        with line, line.makefile("rb") as file:
            assert file.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", file.read(4))[0]:
                content += file.read(size)
            found = b"stream: Eicar-Test FOUND\0" if b"EICAR" in content else b"stream: OK\0"
            line.sendall(found if self.answer is None else self.answer)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.server.close()
        self.thread.join(5)


@pytest.mark.parametrize(
    ("content", "answer", "found"),
    [
        (b"x" * 600_000, None, ("", [])),
        (b"xx EICAR xx", None, ("Eicar-Test", ["virus"])),
        (b"x", b"INSTREAM size limit exceeded. ERROR\0", ("", ["not_scanned"])),
        (b"x", b"", ("", ["not_scanned"])),
    ],
)
def test_what_clamav_says(content, answer, found):
    with Daemon(answer) as daemon:
        said = concerns.of_file("notes.txt", content, clamd=daemon.where)
    assert (said.virus, sorted(said.concerns)) == found


@pytest.mark.parametrize("where", ["127.0.0.1:1", "/nowhere/clamd.sock", "nonsense", "127.0.0.1:x"])
def test_without_the_daemon_the_file_is_said_to_be_not_scanned(where):
    assert sorted(concerns.of_file("notes.txt", b"x", clamd=where).concerns) == ["not_scanned"]


def test_a_daemon_that_hangs_holds_a_letter_up_only_once(monkeypatch, settings):
    monkeypatch.setattr(guarding, "SCANNING", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CONGVU_CLAMD = f"127.0.0.1:{silent.getsockname()[1]}"
        begun = time.monotonic()
        guarding.refuse((f"{number}.txt", b"x") for number in range(50))
        assert time.monotonic() - begun < 2
        settings.CONGVU_ATTACHMENTS_REFUSED = "not_scanned"
        with pytest.raises(guarding.HarmfulFileError):
            guarding.refuse([("a.txt", b"x")])


def test_too_large_for_the_daemon_is_not_scanned():
    assert scanning.LARGEST < 26 << 20
    assert sorted(concerns.of_file("a.txt", b"x" * (scanning.LARGEST + 1), clamd="127.0.0.1:1").concerns) == [
        "not_scanned"
    ]
