"""Who handed a message to the agency's own mail server, as that server tells it. Postfix XFORWARD_README."""

import re
from dataclasses import dataclass

from congvu.mail import headers

OFFER = "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE"
LONGEST = 255  # characters of one value
_PAIR = re.compile(r"([A-Za-z]{1,16})=(\S{1,1000})")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_SIGNED_IN = re.compile(r"\bwith (?:UTF8|E)?SMTPS?A\b")  # RFC 3848, RFC 6531
_LOOPBACK = re.compile(r"\[(?:127\.[\d.]{3,11}|(?:IPv6:)?::1)\]")
_NOBODY = frozenset({"[UNAVAILABLE]", "[TEMPUNAVAIL]"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An address and the name given with HELO or EHLO; both "" where nobody said."""

    peer: str = ""
    helo: str = ""


class AttributeFaultError(ValueError):
    """What follows XFORWARD is no list of attributes."""


def attributes(argument: str) -> dict[str, str]:
    """Read the attributes of an XFORWARD command, names in upper case. Raises AttributeFaultError."""
    found: dict[str, str] = {}
    for word in argument.split():
        match = _PAIR.fullmatch(word)
        if match is None:
            raise AttributeFaultError(word)
        value = _XTEXT.sub(lambda hexed: chr(int(hexed[1], 16)), match[2])[:LONGEST]
        found[match[1].upper()] = "" if value in _NOBODY else value
    if not found:
        raise AttributeFaultError(argument)
    return found


def client(said: dict[str, str]) -> Client:
    """Return whom the attributes name; nobody for mail that was written on the mail server itself."""
    if said.get("SOURCE", "").upper() == "LOCAL":
        return Client()
    peer = said.get("ADDR", "")
    return Client(peer=peer[5:] if peer[:5].upper() == "IPV6:" else peer, helo=said.get("HELO", ""))


def is_signed_in(raw: bytes) -> bool:
    """Tell whether the agency's own mail server took a message from somebody who had signed in.

    It says so in the uppermost Received field; those of its own filters, on the same machine, stand above.
    """
    for field in headers.fields(headers.split(raw)[0]):
        if field.name == "received":
            line = headers.unfold(field.value)
            if _SIGNED_IN.search(line):
                return True
            if not _LOOPBACK.search(line.partition(" by ")[0]):
                return False
    return False
