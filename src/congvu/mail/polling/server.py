"""One visit to a folder on another server: read-only, encrypted, and bounded whatever the server says. RFC 3501.

imaplib speaks; what it takes from a server has no bounds of its own, so they are set here.
"""

import contextlib
import imaplib
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from congvu.mail.polling import troubles
from congvu.mail.polling.troubles import TroubleError

SOCKET_SECONDS = 20.0
VISIT_SECONDS = 120.0  # for all of a visit, however slowly the server drips
CHATTER = 4 << 20  # octets of one answer, besides a message
LEAST = 256  # octets that a line counts for at least
_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,12})\b")
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_BODY = re.compile(rb"BODY\[\] \{\d+\}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder on a server, and how to get in; `authority` is PEM, "" for the system's own."""

    host: str
    port: int
    starttls: bool
    authority: str
    user: str
    password: str
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a server says of a message before it is fetched."""

    size: int
    came: datetime


class _Bounded:
    """What keeps an answer within bounds; stands before imaplib's own reading."""

    left = CHATTER

    def read(self, size: int) -> bytes:
        """Read a literal, if it may be that long."""
        self._take(size)
        return super().read(size)  # type: ignore[misc,no-any-return]  # imaplib's

    def readline(self) -> bytes:
        """Read a line."""
        line: bytes = super().readline()  # type: ignore[misc]  # imaplib's
        self._take(max(len(line), LEAST))  # many short lines cost, too
        return line

    def _take(self, octets: int) -> None:
        self.left -= octets
        if self.left < 0:
            raise imaplib.IMAP4.abort("more than asked for")


class _Tls(_Bounded, imaplib.IMAP4_SSL):
    pass


class _Plain(_Bounded, imaplib.IMAP4):
    pass


class Folder:
    """An open folder; nothing in it is changed, not even a flag."""

    def __init__(self, client: "_Tls | _Plain", validity: int) -> None:
        self._client = client
        self.validity = validity

    def after(self, uid: int, *, since: datetime) -> list[int]:
        """Return the UIDs above one, in order, of what came on the day before an instant or later."""
        day = (since - timedelta(days=1)).strftime("%d-%b-%Y")
        found = self._ask("SEARCH", f"UID {uid + 1}:* SINCE {day}")
        words = [word for line in found if isinstance(line, bytes) for word in line.split()]
        if not all(word.isdigit() and len(word) <= 10 for word in words):  # noqa: PLR2004 -- 32 bits
            raise TroubleError(troubles.ANSWER)
        return sorted(
            number for number in set(map(int, words)) if number > uid
        )  # n:* names the last in any case

    def known(self, uid: int) -> Known | None:
        """Return what is said of a message; None when it is gone."""
        found = b" ".join(
            line
            for line in self._ask("FETCH", f"{uid} (RFC822.SIZE INTERNALDATE)")
            if isinstance(line, bytes)
        )
        size, named, came = _SIZE.search(found), _UID.search(found), imaplib.Internaldate2tuple(found)
        if not found:
            return None
        if not size or not named or int(named[1]) != uid or not came:
            raise TroubleError(troubles.ANSWER)
        return Known(size=int(size[1]), came=datetime.fromtimestamp(time.mktime(came), UTC))

    def message(self, uid: int, *, size: int) -> bytes | None:
        """Return a message of that size; None when it is gone. Raises TroubleError when it is another one, or cut."""
        found = self._ask("FETCH", f"{uid} (BODY.PEEK[])", more=size)
        bodies = [one for one in found if isinstance(one, tuple) and _BODY.search(one[0])]
        if not bodies:
            return None
        named = _UID.search(b" ".join(one[0] if isinstance(one, tuple) else one for one in found if one))
        if len(bodies) > 1 or not named or int(named[1]) != uid or len(bodies[0][1]) != size:
            raise TroubleError(troubles.ANSWER)
        return bytes(bodies[0][1])

    def _ask(self, command: str, words: str, *, more: int = 0) -> Sequence[bytes | tuple[bytes, bytes]]:
        self._client.left = CHATTER + more
        status, found = self._client.uid(command, *words.split(" ", 1))
        if status != "OK":
            raise TroubleError(troubles.ANSWER)
        return [one for one in found if one]


@contextlib.contextmanager
def visit(place: Place, *, seconds: float = VISIT_SECONDS) -> Iterator[Folder]:
    """Open a folder for the length of a block. Raises TroubleError."""
    client: _Tls | _Plain | None = None
    late = threading.Event()
    try:
        client = _connected(place)
        with _watched(client, late, seconds):
            yield _opened(client, place)
    except ssl.SSLError as error:
        raise TroubleError(troubles.TIME if late.is_set() else troubles.TLS) from error
    except TimeoutError as error:
        raise TroubleError(troubles.TIME) from error
    except OSError as error:
        raise TroubleError(troubles.TIME if late.is_set() else troubles.CONNECTION) from error
    except (imaplib.IMAP4.error, ValueError, IndexError, UnicodeError, OverflowError) as error:
        raise TroubleError(troubles.TIME if late.is_set() else troubles.ANSWER) from error
    finally:
        if client is not None:
            with contextlib.suppress(Exception):
                client.shutdown()


def _connected(place: Place) -> "_Tls | _Plain":
    context = ssl.create_default_context(cadata=place.authority or None)
    if not place.starttls:
        return _Tls(place.host, place.port, ssl_context=context, timeout=SOCKET_SECONDS)
    client = _Plain(place.host, place.port, timeout=SOCKET_SECONDS)
    try:
        client.starttls(context)
    except imaplib.IMAP4.error as error:
        client.shutdown()
        raise TroubleError(troubles.TLS) from error
    return client


def _opened(client: "_Tls | _Plain", place: Place) -> Folder:
    try:
        client.login(place.user, place.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise TroubleError(troubles.LOGIN) from error
    status, _ = client.select(_quoted(place.folder), readonly=True)
    said = client.response("UIDVALIDITY")[1]
    if status != "OK":
        raise TroubleError(troubles.FOLDER)
    if not said or said[0] is None:
        raise TroubleError(troubles.ANSWER)
    return Folder(client, int(said[0]))


@contextlib.contextmanager
def _watched(client: "_Tls | _Plain", late: threading.Event, seconds: float) -> Iterator[None]:
    """End the connection when the time is over, whoever waits for it then."""

    def end() -> None:
        late.set()
        with contextlib.suppress(OSError):
            client.socket().shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
