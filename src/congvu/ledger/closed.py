"""What lies beside a closed log for strangers; it is written again on each start until the next log has begun."""

import contextlib

from congvu.ledger import log_keys, memories
from congvu.ledger.models import Log
from congvu.ledger.store import Folder
from congvu.standards import closings, notes


def publish(log: Log, folder: Folder) -> None:
    """Publish a log's closing with its key and last checkpoint.

    A namesake goes: after a total loss a new database may have signed with another key under the lost log's name.
    """
    closing = closings.read(log.closing)
    folder.close(log.closing, log.checkpoint if log.size == closing.size else "")
    if not _is_of(folder, closing.closed):
        with contextlib.suppress(FileNotFoundError):
            folder.key.rename(folder.key.with_suffix(".aside"))  # perhaps the only one of another log
    log_keys.show(closing.closed, folder)
    for place in (folder.public / "checkpoint", folder.public / "cosigned", folder.copy):
        if (
            place.exists()
            and not memories.genuine(log.origin, folder, place.read_text(errors="replace"))[0].size
        ):
            place.unlink()


def _is_of(folder: Folder, key: notes.VerifierKey) -> bool:
    try:
        return log_keys.signer(key.name, folder).verifier == key
    except (log_keys.KeyMissingError, notes.MalformedKeyError):
        return False
