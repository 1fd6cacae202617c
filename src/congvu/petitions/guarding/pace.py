"""How fast one address may send; counted in memory, by a digest whose key is forgotten with the count."""

import hashlib
import ipaddress
import secrets
import threading
from datetime import datetime, timedelta

MANY = 200_000  # addresses that are counted at once


class TooFastError(Exception):
    """Too much came from one address; `seconds` later there is room again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Pace:
    """Counts what each address sends in a span of time, and forgets all at its end.

    One address is one of IPv4, or the 64 leading bits of IPv6, which is what one household holds (RFC 6177).
    """

    def __init__(self, span: timedelta) -> None:
        self._span = int(span.total_seconds())
        self._turn = threading.Lock()
        self._begin(0)

    def step(self, address: str, *, most: int, now: datetime) -> None:
        """Count one more. Raises TooFastError above the most."""
        second = int(now.timestamp())
        with self._turn:
            if second // self._span != self._number:
                self._begin(second // self._span)
            one = hashlib.blake2b(_network(address), key=self._key, digest_size=16).digest()
            count = self._counts.get(one, 0) + 1
            if count > most:
                raise TooFastError(self._span - second % self._span)
            if count > 1 or len(self._counts) < MANY:
                self._counts[one] = count

    def _begin(self, number: int) -> None:
        self._number, self._key = number, secrets.token_bytes(32)
        self._counts: dict[bytes, int] = {}


def _network(address: str) -> bytes:
    """Return what is one sender; what is no address at all is one sender, too."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return b""
    if isinstance(found, ipaddress.IPv6Address):
        return found.ipv4_mapped.packed if found.ipv4_mapped else found.packed[:8]
    return found.packed
