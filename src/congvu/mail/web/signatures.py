"""A message's signature: in short beside the message, whole on a page of its own, with its evidence."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from congvu.base import blobs, clock
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.directory.web.access import SeatedRequest
from congvu.ledger import queries as ledger
from congvu.mail import messages
from congvu.mail.actions import opening, sending, signing_keys
from congvu.mail.actions import signed_receipts as receipting
from congvu.mail.models import Item, Signature
from congvu.mail.queries import effects, places, signatures
from congvu.mail.queries.effects import Effect
from congvu.mail.queries.signatures import Known
from congvu.mail.revocations import queries as revocations
from congvu.mail.revocations import words as revocation_words
from congvu.mail.revocations.models import RevocationInquiry, RevocationStatement
from congvu.mail.smime import envelopes, signed_receipts, verifying, words
from congvu.mail.smime.verdicts import Certificate, Verdict
from congvu.mail.web import explaining
from congvu.mail.web.access import item_or_404, official
from congvu.mail.web.folders import frame
from congvu.ui.web.files import attachment

DISCLOSED = frozenset({"message", "digest"})
FILES = {"list": ("application/pkix-crl", "crl"), "answer": ("application/ocsp-response", "ors")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A signature as the pages show it."""

    known: Known
    title: Promise
    tone: str
    sentences: list[Promise]
    remarks: list[Promise]
    advice: Promise | str
    effect: Effect | None
    confirmations: list[Signature]
    inquiries: list[RevocationInquiry]  # to whom a question is open

    @property
    def verdict(self) -> Verdict:
        """Return the verdict that stands."""
        return self.known.verdict


def shown(item: Item, raw: bytes) -> Shown | None:
    """Return what a page says of the signature of a message; None when it has none."""
    known = signatures.known(item.message, raw, now=clock.now())
    if known is None:
        return None
    verdict = known.verdict
    row = known.row
    is_asking = row is not None and row.state == Signature.State.ASKING
    title, tone = words.NOT_YET if is_asking else words.status(verdict.status)
    effect = None
    if verdict.status == "valid" and not known.is_receipt:
        language = get_language() or "vi"
        effect = effects.of_signature(item.message.agency, at=item.message.accepted_at, language=language)
    return Shown(
        known=known,
        title=title,
        tone=tone,
        sentences=words.sentences(verdict.reasons),
        remarks=words.sentences(verdict.remarks),
        advice="" if is_asking else words.ADVICE.get(verdict.reason, ""),
        effect=effect,
        confirmations=signatures.confirmations(item.message),
        inquiries=revocations.waits_for(row) if row and is_asking else [],
    )


@official
@require_safe
def signature(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show who signed a message, when, by which certificates, and what was found on arrival and is found now."""
    item = item_or_404(request, handle)
    found = shown(item, _raw(request, item))
    if found is None:
        raise Http404
    place = places.place_of(request.seat, item.mailbox, now=clock.now())
    context: dict[str, Any] = {"item": item, "signature": found, "signers": _signers(item, found)}
    context |= {"arrival": _arrival(found), "inquiries": _inquiries(found)}
    return render(request, "mail/signature.html", frame(request, current=item.folder, place=place) | context)


@official
@require_safe
def statement(request: SeatedRequest, handle: str, digest: str) -> HttpResponse:
    """Give a list or an answer about a certificate of a message's signature, as its authority wrote it (DER)."""
    item = item_or_404(request, handle)
    found = shown(item, _raw(request, item))
    said = _statements(item, found).get(digest) if found else None
    if said is None:
        raise Http404
    try:
        data = blobs.get(said.blob)
    except (BlobMissingError, BlobDamagedError) as error:
        raise Http404 from error
    kind, ending = FILES[said.sort]
    return attachment(data, name=f"revocation-{digest[:16]}.{ending}", content_type=kind)


@official
@require_safe
def evidence(request: SeatedRequest, handle: str) -> HttpResponse:
    """Give the bundle that proves what was found on arrival, for congvu-verify."""
    item = item_or_404(request, handle)
    row = signatures.row_of(item.message)
    if row is None or not row.entry or row.checked_at is None:
        raise Http404
    disclose = None if "all" in request.GET else DISCLOSED
    try:
        data = ledger.prove(row.entry, agency=request.seat.agency.handle, disclose=disclose)
    except ledger.PendingError:
        context = frame(request, current=item.folder) | {"item": item}
        return render(request, "mail/pending.html", context, status=409)
    name = f"signature-{localtime(row.checked_at).date().isoformat()}.congvu.json"
    return attachment(data, name=name, content_type="application/json")


def sealed(item: Item, raw: bytes) -> dict[str, Any]:
    """Return what a page says of a request for a signed receipt, and of encryption."""
    asks = item.folder != Item.Folder.SENT and signed_receipts.asked(raw) is not None
    return {"receipt_asked": asks, "is_sealed": envelopes.sealed(raw) is not None}


@official
@require_POST
def sign_receipt(request: SeatedRequest, handle: str) -> HttpResponse:
    """Sign that a message was received, and send that to its sender."""
    item = item_or_404(request, handle)
    passphrase = request.POST.get("passphrase", "")[:200]
    try:
        receipting.sign_receipt(seat=request.seat, item=item, passphrase=passphrase, now=clock.now())
    except sending.UNSIGNED as error:
        notices.error(request, explaining.unsigned(error)[1])
    except receipting.AlreadyReceiptedError:
        notices.info(request, _("A signed receipt was sent before."))
    except signed_receipts.NothingAskedError:
        notices.info(request, _("No receipt can be signed: the signature that asks for it does not hold."))
    except opening.RecalledError as error:
        raise Http404 from error
    else:
        notices.success(request, _("The signed receipt was sent."))
    return redirect("mail:message", item.handle)


@official
@require_POST
def unseal(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show what an encrypted message holds, to the one whose key opens it; nothing of it is kept."""
    item = item_or_404(request, handle)
    raw, passphrase = _raw(request, item), request.POST.get("passphrase", "")[:200]
    try:
        plain = envelopes.opened(raw, key=signing_keys.opened_file(seat=request.seat, passphrase=passphrase))
    except (*sending.UNSIGNED, envelopes.NotForThisKeyError) as error:
        is_other = isinstance(error, envelopes.NotForThisKeyError)
        sentence = _("The message was not encrypted for your key, or in a way that is not known here.")
        notices.error(request, sentence if is_other else explaining.unsigned(error)[1])
        return redirect("mail:message", item.handle)
    verdict = verifying.verify(
        plain, trust=signatures.trusted(), at=item.message.accepted_at, now=clock.now()
    )
    context: dict[str, Any] = {"item": item, "reading": messages.read(plain), "verdict": verdict}
    if verdict:
        title, tone = words.status(verdict.status)
        context |= {"title": title, "tone": tone, "sentences": words.sentences(verdict.reasons)}
    return render(request, "mail/unsealed.html", frame(request, current=item.folder) | context)


def _signers(item: Item, found: Shown) -> list[dict[str, Any]]:
    kept = _statements(item, found)
    return [
        {
            "signer": one,
            "title": words.status(one.status)[0],
            "tone": words.status(one.status)[1],
            "sentences": words.sentences(one.reasons + one.remarks),
            "links": [_link(link, kept) for link in one.chain],
        }
        for one in found.verdict.signers
    ]


def _link(link: Certificate, kept: dict[str, RevocationStatement]) -> dict[str, Any]:
    """Return a certificate with what is known of its revocation, and by which statement that can be shown."""
    title, tone = revocation_words.STATE.get(link.revocation.state, ("", ""))
    return {"link": link, "title": title, "tone": tone, "statement": kept.get(link.revocation.digest)}


def _statements(item: Item, found: Shown) -> dict[str, RevocationStatement]:
    """Return by digest the statements that are kept about the certificates of a signature."""
    digests = {link.revocation.digest for one in found.verdict.signers for link in one.chain}
    row = found.known.row
    rows = revocations.by_digest(item.agency, digests) + (revocations.proofs(row) if row else [])
    return {one.digest: one for one in rows}


def _inquiries(found: Shown) -> list[dict[str, Any]]:
    return [
        {"place": one.place, "next_at": one.next_at, "failure": revocation_words.FAILURE.get(one.failure, "")}
        for one in found.inquiries
    ]


def _arrival(found: Shown) -> dict[str, Any] | None:
    verdict = found.known.on_arrival
    if verdict is None:
        return None
    title, tone = words.status(verdict.status)
    return {"title": title, "tone": tone, "sentences": words.sentences(verdict.reasons)}


def _raw(request: SeatedRequest, item: Item) -> bytes:
    try:
        opening.open_message(seat=request.seat, item=item, now=clock.now())
        return blobs.get(item.message.blob)
    except (opening.RecalledError, BlobMissingError, BlobDamagedError) as error:
        raise Http404 from error
