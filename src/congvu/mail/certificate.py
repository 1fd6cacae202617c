"""A certificate for STARTTLS when the agency has given none: self-signed, made once, kept beside the data."""

import os
import ssl
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

LIFETIME = timedelta(days=3650)
NAME = "smtp.pem"


def context(*, now: datetime) -> ssl.SSLContext:
    """Return TLS for the mail door, with the agency's certificate or one of our own making."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.CONGVU_SMTP_CERTIFICATE:
        made.load_cert_chain(settings.CONGVU_SMTP_CERTIFICATE, settings.CONGVU_SMTP_KEY or None)
    else:
        made.load_cert_chain(_own(now))
    return made


def _own(now: datetime) -> Path:
    path = Path(settings.CONGVU_DATA) / NAME
    if not path.exists():
        fresh = path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_make(settings.CONGVU_HOST, now))
        fresh.replace(path)
    return path


def _make(host: str, now: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
