"""A list fetched, or a responder asked, and the answer looked at before anything of it is kept."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from congvu.base import places
from congvu.base.fetching import Bounds, fetch
from congvu.mail.smime import extensions, revocation
from congvu.mail.smime.tracing import Link

Sort = Literal["list", "answer"]
LIST = Bounds(seconds=60, octets=64 << 20)  # the largest lists of national authorities have some 20 MB
ANSWER = Bounds(seconds=15, octets=64 << 10)
NONCE = 32  # octets, RFC 9654
MANY = 4  # addresses of one certificate that are asked
REQUEST = "application/ocsp-request"


class NothingToldError(Exception):
    """What came tells nothing about the certificate; `word`: a Fault of revocation, unreadable, older or replayed."""

    def __init__(self, word: str) -> None:
        """Keep the word."""
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Where to ask which sort of statement about which certificate."""

    sort: Sort
    place: str
    certificate: x509.Certificate
    issuer: x509.Certificate

    @property
    def about(self) -> str:
        """Return what one statement is about: the issuer of a list, the certificate of an answer; SHA-256."""
        chosen = self.issuer if self.sort == "list" else self.certificate
        return chosen.fingerprint(hashes.SHA256()).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A statement that tells about the certificate, in DER; `since` and `until` are thisUpdate and nextUpdate."""

    der: bytes
    since: datetime | None
    until: datetime | None


def questions(link: Link, *, sorts: Collection[str]) -> list[Question]:
    """Return what may be asked about a certificate: lists first, which tell an authority nothing of what is read."""
    named: dict[Sort, list[str]] = {
        "list": revocation.list_places(link.certificate),
        "answer": revocation.responders(link.certificate),
    }
    return [
        Question(sort=sort, place=place, certificate=link.certificate, issuer=link.issuer)
        for sort, found in named.items()
        if sort in sorts
        for place in list(dict.fromkeys(filter(places.is_place, found)))[:MANY]
    ]


def ask(question: Question, *, allowed: Collection[str], now: datetime) -> Told:
    """Ask an authority. Raises FetchError, NothingToldError."""
    if question.sort == "list":
        return _list(fetch(question.place, bounds=LIST, allowed=allowed), question, now)
    nonce = secrets.token_bytes(NONCE)
    builder = ocsp.OCSPRequestBuilder().add_certificate(
        question.certificate,
        question.issuer,
        hashes.SHA1(),  # noqa: S303 -- names the issuer, proves nothing; RFC 5019 wants it
    )
    asked = builder.add_extension(x509.OCSPNonce(nonce), critical=False).build()
    body = asked.public_bytes(Encoding.DER)
    data = fetch(question.place, bounds=ANSWER, allowed=allowed, body=body, kind=REQUEST)
    return _answer(data, question, nonce, now)


def _list(data: bytes, question: Question, now: datetime) -> Told:
    try:
        found = x509.load_der_x509_crl(data)
        fault = revocation.list_fault(found, question.certificate, question.issuer, at=now, now=now)
    except ValueError as error:
        raise NothingToldError("unreadable") from error
    if fault:
        raise NothingToldError(fault)
    der = found.public_bytes(Encoding.DER)
    return Told(der=der, since=found.last_update_utc, until=found.next_update_utc)


def _answer(data: bytes, question: Question, nonce: bytes, now: datetime) -> Told:
    try:
        found = ocsp.load_der_ocsp_response(data)
        fault = revocation.answer_fault(found, question.certificate, question.issuer, at=now, now=now)
        if fault:
            raise NothingToldError(fault)
        echoed = _nonce(found)
    except ValueError as error:
        raise NothingToldError("unreadable") from error
    if echoed not in {
        None,
        nonce,
    }:  # none: the answer was made before, and is as good as its time (RFC 9654, 2.1)
        raise NothingToldError("replayed")
    said = revocation.said(
        question.certificate,
        question.issuer,
        from_=(revocation.Known(answers=(found,)),),
        at=now,
        now=now,
    )
    return Told(der=found.public_bytes(Encoding.DER), since=said.since, until=said.until)


def _nonce(answer: ocsp.OCSPResponse) -> bytes | None:
    try:
        return answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return None


def question(*, sort: str, place: str, certificate: bytes, issuer: bytes) -> Question:
    """Return a question as it was written down, certificates in DER. ValueError."""
    return Question(
        sort="list" if sort == "list" else "answer",
        place=place,
        certificate=extensions.whole(certificate),
        issuer=extensions.whole(issuer),
    )
