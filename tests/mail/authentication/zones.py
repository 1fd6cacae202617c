"""A name server of our own on this machine, and names that are answered without one."""

import asyncio
import contextlib
import socketserver
import threading
import time
from collections.abc import Iterator, Mapping, Sequence

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from congvu.mail.authentication.resolving import TemporaryError

Zone = dict[tuple[str, str], Sequence[str]]


class Table:
    """Names answered from a table; a name that ends with `slow.example` never answers."""

    def __init__(self, zone: Mapping[tuple[str, str], Sequence[str]]) -> None:
        self.zone = {(name.lower(), kind): values for (name, kind), values in zone.items()}
        self.asked: list[tuple[str, str]] = []

    async def ask(self, name: str, kind: str) -> Sequence[bytes]:
        self.asked.append((name, kind))
        await asyncio.sleep(0)
        if name.endswith("slow.example"):
            raise TemporaryError(name)
        return [one.encode() for one in self.zone.get((name.lower().rstrip("."), kind), [])]


class _Server(socketserver.ThreadingUDPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, zone: Zone, seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.zone, self.seconds, self.asked = zone, seconds, 0


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        octets, socket = self.request
        query = dns.message.from_wire(octets)
        question = query.question[0]
        name, kind = (
            question.name.to_text(omit_final_dot=True).lower(),
            dns.rdatatype.to_text(question.rdtype),
        )
        self.server.asked += 1
        time.sleep(self.server.seconds)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA | dns.flags.RA
        values = self.server.zone.get((name, kind), [])
        if values:
            answer.answer.append(
                dns.rrset.from_text(question.name, 60, "IN", kind, *[_text(one, kind) for one in values])
            )
        elif not any(known == name for known, _ in self.server.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(max_size=65_000), self.client_address)


def _text(value: str, kind: str) -> str:
    if kind != "TXT":
        return value
    return " ".join(f'"{value[start : start + 250]}"' for start in range(0, len(value), 250)) or '""'


@contextlib.contextmanager
def served(zone: Zone, *, seconds: float = 0.0) -> Iterator[tuple[str, _Server]]:
    """Serve a zone; yields the setting that names the server, and the server."""
    server = _Server(zone, seconds)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
