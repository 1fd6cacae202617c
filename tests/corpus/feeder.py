"""Sends archives through the mail door as a server would: line ends made canonical, one message a transaction."""

import collections
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path

from congvu.mail import archives
from tests.torture.clients import AnsweredError, Dialogue

LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(slots=True)
class Fed:
    """What became of an archive; `refused` counts answers, `where` names the first messages of each."""

    sent: int = 0
    accepted: int = 0
    unreadable: list[str] = field(default_factory=list)
    refused: collections.Counter[str] = field(default_factory=collections.Counter)
    where: dict[str, list[str]] = field(default_factory=dict)


def canonical(raw: bytes) -> bytes:
    """Return a message whose lines all end with CRLF; a server must never send anything else (RFC 5321, 2.3.8)."""
    text = LINE_END.sub(b"\r\n", raw)
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def feed(paths: dict[Path, str], *, port: int) -> dict[str, Fed]:
    """Send every archive to its address, all at once, each over a connection of its own."""
    results = {path.name: Fed() for path in paths}
    threads = [
        threading.Thread(target=_archive, args=(path, address, port, results[path.name]), daemon=True)
        for path, address in paths.items()
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results


def _archive(path: Path, address: str, port: int, fed: Fed) -> None:
    dialogue = None
    for one in archives.messages(path):
        place = f"{one.source}@{one.offset}"
        if isinstance(one, archives.Difficulty):
            fed.unreadable.append(f"{place}: {one.reason}")
            continue
        fed.sent += 1
        try:
            if dialogue is None:
                dialogue = Dialogue(port, timeout=120)
                dialogue.greet()
            dialogue.message([address], canonical(one.raw))
        except (AnsweredError, OSError) as error:
            answer = error.args[0].decode() if isinstance(error, AnsweredError) else type(error).__name__
            fed.refused[answer.strip()] += 1
            fed.where.setdefault(answer.strip(), []).append(place)
            if dialogue:
                dialogue.close()
            dialogue = None
        else:
            fed.accepted += 1
    if dialogue:
        dialogue.close()
