"""Where a server listens: `host:port`, `[IPv6]:port`, or the path of a socket."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_HOST_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:\[\]/]+)):(\d{1,5})")


class EndpointError(ValueError):
    """The text names no place to listen; the argument is the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A TCP port of a host, or a socket in the file system when `path` is not empty."""

    host: str = ""
    port: int = 0
    path: str = ""

    def __str__(self) -> str:
        """Write it as it is read."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.path or f"{host}:{self.port}"


def endpoint(text: str) -> Endpoint:
    """Read where a server listens. Raises EndpointError."""
    if text.startswith("/"):
        return Endpoint(path=text)
    match = _HOST_PORT.fullmatch(text)
    if not match or int(match[3]) > 65_535:  # noqa: PLR2004 -- the highest port
        raise EndpointError(text)
    return Endpoint(host=match[1] or match[2], port=int(match[3]))


async def dial(where: Endpoint, *, limit: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to a server. Raises OSError."""
    if where.path:
        return await asyncio.open_unix_connection(where.path, limit=limit)
    return await asyncio.open_connection(where.host, where.port, limit=limit)


async def listen(where: Endpoint, protocol: Callable[[], asyncio.Protocol]) -> asyncio.Server:
    """Listen; who may reach a socket is decided by the folder that it lies in. Raises OSError."""
    loop = asyncio.get_running_loop()
    if where.path:
        server = await loop.create_unix_server(protocol, where.path, backlog=200)
        _open_to_all(where.path)
        return server
    return await loop.create_server(protocol, where.host, where.port, backlog=200)


def _open_to_all(path: str) -> None:
    Path(path).chmod(0o666)
