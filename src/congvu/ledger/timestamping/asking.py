"""Asking a time authority for a stamp, and believing one. RFC 3161; the tokens are read by rfc3161-client."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cryptography import x509
from django.conf import settings

from congvu.base.fetching import Bounds, FetchError, fetch
from congvu.base.places import host_of
from congvu.standards.evidence_records import Step

if TYPE_CHECKING:
    import rfc3161_client as tsp

BOUNDS = Bounds(seconds=20.0, octets=100_000)
KIND = "application/timestamp-query"  # RFC 3161, section 3.4
_GRANTED = bytes.fromhex("3003020100")  # PKIStatusInfo of a token that stands alone
Read = TypeVar("Read")


class NoAuthorityError(Exception):
    """No authority is configured, or none of its certificates can be read; the message says which."""


class RefusedError(Exception):
    """No authority gave a stamp that holds; `word` is why, as of FetchError, or answer."""

    def __init__(self, word: str, said: str = "") -> None:
        """Keep the word."""
        super().__init__(f"{word}: {said}" if said else word)
        self.word = word


class NotAStampError(Exception):
    """A token does not hold: the message is why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A stamp that holds: its octets (CMS ContentInfo), its time, and until when its certificate lets it be checked."""

    data: bytes
    at: datetime
    until: datetime


def addresses() -> list[str]:
    """Return the web addresses of the configured authorities, the preferred one first."""
    return [one.strip() for one in settings.CONGVU_TIME_AUTHORITY.split(",") if one.strip()]


def certificates() -> list[x509.Certificate]:
    """Return the certificates that the agency believes for time; raises NoAuthorityError."""
    path = settings.CONGVU_TIME_AUTHORITY_CERTIFICATES
    if not path:
        raise NoAuthorityError("CONGVU_TIME_AUTHORITY_CERTIFICATES is not set")
    try:
        return x509.load_pem_x509_certificates(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise NoAuthorityError(f"{path}: {error}") from error


def stamp(data: bytes, *, digest: str, believed: Iterable[x509.Certificate]) -> Token:
    """Return the stamp of the first authority that gives one over these octets. RefusedError, NoAuthorityError."""
    refused: Exception = NoAuthorityError("CONGVU_TIME_AUTHORITY is not set")
    believed = list(believed)
    for address in addresses():
        try:
            return _ask(address, data, digest, believed)
        except RefusedError as error:
            refused = error
    raise refused


def hold(step: Step, *, believed: Iterable[x509.Certificate]) -> Token:
    """Return what a token says if it is over these octets and signed by who is believed. NotAStampError."""
    import rfc3161_client as tsp  # noqa: PLC0415 -- slow import, once a day

    length = len(_GRANTED) + len(step.token)
    answer = _read(lambda: tsp.decode_timestamp_response(_sequence(length) + _GRANTED + step.token))
    _check(answer, step.data, tsp.VerifierBuilder(), believed)
    if answer.tst_info.message_imprint.hash_algorithm.dotted_string != _OIDS[step.digest]:
        raise NotAStampError("another digest than its record says")
    return _token(answer)


def _ask(address: str, data: bytes, digest: str, believed: list[x509.Certificate]) -> Token:
    import rfc3161_client as tsp  # noqa: PLC0415 -- slow import, once a day

    algorithm = tsp.HashAlgorithm(digest.upper())
    request = tsp.TimestampRequestBuilder().data(data).hash_algorithm(algorithm).build()
    own = {host_of(address)}  # the administrator named it, so it may be of the inside
    try:
        said = fetch(address, bounds=BOUNDS, allowed=own, body=request.as_bytes(), kind=KIND)
    except FetchError as error:
        raise RefusedError(error.word, address) from error
    try:
        answer = _read(lambda: tsp.decode_timestamp_response(said))
        _check(answer, data, tsp.VerifierBuilder.from_request(request), believed)
        return _token(answer)
    except NotAStampError as error:
        raise RefusedError("answer", f"{address}: {error}") from error


def _check(
    answer: "tsp.TimeStampResponse",
    data: bytes,
    builder: "tsp.VerifierBuilder",
    believed: Iterable[x509.Certificate],
) -> None:
    for one in believed:
        is_root = one.issuer == one.subject
        builder = builder.add_root_certificate(one) if is_root else builder.add_intermediate_certificate(one)
    _read(lambda: builder.build().verify_message(answer, data))


def _token(answer: "tsp.TimeStampResponse") -> Token:
    return _read(
        lambda: Token(
            data=answer.time_stamp_token(),
            at=answer.tst_info.gen_time.astimezone(UTC),
            until=_signer(answer).not_valid_after_utc,
        )
    )


def _signer(answer: "tsp.TimeStampResponse") -> x509.Certificate:
    (signer,) = answer.signed_data.signer_infos
    for one in map(x509.load_der_x509_certificate, answer.signed_data.certificates):
        if (one.issuer, one.serial_number) == (signer.issuer, signer.serial_number):
            return one
    raise NotAStampError("the token does not hold its certificate")


def _read(work: Callable[[], Read]) -> Read:
    """Do what looks into a stranger's octets; whatever goes wrong there is the octets' fault."""
    try:
        return work()
    except (KeyboardInterrupt, SystemExit, NotAStampError):
        raise
    except BaseException as error:  # a panic of the library's Rust is no Exception
        raise NotAStampError(str(error)[:200]) from error


_OIDS = {
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}


def _sequence(length: int) -> bytes:
    """Return the head of a DER SEQUENCE of so many octets (X.690, section 8.1.3)."""
    if length < 128:  # noqa: PLR2004 -- the short form
        return bytes((0x30, length))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((0x30, 0x80 | len(octets))) + octets
