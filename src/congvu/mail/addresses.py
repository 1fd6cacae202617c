"""Mail addresses: a strict reading for decisions, a lenient one for display (CVE-2023-27043)."""

import re
import unicodedata
from typing import NamedTuple

LONGEST = 320  # RFC 5321, 4.5.3.1: 64 octets of local part, 255 of domain, and the @
MANY = 2_000  # more addresses than this in one field are not read

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]"
_LOCAL = rf"(?:{_ATEXT}+(?:\.{_ATEXT}+)*|\"(?:[^\"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*\")"
_LABEL = r"[A-Za-z0-9\u0080-\U0010ffff](?:[A-Za-z0-9\-\u0080-\U0010ffff]*[A-Za-z0-9\u0080-\U0010ffff])?"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[(?:[0-9.]{{7,15}}|IPv6:[0-9A-Fa-f:.]{{2,45}})\])"
_ADDRESS = re.compile(rf"(?P<local>{_LOCAL})@(?P<domain>{_DOMAIN})")
_QUOTED = re.compile(r'"((?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*)"')
_PHRASE = re.compile(rf"(?:{_ATEXT}|[. \t])*")
_LOOSE = re.compile(r"(?<![^\s<>()\[\],;:\"@])[^\s<>()\[\],;:\"@]++@[^\s<>()\[\],;:\"@]++")
_MARK = re.compile(r"\\.?|[\"(),;<>]", re.DOTALL)


class NotOneAddressError(ValueError):
    """A field does not hold exactly one mailbox written in the plain way."""


class Mailbox(NamedTuple):
    """A display name (may be empty) and an address."""

    name: str
    address: str


def is_address(text: str) -> bool:
    """Tell whether a text is one addr-spec: dot-atom or quoted local part, domain or literal."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None


def domain(address: str) -> str:
    """Return the domain of an address in lower case, IDNA labels as Unicode; "" if there is none."""
    name = unicodedata.normalize("NFKC", address.rpartition("@")[2] if "@" in address else "").lower()
    name = name.rstrip(".")
    if "xn--" not in name:
        return name
    try:
        return name.encode("ascii").decode("idna")
    except UnicodeError:
        return name


def normal(address: str) -> str:
    """Return the form of an address by which two are compared: NFC, lower case, plain domain."""
    local = unicodedata.normalize("NFC", address.rpartition("@")[0]).lower()
    return f"{local}@{domain(address)}"


def strict(value: str) -> Mailbox:
    """Read exactly one mailbox: `addr-spec`, `<addr-spec>` or `phrase <addr-spec>` (RFC 5322, 3.4).

    Comments, groups, routes, lists and display names that show an address are refused, since two
    programs may read them in two ways. Raises NotOneAddressError.
    """
    text = value.strip(" \t")
    if is_address(text):
        return Mailbox("", text)
    head, bracket, tail = text.rpartition("<")
    if not bracket or not tail.endswith(">") or not is_address(tail[:-1]):
        raise NotOneAddressError(value[:100])
    name = head.strip(" \t")
    quoted = _QUOTED.fullmatch(name)
    if not quoted and not _PHRASE.fullmatch(name):
        raise NotOneAddressError(value[:100])
    return Mailbox(re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else name, tail[:-1])


def lenient(value: str) -> tuple[Mailbox, ...]:
    """Read as many mailboxes as can be made out, for display only; never raises, linear in length."""
    found = (_loose(piece) for piece in _split(value))
    return tuple(mailbox for mailbox in found if mailbox.address or mailbox.name)[:MANY]


def _split(value: str) -> list[str]:
    """Cut a list at the commas and semicolons that stand outside quotes, comments and brackets."""
    pieces, start, depth, is_quoted, is_angled = [], 0, 0, False, False
    for match in _MARK.finditer(value):
        letter = match[0]
        if letter[0] == "\\":
            continue
        if letter == '"' and not depth:
            is_quoted = not is_quoted
        elif not is_quoted:
            depth = max(0, depth + (letter == "(") - (letter == ")"))
            is_angled = (is_angled or letter == "<") and letter != ">"
            if letter in ",;" and not depth and not is_angled:
                pieces.append(value[start : match.start()])
                start = match.end()
                if len(pieces) >= MANY:
                    return pieces
    return [*pieces, value[start:]]


def _loose(text: str) -> Mailbox:
    piece = text[:2_000]
    head, bracket, tail = piece.rpartition("<")
    if bracket:
        address = tail.partition(">")[0].strip()
        return Mailbox(_name(head), address[:LONGEST])
    match = _LOOSE.search(piece)
    if not match:
        return Mailbox(_name(piece), "")
    comment = re.search(r"\(([^()]*)\)", piece)
    return Mailbox(comment[1].strip() if comment else "", match[0][:LONGEST])


def _name(text: str) -> str:
    """Take quotes, escapes and a group's label off a display name."""
    plain = text.strip()
    if plain[:1] == '"' and plain[-1:] == '"' and len(plain) > 1:
        plain = plain[1:-1]
    return re.sub(r"\\(.)", r"\1", plain)[:500].strip()
