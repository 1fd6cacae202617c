"""A real Dovecot that speaks IMAP over TLS, and servers that do not mean well."""

import contextlib
import smtplib
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench import certificate
from bench.peers import dovecot
from bench.peers.dovecot import PASSWORD, Dovecot
from congvu.mail.polling.server import Place
from tests import requires
from tests.mail.letters import raw

TLS = """
ssl = yes
ssl_cert = <{path}
ssl_key = <{path}
"""


@pytest.fixture(scope="session")
def pem(tmp_path_factory) -> Path:
    """A certificate for this machine, which vouches for itself."""
    path = tmp_path_factory.mktemp("tls") / "tls.pem"
    path.parent.parent.chmod(0o755)
    certificate.write(path)
    return path


@pytest.fixture
def imap(pem) -> Iterator[Dovecot]:
    why = dovecot.missing()
    if why:
        requires.missing(why)
    with (
        tempfile.TemporaryDirectory(prefix="congvu-") as folder,
        Dovecot(Path(folder) / "dovecot", extra=TLS.format(path=pem)) as running,
    ):
        yield running


@pytest.fixture
def authority(pem) -> str:
    text = pem.read_text()
    return text[text.index("-----BEGIN CERTIFICATE") : text.index("-----END CERTIFICATE") + 26]


@pytest.fixture
def place(imap, authority) -> Place:
    return place_at(imap.ports["imap"], authority)


def place_at(port: int, authority: str, **fields) -> Place:
    given = {
        "host": "localhost",
        "port": port,
        "starttls": True,
        "authority": authority,
        "user": "binh",
        "password": PASSWORD,
        "folder": "INBOX",
    }
    return Place(**(given | fields))


def drop(imap: Dovecot, *, user: str = "binh", data: bytes | None = None, **fields) -> None:
    """Lay a letter into a mailbox of Dovecot, past us."""
    with smtplib.LMTP("127.0.0.1", imap.ports["lmtp"]) as client:
        client.sendmail("dung@dan.example", [user], data or raw(**fields))


@pytest.fixture
def hostile(pem) -> Iterator[Callable[[dict[bytes, bytes]], int]]:
    """Start a server that answers each command as told; `tag` stands for the command's own."""
    with contextlib.ExitStack() as running:

        def start(script: dict[bytes, bytes]) -> int:
            listener = socket.create_server(("127.0.0.1", 0))
            running.callback(listener.close)
            threading.Thread(target=_serve, args=(listener, pem, script), daemon=True).start()
            return int(listener.getsockname()[1])

        yield start


def _serve(listener: socket.socket, pem: Path, script: dict[bytes, bytes]) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    with contextlib.suppress(OSError):
        while True:
            plain, _ = listener.accept()
            with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as line:
                line.sendall(b"* OK [CAPABILITY IMAP4rev1] here\r\n")
                for command in line.makefile("rb"):
                    tag, _, words = command.partition(b" ")
                    answer = next((said for key, said in script.items() if key in words), b"tag OK done\r\n")
                    line.sendall(answer.replace(b"tag ", tag + b" "))
