"""A certification authority run by openssl: its lists from `openssl ca`, its answers from `openssl ocsp`, both over HTTP."""

from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from tests.base.websites import Page, page
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
