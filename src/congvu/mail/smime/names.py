"""The address in a certificate, and whether it is the one in From. RFC 8550, 3; RFC 5280, 7.5; RFC 9598.

Both sides are compared as one plain mailbox, octet by octet: the local part as written, the domain as A-labels.
No program's guess at an address takes part (CVE-2023-27043).
"""

import unicodedata

from asn1crypto import core
from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

from congvu.mail import addresses, headers
from congvu.mail.headers import Field

_SMTP_UTF8 = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.9")
_LONGEST = 200


def author(fields: list[Field]) -> str | None:
    """Return the one address in the one From field of a message; None when it is not that plain."""
    values = [headers.unfold(field.value) for field in fields if field.name == "from"]
    if len(values) != 1:
        return None
    try:
        box = addresses.strict(values[0])
    except addresses.NotOneAddressError:
        return None
    return None if "@" in headers.words(box.name) else box.address


def mail_addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the mail addresses of a certificate: of its alternative names, else of its subject."""
    try:
        names = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except x509.ExtensionNotFound:
        named: list[str] = []
    else:
        assert isinstance(names, x509.SubjectAlternativeName)  # noqa: S101 -- by its OID
        named = list(names.get_values_for_type(x509.RFC822Name))
        named += [
            _utf8(one) for one in names.get_values_for_type(x509.OtherName) if one.type_id == _SMTP_UTF8
        ]
    if not named:
        named = [str(one.value) for one in certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)]
    return tuple(one for one in named if addresses.is_address(one))


def same(one: str, other: str) -> bool:
    """Tell whether two addresses are one mailbox, strictly."""
    return compared(one) == compared(other)


def compared(address: str) -> tuple[str, str]:
    """Return what of an address is compared: the local part as it is, the domain in A-labels."""
    local, _, domain = address.rpartition("@")
    return unicodedata.normalize("NFC", local), ".".join(_a_label(one) for one in domain.split("."))


def common_name(certificate: x509.Certificate) -> str:
    """Return by what name people know the holder of a certificate."""
    for oid in (NameOID.COMMON_NAME, NameOID.PSEUDONYM, NameOID.ORGANIZATION_NAME):
        found = certificate.subject.get_attributes_for_oid(oid)
        if found:
            return _line(str(found[0].value))
    return next(iter(mail_addresses(certificate)), "")


def distinguished(name: x509.Name) -> str:
    """Return a name on one line, as RFC 4514 writes it."""
    return _line(name.rfc4514_string())


def _a_label(label: str) -> str:
    """Return a label as DNS holds it; no letter is mapped to another, so what IDNA 2008 tells apart stays apart."""
    plain = unicodedata.normalize("NFC", label).lower()
    return plain if plain.isascii() else "xn--" + plain.encode("punycode").decode("ascii")


def _utf8(name: x509.OtherName) -> str:
    """Return a SmtpUTF8Mailbox (RFC 9598); "" when it is none."""
    try:
        return str(core.UTF8String.load(name.value).native)
    except (ValueError, TypeError):
        return ""


def _line(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST]
