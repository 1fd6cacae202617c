"""The adapter over golang.org/x/mod/sumdb, compiled once a run, and a pipe to it."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

from tests import requires

SOURCE = Path(__file__).parent / "go"
GOPATH = Path("/usr/share/gocode")


def build(folder: Path) -> Path:
    """Compile the adapter offline against Debian's sources; say which package is missing."""
    go = requires.program("go", package="golang-go")
    requires.folder(GOPATH / "src/golang.org/x/mod/sumdb", package="golang-golang-x-mod-dev")
    program = folder / "foreign"
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "GOCACHE": str(folder / "cache"),
        "GOPATH": str(GOPATH),
        "GO111MODULE": "off",
        "CGO_ENABLED": "0",
    }
    subprocess.run([go, "build", "-o", str(program), "main.go"], cwd=SOURCE, env=environment, check=True)
    return program


class Foreign:
    """What Go says: every method returns its answer, or raises RefusedError with Go's own words."""

    def __init__(self, program: Path) -> None:
        self.process = subprocess.Popen(
            [str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, act: str, **fields: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        plain = {name: _plain(value) for name, value in fields.items()}
        self.process.stdin.write(json.dumps({"Act": act, **plain}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RefusedError(answer["error"])
        return answer

    def close(self) -> None:
        self.process.communicate()


class RefusedError(Exception):
    """Go's packages refuse."""


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
