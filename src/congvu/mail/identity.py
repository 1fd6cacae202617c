"""By what a message is known again that comes by several ways: through the gate, as a copy, or found in a mailbox."""

import hashlib

from congvu.mail import headers
from congvu.mail.mime import Tree

WAYS = frozenset({"gate", "journal", "poll"})  # channels by which the same message may come
_KEPT = ("message-id", "date", "from", "subject")
_LONGEST = 4_096  # octets of one field


def identity(tree: Tree) -> str:
    """Return the SHA-256 of what servers leave alone: four fields and the body, whatever its line ends (hexadecimal).

    Fields that are added on the way, and blank lines at the end, make no other message of it.
    """
    found = hashlib.sha256()
    for name in _KEPT:
        found.update(" ".join(headers.first(tree.fields, name, longest=_LONGEST).split()).encode() + b"\0")
    body = tree.raw[headers.split(tree.raw)[1] :]
    found.update(body.replace(b"\r\n", b"\n").rstrip(b"\n"))
    return found.hexdigest()
