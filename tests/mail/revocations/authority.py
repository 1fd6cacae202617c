"""A certification authority run by openssl: its lists from `openssl ca`, its answers from `openssl ocsp`, both over HTTP."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from tests.mail.pki import Holder, run
from tests.mail.signed_letters import Maker

CONFIG = """
[ca]
default_ca = own
[own]
database = {folder}/index.txt
crlnumber = {folder}/crlnumber
default_md = sha256
default_crl_hours = 24
"""
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


@dataclass
class Authority:
    """The authority of a Maker, with the files of `openssl ca`."""

    make: Maker
    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir()
        (self.folder / "index.txt").touch()
        (self.folder / "crlnumber").write_text("01\n")
        (self.folder / "ca.cnf").write_text(CONFIG.format(folder=self.folder))

    @property
    def holder(self) -> Holder:
        return self.make.authority

    def issue(
        self, stem: str, mail: str, *, lists: tuple[str, ...] = (), answers: tuple[str, ...] = ()
    ) -> Holder:
        """Issue a certificate that names these places, and note it in the index."""
        extra = []
        if lists:
            points = [
                x509.DistributionPoint([x509.UniformResourceIdentifier(one)], None, None, None)
                for one in lists
            ]
            extra.append((x509.CRLDistributionPoints(points), False))
        if answers:
            kind = AuthorityInformationAccessOID.OCSP
            access = [x509.AccessDescription(kind, x509.UniformResourceIdentifier(one)) for one in answers]
            extra.append((x509.AuthorityInformationAccess(access), False))
        made = self.make.pki.holder(stem, issuer=self.holder, mails=(mail,), extra=tuple(extra))
        self._ca("-valid", made.path)
        return made

    def revoke(self, who: Holder) -> None:
        self._ca("-revoke", who.path)

    def list(self, *options: str) -> bytes:
        """Return a list as DER."""
        made = self._ca("-gencrl", *options)
        return run("crl", "-outform", "DER", data=made).stdout

    def answer(self, about: Holder, *options: str, by: Holder | None = None) -> bytes:
        """Return an answer that was made beforehand, to a question of somebody else."""
        told = self.folder / "told.der"
        run(
            *("ocsp", "-issuer", self.holder.path, "-cert", about.path, "-respout", told, *options),
            *self._responder(by),
        )
        return told.read_bytes()

    def responder(self, by: Holder | None = None) -> Page:
        """Return a page that answers each question by `openssl ocsp`, with the nonce of the question."""

        def write(handler: BaseHTTPRequestHandler, body: bytes) -> None:
            asked, told = self.folder / "asked.der", self.folder / "told.der"
            asked.write_bytes(body)
            run("ocsp", "-reqin", asked, "-respout", told, *self._responder(by))
            page(told.read_bytes())(handler, body)

        return write

    def delegate(self) -> Holder:
        purposes = (ExtendedKeyUsageOID.OCSP_SIGNING,)
        return self.make.pki.holder("responder", issuer=self.holder, purposes=purposes)

    def _responder(self, by: Holder | None) -> tuple[object, ...]:
        signer = by or self.holder
        index = ("-index", self.folder / "index.txt", "-CA", self.holder.path, "-ndays", "1")
        return (*index, "-rsigner", signer.path, "-rkey", signer.key_path)

    def _ca(self, *options: object) -> bytes:
        own = ("-config", self.folder / "ca.cnf", "-cert", self.holder.path, "-keyfile", self.holder.key_path)
        return run("ca", *own, *options).stdout
