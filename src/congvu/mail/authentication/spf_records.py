"""What an SPF record says, read strictly: any fault anywhere makes it void. RFC 7208, 4.6 and 12."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

VERSION = "v=spf1"
_NAMED = {"a", "mx", "ptr", "include", "exists"}
_NEEDS_NAME = {"include", "exists"}
_TERM = re.compile(r"([+\-?~]?)([A-Za-z][A-Za-z0-9\-_.]*)(.*)", re.DOTALL)
_LENGTHS = re.compile(r"(?:/(0|[1-9]\d?))?(?://(0|[1-9]\d{0,2}))?")
_TAIL = re.compile(r"(?:/\d+)?(?://\d+)?\Z")
MACRO = re.compile(r"%(?:\{([A-Za-z])(\d*)([rR]?)([.\-+,/_=]*)\}|([%_\-]))")
_PLAIN = re.compile(r"[\x21-\x24\x26-\x7e]*")
_TOP_LABEL = re.compile(r"[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*|[A-Za-z0-9]+-[A-Za-z0-9\-]*[A-Za-z0-9]")
MANY_DIGITS = 3  # a name has at most 128 labels
_LETTERS = set("slodiphv")


class RecordError(ValueError):
    """A record breaks the grammar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """One mechanism: `name` is a domain-spec, "" for the domain itself; lengths are of prefixes."""

    qualifier: str
    mechanism: str
    name: str = ""
    length_4: int = 32
    length_6: int = 128
    network: IPv4Network | IPv6Network | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Directives in their order, and where to look when none matches."""

    directives: Sequence[Directive]
    redirect: str = ""


def is_record(text: bytes) -> bool:
    """Tell whether a TXT record is meant for SPF."""
    return text[:6].lower() == VERSION.encode() and text[6:7] in (b"", b" ")


def read(text: bytes) -> Record:
    """Read a record. Raises RecordError."""
    try:
        terms = [one for one in text.decode("ascii")[len(VERSION) :].split(" ") if one]
    except UnicodeDecodeError as error:
        raise RecordError("letters") from error
    directives, modifiers = [], dict[str, str]()
    for term in terms:
        match = _TERM.fullmatch(term)
        if not match:
            raise RecordError(term[:60])
        qualifier, name, rest = match.groups()
        if rest.startswith("=") and not qualifier:
            _take_modifier(modifiers, name.lower(), rest[1:])
        else:
            directives.append(_directive(qualifier or "+", name.lower(), rest))
    return Record(directives=directives, redirect=modifiers.get("redirect", ""))


def _take_modifier(modifiers: dict[str, str], name: str, value: str) -> None:
    if name in {"redirect", "exp"}:
        if name in modifiers:
            raise RecordError(name)
        check_name(value)
    else:
        _check_macros(value, _LETTERS)
    modifiers[name] = value


def _directive(qualifier: str, mechanism: str, rest: str) -> Directive:
    if mechanism in {"ip4", "ip6"}:
        return Directive(qualifier=qualifier, mechanism="ip", network=_network(mechanism, rest))
    if mechanism == "all" and not rest:
        return Directive(qualifier=qualifier, mechanism="all")
    if mechanism not in _NAMED:
        raise RecordError(mechanism[:60])
    lengths = _lengths(rest) if mechanism in {"a", "mx"} else ""
    spec = rest[: len(rest) - len(lengths)]
    if spec[:1] not in {"", ":"} or (not spec and mechanism in _NEEDS_NAME):
        raise RecordError(mechanism)
    if spec:
        check_name(spec[1:])
    return Directive(
        qualifier=qualifier,
        mechanism=mechanism,
        name=spec[1:],
        length_4=_length(lengths, 1, 32),
        length_6=_length(lengths, 2, 128),
    )


def _lengths(rest: str) -> str:
    found = _TAIL.search(rest[-12:])
    return found[0] if found else ""


def _length(text: str, group: int, most: int) -> int:
    match = _LENGTHS.fullmatch(text)
    if not match:
        raise RecordError(text)
    value = int(match[group]) if match[group] else most
    if value > most:
        raise RecordError(text)
    return value


def _network(mechanism: str, rest: str) -> IPv4Network | IPv6Network:
    address, slash, length = rest[1:].partition("/")
    if rest[:1] != ":" or (slash and not re.fullmatch(r"0|[1-9]\d{0,2}", length)) or "%" in address:
        raise RecordError(rest[:60])
    try:
        found = ip_network(rest[1:], strict=False)
    except ValueError as error:
        raise RecordError(rest[:60]) from error
    if found.version != int(mechanism[2]):
        raise RecordError(rest[:60])
    return found


def check_name(spec: str) -> None:
    """Check a domain-spec: it ends with a top label or a macro. Raises RecordError."""
    _check_macros(spec, _LETTERS)
    if not spec:
        raise RecordError("empty")
    last = list(MACRO.finditer(spec))
    if last and last[-1].end() == len(spec) and last[-1][1]:
        return
    _, dot, label = spec.removesuffix(".").rpartition(".")
    if not dot or not _TOP_LABEL.fullmatch(label):
        raise RecordError(spec[:60])


def _check_macros(text: str, letters: set[str]) -> None:
    for match in MACRO.finditer(text):
        if match[1] and (match[1].lower() not in letters or not _is_count(match[2])):
            raise RecordError(text[:60])
    if not _PLAIN.fullmatch(MACRO.sub("", text)):
        raise RecordError(text[:60])


def _is_count(digits: str) -> bool:
    return not digits or 0 < len(digits.lstrip("0")) <= MANY_DIGITS
