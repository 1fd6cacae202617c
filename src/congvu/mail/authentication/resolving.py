"""Questions to the domain name system: few, short, and an error rather than a wait. RFC 1035."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Protocol

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.resolver

QUERY_SECONDS = 2.0
MESSAGE_SECONDS = 8.0  # for all questions about one message
MANY = 60  # questions about one message
LONGEST_TEXT = 8_192  # octets of one TXT record
MANY_RECORDS = 50
REMEMBERED = 2_000  # answers that are kept for as long as they say
OFF = "off"


class TemporaryError(Exception):
    """Nobody answered in time, or the answer was a failure: another time it may be known."""


class Names(Protocol):
    """Whoever answers questions about names.

    `ask` returns what is there, [] when nothing is; TXT as octets, addresses and names as text. Raises
    TemporaryError.
    """

    async def ask(self, name: str, kind: str) -> Sequence[bytes]: ...  # noqa: D102 -- said above


@dataclass(slots=True)
class Asker:
    """Asks about one message, each thing once; after its time or its number is used up everything is temporary."""

    resolver: dns.asyncresolver.Resolver | None
    _known: dict[tuple[str, str], Sequence[bytes]] = field(default_factory=dict)
    _until: float = field(default_factory=lambda: time.monotonic() + MESSAGE_SECONDS)
    _left: int = MANY

    async def ask(self, name: str, kind: str) -> Sequence[bytes]:
        """Return the records of a kind. Raises TemporaryError."""
        key = (name.lower().rstrip("."), kind)
        if key not in self._known:
            self._known[key] = await self._asked(*key)
        return self._known[key]

    async def _asked(self, name: str, kind: str) -> Sequence[bytes]:
        self._left -= 1
        seconds = min(QUERY_SECONDS, self._until - time.monotonic())
        if self.resolver is None or self._left < 0 or seconds <= 0:
            raise TemporaryError(name)
        try:
            async with asyncio.timeout(seconds):
                answer = await self.resolver.resolve(
                    f"{name}.", kind, raise_on_no_answer=False, search=False, lifetime=seconds
                )
        except (dns.resolver.NXDOMAIN, dns.name.LabelTooLong, dns.name.EmptyLabel, dns.name.NameTooLong):
            return ()
        except (dns.exception.DNSException, OSError, TimeoutError, ValueError) as error:
            raise TemporaryError(name) from error
        return _records(answer, kind)


def _records(answer: Any, kind: str) -> Sequence[bytes]:
    if answer.rrset is None:
        return ()
    rows = list(answer.rrset)[:MANY_RECORDS]
    if kind == "TXT":
        return [text for row in rows if len(text := b"".join(row.strings)) <= LONGEST_TEXT]
    if kind == "MX":
        rows.sort(key=lambda row: (row.preference, str(row.exchange)))
        return [str(row.exchange).rstrip(".").encode() for row in rows]
    return [str(row).rstrip(".").encode() for row in rows]


def resolver(configured: str) -> dns.asyncresolver.Resolver | None:
    """Return a resolver: the system's for "", none for "off", else `address` or `address:port`, commas between.

    None also where the system names no resolver.
    """
    if configured == OFF:
        return None
    try:
        made = dns.asyncresolver.Resolver(configure=not configured)
    except (dns.resolver.NoResolverConfiguration, OSError):
        return None
    if configured:
        made.nameservers = [_server(one.strip()) for one in configured.split(",")]
    made.cache = dns.resolver.LRUCache(REMEMBERED)
    made.timeout = QUERY_SECONDS
    return made


def _server(text: str) -> Any:
    """Return a name server of the settings: an address, with a port after a colon where it is not 53."""
    address, colon, port = text.rpartition(":")
    if not colon or (":" in address.strip("[]") and not text.startswith("[")):
        return dns.nameserver.Do53Nameserver(str(ip_address(text.strip("[]"))))
    return dns.nameserver.Do53Nameserver(str(ip_address(address.strip("[]"))), int(port))
