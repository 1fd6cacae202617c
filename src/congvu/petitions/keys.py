"""The citizen's secret: who knows it may follow, dispute and rate without an account."""

import hashlib
import hmac

from congvu.base import handles
from congvu.petitions.models import Petition

LETTERS = 16  # of base32: 80 random bits
GROUP = 4


def fresh() -> str:
    """Return a new secret, as letters without hyphens."""
    return handles.new()[:LETTERS]


def shown(key: str) -> str:
    """Return a secret in groups of four, to be read and typed."""
    return "-".join(key[at : at + GROUP] for at in range(0, len(key), GROUP))


def digest(key: str) -> str:
    """Return what is kept of a secret. Typed with hyphens, spaces or capitals it is the same."""
    plain = "".join(letter for letter in key.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def fits(petition: Petition, key: str) -> bool:
    """Return whether a secret is this petition's."""
    return hmac.compare_digest(digest(key), petition.key_digest)
