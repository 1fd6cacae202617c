"""Real messages read by us and by the standard library's compat32: where the two differ, it is known why."""

import collections
import email
import unicodedata
from collections.abc import Iterator
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from bench.mail_parse import _decoded as as_compat32_has_it
from congvu.mail import archives, messages, mime, opaque
from tests import requires
from tests.torture.proof import tell

pytestmark = pytest.mark.corpus


def test_every_difference_from_compat32_is_explained():
    folder = Path(requires.setting("CONGVU_CORPUS", meaning="the folder that holds mail/")) / "mail"
    counts, open_questions = collections.Counter[str](), []
    for path in sorted(folder.iterdir()):
        for one in archives.messages(path):
            if isinstance(one, archives.Found):
                found = sorted(set(_differences(one.raw)))
                counts.update(["messages", *[why for what, why in found]])
                open_questions += [(path.name, what) for what, why in found if why == "unexplained"]
    tell("beside compat32", **counts)
    assert (open_questions, counts["messages"] > 3_000) == ([], True)


def _differences(raw: bytes) -> Iterator[tuple[str, str]]:
    """Yield what differs, and why."""
    theirs, tree, ours = email.message_from_bytes(raw), mime.take_apart(raw), messages.read(raw)
    if _plain(ours.subject) != _plain(as_compat32_has_it(theirs["Subject"])):
        is_raw = any(field.name == "subject" and not field.value.isascii() for field in tree.fields)
        yield "subject", "raw letters in a header: replaced there, decoded here" if is_raw else "unexplained"
    named = as_compat32_has_it(theirs["Message-ID"]).strip().strip("<>")
    if ours.message_id != named:
        is_longer = named.startswith(ours.message_id)
        yield (
            "message-id",
            "a Message-ID with blanks or words behind it: it ends there" if is_longer else "unexplained",
        )
    if ours.date is None and _date(theirs) is not None:
        yield "date", "a year before 1970: no date here" if _date(theirs).year < 1970 else "unexplained"
    yield from _differences_in_parts(theirs, tree, ours)


def _differences_in_parts(
    theirs: Message, tree: mime.Tree, ours: messages.Reading
) -> Iterator[tuple[str, str]]:
    leaves = list(_leaves(theirs))
    if any(leaf.get_content_type() in opaque.TYPES for leaf in leaves):
        yield "opaque", "an opaque signature: a file there, what it carries here"
        return
    if len(leaves) != len(tree.leaves):
        yield "parts", "a multipart without a boundary" if "no_boundary" in ours.defects else "unexplained"
        return
    for leaf, part in zip(leaves, tree.leaves, strict=True):
        if part.content_type.startswith("message/"):
            continue  # enclosed: one file here, taken apart further there
        yield from _differences_of(leaf, part)


def _differences_of(leaf: Message, part: mime.Part) -> Iterator[tuple[str, str]]:
    content = leaf.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    if part.content() != data:
        yield "content", _why(leaf, part, data)
    given = part.disposition()[1].get("filename") or part.parameters.get("name", "")
    if given != (leaf.get_filename() or ""):
        is_word = "=?" in (leaf.get_filename() or "")
        yield "name", "an encoded word as a file's name: decoded here" if is_word else "unexplained"


def _why(leaf: Message, part: mime.Part, data: bytes) -> str:
    if part.encoding() == "base64" and leaf.defects:
        return "bad base64: left as it is there, decoded as far as it goes here"
    if part.content().removesuffix(b"\n") == data or part.content() == data.removesuffix(b"\n"):
        return "a line end at the end of a multipart that is not closed, or empty"
    return "unexplained"


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the leaves; an enclosed message is one."""
    if message.is_multipart() and message.get_content_maintype() != "message":
        for part in message.get_payload():
            yield from _leaves(part)
    else:
        yield message


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _date(message: Message):
    try:
        return parsedate_to_datetime(message["Date"])
    except (TypeError, ValueError):
        return None
