"""The processes of one installation, found by their environment, so that orphans are found too."""

import contextlib
import os
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench.installation import Installation

PARTS = ("door", "clerk", "web", "program")


def of(installation: Installation) -> dict[int, str]:
    """Return the ids of all processes that work on the data folder, with the part that each is."""
    mark = f"CONGVU_DATA={installation.data}".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                words = (folder / "cmdline").read_bytes().decode().split("\0")
                if any(words):  # a process that has ended and waits to be buried has none
                    found[int(folder.name)] = _part((folder / "comm").read_text().strip(), words)
    return found


def _part(name: str, words: list[str]) -> str:
    if "--replay" in words:
        return "replay"
    if "--only" in words:
        return words[words.index("--only") + 1]
    return name.removeprefix("congvu ") if name.startswith("congvu ") else "program"


def kill(installation: Installation, part: str) -> list[int]:
    """Kill -9 a part, or everything; return the ids."""
    chosen = [pid for pid, name in sorted(of(installation).items()) if part in (name, "everything")]
    if part == "web":
        chosen = chosen[:1]  # the server itself; its worker must not stay behind
    for pid in chosen:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return chosen


def end(installation: Installation) -> None:
    """Leave nothing behind."""
    installation.stop()
    while kill(installation, "everything"):
        time.sleep(0.05)


def answers_web(installation: Installation) -> bool:
    """Tell whether the web answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{installation.ports['web']}/robots.txt", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
