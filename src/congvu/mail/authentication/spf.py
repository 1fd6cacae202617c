"""Sender Policy Framework: may this host send for that domain? RFC 7208."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote

from congvu.mail.authentication import spf_records
from congvu.mail.authentication.findings import Result
from congvu.mail.authentication.resolving import Names, TemporaryError
from congvu.mail.authentication.spf_records import MACRO, Directive, Record, RecordError

MANY_TERMS = 10  # that ask the domain name system, RFC 7208, 4.6.4
MANY_VOID = 2  # questions to which nothing is the answer
MANY_NAMES = 10  # of one mx or ptr
LONGEST_NAME = 253
LONGEST_LABEL = 63  # RFC 1035, 2.3.4
_QUALIFIERS = {"+": Result.PASS, "-": Result.FAIL, "~": Result.SOFTFAIL, "?": Result.NEUTRAL}
Address = IPv4Address | IPv6Address


class _PermanentError(Exception):
    """The records cannot be used."""


def sender(mail_from: str, helo: str) -> str:
    """Return the address that is asked about: that of the reverse path, else postmaster at the greeting's name."""
    local, at, domain = (mail_from or helo).rpartition("@")
    return f"{local or 'postmaster'}@{domain}" if at or domain else ""


async def check(*, peer: str, helo: str, mail_from: str, names: Names) -> tuple[Result, str]:
    """Return the result for a connecting host, and the domain that was asked."""
    asked = sender(mail_from, helo)
    domain = asked.rpartition("@")[2].rstrip(".").lower()
    address = ip_address(peer.partition("%")[0])
    host = getattr(address, "ipv4_mapped", None) or address
    try:
        domain.encode("ascii")
        return await _Evaluation(host, asked, helo, names).result(domain), domain
    except TemporaryError:
        return Result.TEMPORARY_ERROR, domain
    except (_PermanentError, RecordError):
        return Result.PERMANENT_ERROR, domain
    except UnicodeEncodeError:
        return Result.NONE, domain


def _is_name(domain: str) -> bool:
    return "." in domain and _is_askable(domain)


@dataclass(slots=True)
class _Evaluation:
    """One check with its limits, which hold for all records together."""

    host: Address
    sender: str
    helo: str
    names: Names
    terms: int = 0
    void: int = 0

    async def result(self, domain: str) -> Result:
        """Return the result for a domain (RFC 7208, 4.3 to 4.7)."""
        if not _is_name(domain):
            return Result.NONE
        found = [one for one in await self.names.ask(domain, "TXT") if spf_records.is_record(one)]
        if not found:
            return Result.NONE
        if len(found) > 1:
            raise _PermanentError
        record = spf_records.read(found[0])
        for directive in record.directives:
            if await self._matches(directive, domain):
                return _QUALIFIERS[directive.qualifier]
        return await self._redirected(record, domain)

    async def _redirected(self, record: Record, domain: str) -> Result:
        if not record.redirect or any(one.mechanism == "all" for one in record.directives):
            return Result.NEUTRAL
        self._count_term()
        result = await self.result(await self._expanded(record.redirect, domain))
        if result == Result.NONE:
            raise _PermanentError
        return result

    async def _matches(self, directive: Directive, domain: str) -> bool:
        if directive.mechanism == "all":
            return True
        if directive.mechanism == "ip":
            return directive.network is not None and self.host in directive.network
        self._count_term()
        name = await self._expanded(directive.name, domain) if directive.name else domain
        if directive.mechanism == "include":
            return await self._includes(name)
        if directive.mechanism == "exists":
            return bool(await self._ask(name, "A"))
        check = {"a": self._is_at, "mx": self._is_exchange}.get(directive.mechanism)
        return await (check(name, directive) if check else self._is_named(name))

    async def _is_named(self, name: str) -> bool:
        return any([_is_under(one, name) async for one in self._own_names()])

    async def _includes(self, name: str) -> bool:
        result = await self.result(name)
        if result == Result.NONE:
            raise _PermanentError
        return result == Result.PASS

    async def _is_exchange(self, name: str, directive: Directive) -> bool:
        exchanges = await self._ask(name, "MX")
        if len(exchanges) > MANY_NAMES:
            raise _PermanentError
        for one in exchanges:
            if await self._is_at(one.decode("ascii", "replace"), directive):
                return True
        return False

    async def _is_at(self, name: str, directive: Directive) -> bool:
        length = directive.length_4 if self.host.version == 4 else directive.length_6  # noqa: PLR2004 -- IP version
        for one in await self._ask(name, self._kind):
            if self.host in ip_network(f"{one.decode()}/{length}", strict=False):
                return True
        return False

    @property
    def _kind(self) -> str:
        return "A" if self.host.version == 4 else "AAAA"  # noqa: PLR2004 -- IP version

    async def _own_names(self) -> AsyncIterator[str]:
        """Yield the names of the host that lead back to it (RFC 7208, 5.5); trouble on the way only leaves one out."""
        try:
            found = await self._ask(self.host.reverse_pointer, "PTR")
        except TemporaryError:
            return
        for one in found[:MANY_NAMES]:
            name = one.decode("ascii", "replace").lower()
            try:
                addresses = await self.names.ask(name, self._kind)
            except TemporaryError:
                continue
            if str(self.host) in {str(ip_address(text.decode())) for text in addresses}:
                yield name

    def _count_term(self) -> None:
        self.terms += 1
        if self.terms > MANY_TERMS:
            raise _PermanentError

    async def _ask(self, name: str, kind: str) -> Sequence[bytes]:
        found = await self.names.ask(name, kind) if _is_askable(name) else ()
        if not found:
            self.void += 1
            if self.void > MANY_VOID:
                raise _PermanentError
        return found

    async def _expanded(self, text: str, domain: str) -> str:
        """Replace the macros of a domain-spec (RFC 7208, 7)."""
        values = {"p": "unknown"}
        if any(match[1] in {"p", "P"} for match in MACRO.finditer(text)):
            values["p"] = await self._validated(domain)
        local, _, origin = self.sender.rpartition("@")
        version = "in-addr" if self.host.version == 4 else "ip6"  # noqa: PLR2004 -- IP version
        values |= {"s": self.sender, "l": local, "o": origin, "d": domain, "h": self.helo}
        values |= {"v": version, "i": _dotted(self.host)}
        name = MACRO.sub(lambda match: _macro(match.groups(), values), text).rstrip(".")
        while len(name) > LONGEST_NAME:
            name = name.partition(".")[2]
        return name

    async def _validated(self, domain: str) -> str:
        own = [one async for one in self._own_names()]
        under = [one for one in own if _is_under(one, domain)]
        return next((one for one in own if one == domain), (under or own or ["unknown"])[0])


def _macro(groups: Sequence[str], values: dict[str, str]) -> str:
    letter, digits, reverse, delimiters, other = groups
    if other:
        return {"%": "%", "_": " ", "-": "%20"}[other]
    text = values[letter.lower()]
    for delimiter in delimiters or ".":
        text = text.replace(delimiter, "\0")
    parts = text.split("\0")
    if reverse:
        parts.reverse()
    kept = ".".join(parts[-int(digits) :] if digits else parts)
    return quote(kept, safe="-._~") if letter.isupper() else kept


def _dotted(host: Address) -> str:
    if isinstance(host, IPv4Address):
        return str(host)
    return ".".join(host.exploded.replace(":", ""))


def _is_under(name: str, domain: str) -> bool:
    return name.rstrip(".").lower() == domain.lower() or name.rstrip(".").lower().endswith(
        f".{domain.lower()}"
    )


def _is_askable(name: str) -> bool:
    labels = name.split(".")
    return (
        name.isascii() and len(name) <= LONGEST_NAME and all(0 < len(one) <= LONGEST_LABEL for one in labels)
    )
