"""A real Postfix that keeps its own ways to Dovecot and sends copies to the journal, as the command prints it."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.peers import postfix_dovecot
from bench.peers.postfix_dovecot import PostfixDovecot
from congvu.mail.gate.server import Journal
from congvu.mail.hosts import postfix as hosts
from congvu.mail.lmtp.endpoints import Endpoint
from tests import requires
from tests.mail.dovecot.conftest import gate, imap, opened

MASTER = "(master.cf) "


@pytest.fixture
def journal(data_folder, agency) -> Iterator[Journal]:
    running = journal_at(0)
    yield running
    running.close()


def journal_at(port: int) -> Journal:
    running = Journal(where=Endpoint(host="127.0.0.1", port=port), hostname="congvu.example")
    running.open()
    return running


def told(port: int) -> tuple[str, str]:
    """Return what main.cf and master.cf must say."""
    plan = hosts.JournalPlan(
        journal=Endpoint(host="127.0.0.1", port=port), domains=("ubnd.example",), message_limit=50_000_000
    )
    lines = [one.line for one in hosts.journal_requirements(plan)]
    mine = [line for line in lines if not line.startswith(MASTER)]
    services = [line.removeprefix(MASTER) for line in lines if line.startswith(MASTER)]
    return "\n".join([*mine, "minimal_backoff_time = 1s", "queue_run_delay = 1s", ""]), "\n".join(
        [*services, ""]
    )


@contextlib.contextmanager
def running(port: int) -> Iterator[PostfixDovecot]:
    main, services = told(port)
    with tempfile.TemporaryDirectory(prefix="congvu-") as name:
        folder = Path(name) / "peers"
        folder.mkdir()
        with PostfixDovecot(folder, "ubnd.example", main=main, services=services) as peers:
            yield peers


@pytest.fixture
def started() -> Callable[[int], "contextlib.AbstractContextManager[PostfixDovecot]"]:
    """Start servers that send copies to a port."""
    why = postfix_dovecot.missing()
    if why:
        requires.missing(why)
    return running


@pytest.fixture
def postfix(journal, started) -> Iterator[PostfixDovecot]:
    with started(journal.port()) as peers:
        yield peers


__all__ = ["gate", "imap", "opened"]
