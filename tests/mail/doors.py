"""A real door on a random port of this machine, with an office that keeps what it is given."""

import contextlib
import ipaddress
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from congvu.mail.door.envelope import Envelope, Office, Refusal, Sender, Verdict
from congvu.mail.door.limits import Limits, Listener
from congvu.mail.door.server import Door

AN = "an@agency.example"
BINH = "binh@agency.example"
STRANGER = "stranger@outside.example"
PASSWORD = "abcd-efgh-ijkl-mnop"
HEADER = b"From: stranger@outside.example\r\nTo: an@agency.example\r\nSubject: x\r\n"
SIMPLE = HEADER + b"\r\nhello\r\n"


class Counter:
    """The office behind the door: knows An and Bình, keeps everything that it accepts."""

    def __init__(self) -> None:
        self.kept: list[Envelope] = []
        self.batches: list[int] = []
        self.refusals: list[Refusal] = []
        self.trouble: list[BaseException] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()

    def authenticate(self, username: str, password: str, _peer: str) -> Sender | None:
        if username == "broken":
            raise RuntimeError("no database")
        is_right = (username, password) == (BINH, PASSWORD)
        return (
            Sender(account="binh", addresses=frozenset({BINH, "Tổ.CNTT@agency.example"}))
            if is_right
            else None
        )

    def recipient(self, address: str, *, sender: Sender | None) -> Verdict:
        if address.lower() in {AN, BINH, "postmaster"} or (
            sender and not address.endswith("@agency.example")
        ):
            return Verdict(250, "2.1.5 OK")
        return Verdict(550, "5.1.1 No such mailbox here")

    def accept(self, envelopes: Sequence[Envelope]) -> list[Verdict]:
        self.entered.set()
        self.gate.wait(10)
        if self.trouble:
            raise self.trouble.pop(0)
        if len(envelopes) > 1 and any(b"poison" in envelope.raw for envelope in envelopes):
            raise ValueError("poison")
        self.batches.append(len(envelopes))
        self.kept += [envelope for envelope in envelopes if b"poison" not in envelope.raw]
        return [
            Verdict(554, "5.6.0 poison") if b"poison" in envelope.raw else Verdict(250, "2.0.0 Stored")
            for envelope in envelopes
        ]

    @property
    def office(self) -> Office:
        return Office(
            authenticate=self.authenticate,
            recipient=self.recipient,
            accept=self.accept,
            is_ours=lambda domain: domain == "agency.example",
            refused=self.refusals.append,
        )


class Front:
    """An open door: its ports, and clients for them."""

    def __init__(self, counter: Counter, mx: int, submission: int) -> None:
        self.counter, self.mx, self.submission = counter, mx, submission

    def smtp(self, *, signed_in: bool = False) -> smtplib.SMTP:
        client = smtplib.SMTP("127.0.0.1", self.submission if signed_in else self.mx, timeout=20)
        if signed_in:
            client.login(BINH, PASSWORD)
        return client

    def raw(self, *, submission: bool = False) -> "Raw":
        return Raw(self.submission if submission else self.mx)


class Raw:
    """A client that sends octets as it is told."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.file = self.socket.makefile("rb")
        self.reply()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.file.close()
        self.socket.close()

    def send(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def reply(self) -> bytes:
        lines = [self.file.readline()]
        while lines[-1][3:4] == b"-":
            lines.append(self.file.readline())
        return b"".join(lines)

    def ask(self, octets: bytes) -> bytes:
        self.send(octets)
        return self.reply()

    def until_data(self) -> None:
        for line in (
            b"EHLO client.example\r\n",
            b"MAIL FROM:<stranger@outside.example>\r\n",
            b"RCPT TO:<an@agency.example>\r\n",
        ):
            assert self.ask(line)[:3] == b"250"
        assert self.ask(b"DATA\r\n")[:3] == b"354"

    def rest(self) -> bytes:
        """Read until the server hangs up."""
        try:
            return self.file.read()
        except ConnectionResetError:
            return b""


@contextlib.contextmanager
def front(*, limits: Limits | None = None, tls: bool = False) -> Iterator[Front]:
    """Open a door with an MX and a submission listener."""
    counter = Counter()
    context = server_tls() if tls else None
    listeners = [
        Listener(channel="mx", host="127.0.0.1", port=0, tls=context),
        Listener(channel="submission", host="127.0.0.1", port=0, tls=context, is_plain_auth=not tls),
    ]
    quick = limits or Limits(wrong_password_seconds=0.01)
    door = Door(office=counter.office, listeners=listeners, hostname="mx.agency.example", limits=quick)
    door.open()
    try:
        yield Front(counter, *door.ports())
    finally:
        counter.gate.set()
        door.close()


@cache
def _certificate() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private


def server_tls() -> ssl.SSLContext:
    import tempfile  # noqa: PLC0415 -- ssl reads certificates from files only
    from pathlib import Path  # noqa: PLC0415 -- the same

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "both.pem"
        file.write_bytes(b"".join(_certificate()))
        context.load_cert_chain(file)
    return context


def client_tls() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=_certificate()[0].decode())
