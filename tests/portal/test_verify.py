import base64
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import congvu_verify
from congvu.ledger import public as ledger
from congvu.portal.web.verify import LARGEST_UPLOAD, check, unlike_a_receipt
from congvu.standards import notes


def send(data: bytes, *, language="en", name="x.congvu.json", client=None):
    file = SimpleUploadedFile(name, data, content_type="application/octet-stream")
    client = client or Client(enforce_csrf_checks=True)
    return client.post(reverse("portal:verify"), {"receipt": file}, HTTP_ACCEPT_LANGUAGE=language)


def zipped() -> bytes:
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w") as archive:
        archive.writestr("a.congvu.json", "{}")
    return page.getvalue()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "The receipt is proven"), ("vi", "Biên nhận được chứng minh")],
)
def test_a_stranger_checks_a_receipt_without_an_account(receipt, language, words):
    answer = send(receipt, language=language)
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_a_receipt_is_compared_with_the_published_key(receipt):
    answer = check(receipt, "en")
    (log,) = ledger.logs()
    assert (answer.ok, answer.known, answer.fingerprint) == (True, True, log.fingerprint)


def test_a_changed_byte_breaks_the_receipt(receipt):
    bundle = json.loads(receipt)
    leaf = bytearray(base64.b64decode(bundle["entry"]))
    leaf[leaf.index(b'"at":"') + 6] ^= 1
    bundle["entry"] = base64.b64encode(bytes(leaf)).decode()
    changed = json.dumps(bundle, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    answer = send(changed)
    assert answer.context["answer"].ok is False
    assert "The receipt is not proven" in answer.content.decode()


def test_a_forged_log_of_the_same_name_is_refused(receipt):
    """Somebody signs the same checkpoint with a key of their own under our origin."""
    bundle = json.loads(receipt)
    (log,) = ledger.logs()
    forger = notes.generate(log.origin)
    head, _, checkpoint = bundle["proof"].partition("\n\n")
    text = checkpoint.split("\n\n")[0] + "\n"
    bundle["key"] = forger.verifier.text
    bundle["proof"] = f"{head}\n\n{notes.sign(text, forger)}"
    forged = json.dumps(bundle, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    assert (congvu_verify.verify(forged).ok, check(forged, "en").ok) == (True, False)


def test_a_key_of_another_installation_is_named_as_unknown(receipt, monkeypatch):
    monkeypatch.setattr(ledger, "log", lambda _origin: None)
    answer = check(receipt, "en")
    assert (answer.ok, answer.known) == (True, False)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (zipped(), "This is a ZIP archive or an office document."),
        (b"%PDF-1.7\n", "This is a PDF document."),
        (b"\x89PNG\r\n\x1a\n", "This is a picture."),
        (b"\x00" * 5000, "This is not a receipt."),
        (b"From: an@ubnd.example\n\n", "This is not a receipt."),
        (b"{" + b" " * 70_000, "The file is too large to be a receipt."),
    ],
)
def test_what_cannot_be_a_receipt_is_refused_in_words(db, data_folder, data, words):
    answer = send(data)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    "data", [b"{}", b"{", b'{"congvu": 1e999}', b"{" * 60_000, b'{"a":' * 9_000, b"{\xff}"]
)
def test_a_broken_receipt_is_not_proven_and_breaks_nothing(db, data_folder, data):
    answer = send(data)
    assert (answer.status_code, answer.context["answer"].ok) == (200, False)


def test_a_huge_upload_is_refused_before_it_is_read(db, data_folder):
    answer = send(b"x" * (LARGEST_UPLOAD + 1))
    assert answer.status_code == 413
    assert "The file is too large to be a receipt." in answer.content.decode()


def test_a_form_without_a_file_is_told_so(db, data_folder):
    answer = Client().post(reverse("portal:verify"), {}, HTTP_ACCEPT_LANGUAGE="en")
    assert (answer.status_code, "Choose the file of the receipt." in answer.content.decode()) == (422, True)


def test_the_name_of_a_file_is_never_shown_as_markup(db, data_folder):
    answer = send(b"%PDF", name="<script>alert(1)</script>.pdf")
    assert "<script>alert" not in answer.content.decode()


def test_nothing_of_an_upload_is_kept(receipt, data_folder):
    before = {path for path in data_folder.rglob("*") if path.is_file()}
    assert send(receipt).status_code == 200
    assert {path for path in data_folder.rglob("*") if path.is_file()} == before


def test_a_byte_order_mark_does_not_hide_a_receipt():
    assert unlike_a_receipt(b"\xef\xbb\xbf{}") is None
