"""One question to one web address, within bounds: no redirects, no compression, so much time, so many octets."""

import http.client
import socket
import ssl
import threading
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

from congvu.base import places
from congvu.base.places import Place

AGENT = "Congvu"


class FetchError(Exception):
    """Nothing usable came; `word` is why: place, unreachable, slow, status, too_large, cut."""

    def __init__(self, word: str) -> None:
        """Keep the word."""
        super().__init__(word)
        self.word = word


class StatusError(FetchError):
    """The host answered, and not with 200; what it said comes with it."""

    def __init__(self, status: int, content: bytes, kind: str = "") -> None:
        """Keep status, content and its type as it was said."""
        super().__init__("status")
        self.status = status
        self.content = content
        self.kind = kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one question may take: seconds altogether, octets of the answer."""

    seconds: float
    octets: int


@dataclass(slots=True)
class _Watch:
    """Ends a connection when its time is over, wherever it is read."""

    sock: socket.socket
    is_over: bool = False

    def end(self) -> None:
        self.is_over = True
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)


def fetch(
    url: str, *, bounds: Bounds, allowed: Collection[str], body: bytes | None = None, kind: str = ""
) -> bytes:
    """Return what is found at an address, or what it answers to `body`, which is of the type `kind`. FetchError."""
    try:
        place = places.located(url, allowed=allowed)
    except places.RefusedPlaceError as error:
        raise FetchError("place") from error
    except places.UnknownHostError as error:
        raise FetchError("unreachable") from error
    try:
        sock = socket.create_connection((place.address, place.port), timeout=bounds.seconds)
    except TimeoutError as error:
        raise FetchError("slow") from error
    except OSError as error:
        raise FetchError("unreachable") from error
    with _watched(sock, bounds.seconds) as watch:
        data = _answer(watch, place, bounds, body, kind)
        if watch.is_over:  # an answer that names no length seems whole wherever it is cut
            raise FetchError("slow")
        return data


@contextmanager
def _watched(sock: socket.socket, seconds: float) -> Iterator[_Watch]:
    """Close a connection at the end, and say that it was slow where its time ended it."""
    watch = _Watch(sock)
    timer = threading.Timer(seconds, watch.end)
    timer.start()
    try:
        yield watch
    except FetchError as error:
        if watch.is_over:
            raise FetchError("slow") from error
        raise
    except TimeoutError as error:
        raise FetchError("slow") from error
    except http.client.IncompleteRead as error:
        raise FetchError("slow" if watch.is_over else "cut") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError("slow" if watch.is_over else "unreachable") from error
    finally:
        timer.cancel()
        watch.sock.close()


def _answer(watch: _Watch, place: Place, bounds: Bounds, body: bytes | None, kind: str) -> bytes:
    if place.scheme == "https":
        plain, context = watch.sock, ssl.create_default_context()
        watch.sock = context.wrap_socket(plain, server_hostname=place.host, do_handshake_on_connect=False)
        watch.sock.do_handshake()
    connection = http.client.HTTPConnection(place.host, place.port, timeout=bounds.seconds)
    connection.sock = watch.sock
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close"}
    if body is not None:
        headers["Content-Type"] = kind
    with closing(connection):
        connection.request("GET" if body is None else "POST", place.target, body=body, headers=headers)
        with closing(connection.getresponse()) as answer:
            return _content(answer, bounds)


def _content(answer: http.client.HTTPResponse, bounds: Bounds) -> bytes:
    if answer.getheader("Content-Encoding", "identity") != "identity":
        raise FetchError("status")
    if (answer.length or 0) > bounds.octets:
        raise FetchError("too_large")
    data = answer.read(bounds.octets + 1)
    if len(data) > bounds.octets:
        raise FetchError("too_large")
    if answer.length:
        raise FetchError("cut")
    if answer.status != http.client.OK:
        raise StatusError(answer.status, data, answer.getheader("Content-Type", ""))
    return data
