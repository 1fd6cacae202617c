"""Web servers of 127.0.0.1 whose pages a test sets."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Page = Callable[[BaseHTTPRequestHandler, bytes], None]


def page(data: bytes, *, status: int = 200, claimed: int | None = None) -> Page:
    """Answer with these bytes, or claim another length than they have."""

    def write(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data) if claimed is None else claimed))
        handler.end_headers()
        handler.wfile.write(data)

    return write


def dripping(data: bytes, seconds: float) -> Page:
    """Answer one octet at a time."""

    def write(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        for one in data:
            handler.wfile.write(bytes((one,)))
            handler.wfile.flush()
            time.sleep(seconds)

    return write


@dataclass
class Site:
    """A web server of 127.0.0.1 whose pages a test sets; `asked` are the requests that came."""

    server: ThreadingHTTPServer
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, user agent

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{path}"


@contextmanager
def site(port: int = 0) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.command, self.path, self.headers["User-Agent"]))
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            try:
                found.pages.get(self.path, page(b"", status=404))(self, body)
            except OSError:
                self.close_connection = True  # whoever asked has gone

        do_POST = do_GET  # noqa: N815 -- http.server's name

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    found = Site(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
