"""A real PostgreSQL of its own for a measurement or a test: under a temporary folder, on a socket, gone at the end."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from psycopg import connect

from congvu.base.processes import end_with_parent

PACKAGE = "postgresql"
_WHERE = Path("/usr/lib/postgresql")
_UNPRIVILEGED = ("postgres", "nobody")  # root may not run it
READY_SECONDS = 60.0


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL on this machine; None when there is none."""
    found = [one for one in _WHERE.glob("*/bin") if (one / "initdb").exists()]
    if found:
        return max(found, key=lambda one: float(one.parent.name))
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


class Server:
    """A server between `start` and `stop`; the folder is removed by `remove`."""

    def __init__(self, binaries: Path, **settings: str) -> None:
        """Make an empty cluster in UTF-8."""
        self._binaries, self._settings = binaries, settings
        self.folder = Path(tempfile.mkdtemp(prefix="congvu-postgresql-"))
        self.folder.chmod(0o755)
        self._user = next(name for name in _UNPRIVILEGED if _is_user(name)) if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        self._run(
            "initdb", "-D", self.data, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-U", "congvu", "-N"
        )

    @property
    def data(self) -> str:
        """Return the folder of the cluster."""
        return str(self.folder / "data")

    @property
    def log(self) -> Path:
        """Return the file that takes what the server says."""
        return self.folder / "said.txt"

    def url(self, database: str = "postgres", user: str = "congvu") -> str:
        """Return what CONGVU_DATABASE names a database by."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        words = {"listen_addresses": "", "unix_socket_directories": str(self.folder), **self._settings}
        command = [str(self._binaries / "postgres"), "-D", self.data]
        command += [word for name, value in words.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as said:
            self._process = subprocess.Popen(
                command,
                stdout=said,
                stderr=said,
                start_new_session=True,
                cwd=self.folder,
                preexec_fn=end_with_parent,  # noqa: PLW1509 -- one prctl, so that nothing is left behind
                **self._as(),
            )
        self.wait()

    def wait(self) -> None:
        """Wait until it answers; after a crash it recovers first. Raises TimeoutError."""
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(Exception), connect(self.url(), connect_timeout=2):
                return
            time.sleep(0.05)
        raise TimeoutError(self.log.read_text()[-2_000:])

    def stop(self) -> None:
        """Have it end in order."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # fast shutdown
            self._process.wait(READY_SECONDS)
            self._process = None

    def kill(self) -> None:
        """Kill -9 the whole server: what its commits told to be durable must be there after `start`."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            for child in _children(self.data):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            self._process = None

    def remove(self) -> None:
        """Leave nothing behind."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def make(self, database: str, options: str = "") -> str:
        """Make a database and return its address."""
        self.tell(f"CREATE DATABASE {database} {options}")
        return self.url(database)

    def tell(self, statement: str, *, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement as the server's owner; return its rows."""
        with connect(self.url(database), autocommit=True) as session:
            done = session.execute(statement)
            return list(done.fetchall()) if done.description else []

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **self._as())

    def _as(self) -> dict[str, Any]:
        return (
            {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []}
            if self._user
            else {}
        )


@contextlib.contextmanager
def serving(binaries: Path, **settings: str) -> Iterator[Server]:
    """Serve for the length of the block."""
    server = Server(binaries, **settings)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        server.remove()


def _is_user(name: str) -> bool:
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwnam(name))
    return False


def _children(data: str) -> list[int]:
    """Return the processes that work in a cluster's folder: each has one of its own session's."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (one / "cwd").resolve() == Path(data).resolve():
                found.append(int(one.name))
    return found
