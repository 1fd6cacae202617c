"""Where the papers of others may send us: public web addresses; hosts of the inside only by the administrator's word.

The address that was looked at is the one that is dialed, so that a name cannot mean another machine a moment later.
"""

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
LONGEST = 1_000  # characters of an address
_PUBLIC_6 = ipaddress.ip_network("2000::/3")


class RefusedPlaceError(Exception):
    """An address is not one that may be asked."""


class UnknownHostError(Exception):
    """A host has no address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address taken apart; `address` is the machine's."""

    scheme: str
    host: str
    port: int
    target: str  # path and query
    address: str


def is_place(url: str) -> bool:
    """Tell whether a text is a web address of bearable length."""
    return len(url) <= LONGEST and url.isascii() and url.lower().startswith(("http://", "https://"))


def host_of(url: str) -> str:
    """Return the host that a web address names; empty when it names none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def located(url: str, *, allowed: Collection[str]) -> Place:
    """Find the machine of a web address. `allowed` are hosts that may be of the inside.

    Raises RefusedPlaceError, UnknownHostError.
    """
    if not is_place(url):
        raise RefusedPlaceError(url[:100])
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError as error:
        raise RefusedPlaceError(url[:100]) from error
    if not host or parts.username is not None or parts.password is not None:
        raise RefusedPlaceError(url[:100])
    port = PORTS[scheme] if port is None else port
    found = _addresses(host, port)
    chosen = found if host in allowed else [one for one in found if is_public(one)]
    if not chosen:
        raise RefusedPlaceError(host)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(scheme=scheme, host=host, port=port, target=target, address=chosen[0])


def is_public(address: str) -> bool:
    """Tell whether an address is of the open network, and holds no other one that is not (RFC 6890)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # with a zone: link-local
        return False
    if not found.is_global or found.is_multicast:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return True
    return found in _PUBLIC_6 and found.sixtofour is None and found.teredo is None


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHostError(host) from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))
