"""Witnesses of others: small servers on 127.0.0.1 that keep the protocol, slowly, forgetfully, or not at all."""

import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from congvu.standards import checkpoints, cosignatures, notes, witnessing
from congvu.standards.witnessing import NOTHING, Head, RefusalError


@dataclass
class Witness:
    """One witness of its own, with what it remembers by origin; `shows` is what a Congvu would show besides."""

    name: str
    sort: int = cosignatures.ED25519
    shows: bool = True
    delay: float = 0.0
    lies: Callable[["Witness", bytes], tuple[int, str, bytes] | None] | None = None
    keys: dict[str, notes.VerifierKey] = field(default_factory=dict)
    heads: dict[str, tuple[Head, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # "old new" of each question, or a path

    def __post_init__(self) -> None:
        self.secret = cosignatures.generate(self.name, self.sort)
        self.lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"witness": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/w"

    def line(self, name: str) -> str:
        return f"witness {name} {self.secret.key.text} {self.url}\n"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, body: bytes) -> tuple[int, str, bytes]:
        question = witnessing.parse(body)
        self.asked.append(f"{question.old} {checkpoints.parse(notes.parse(question.note).text).size}")
        time.sleep(self.delay)
        if self.lies is not None and (said := self.lies(self, body)) is not None:
            return said
        with self.lock:
            origin = witnessing.origin(question)
            keys = [self.keys[origin]] if origin in self.keys else []
            seen = self.heads.get(origin, (NOTHING, ""))[0]
            head = witnessing.judge(question, keys=keys, seen=seen)
            self.heads[origin] = Head(head.size, head.root), question.note
        return 200, "text/plain", self.secret.cosign(head.format(), at=int(time.time())).encode()


class _Handler(BaseHTTPRequestHandler):
    witness: Witness

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            self._say(*self.witness.answer(body))
        except RefusalError as error:
            self._say(int(error.status), error.kind, error.said.encode())

    def do_GET(self) -> None:
        asked = urllib.parse.urlsplit(self.path)
        origin = urllib.parse.parse_qs(asked.query).get("origin", [""])[0]
        found = self.witness.heads.get(origin)
        if asked.path != "/w/checkpoint" or not self.witness.shows or found is None:
            self._say(404, "text/plain", b"")
        else:
            self._say(200, "text/plain", found[1].encode())

    def _say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass
