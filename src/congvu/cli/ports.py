"""The addresses on which the parts listen: are they free, do they answer."""

import socket
import urllib.error
import urllib.request

from django.conf import settings

GREETING = b"220"


def taken() -> list[str]:
    """Return the settings whose port somebody else holds already."""
    wanted = {
        "CONGVU_WEB_PORT": (settings.CONGVU_WEB_ADDRESS, settings.CONGVU_WEB_PORT),
        "CONGVU_SMTP_PORT": (settings.CONGVU_SMTP_ADDRESS, settings.CONGVU_SMTP_PORT),
        "CONGVU_SUBMISSION_PORT": (settings.CONGVU_SMTP_ADDRESS, settings.CONGVU_SUBMISSION_PORT),
    }
    return [f"{name}={port}" for name, (host, port) in wanted.items() if not _is_free(host, port)]


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return False
    return True


def answers_web() -> bool:
    """Return whether the web answers."""
    address = f"http://127.0.0.1:{settings.CONGVU_WEB_PORT}/robots.txt"
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:
            return bool(answer.status)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def answers_smtp() -> bool:
    """Return whether both mail ports greet (RFC 5321 section 3.1)."""
    try:
        for port in (settings.CONGVU_SMTP_PORT, settings.CONGVU_SUBMISSION_PORT):
            with socket.create_connection((settings.CONGVU_SMTP_ADDRESS, port), timeout=1) as connected:
                if not connected.recv(64).startswith(GREETING):
                    return False
    except OSError:
        return False
    return True
