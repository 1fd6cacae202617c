"""Checking a receipt for anybody: in the browser, with what this page brings along, else here.

Here it happens in memory, is kept nowhere, and costs no work for files that cannot be a receipt.
"""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

import congvu_verify
from congvu.base.numbers import small_number
from congvu.ledger import public as ledger
from congvu.portal.web.pages import page

LARGEST_UPLOAD = 1_000_000  # bytes of the whole request; a receipt has at most 64 KB

Word = str | Promise
BEGINNINGS: tuple[tuple[bytes, Word], ...] = (
    (
        b"PK",
        _(
            "This is a ZIP archive or an office document. Unpack it and choose the file that ends in .congvu.json."
        ),
    ),
    (b"%PDF", _("This is a PDF document. A receipt is a small file that ends in .congvu.json.")),
    (b"\x89PNG", _("This is a picture. A receipt is a small file that ends in .congvu.json.")),
    (b"\xff\xd8", _("This is a picture. A receipt is a small file that ends in .congvu.json.")),
)
FOREIGN: Word = _("This is not a receipt. A receipt is a small text file that ends in .congvu.json.")
EMPTY: Word = _("The file is empty. Download the receipt again.")
TOO_LARGE: Word = _("The file is too large to be a receipt. A receipt has at most 64 KB.")
PROVEN: Word = _("The receipt is proven")
NOT_PROVEN: Word = _("The receipt is not proven")
CONVICTED: Word = _("Two histories of the log are proven")
NOT_CONVICTED: Word = _("The file proves nothing against the log")
KNOWN: Word = _("Its key is the published key of a log of this installation.")
UNKNOWN: Word = _(
    "Its key belongs to no log of this installation. Compare the fingerprint with the one that the agency publishes "
    "before you rely on it."
)
FINGERPRINT: Word = _("Fingerprint of the key")
LOGS: Word = _("The keys of this installation")


class ReceiptForm(forms.Form):
    """The file of a receipt."""

    receipt = forms.FileField(
        label=_("Receipt"),
        help_text=_("A file that ends in .congvu.json. It is checked at once and kept nowhere."),
        allow_empty_file=True,
        error_messages={"required": _("Choose the file of the receipt.")},
        widget=forms.ClearableFileInput({"accept": ".json,application/json"}),
    )
    policy = forms.FileField(
        label=_("Your own list of witnesses"),
        help_text=_(
            "A policy in the form of c2sp.org/tlog-policy. With it, those witnesses must have signed that you trust, "
            "and not those that the agency names."
        ),
        required=False,
        allow_empty_file=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is shown of a verdict; `known` says whether the key is one of this installation."""

    ok: bool
    title: Word
    tone: str
    sections: list[tuple[str, list[str]]]
    fingerprint: str
    known: bool


@csrf_exempt  # nothing is changed or kept, and the size is looked at before the body is read
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Take a receipt and say what it proves."""
    if request.method != "POST":
        return _page(request, ReceiptForm())
    length = small_number(request.META.get("CONTENT_LENGTH") or "0")
    if length is None or length > LARGEST_UPLOAD:
        return _page(request, ReceiptForm(), refusal=TOO_LARGE, status=413)
    form = ReceiptForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data["receipt"].read(congvu_verify.LARGEST_FILE + 1)
    if refusal := unlike_a_receipt(data):
        form.add_error("receipt", str(refusal))
        return _page(request, form, status=422)
    answer = check(data, get_language() or "en", policy=_policy(form.cleaned_data["policy"]))
    return _page(request, ReceiptForm(), answer=answer)


def unlike_a_receipt(data: bytes) -> Word | None:
    """Return why some bytes cannot be a receipt at all, None when they may be one."""
    if not data:
        return EMPTY
    found = next((word for beginning, word in BEGINNINGS if data.startswith(beginning)), None)
    if found:
        return found
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return FOREIGN
    return TOO_LARGE if len(data) > congvu_verify.LARGEST_FILE else None


def check(data: bytes, language: str, *, policy: str | None = None) -> Answer:
    """Verify a receipt, or a proof that a log misbehaved."""
    if congvu_verify.is_conflict(data):
        return _convicted(data, language)
    return _proven(data, language, policy)


def _convicted(data: bytes, language: str) -> Answer:
    """Judge a proof that a log misbehaved, by the installation's own key of that log when there is one."""
    conviction = congvu_verify.convict(data)
    known = ledger.log(conviction.conflict.heads[0].origin if conviction.conflict else "")
    if known:
        conviction = congvu_verify.convict(data, key=known.vkey)
    ok = not conviction.reasons
    return Answer(
        ok=ok,
        title=CONVICTED if ok else NOT_CONVICTED,
        tone="warning" if ok else "bad",
        sections=congvu_verify.explain_conflict(conviction, language[:2]),
        fingerprint="",
        known=known is not None and ok,
    )


def _proven(data: bytes, language: str, policy: str | None) -> Answer:
    """Verify a receipt, by the installation's own key of its log when there is one, and by the reader's policy."""
    closing = ledger.closing_notes().get(_origin(data))
    verdict = congvu_verify.verify(data, policy=policy, closing=closing)
    known = ledger.log(verdict.facts.origin) if verdict.facts else None
    if verdict.facts:
        key = known.vkey if known else None
        verdict = congvu_verify.verify(data, key=key, policy=policy, closing=closing)
    return Answer(
        ok=verdict.ok,
        title=PROVEN if verdict.ok else NOT_PROVEN,
        tone="good" if verdict.ok else "bad",
        sections=congvu_verify.explain(verdict, language[:2]),
        fingerprint=verdict.facts.fingerprint if verdict.facts else "",
        known=known is not None and verdict.ok,
    )


def _origin(data: bytes) -> str:
    """Return the name of the key that a receipt names, before it is read for what it proves."""
    found = re.search(rb'"key":"([^"+]+)\+', data)
    return found[1].decode(errors="replace") if found else ""


def words(language: str) -> dict[str, Any]:
    """Return what the script needs to check here what the server would: keys, sentences and the page's words."""
    column = congvu_verify.LANGUAGES.index(language if language in congvu_verify.LANGUAGES else "en")
    return {
        "closings": ledger.closing_notes(),
        "keys": {log.origin: log.vkey for log in ledger.logs()},
        "sentences": {code: row[column] for code, row in congvu_verify.SENTENCES.items()},
        "largest": congvu_verify.LARGEST_FILE,
        "beginnings": [(list(beginning), str(word)) for beginning, word in BEGINNINGS],
        "foreign": str(FOREIGN),
        "empty": str(EMPTY),
        "too_large": str(TOO_LARGE),
        "proven": str(PROVEN),
        "not_proven": str(NOT_PROVEN),
        "convicted": str(CONVICTED),
        "not_convicted": str(NOT_CONVICTED),
        "known": str(KNOWN),
        "unknown": str(UNKNOWN),
        "here": gettext("It was checked in this browser; the file was sent nowhere."),
        "another": gettext("Check another receipt"),
        "fingerprint": str(FINGERPRINT),
        "logs": reverse("portal:logs"),
        "logs_title": str(LOGS),
    }


def _policy(file: "UploadedFile[bytes] | None") -> str | None:
    """Return the text of an uploaded policy; its names are octets, of any encoding."""
    return file.read(congvu_verify.LARGEST_POLICY + 1).decode(errors="surrogateescape") if file else None


def _page(
    request: HttpRequest,
    form: ReceiptForm,
    *,
    answer: Answer | None = None,
    refusal: Word | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "field": form["receipt"],
        "answer": answer,
        "refusal": refusal,
        "words": words((get_language() or "en")[:2]),
    }
    return page(request, "portal/verify.html", context, status=status)
