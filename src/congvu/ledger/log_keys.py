"""The key that signs a year's log: made with the log, kept in one file that only the owner reads."""

from congvu.base.blobs import sync_folder
from congvu.ledger.store import Folder, write_durably
from congvu.standards import notes


class KeyMissingError(Exception):
    """The log's signing key is not where it should be."""


def signer(origin: str, folder: Folder) -> notes.SignerKey:
    """Return the log's signing key; raises KeyMissingError."""
    try:
        key = notes.parse_signer_key(folder.key.read_text(encoding="ascii").strip())
    except FileNotFoundError as error:
        raise KeyMissingError(origin) from error
    if key.name != origin:
        raise KeyMissingError(origin)
    return key


def verifier(origin: str, folder: Folder) -> notes.VerifierKey:
    """Return the log's public key."""
    return signer(origin, folder).verifier


def make(origin: str, folder: Folder) -> None:
    """Make the key of a new log; a key that is there stays."""
    if folder.key.exists():
        return
    text = notes.generate(origin).text + "\n"
    for made in write_durably(folder.key, text.encode("ascii"), mode=0o600):
        sync_folder(made)
