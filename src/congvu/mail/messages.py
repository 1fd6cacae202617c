"""Raw bytes of a message, read safely for display and search. RFC 5322, RFC 2045 to 2047, RFC 2231."""

import mimetypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from congvu.mail import addresses, charsets, headers, mime
from congvu.mail.addresses import Mailbox
from congvu.mail.headers import Allowance
from congvu.mail.html import plain

LONGEST_TEXT = 500_000  # octets of all texts and HTML together that are read
LONGEST_SUBJECT = 2_000  # characters
LONGEST_NAME = 120  # characters of a filename
MANY_REFERENCES = 200
LONGEST_LIST = 64 << 10  # octets of addresses, and of references, that are read
STEPS = 8_000  # what reading the names of all addresses may cost

CUT = frozenset(
    ("too_many_parts", "too_deep", "too_many_addresses", "long_text", "long_header", "large_signed")
)

SIGNATURES = frozenset(
    ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
)
_ID = re.compile(r"<\s*([^<>\s]{1,500})\s*>")
_UNSAFE_IN_NAME = re.compile('[\x00-\x1f\x7f<>:"/\\\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
# What servers tell of a delivery is text, whatever its name (RFC 3464, 8098, 6522).
_PLAIN = frozenset(("message/delivery-status", "message/disposition-notification", "text/rfc822-headers"))
_SUBJECT = re.compile(
    rb"^subject[ \t]*:([^\n]{0,160}(?:\n[ \t][^\n]{0,160}){0,3})", re.IGNORECASE | re.MULTILINE
)
_LIST_FIELDS = frozenset(("list-id", "list-unsubscribe", "list-post", "x-autoreply", "x-autorespond"))
_AUTOMATIC_FIELDS = frozenset(("auto-submitted", "precedence", "return-path"))
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


class NoSuchAttachmentError(LookupError):
    """A message has no attachment of this index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One attached part; `index` finds it again in the same bytes, `size` counts decoded bytes.

    `filename` is safe to offer for saving. `content_id` (without brackets) is set when HTML may show it.
    """

    index: int
    filename: str
    content_type: str
    size: int
    content_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a message says, as far as it can be made out.

    Message-IDs carry no angle brackets ("" when missing). `date` is UTC, None when missing or senseless.
    `automatic` is true for mail that a program sent of itself (RFC 3834), for lists, and for reports.
    `communication` is the value of X-Congvu-Communication, unchecked, "" when missing.
    `defects` are short codes such as "charset" or "too_deep", each at most once, sorted; those in `CUT` mean
    that the message holds more than is here.
    """

    subject: str
    from_: Mailbox | None
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    date: datetime | None
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    automatic: bool
    communication: str
    text: str
    html: str | None
    attachments: tuple[Attachment, ...]
    defects: tuple[str, ...]

    @property
    def is_cut(self) -> bool:
        """Tell whether the message holds more than was read."""
        return not CUT.isdisjoint(self.defects)


def read(raw: bytes) -> Reading:
    """Read a message as far as it can be made out; any bytes are taken, nothing is raised."""
    return reading(mime.take_apart(raw))


def reading(tree: mime.Tree) -> Reading:
    """Read a message that was taken apart; what is wrong with it is added to the defects of the tree."""
    found, lists = tree.fields, _Lists(tree)
    text, html = _bodies(tree)
    from_ = lists.of("from")
    ids = _ids(headers.first(found, "references", longest=LONGEST_LIST))
    if not from_:
        tree.defects.add("no_from")
    return Reading(
        subject=subject(tree),
        from_=from_[0] if from_ else None,
        to=lists.of("to"),
        cc=lists.of("cc"),
        reply_to=lists.of("reply-to"),
        date=_date(headers.first(found, "date")),
        message_id=_id(headers.first(found, "message-id")),
        in_reply_to=_id(headers.first(found, "in-reply-to")),
        references=tuple(ids[-MANY_REFERENCES:]),
        automatic=is_automatic(tree),
        communication=headers.first(found, "x-congvu-communication").strip()[:40],
        text=text,
        html=html,
        attachments=_attachments(tree),
        defects=tuple(sorted(tree.defects)),
    )


def attachment(raw: bytes, *, index: int) -> tuple[str, str, bytes]:
    """Return the safe filename, content type and decoded bytes of an attachment; NoSuchAttachmentError."""
    return attached(mime.take_apart(raw), index=index)


def attached(tree: mime.Tree, *, index: int) -> tuple[str, str, bytes]:
    """Return the same of a message that was taken apart, for who wants several. Raises NoSuchAttachmentError."""
    if not 0 <= index < len(tree.leaves) or _is_body(tree.leaves[index]):
        raise NoSuchAttachmentError(index)
    part = tree.leaves[index]
    return filename(part, index=index), part.content_type, part.content()


def subject(tree: mime.Tree) -> str:
    """Return the decoded subject."""
    return headers.words(headers.first(tree.fields, "subject", longest=3 * LONGEST_SUBJECT))[:LONGEST_SUBJECT]


class _Lists:
    """The lists of addresses in a message, which have one allowance together."""

    def __init__(self, tree: mime.Tree) -> None:
        self._tree = tree
        self._letters = LONGEST_LIST
        self._allowance = Allowance(STEPS)

    def of(self, name: str) -> tuple[Mailbox, ...]:
        """Return the mailboxes of all fields of a name, with decoded display names."""
        found = [field.value for field in self._tree.fields if field.name == name]
        return tuple(box for value in found for box in self._of(value))

    def _of(self, value: bytes) -> Iterator[Mailbox]:
        if len(value) > self._letters:
            self._tree.defects.add("too_many_addresses")
        text = headers.unfold(value, longest=self._letters)
        self._letters -= min(len(value), self._letters)
        self._allowance.take(len(text) // 50)
        for box in addresses.lenient(text):
            self._allowance.take(6 + 5 * box.name.count("=?"))
            if self._allowance.left <= 0:
                self._tree.defects.add("too_many_addresses")
                return
            yield Mailbox(headers.words(box.name), box.address)


def is_automatic(tree: mime.Tree) -> bool:
    """Tell whether a message shows that no person wrote it to its recipient (RFC 3834, RFC 2919)."""
    named = {field.name: field.value for field in reversed(tree.fields)}
    value = {name: headers.unfold(named[name][:500]).lower() for name in _AUTOMATIC_FIELDS & named.keys()}
    submitted = value.get("auto-submitted", "no").partition(";")[0].strip()
    return (
        submitted != "no"
        or value.get("precedence", "") in {"bulk", "list", "junk", "auto_reply"}
        or value.get("return-path", "").replace(" ", "") == "<>"
        or tree.content_type == "multipart/report"
        or not named.keys().isdisjoint(_LIST_FIELDS)
    )


def _bodies(tree: mime.Tree) -> tuple[str, str | None]:
    """Join the text parts that are the message itself; without any, make text of the HTML."""
    texts: list[str] = []
    pages: list[str] = []
    left = LONGEST_TEXT
    for part in filter(_is_body, tree.leaves):
        data = part.content(longest=left + 1)
        if len(data) > left:
            tree.defects.add("long_text")
        content, is_labelled = charsets.decode(data[:left], declared=part.parameters.get("charset", ""))
        left -= min(len(data), left)
        if not is_labelled:
            tree.defects.add("charset")
        (pages if part.content_type == "text/html" else texts).append(content)
    text, page = "\n".join(texts), "\n".join(pages)
    return text if text.strip() or not page else plain(page), page or None


def _is_body(part: mime.Part) -> bool:
    kind, named = part.disposition()
    if part.content_type not in {"text/plain", "text/html"} or kind == "attachment":
        return False
    return "filename" not in named and "name" not in part.parameters


def _attachments(tree: mime.Tree) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            index=index,
            filename=filename(part, index=index),
            content_type=part.content_type,
            size=part.size(),
            content_id=_id(headers.first(part.fields, "content-id", longest=1_000)),
        )
        for index, part in enumerate(tree.leaves)
        if not _is_body(part) and not is_signature(part)
    )


def is_signature(part: mime.Part) -> bool:
    """Tell whether a part only signs the one before it (RFC 1847, 2.1)."""
    return part.parents[-1:] == ("signed",) and part.content_type in SIGNATURES


def filename(part: mime.Part, *, index: int) -> str:
    """Return a name that is safe to save under: no path, no control or direction marks, no device."""
    given = part.disposition()[1].get("filename") or part.parameters.get("name", "")
    if not given and part.content_type == "message/rfc822":
        title = _SUBJECT.search(
            headers.split(part.raw, start=part.start, end=min(part.end, part.start + 4_096))[0]
        )
        given = (headers.words(headers.unfold(title[1], longest=160))[:80] if title else "") + ".eml"
    last = unicodedata.normalize("NFC", given[-1_000:]).replace("\\", "/").rpartition("/")[2]
    name = " ".join(_UNSAFE_IN_NAME.sub("_", last).split()).strip(". ")
    if not name or name == "eml":
        ending = ".txt" if part.content_type in _PLAIN else mimetypes.guess_extension(part.content_type)
        return f"attachment-{index}{ending or '.bin'}"
    stem, dot, extension = name.rpartition(".")
    if len(name) > LONGEST_NAME:
        name = f"{stem[: LONGEST_NAME - 12]}{dot}{extension[:10]}" if stem else name[:LONGEST_NAME]
    return f"_{name}" if _DEVICES.fullmatch(name) else name


def _ids(value: str) -> list[str]:
    return _ID.findall(value)


def _id(value: str) -> str:
    found = _ids(value)
    return found[0] if found else (value.split() or [""])[0].strip("<>")[:500]


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value[:200])
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        instant = aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return instant if _FIRST_YEAR <= instant.year <= _LAST_YEAR else None
