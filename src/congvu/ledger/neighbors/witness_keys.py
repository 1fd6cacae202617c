"""The keys with which this installation cosigns: one file that only the owner reads, one line for each type."""

import functools
from pathlib import Path

from django.conf import settings

from congvu.ledger.store import write_durably
from congvu.standards import cosignatures
from congvu.standards.cosignatures import ED25519, ML_DSA_44, CosignerKey, CosignerSecret


def path() -> Path:
    """Return where the keys lie."""
    return Path(settings.CONGVU_DATA) / "ledger" / "keys" / "witness"


def secrets() -> tuple[CosignerSecret, ...]:
    """Return the keys, Ed25519 first; none where this installation is no witness. Raises MalformedKeyError."""
    try:
        text = path().read_text(encoding="ascii")
    except FileNotFoundError:
        return ()
    return _parsed(text)


def verifiers() -> list[CosignerKey]:
    """Return the public halves, as they are given to neighbors."""
    return [secret.key for secret in secrets()]


def make(name: str) -> None:
    """Make new keys in place of any that are there; they are on disk when this returns."""
    lines = [cosignatures.generate(name, sort).text for sort in (ED25519, ML_DSA_44)]
    write_durably(path(), "".join(f"{line}\n" for line in lines).encode("ascii"), mode=0o600)


@functools.lru_cache(maxsize=4)
def _parsed(text: str) -> tuple[CosignerSecret, ...]:
    return tuple(cosignatures.parse_secret(line) for line in text.splitlines())
