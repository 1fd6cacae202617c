"""Checking and making signatures of mail: messages per second on one core, by kind of key and by size."""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from congvu.mail.smime import signing, trust
from congvu.mail.smime.keys import FileKey
from congvu.mail.smime.trust import Trust
from congvu.mail.smime.verifying import verify

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
AUTHOR = "binh@ubnd.example"
NOW = datetime.now(UTC).replace(microsecond=0)
KINDS: dict[str, Callable[[], Private]] = {
    "rsa-2048": lambda: rsa.generate_private_key(65537, 2048),
    "rsa-3072": lambda: rsa.generate_private_key(65537, 3072),
    "p-256": lambda: ec.generate_private_key(ec.SECP256R1()),
}


def main(arguments: list[str]) -> int:
    """Measure and print a table and the JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench smime", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each figure, process CPU time")
    parser.add_argument("--kilobytes", type=int, nargs="+", default=[2, 50])
    asked = parser.parse_args(arguments)
    root = _authority()
    with tempfile.TemporaryDirectory() as folder:
        trust.add(Path(folder), root.certificate.public_bytes(Encoding.PEM))
        table = [
            _row(kind, size, root, trust.load(Path(folder)), asked.seconds)
            for kind in KINDS
            for size in asked.kilobytes
        ]
    print(f"{'key':<10} {'KB':>4} {'signatures/s':>14} {'verifications/s':>16}")
    for row in table:
        print(
            f"{row['key']:<10} {row['kilobytes']:>4} {row['signatures']:>14,.0f} {row['verifications']:>16,.0f}"
        )
    print(json.dumps({"bench": "smime", "rows": table}))
    return 0


def _row(kind: str, size: int, root: FileKey, trusted: Trust, seconds: float) -> dict[str, object]:
    key = _holder(KINDS[kind](), root)
    raw = _message(size)
    signed = signing.sign(raw, key=key, at=NOW)
    verdict = verify(signed, trust=trusted, at=NOW, now=NOW)
    assert verdict is not None
    assert verdict.status == "valid"
    return {
        "key": kind,
        "kilobytes": size,
        "signatures": _rate(lambda: signing.sign(raw, key=key, at=NOW), seconds),
        "verifications": _rate(lambda: verify(signed, trust=trusted, at=NOW, now=NOW), seconds),
    }


def _rate(act: Callable[[], object], seconds: float) -> float:
    done, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < seconds:
        act()
        done += 1
    return done / spent


def _message(kilobytes: int) -> bytes:
    text = "Kính mời dự họp lúc tám giờ.\r\n".encode() * (kilobytes * 1024 // 35)
    head = (
        f"From: {AUTHOR}\r\nTo: an@ubnd.example\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n"
    )
    body = text.decode().encode("ascii", "replace")
    return head.encode() + b"Content-Transfer-Encoding: 7bit\r\n\r\n" + body


def _authority() -> FileKey:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder("Root", "Root", key).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    return FileKey(certificate=builder.sign(key, hashes.SHA256()), others=(), private=key)


def _holder(key: Private, root: FileKey) -> FileKey:
    builder = (
        _builder("Bình", "Root", key)
        .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(AUTHOR)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    )
    return FileKey(certificate=builder.sign(root.private, hashes.SHA256()), others=(), private=key)


def _builder(subject: str, issuer: str, key: Private) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=30))
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
