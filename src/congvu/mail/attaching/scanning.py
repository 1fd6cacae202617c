"""Asking ClamAV's daemon about a file (clamd, command INSTREAM), where the agency runs one."""

import socket
import struct
from pathlib import Path

SECONDS = 20.0
LARGEST = 25 << 20  # octets that are sent; clamd's own default limit (StreamMaxLength)
_PIECE = 256 << 10
_LONGEST_ANSWER = 4_096


class NotAnsweredError(Exception):
    """The daemon is not there, or did not say what it found."""


def virus(content: bytes, *, where: str, seconds: float = SECONDS) -> str:
    """Return the name of what was found, "" for nothing. `where` is a socket's path or host:port. NotAnsweredError.

    `seconds` is how long the daemon may keep silent; without any left it is not asked.
    """
    if len(content) > LARGEST:
        raise NotAnsweredError("too large")
    if seconds <= 0:
        raise NotAnsweredError("no time")
    try:
        with _dial(where, min(seconds, SECONDS)) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _PIECE):
                piece = content[start : start + _PIECE]
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
            said = _answer(line)
    except (OSError, ValueError) as error:
        raise NotAnsweredError(str(error)) from error
    return _found(said)


def _dial(where: str, seconds: float) -> socket.socket:
    if Path(where).is_absolute():
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(seconds)
        try:
            line.connect(where)
        except BaseException:
            line.close()
            raise
        return line
    host, _, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=seconds)


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        piece = line.recv(_LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _found(said: str) -> str:
    """Read `stream: OK`, `stream: <name> FOUND`; anything else is no answer."""
    text = said.removeprefix("stream: ")
    if text == "OK":
        return ""
    if text.endswith(" FOUND"):
        return text.removesuffix(" FOUND")[:200] or "FOUND"
    raise NotAnsweredError(said[:200])
