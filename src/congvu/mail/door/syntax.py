"""Commands, paths, parameters, credentials and answers as octets. RFC 5321, RFC 6531, RFC 4616."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from congvu.mail import addresses
from congvu.mail.door.envelope import Verdict

POSTMASTER = "postmaster"
LONGEST_PATH = 1_000

_PATH = re.compile(r'(FROM|TO):[ ]?<((?:"(?:[^"\\]|\\.)*"|[^<>"\s])*)>(?:[ ]+(\S.*))?', re.IGNORECASE)
_ROUTE = re.compile(r"@[^:<>\s\"]+:")
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([\x21-\x3c\x3e-\x7e]+))?")
_HELO = re.compile(r"[A-Za-z0-9._:\[\]\-]{1,255}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3} ")
_VIETNAMESE_D = str.maketrans("đĐ", "dD")


class SyntaxFaultError(ValueError):
    """A command's argument cannot be read."""


def command(line: bytes) -> tuple[str, str]:
    """Split a command line into verb (upper case) and argument. Raises SyntaxFaultError."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SyntaxFaultError("not UTF-8") from error
    if _CONTROL.search(text.replace("\t", " ")):
        raise SyntaxFaultError("control character")
    verb, _, argument = text.partition(" ")
    return verb.upper(), argument.strip(" ")


def path(word: str, argument: str) -> tuple[str, dict[str, str]]:
    """Read `FROM:<path> parameters` (or TO). Raises SyntaxFaultError.

    A source route is dropped (RFC 5321, 4.1.1.3).
    """
    match = _PATH.fullmatch(argument)
    if not match or match[1].upper() != word or len(match[2]) > LONGEST_PATH:
        raise SyntaxFaultError("path")
    address = _ROUTE.sub("", match[2], count=1) if match[2].startswith("@") else match[2]
    if address and address.lower() != POSTMASTER and not addresses.is_address(address):
        raise SyntaxFaultError("address")
    parameters: dict[str, str] = {}
    for piece in (match[3] or "").split():
        found = _PARAMETER.fullmatch(piece)
        if not found or found[1].upper() in parameters:
            raise SyntaxFaultError("parameter")
        parameters[found[1].upper()] = found[2] or ""
    return address, parameters


def is_helo(argument: str) -> bool:
    """Tell whether a client's name may be written into a Received field."""
    return _HELO.fullmatch(argument) is not None


def base64_text(text: str) -> str:
    """Decode one answer of an AUTH dialogue. Raises SyntaxFaultError."""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeError) as error:
        raise SyntaxFaultError("base64") from error


def plain_credentials(text: str) -> tuple[str, str]:
    """Read user name and password of AUTH PLAIN (RFC 4616). Raises SyntaxFaultError."""
    pieces = base64_text(text).split("\0")
    if len(pieces) != 3 or pieces[0] not in {"", pieces[1]}:  # noqa: PLR2004 -- authzid, authcid, password
        raise SyntaxFaultError("PLAIN")
    return pieces[1], pieces[2]


def answer(verdict: Verdict, *, is_utf8: bool) -> bytes:
    """Write a verdict as reply lines; without SMTPUTF8 letters lose their marks (RFC 6531, 3.7.4.2)."""
    status = _STATUS.match(verdict.text)
    prefix = status[0] if status else ""
    lines = [_CONTROL.sub(" ", line)[:400] for line in verdict.text.removeprefix(prefix).split("\n")]
    last = len(lines) - 1
    joined = "".join(
        f"{verdict.code}{'-' if number < last else ' '}{prefix}{line}\r\n"
        for number, line in enumerate(lines)
    )
    return joined.encode() if is_utf8 else _ascii(joined).encode("ascii", "replace")


def _ascii(text: str) -> str:
    if text.isascii():
        return text
    bare = unicodedata.normalize("NFD", text.translate(_VIETNAMESE_D))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def received(
    *, by: str, origin: str, protocol: str, token: str, recipients: Sequence[str], at: datetime
) -> bytes:
    """Write our Received field (RFC 5321, 4.4; protocol words of RFC 3848 and RFC 6531).

    `origin` is "" on submission: where an official was when writing is nobody's business. FOR stands only
    when there is one recipient, or others would learn of each other.
    """
    source = f"from {origin}\r\n\t" if origin else ""
    receiver = f"\r\n\tfor <{recipients[0]}>" if len(recipients) == 1 else ""
    stamp = f"{source}by {by} with {protocol} id {token}{receiver};\r\n\t{format_datetime(at)}"
    return f"Received: {stamp}\r\n".encode()


def literal(ip: str) -> str:
    """Write an IP address as an address literal (RFC 5321, 4.1.3)."""
    return f"[IPv6:{ip}]" if ":" in ip else f"[{ip}]"
