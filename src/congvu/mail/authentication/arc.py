"""Reading an Authenticated Received Chain: who passed a letter on, and what each found. RFC 8617."""

from dataclasses import dataclass
from datetime import datetime

from congvu.mail.authentication import canonical, signatures, taglist
from congvu.mail.authentication.findings import Result
from congvu.mail.authentication.resolving import Names
from congvu.mail.authentication.signatures import Signed, Unverifiable
from congvu.mail.authentication.taglist import TagListError

LONGEST = 50  # links, RFC 8617, 4.2.1
_NAMES = ("arc-authentication-results", "arc-message-signature", "arc-seal")
_Link = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Chain:
    """What came of a chain, and the domain of its last seal."""

    result: Result
    domain: str = ""


async def verify(signed: Signed, names: Names, *, now: datetime) -> Chain:
    """Check a chain as RFC 8617, 5.2 says; a letter without one has the result none."""
    domain = ""
    try:
        links = _links(signed)
        if not links:
            return Chain(Result.NONE)
        seals = [taglist.read(one["arc-seal"].partition(b":")[2]) for one in links]
        domain = seals[-1]["d"].lower()
        if not _is_unbroken(seals):
            return Chain(Result.FAIL, domain)
        await _check_newest(links[-1], signed, names, now)
        for count in range(len(links), 0, -1):
            await signatures.check(seals[count - 1], _sealed(links[:count]), names)
    except Unverifiable as error:
        is_open = error.result == Result.TEMPORARY_ERROR
        return Chain(Result.TEMPORARY_ERROR if is_open else Result.FAIL, domain)
    except (TagListError, KeyError):
        return Chain(Result.FAIL, domain)
    return Chain(Result.PASS, domain)


def _links(signed: Signed) -> list[_Link]:
    """Return the links in the order of their numbers. Raises TagListError or KeyError for a chain that has gaps."""
    found: dict[int, _Link] = {}
    for field in signed.fields:
        name = canonical.name(field)
        if name not in _NAMES:
            continue
        link = found.setdefault(_number(field), {})
        if name in link or len(found) > LONGEST:
            raise TagListError(name)
        link[name] = field
    links = [found[number] for number in range(1, len(found) + 1)]
    if any(len(link) != len(_NAMES) for link in links):
        raise TagListError("link")
    return links


def _number(field: bytes) -> int:
    first = field.partition(b":")[2].partition(b";")[0]
    name, _, number = first.partition(b"=")
    text = number.strip().decode("ascii", "replace")
    if name.strip() != b"i" or not text.isdecimal() or len(text) > 2:  # noqa: PLR2004 -- at most 50
        return _number_anywhere(field)
    return int(text)


def _number_anywhere(field: bytes) -> int:
    text = taglist.read(field.partition(b":")[2])["i"]
    if not text.isdecimal() or len(text) > 2:  # noqa: PLR2004 -- at most 50
        raise TagListError("i")
    return int(text)


def _is_unbroken(seals: list[dict[str, str]]) -> bool:
    said = [one.get("cv", "").lower() for one in seals]
    return said == ["none"] + ["pass"] * (len(seals) - 1) and not any("h" in one for one in seals)


async def _check_newest(link: _Link, signed: Signed, names: Names, now: datetime) -> None:
    """Check the newest message signature; the older ones no longer need to hold."""
    field = link["arc-message-signature"]
    tags = taglist.read(field.partition(b":")[2])
    if "arc-seal" in taglist.words(tags["h"]):
        raise Unverifiable(Result.FAIL)
    tags.pop("i")  # a number here, no identity
    await signatures.verify(tags, field, signed, names, now)


def _sealed(links: list[_Link]) -> bytes:
    """Put together what a seal covers: every link, the last seal with its own value emptied."""
    parts = [link[name] for link in links for name in _NAMES]
    parts[-1] = taglist.without_signature(parts[-1])
    return b"".join(canonical.field(one, "relaxed") for one in parts).removesuffix(b"\r\n")
