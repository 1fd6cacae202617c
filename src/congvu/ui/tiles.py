"""Pictures of the ground under a map: the agency's own, from a folder or a server, or none (CONGVU_TILES)."""

from typing import Final

from django.conf import settings

OWN: Final = "/requests/tiles/{z}/{x}/{y}.png"


def pattern() -> str:
    """Return the pattern of the pictures' addresses; empty: what is drawn stands on an empty ground."""
    if not settings.CONGVU_TILES:
        return ""
    return str(settings.CONGVU_TILES) if is_elsewhere() else OWN


def is_elsewhere() -> bool:
    """Return whether the pictures come from a server, and not from a folder."""
    return str(settings.CONGVU_TILES).startswith(("https://", "http://"))
