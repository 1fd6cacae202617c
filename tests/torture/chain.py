"""The whole chain: Postfix, our gate with the door, Dovecot, the clerk and the web, each killed and begun again alone."""

import contextlib
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench import certificate
from bench.inside import DOMAIN
from bench.installation import Installation, NotReadyError, free_ports, kill_group, wait_greeting
from bench.peers.dovecot import Dovecot
from bench.peers.postfix_dovecot import MAIN, MASTER, MASTER_PROGRAM
from congvu.mail.hosts.dovecot import EVENTS
from congvu.mail.hosts.postfix import CLIENTS
from tests.torture import processes

MAILBOXES = 5
SERVE_SECONDS = 60.0
PARTS = ("door", "clerk", "web")
QUEUES = ("incoming", "active", "deferred", "maildrop")
HASTE = """
minimal_backoff_time = 1s
maximal_backoff_time = 4s
queue_run_delay = 1s
transport_retry_time = 1s
service_throttle_time = 1s
gate_destination_concurrency_failed_cohort_limit = 1000
gate_destination_recipient_limit = 50
smtpd_client_connection_count_limit = 0
max_idle = 10s
maillog_file = {folder}/state/mail.log
maillog_file_prefixes = {folder}
"""
POSTLOG = "postlog unix-dgram n - n - 1 postlogd\n"


@dataclass(slots=True)
class Postfix:
    """Postfix alone, in a folder of its own, with the gate as its next server; it tries again every few seconds."""

    folder: Path
    gate: int
    port: int = 0
    _running: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        """Choose a port, make folders and write the configuration."""
        self.port = free_ports(1)[0]
        for name in ("", "postfix", "queue", "state"):
            (self.folder / name).mkdir()
            (self.folder / name).chmod(0o755)
        shutil.chown(self.folder / "state", "postfix")
        certificate.write(self.folder / "tls.pem")
        owner = pwd.getpwnam("nobody")
        words = {
            "folder": self.folder,
            "domain": DOMAIN,
            "smtp": self.port,
            "clients": CLIENTS,
            "next": self.gate,
            "tls": "none",
            "uid": owner.pw_uid,
            "gid": owner.pw_gid,
        }
        (self.folder / "postfix" / "main.cf").write_text((MAIN + HASTE).format(**words))
        (self.folder / "postfix" / "master.cf").write_text(MASTER.format(**words) + POSTLOG)
        subprocess.run(["postfix", "-c", str(self.folder / "postfix"), "check"], check=True)

    def start(self) -> None:
        """Start it; it may not listen yet."""
        command = [MASTER_PROGRAM, "-s", "-c", str(self.folder / "postfix")]
        with (self.folder / "said.txt").open("ab") as said:
            self._running = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)

    @property
    def log(self) -> Path:
        """Return the log that it writes."""
        return self.folder / "state" / "mail.log"

    def has_fallen(self) -> bool:
        """Tell whether it has ended by itself."""
        return self._running is not None and self._running.poll() is not None

    def kill(self) -> None:
        """Kill -9 all of it."""
        one, self._running = self._running, None
        if one is not None:
            kill_group(one.pid)
            one.wait()

    def waiting(self) -> int:
        """Count what it has taken and not handed on; a file that it was writing when it was killed is none."""
        files = (one for name in QUEUES for one in (self.folder / "queue" / name).rglob("*"))
        return sum(map(_is_ready, files))


def _is_ready(file: Path) -> bool:
    """Tell whether Postfix has finished a queue file: then its owner may execute it."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(found.st_mode) and bool(found.st_mode & stat.S_IXUSR)


@dataclass(slots=True)
class Nursery:
    """Lives of the program's parts, forked from a process that has imported everything."""

    house: Installation
    lives: dict[str, int] = field(default_factory=dict)
    _running: "subprocess.Popen[str] | None" = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Start the process that forks."""
        with self.house.log.open("ab") as said:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "tests.torture.nursery"],
                env=self.house.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )
        assert self._line() == "ready", self.house.log.read_text()[-2_000:]

    def begin(self, part: str) -> None:
        """Begin a life of a part."""
        assert self._running
        assert self._running.stdin
        with self._lock:
            self._running.stdin.write(f"{part}\n")
            self._running.stdin.flush()
            self.lives[part] = int(self._line())

    def kill(self, part: str) -> None:
        """Kill -9 a part with whatever it started; it may have fallen already."""
        kill_group(self.lives.pop(part))

    def end(self) -> None:
        """Leave nothing behind."""
        for part in tuple(self.lives):
            self.kill(part)
        if self._running and self._running.stdin:
            self._running.stdin.close()
            self._running.wait()

    def _line(self) -> str:
        assert self._running
        assert self._running.stdout
        return self._running.stdout.readline().strip()


@dataclass(slots=True, kw_only=True)
class Chain:
    """Everything that runs, and where it listens."""

    house: Installation
    nursery: Nursery
    postfix: Postfix
    dovecot: Dovecot
    addresses: list[str]
    gate: int

    def kill(self, part: str) -> None:
        """Kill -9 one of the processes."""
        if part in PARTS:
            self.nursery.kill(part)
        else:
            (self.postfix if part == "postfix" else self.dovecot).kill()

    def begin(self, part: str) -> None:
        """Begin it again, and do not wait for it."""
        if part in PARTS:
            self.nursery.begin(part)
        elif part == "postfix":
            self.postfix.start()
        else:
            self.dovecot.launch()

    def assert_running(self) -> None:
        """Raise AssertionError when Postfix or Dovecot has ended by itself: nobody would start them again."""
        assert not self.postfix.has_fallen(), self.postfix.log.read_text()[-3_000:]
        assert not self.dovecot.has_fallen(), self.dovecot.log.read_text()[-3_000:]

    def wait_serving(self) -> None:
        """Wait until every server answers. Raises AssertionError with what the program said."""
        self.assert_running()
        try:
            for port in (self.gate, self.dovecot.ports["lmtp"], self.postfix.port, self.house.ports["smtp"]):
                wait_greeting(port, seconds=SERVE_SECONDS)
        except NotReadyError as error:
            raise AssertionError(f"{error}\n{self.house.log.read_text()[-3_000:]}") from error


@contextlib.contextmanager
def chain() -> Iterator[Chain]:
    """Run the chain for the length of a block."""
    with tempfile.TemporaryDirectory(prefix="congvu-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "house").mkdir()
        house, gate = Installation(folder / "house"), free_ports(1)[0]
        dovecot = Dovecot(folder / "dovecot", extra=EVENTS)
        house.extra |= {
            "CONGVU_LMTP": f"127.0.0.1:{gate}",
            "CONGVU_DELIVERY_LMTP": f"127.0.0.1:{dovecot.ports['lmtp']}",
            "CONGVU_DOVECOT_LOG": str(dovecot.log),
            "CONGVU_LIMIT_MESSAGES": "0",  # here nobody sends too much
            "CONGVU_LIMIT_RECIPIENTS": "0",
        }
        addresses = house.ask("bench.inside", "found", str(MAILBOXES))["addresses"]
        postfix, nursery = Postfix(folder / "postfix", gate), Nursery(house)
        made = Chain(
            house=house, nursery=nursery, postfix=postfix, dovecot=dovecot, addresses=addresses, gate=gate
        )
        try:
            nursery.start()
            for part in ("dovecot", "postfix", *PARTS):
                made.begin(part)
            made.wait_serving()
            yield made
        finally:
            postfix.kill()
            nursery.end()
            dovecot.kill()
            processes.end(house)
