"""The agency's word on who witnesses a log: the policy in force, signed by the log's key, as receipts carry it.

It lies beside the checkpoint, so that receipts can be issued when the key of a closed year is gone.
"""

from congvu.ledger import log_keys
from congvu.ledger.store import Folder
from congvu.ledger.witnesses import policy as policies
from congvu.standards import notes
from congvu.standards.quorums import MalformedPolicyError


def current(origin: str, folder: Folder) -> str:
    """Return the signed policy (a note); empty where nobody must cosign, or where it cannot be signed any more."""
    text = _text()
    kept = folder.statement()
    if not text or kept.startswith(f"{text}\n"):
        return kept if text else ""
    if folder.closing():
        return ""  # the key of a closed log signs nothing more
    try:
        return notes.sign(text, log_keys.signer(origin, folder))
    except (log_keys.KeyMissingError, notes.MalformedNoteError):
        return ""


def publish(origin: str, folder: Folder) -> None:
    """Put the signed policy beside the checkpoint, unless it is there."""
    note = current(origin, folder)
    if note and note != folder.statement():
        folder.state(note)


def _text() -> str:
    """Return the policy in force without logs and addresses; empty when nobody must cosign or it cannot be read."""
    try:
        policy = policies.current()
    except MalformedPolicyError:
        return ""
    return policies.bare(policy) if policies.is_awaited(policy) else ""
