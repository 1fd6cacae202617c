"""A time authority: `openssl ts` behind a web server of this machine, and openssl's own opinion of a stamp."""

import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.base.websites import Page, page
from tests.mail.pki import DAY, NOW, Holder, Pki, run

CONFIG = """
[tsa]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""
TIME_STAMPING = {"purposes": (ExtendedKeyUsageOID.TIME_STAMPING,), "purposes_critical": True}


class TimeAuthority:
    """A root, and a signer whose certificate ends after so many days."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pki = Pki(folder)
        self.root = self.pki.holder("time-root", is_authority=True, until=NOW + 9_000 * DAY)
        self.signer = self.holder("clock", days=365)
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))

    def holder(self, stem: str, *, days: int, **options: object) -> Holder:
        return self.pki.holder(
            stem, issuer=self.root, **{**TIME_STAMPING, **options, "until": NOW + days * DAY}
        )

    def answer(self, query: bytes) -> bytes:
        """Return openssl's answer to a request."""
        asked, told = self.folder / "query.tsq", self.folder / "answer.tsr"
        asked.write_bytes(query)
        run(
            *("ts", "-reply", "-queryfile", asked, "-out", told, "-config", self.folder / "tsa.cnf"),
            *("-section", "tsa", "-signer", self.signer.path, "-inkey", self.signer.key_path),
        )
        return told.read_bytes()

    def page(self) -> Page:
        def write(handler: BaseHTTPRequestHandler, body: bytes) -> None:
            page(self.answer(body))(handler, body)

        return write

    def believes(self, data: bytes, token: bytes) -> bool:
        """Tell what `openssl ts -verify` says of a token over these octets."""
        about, stamp = self.folder / "about.bin", self.folder / "token.der"
        about.write_bytes(data)
        stamp.write_bytes(token)
        words = [
            "openssl",
            "ts",
            "-verify",
            "-data",
            about,
            "-in",
            stamp,
            "-token_in",
            "-CAfile",
            self.root.path,
        ]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0 or "FAILED" in done.stdout + done.stderr
        return done.returncode == 0
