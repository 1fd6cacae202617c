"""Messages read for search and view, beside compat32, email.policy.default and fast-mail-parser.

Each is asked for the same things of each message of a folder of archives: subject, people, date, Message-ID, the text,
and name and size of every attachment. All take turns message by message in one process, by time of the processor; of
the rounds each message's quickest is told, for other work on the machine only adds. policy.default needs seconds for
some messages, so it is given every tenth.
"""

import argparse
import collections
import email
import email.header
import email.policy
import importlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from pathlib import Path
from typing import Any

from congvu.mail import archives, messages

Said = dict[str, object]  # what a reader makes of a message
Reader = Callable[[bytes], Said]

ENDINGS = (".mbox", ".mbox.gz", ".eml", ".tar", ".tar.gz", ".tgz")
NAMES = ("From", "To", "Cc", "Subject", "Date", "Message-ID")


def main(arguments: list[str]) -> None:
    """Print the table and the JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench mail_parse")
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("CONGVU_CORPUS", ".")) / "mail")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--every", type=int, default=10, help="policy.default is given every so-manieth message"
    )
    told = parser.parse_args(arguments)
    corpus = list(_corpus(told.folder))
    if not corpus:
        raise SystemExit(f"no archive in {told.folder}: name the folder with --folder")
    taken, failed = _race(_readers(), corpus, told.rounds, told.every)
    rates = {name: round(len(found) / sum(found)) for name, found in taken.items()}
    slowest = {name: round(max(found) * 1e3, 1) for name, found in taken.items()}
    print(f"{len(corpus)} messages, {sum(map(len, corpus)) / len(corpus):,.0f} octets each on average")
    for name, rate in rates.items():
        print(
            f"{name:<18} {rate:>8,}/s  slowest {slowest[name]:>8.1f} ms  exceptions {sum(failed[name].values())}"
        )
    line = {
        "bench": "mail_parse",
        "value": rates.pop("congvu"),
        "unit": "messages/s and core",
        "peers": rates,
    }
    print(json.dumps({**line, "slowest_ms": slowest, "exceptions": failed}))


def _corpus(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name.endswith(ENDINGS) or path.is_dir():
            for one in archives.messages(path):
                if isinstance(one, archives.Found):
                    yield one.raw


def _race(
    readers: Mapping[str, Reader], corpus: list[bytes], rounds: int, every: int
) -> tuple[dict[str, list[float]], dict[str, dict[str, int]]]:
    """Return for each reader the least seconds of each message, and what it raised."""
    taken: dict[str, dict[int, float]] = {name: {} for name in readers}
    failed: dict[str, collections.Counter[str]] = {name: collections.Counter() for name in readers}
    for turn in range(rounds):
        for number, raw in enumerate(corpus):
            for name, reader in readers.items():
                if name == "policy.default" and number % every:
                    continue
                begun = time.process_time()
                try:
                    reader(raw)
                except Exception as error:  # noqa: BLE001 -- each is counted
                    failed[name][type(error).__name__] += turn == 0
                used = time.process_time() - begun
                taken[name][number] = min(used, taken[name].get(number, used))
    return {name: list(found.values()) for name, found in taken.items()}, {
        k: dict(v) for k, v in failed.items()
    }


def _readers() -> dict[str, Reader]:
    peer = _peer("fast_mail_parser")
    return {
        "congvu": _ours,
        "compat32": lambda raw: _stdlib(email.message_from_bytes(raw)),
        "policy.default": lambda raw: _stdlib(email.message_from_bytes(raw, policy=email.policy.default)),
        "fast-mail-parser": lambda raw: _fast(peer.parse_email(raw)),
    }


def _ours(raw: bytes) -> Said:
    reading = messages.read(raw)
    files = [(one.filename, one.size) for one in reading.attachments]
    return {
        "Subject": reading.subject,
        "Message-ID": reading.message_id,
        "text": reading.text,
        "files": files,
    }


def _stdlib(message: Message) -> Said:
    """Read as the documentation of the standard library shows it."""
    said: Said = {name: _decoded(message[name]) for name in NAMES}
    texts, files = [], []
    for part in message.walk():
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        data = content if isinstance(content, bytes) else b""
        if part.get_content_maintype() == "text" and not part.get_filename():
            texts.append(data.decode("utf-8", "replace"))
        else:
            files.append((part.get_filename(), len(data)))
    return {**said, "text": "\n".join(texts), "files": files}


def _decoded(value: Any) -> str:
    if value is None:
        return ""
    pieces = email.header.decode_header(value) if "=?" in str(value) else [(str(value), None)]
    return "".join(
        piece.decode(charset or "latin-1", "replace") if isinstance(piece, bytes) else piece
        for piece, charset in pieces
    )


def _fast(message: Any) -> Said:
    files = [(one.filename, len(one.content)) for one in message.attachments]
    return {"Subject": message.subject, "text": "".join(message.text_plain), "files": files}


def _peer(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        message = f"{name} is not installed: `make peers` installs what this stands beside."
        raise SystemExit(message) from error
