"""All four methods together, at the same time and within one limit. RFC 8601."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from congvu.mail import addresses, headers
from congvu.mail.authentication import arc, canonical, dkim, dmarc, signatures, spf
from congvu.mail.authentication.dkim import Signature
from congvu.mail.authentication.dmarc import Policy
from congvu.mail.authentication.findings import Findings, Result
from congvu.mail.authentication.resolving import Names, TemporaryError
from congvu.mail.authentication.signatures import Signed

HEAVY = 128 << 10  # octets from which bodies are hashed beside the loop


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message as it came: its bytes and its envelope."""

    raw: bytes
    peer: str
    helo: str
    mail_from: str
    at: datetime

    @property
    def is_own_hop(self) -> bool:
        """Tell whether a server of our own handed it in: then nobody here knows who sent it to that server."""
        try:
            host = ip_address(self.peer.partition("%")[0])
        except ValueError:
            return True
        host = getattr(host, "ipv4_mapped", None) or host
        return host.is_loopback or host.is_link_local or host.is_private


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the methods found, each by itself."""

    spf: Result
    spf_domain: str
    dkim: Sequence[Signature]

    @property
    def best(self) -> Signature:
        passed = [one for one in self.dkim if one.result == Result.PASS]
        return (passed or list(self.dkim) or [Signature(Result.NONE, "")])[0]


async def judge(arrival: Arrival, names: Names) -> Findings:
    """Return what is found about a message; nothing that may be in it makes this fail."""
    signed = signatures.message(arrival.raw)
    if len(arrival.raw) > HEAVY:
        await asyncio.to_thread(_hash, signed)
    host, found, chain = await asyncio.gather(
        _host(arrival, names),
        dkim.verify(signed, names, now=arrival.at),
        arc.verify(signed, names, now=arrival.at),
    )
    seen = _Seen(*host, found)
    author = author_domain(signed.fields)
    vouching, word, asked = await _alignment(author, seen, names, is_own_hop=arrival.is_own_hop)
    shown = vouching or seen.best
    return Findings(
        spf=seen.spf,
        spf_domain=seen.spf_domain,
        dkim=shown.result,
        dkim_domain=shown.domain,
        dmarc=word,
        author_domain=author,
        asked=asked,
        arc=chain.result,
        arc_domain=chain.domain,
    )


def author_domain(fields: Sequence[bytes]) -> str:
    """Return the domain of the one address under From as it is asked for, "" when there is not exactly one."""
    values = [one.partition(b":")[2] for one in fields if canonical.name(one) == "from"]
    if len(values) != 1:
        return ""
    boxes = addresses.lenient(headers.unfold(values[0]))
    if len(boxes) != 1 or not addresses.is_address(boxes[0].address):
        return ""
    try:
        return addresses.domain(boxes[0].address).encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


async def _host(arrival: Arrival, names: Names) -> tuple[Result, str]:
    if arrival.is_own_hop:
        return Result.NONE, ""
    return await spf.check(peer=arrival.peer, helo=arrival.helo, mail_from=arrival.mail_from, names=names)


async def _alignment(
    author: str, seen: _Seen, names: Names, *, is_own_hop: bool
) -> tuple[Signature | None, Result, str]:
    """Return the signature that vouches for the author, the result of DMARC, and what the author's domain asks."""
    if not author:
        return None, Result.PERMANENT_ERROR, ""
    try:
        rule = await dmarc.policy(author, names)
        if rule is None:
            return None, Result.NONE, ""
        vouching = await _vouching(author, rule, seen, names)
        is_passed = vouching is not None or await _is_host_aligned(author, rule, seen, names)
    except TemporaryError:
        return None, Result.TEMPORARY_ERROR, ""
    results = [seen.spf, *(one.result for one in seen.dkim)]
    return vouching, dmarc.result(is_passed=is_passed, results=results, is_own_hop=is_own_hop), rule.asked


async def _vouching(author: str, rule: Policy, seen: _Seen, names: Names) -> Signature | None:
    for one in seen.dkim:
        is_good = one.result == Result.PASS
        if is_good and await dmarc.is_aligned(one.domain, author, rule, names, is_strict=rule.is_strict_dkim):
            return one
    return None


async def _is_host_aligned(author: str, rule: Policy, seen: _Seen, names: Names) -> bool:
    if seen.spf != Result.PASS:
        return False
    return await dmarc.is_aligned(seen.spf_domain, author, rule, names, is_strict=rule.is_strict_spf)


def _hash(signed: Signed) -> None:
    for how in ("simple", "relaxed"):
        signed.body_hash(how)
