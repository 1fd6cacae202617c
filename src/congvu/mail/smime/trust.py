"""Whom this installation trusts: certificates, lists and answers in one folder that an administrator fills.

`roots` are believed; `intermediates` only help to find a way to them. A file's name tells nothing, its content does;
certificates may be PEM or DER. What is in the folder is read again when a file in it changed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from django.conf import settings

from congvu.mail.smime import chains, extensions
from congvu.mail.smime.revocation import Known

Kind = Literal["root", "intermediate", "list", "answer"]
FOLDERS: dict[Kind, str] = {
    "root": "roots",
    "intermediate": "intermediates",
    "list": "lists",
    "answer": "answers",
}
LARGEST_FILE = 64 << 20  # octets; the largest lists of national authorities have some 20 MB
_PEM = re.compile(rb"-----BEGIN (CERTIFICATE|X509 CRL)-----.*?-----END \1-----", re.DOTALL)


class NotUsableError(ValueError):
    """A file holds neither certificates nor a list nor an answer; or a root that may not issue certificates."""


class NotThereError(LookupError):
    """Nothing in the folder has this fingerprint."""


NOTHING = Known()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What signatures are checked against."""

    roots: tuple[x509.Certificate, ...] = ()
    intermediates: tuple[x509.Certificate, ...] = ()
    known: Known = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One thing in the folder, as it is listed. `fingerprint` is the SHA-256 of its DER in hexadecimal."""

    kind: Kind
    fingerprint: str
    value: x509.Certificate | x509.CertificateRevocationList | ocsp.OCSPResponse
    path: Path

    @property
    def certificate(self) -> x509.Certificate | None:
        """Return the certificate, when it is one."""
        return self.value if isinstance(self.value, x509.Certificate) else None


Stamp = tuple[tuple[str, int, int], ...]
_read: dict[Path, tuple[Stamp, Trust]] = {}


def own_folder() -> Path:
    """Return the folder with the certificates that this installation trusts."""
    return Path(settings.CONGVU_TRUST or Path(settings.CONGVU_DATA) / "trust")


def load(folder: Path) -> Trust:
    """Return what a folder holds; files that cannot be read are left out."""
    stamp = _stamp(folder)
    if folder not in _read or _read[folder][0] != stamp:
        _read[folder] = (stamp, _gathered(kept(folder)))
    return _read[folder][1]


def kept(folder: Path) -> list[Kept]:
    """Return everything usable in a folder, in the order of kinds and files."""
    return [one for kind in FOLDERS for path in _files(folder, kind) for one in _parsed(kind, path)]


def add(folder: Path, data: bytes, *, kind: Kind | None = None) -> list[Kept]:
    """Keep what a file holds, each under its fingerprint; what is there already stays.

    Without `kind` a certificate that is its own issuer becomes a root, another an intermediate. NotUsableError.
    """
    found = list(_values(data))
    if not found:
        raise NotUsableError
    made = []
    for value, der in found:
        natural = _kind(value)
        chosen = kind if kind and natural in {"root", "intermediate"} else natural
        if kind and natural not in {"root", "intermediate"} and kind != natural:
            raise NotUsableError
        if chosen == "root" and not _may_be_root(value):
            raise NotUsableError
        fingerprint = _fingerprint(der)
        path = folder / FOLDERS[chosen] / f"{fingerprint[:32]}.der"
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(der)
        fresh.replace(path)
        made.append(Kept(kind=chosen, fingerprint=fingerprint, value=value, path=path))
    return made


def remove(folder: Path, fingerprint: str) -> list[Kept]:
    """Take out what has a fingerprint, or begins with one of at least eight digits. NotThereError."""
    wanted = fingerprint.replace(":", "").lower()
    gone = [one for one in kept(folder) if len(wanted) >= 8 and one.fingerprint.startswith(wanted)]  # noqa: PLR2004 -- as the docstring says
    if not gone:
        raise NotThereError(fingerprint)
    for one in gone:
        others = [other for other in _parsed(one.kind, one.path) if other.fingerprint != one.fingerprint]
        if not others:
            one.path.unlink(missing_ok=True)
            continue
        one.path.write_bytes(b"".join(_pem(other.value) for other in others))
    return gone


def _gathered(found: Iterable[Kept]) -> Trust:
    by_kind: dict[Kind, list[Kept]] = {kind: [] for kind in FOLDERS}
    for one in found:
        by_kind[one.kind].append(one)
    return Trust(
        roots=tuple(one.value for one in by_kind["root"] if isinstance(one.value, x509.Certificate)),
        intermediates=tuple(
            one.value for one in by_kind["intermediate"] if isinstance(one.value, x509.Certificate)
        ),
        known=Known(
            lists=tuple(
                one.value for one in by_kind["list"] if isinstance(one.value, x509.CertificateRevocationList)
            ),
            answers=tuple(one.value for one in by_kind["answer"] if isinstance(one.value, ocsp.OCSPResponse)),
        ),
    )


def _files(folder: Path, kind: Kind) -> list[Path]:
    found = sorted((folder / FOLDERS[kind]).glob("*"))
    return [one for one in found if one.is_file() and one.suffix != ".new"]


def _stamp(folder: Path) -> Stamp:
    found = []
    for kind in FOLDERS:
        for path in _files(folder, kind):
            state = path.stat()
            found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)


def _parsed(kind: Kind, path: Path) -> list[Kept]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            return []
        found = list(_values(path.read_bytes()))
    except OSError:
        return []
    kinds = {"root", "intermediate"} if kind in {"root", "intermediate"} else {kind}
    return [
        Kept(kind=kind, fingerprint=_fingerprint(der), value=value, path=path)
        for value, der in found
        if _kind(value) in kinds
    ]


def _values(
    data: bytes,
) -> Iterator[tuple[x509.Certificate | x509.CertificateRevocationList | ocsp.OCSPResponse, bytes]]:
    """Yield what a file holds, with its DER."""
    blocks = [(match[1], match[0]) for match in _PEM.finditer(data)]
    for label, block in blocks:
        try:
            value = (
                x509.load_pem_x509_certificate(block)
                if label == b"CERTIFICATE"
                else x509.load_pem_x509_crl(block)
            )
        except ValueError:
            continue
        yield value, value.public_bytes(Encoding.DER)
    for load_one in (x509.load_der_x509_certificate, x509.load_der_x509_crl, ocsp.load_der_ocsp_response):
        if blocks:
            return
        try:
            yield load_one(data), data
        except ValueError:
            continue
        return


def _kind(value: object) -> Kind:
    if isinstance(value, x509.CertificateRevocationList):
        return "list"
    if isinstance(value, x509.Certificate):
        return "root" if chains.is_issued_by(value, value) else "intermediate"
    return "answer"


def _may_be_root(value: object) -> bool:
    return isinstance(value, x509.Certificate) and extensions.is_authority(value)


def _fingerprint(der: bytes) -> str:
    made = hashes.Hash(hashes.SHA256())
    made.update(der)
    return made.finalize().hex()


def _pem(value: x509.Certificate | x509.CertificateRevocationList | ocsp.OCSPResponse) -> bytes:
    return value.public_bytes(Encoding.DER if isinstance(value, ocsp.OCSPResponse) else Encoding.PEM)
