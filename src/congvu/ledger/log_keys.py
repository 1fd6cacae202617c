"""The key that signs a year's log: made with the log, kept in one file that only the owner reads."""

from pathlib import Path

from congvu.ledger.store import Folder, write_durably
from congvu.standards import notes

_PATH, _LARGEST = 200, 1 << 16  # characters that a path has at most, and octets of a file of a key


class KeyMissingError(Exception):
    """The log's signing key is not where it should be."""


def signer(origin: str, folder: Folder) -> notes.SignerKey:
    """Return the log's signing key; raises KeyMissingError."""
    try:
        key = notes.parse_signer_key(_line(folder.key))
    except FileNotFoundError as error:
        raise KeyMissingError(origin) from error
    if key.name != origin:
        raise KeyMissingError(origin)
    return key


def verifier(origin: str, folder: Folder) -> notes.VerifierKey:
    """Return the log's public key, which lies beside the checkpoint; raises KeyMissingError."""
    try:
        key = notes.parse_verifier_key(_line(folder.public_key))
    except FileNotFoundError as error:
        raise KeyMissingError(origin) from error
    if key.name != origin:
        raise KeyMissingError(origin)
    return key


def named(text: str) -> str:
    """Return a verifier key that was typed, or what stands in the file that was."""
    path = Path(text)
    is_file = len(text) < _PATH and path.is_file()
    return path.read_bytes()[:_LARGEST].decode(errors="replace").strip() if is_file else text


def make(origin: str, folder: Folder) -> None:
    """Make the key of a new log; a key that is there stays."""
    if not folder.key.exists():
        _write(folder.key, notes.generate(origin).text, 0o600)


def publish(origin: str, folder: Folder) -> None:
    """Put the log's public key beside its checkpoint, unless it is there; raises KeyMissingError."""
    if not folder.public_key.exists():
        show(signer(origin, folder).verifier, folder)


def show(key: notes.VerifierKey, folder: Folder) -> None:
    """Put a public key beside the checkpoint."""
    _write(folder.public_key, key.text, 0o644)


def _line(path: Path) -> str:
    """Return the one line of a key's file; one that is not exactly so has no key's form."""
    text = path.read_bytes().decode("ascii", "replace")
    return text.removesuffix("\n") if text.endswith("\n") else ""


def _write(path: Path, text: str, mode: int) -> None:
    write_durably(path, f"{text}\n".encode("ascii"), mode=mode)
