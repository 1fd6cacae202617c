"""Delivery reports as RFC 3464 and RFC 6533 have them, and as they are really written. Never raises."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from congvu.mail import addresses, headers, mime
from congvu.mail.bounces import causes
from congvu.mail.headers import Field
from congvu.mail.mime import Part, Tree

MANY = 2_000  # recipients of one report, and groups of fields that are looked at
FIRST = 10  # groups in which the envelope id is looked for
LONGEST_TEXT = 500
LONGEST_STATUS = 256 << 10  # octets of the status that are read: what Postfix says of a thousand recipients
ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_DISGUISES = frozenset({"text/plain", "application/octet-stream", "text/rfc822-headers", "message/rfc822"})

_SHORT = 2_000  # octets of a field that are read
_BLANK = re.compile(rb"\n[ \t]*\n")
_ACTION = re.compile(r"[a-z]{4,12}", re.IGNORECASE)
_STATUS = re.compile(r"\b([245])\s?\.\s?(\d{1,3})\s?\.\s?(\d{1,3})\b")
_BARE = re.compile(r"\s*([245])(\d)(\d)(?:\s|$)")
_CODE = re.compile(r"(?:^|[\s:(#])([45])\d\d[\s-]")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_UNITEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_ANGLE = re.compile(r"<([^<>\s]{1,320})>")
_COMMENT = re.compile(r"\s*\([^()]{0,200}\)\s*$")
_ENVELOPE = "original-envelope-id"
_BEGINS = frozenset({"original-recipient", "final-recipient"})
_ONCE = frozenset({"final-recipient", "action", "status"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One recipient of a report: `action` is failed, delayed, delivered, relayed or expanded."""

    recipient: str
    action: str
    status: str
    diagnostic: str

    @property
    def reason(self) -> str:
        """Return the closed word for the cause."""
        return causes.reason(self.status, self.diagnostic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A delivery report; `envelope_id` is what `relay.send` gave as ENVID.

    Anybody can write one: believe it only for an envelope id that we gave, which no recipient sees.
    """

    envelope_id: str
    failures: tuple[Failure, ...]


def bounce(raw: bytes) -> Bounce | None:
    """Read a delivery report; None when a message is none."""
    return read(mime.take_apart(raw))


def read(tree: Tree) -> Bounce | None:
    """Read the delivery report of a message that was taken apart; None when it has none."""
    part = _status_part(tree)
    if part is None:
        return None
    groups = _groups(part.content(longest=LONGEST_STATUS))
    failures = [found for group in groups if (found := _failure(group))]
    envelope = next((one for group in groups[:FIRST] if (one := headers.first(group, _ENVELOPE))), "")
    if not failures:
        return None
    return Bounce(envelope_id=_plain(envelope.strip().strip('<>"'))[:200], failures=tuple(failures))


def _status_part(tree: Tree) -> Part | None:
    """Return the part with the status; some servers give it another type inside of their report."""
    named = next((one for one in tree.leaves if one.content_type in TYPES), None)
    if named or tree.content_type != "multipart/report":
        return named
    return next((one for one in tree.leaves[1:] if _is_disguised(one)), None)


def _is_disguised(part: Part) -> bool:
    if part.parents != ("report",) or part.content_type not in _DISGUISES:
        return False
    begin = part.content(longest=4_096).lower()
    return b"reporting-mta:" in begin or (b"final-recipient:" in begin and b"action:" in begin)


def _groups(content: bytes) -> list[list[Field]]:
    """Split the status into its groups of fields; the first speaks of the message, the others of recipients."""
    text = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found: list[list[Field]] = []
    for block in islice(_blocks(text), MANY):
        for group in _divided(headers.fields(block)):
            if found and _belongs(found[-1], group):
                found[-1] += group
            else:
                found.append(group)
    return found[:MANY]


def _blocks(text: bytes) -> Iterator[bytes]:
    begin = 0
    for gap in _BLANK.finditer(text):
        if gap.start() > begin:
            yield text[begin : gap.start()].strip(b"\n")
        begin = gap.end()
    yield text[begin:].strip(b"\n")


def _divided(block: Sequence[Field]) -> Iterator[list[Field]]:
    """Yield the groups of a block; where blank lines are missing, the next recipient begins a group."""
    group: list[Field] = []
    names: set[str] = set()
    for one in block:
        is_next = one.name in _BEGINS and "action" in names and bool(names & _BEGINS)
        if is_next or (one.name in _ONCE and one.name in names):
            yield group
            group, names = [], set()
        group.append(one)
        names.add(one.name)
    if group:
        yield group


def _belongs(before: Sequence[Field], group: Sequence[Field]) -> bool:
    """Tell whether a blank line has cut a recipient off from its action."""
    first, second = {one.name for one in before}, {one.name for one in group}
    return bool(first & _BEGINS) and "action" not in first and "action" in second and not (second & _BEGINS)


def _failure(group: list[Field]) -> Failure | None:
    names = {one.name for one in group}
    if "action" not in names or not names & _BEGINS:
        return None
    named = headers.first(group, "original-recipient") or headers.first(group, "final-recipient")
    action = _ACTION.search(headers.first(group, "action", longest=_SHORT))
    if not named or action is None or action[0].lower() not in ACTIONS:
        return None
    said = headers.first(group, "diagnostic-code", longest=_SHORT)
    diagnostic = (said.partition(";")[2] or said).strip()
    return Failure(
        recipient=_recipient(named),
        action=action[0].lower(),
        status=_status(headers.first(group, "status", longest=_SHORT), diagnostic, action[0].lower()),
        diagnostic=diagnostic[:LONGEST_TEXT],
    )


def _recipient(named: str) -> str:
    """Return the address of a recipient field, without its type, brackets, comments and encodings."""
    text = _plain((named.partition(";")[2].strip() or named).strip())
    angle = _ANGLE.search(text[:1_000])
    bare = angle[1] if angle else _COMMENT.sub("", text[:1_000]).strip(" ;,\"'")
    return bare.removeprefix("mailto:")[: addresses.LONGEST]


def _status(field: str, diagnostic: str, action: str) -> str:
    match = _STATUS.search(field[:200]) or _BARE.match(field[:200]) or _STATUS.search(diagnostic[:2_000])
    if match:
        return ".".join(match.groups())
    code = _CODE.search(f" {diagnostic[:2_000]} ")
    return f"{code[1]}.0.0" if code else {"failed": "5.0.0", "delayed": "4.0.0"}.get(action, "2.0.0")


def status_in(text: str) -> str:
    """Return the enhanced status code that stands in a text, else what its SMTP code says; 5.0.0 without both."""
    return _status("", text, "failed")


def _plain(text: str) -> str:
    """Undo xtext (RFC 3461, 4) and utf-8-addr-xtext (RFC 6533, 3)."""
    plain = _XTEXT.sub(lambda match: chr(int(match[1], 16)), text)
    return _UNITEXT.sub(_letter, plain)


def _letter(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    is_letter = number >= 0x20 and number != 0x7F and number < 0x110000 and not 0xD800 <= number < 0xE000  # noqa: PLR2004 -- Unicode's own borders
    return chr(number) if is_letter else "?"
