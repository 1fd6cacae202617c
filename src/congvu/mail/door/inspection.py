"""What a message itself must be before the door takes it: pure functions of its bytes."""

import re
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from congvu.mail import addresses, charsets, headers, html, lookalikes, messages, mime, secrecy
from congvu.mail.door import answers
from congvu.mail.door.envelope import Sender, Verdict

MANY_HOPS = 50  # Received fields; RFC 5321, 6.3: at least 100 loops are detected by at most that many

_CLAIM = re.compile(r"@\s*([^\s<>()\[\],;:\"'@\\]+)")
_MESSAGES = {"message/rfc822", "message/global"}
_HEAD_OF_TEXT = 16 << 10  # octets of a text part in which a mark of secrecy is looked for
_HEADS = 128 << 10  # and of all its texts together
_MANY_NAMES = 50  # files whose names are looked at
_MANY_ENCLOSED = 10  # messages within a message that are looked into
_LARGEST_ENCLOSED = 4 << 20  # octets of them


def fault(head: mime.Part, raw: bytes) -> Verdict | None:
    """Find what no message may have: NUL in its header, or too many hops."""
    if b"\0" in headers.split(raw)[0]:
        return answers.NUL_IN_HEADER
    hops = sum(field.name == "received" for field in head.fields)
    return answers.LOOP if hops > MANY_HOPS else None


def stranger_fault(head: mime.Part, is_ours: Callable[[str], bool]) -> Verdict | None:
    """Find a From field of a stranger that shows one of our domains, or one that looks like it, even as a name."""
    for field in head.fields:
        if field.name == "from":
            raw = headers.unfold(field.value)
            shown = f"{raw} {headers.words(raw)}"
            claimed = {addresses.domain(f"@{claim}") for claim in _CLAIM.findall(shown)}
            if any(is_ours(one) or is_ours(lookalikes.latin(one)) for one in claimed):
                return answers.CLAIMS_US
    return None


def sender_fault(head: mime.Part, sender: Sender) -> Verdict | None:
    """Find a From or Sender field that is not the signed-in sender's own (RFC 6409, 6.1)."""
    authors = [headers.unfold(field.value) for field in head.fields if field.name == "from"]
    try:
        (value,) = authors
        author = addresses.strict(value)
    except (ValueError, addresses.NotOneAddressError):
        return answers.NOT_ONE_FROM
    if "@" in headers.words(author.name):
        return answers.NOT_ONE_FROM
    if not is_own(author.address, sender):
        return answers.NOT_YOUR_FROM
    return None if all(_is_own_field(field, sender) for field in head.fields) else answers.NOT_YOUR_SENDER


def _is_own_field(field: headers.Field, sender: Sender) -> bool:
    if field.name != "sender":
        return True
    try:
        return is_own(addresses.strict(headers.unfold(field.value)).address, sender)
    except addresses.NotOneAddressError:
        return False


def is_own(address: str, sender: Sender) -> bool:
    """Tell whether an address is one that the sender may write as."""
    return addresses.normal(address) in {addresses.normal(own) for own in sender.addresses}


def secrecy_mark(tree: mime.Tree) -> secrecy.Mark | None:
    """Look for a mark of state secrecy in a message and in the messages that it encloses, one level deep."""
    left = headers.Allowance(_HEADS)
    found = [_mark(tree, left)]
    enclosed = [part for part in tree.leaves if part.content_type in _MESSAGES][:_MANY_ENCLOSED]
    allowance = headers.Allowance(mime.STEPS // 2)
    for part in enclosed:
        content = part.content(longest=_LARGEST_ENCLOSED // len(enclosed))
        found.append(_mark(mime.take_apart(content, allowance=allowance), left))
    return secrecy.highest(found)


def _mark(tree: mime.Tree, left: headers.Allowance) -> secrecy.Mark | None:
    """Look in subject, file names and the head of every text, as far as is left of them."""
    named = [
        part for part in tree.leaves if not part.content_type.startswith("text/") or part.disposition()[0]
    ]
    title = secrecy.marking(
        subject=messages.subject(tree),
        filenames=[messages.filename(part, index=0) for part in named[:_MANY_NAMES]],
    )
    texts = [part for part in tree.leaves if part.content_type in {"text/plain", "text/html"}]
    heads = (secrecy.marking(subject="", lines=_first_lines(part, left)) for part in texts if left.left > 0)
    return secrecy.highest([title, *heads])


def _first_lines(part: mime.Part, left: headers.Allowance) -> list[str]:
    data = part.content(longest=min(_HEAD_OF_TEXT, left.left))
    left.take(len(data) + 200)
    head, _ = charsets.decode(data, declared=part.parameters.get("charset", ""))
    text = html.plain(head) if part.content_type == "text/html" else head
    return text.lstrip().split("\n")[: secrecy.FIRST_LINES]


def complete(head: mime.Part, raw: bytes, *, at: datetime, message_id: str) -> bytes:
    """Put a missing Date and Message-ID before a submitted message (RFC 6409, 8.1 and 8.2)."""
    names = {field.name for field in head.fields}
    added = b""
    if "date" not in names:
        added += f"Date: {format_datetime(at)}\r\n".encode()
    if "message-id" not in names:
        added += f"Message-ID: <{message_id}>\r\n".encode()
    return added + raw
