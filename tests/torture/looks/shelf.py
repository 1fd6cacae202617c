"""Pages kept as somebody saw them, and served anew: so that every tool sees the same states, also of refused forms."""

import contextlib
import http.client
import http.server
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

DROPPED = {
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "server",
    "set-cookie",
    "transfer-encoding",
}
NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A page as it came: who saw it, what it is, its address and bytes, and the cookies by which its pictures come."""

    who: str
    name: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    cookie: str


@dataclass(slots=True)
class Shelf:
    """Pages in the order in which they came; what hangs on them is fetched from the installation."""

    site: str
    pages: list[Kept] = field(default_factory=list)
    port: int = 0

    def address(self, number: int) -> str:
        """Return where a kept page is seen again."""
        return f"http://localhost:{self.port}/kept/{number}/"

    def at(self, path: str) -> Kept | None:
        """Return the page that is kept at a path."""
        head, _, number = path.strip("/").partition("/")
        return self.pages[int(number)] if head == "kept" and number.isdecimal() else None

    def fetch(self, path: str, cookie: str) -> tuple[int, Mapping[str, str], bytes]:
        """Fetch a picture, script or style as the page's owner."""
        with contextlib.closing(http.client.HTTPConnection(urlsplit(self.site).netloc, timeout=30)) as line:
            line.request("GET", path, headers={"Cookie": cookie})
            answer = line.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()


@contextlib.contextmanager
def opened(site: str) -> Iterator[Shelf]:
    """Open an empty shelf beside an installation."""
    shelf = Shelf(site)

    class Door(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if kept := shelf.at(self.path):
                return self._give(http.client.OK, kept.headers, kept.body)
            shown_on = shelf.at(urlsplit(self.headers.get("Referer", "")).path)
            return self._give(*shelf.fetch(self.path, shown_on.cookie if shown_on else ""))

        def _give(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in DROPPED:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            with contextlib.suppress(ConnectionError):  # whoever asked has seen enough
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        shelf.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield shelf
        server.shutdown()
