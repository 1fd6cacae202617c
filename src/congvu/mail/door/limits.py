"""Where the door listens and how much it puts up with."""

import ipaddress
import ssl
from dataclasses import dataclass

from congvu.mail.door.envelope import Channel


class PasswordInTheClearError(ValueError):
    """A listener would take passwords without TLS on an address that others can reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """One address to listen on; port 0 lets the system choose.

    `tls` offers STARTTLS, or with `is_implicit` TLS from the first octet (RFC 8314). `is_plain_auth`
    allows AUTH without TLS, on loopback only. Raises PasswordInTheClearError.
    """

    channel: Channel
    host: str
    port: int
    tls: ssl.SSLContext | None = None
    is_implicit: bool = False
    is_plain_auth: bool = False

    def __post_init__(self) -> None:
        if self.is_plain_auth and not is_loopback(self.host):
            raise PasswordInTheClearError(self.host)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one client, and all together, may ask for; times in seconds, sizes in octets."""

    message: int = 50 << 20
    recipients: int = 1_000
    connections: int = 500
    connections_of_peer: int = 100
    in_memory: int = 512 << 20
    errors: int = 20
    unknown_recipients: int = 100
    wrong_passwords: int = 3
    messages_of_connection: int = 10_000
    command_seconds: float = 300.0
    data_seconds: float = 1_800.0
    wrong_password_seconds: float = 1.0


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches a listening address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
