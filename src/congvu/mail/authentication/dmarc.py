"""Does the domain under From vouch for the letter, and what does it ask for otherwise? RFC 9989 (before: RFC 7489)."""

from collections.abc import Sequence
from dataclasses import dataclass

from congvu.mail.authentication import taglist
from congvu.mail.authentication.findings import Asked, Result
from congvu.mail.authentication.resolving import Names
from congvu.mail.authentication.taglist import TagListError

MANY_LABELS = 8  # RFC 9989, 4.10: longer names are cut to seven labels in the walk
_STEP_DOWN = {Asked.REJECT: Asked.QUARANTINE, Asked.QUARANTINE: Asked.NOTHING, Asked.NOTHING: Asked.NOTHING}


@dataclass(frozen=True, slots=True)
class Policy:
    """The record that holds for a domain; `organization` is the domain to which it belongs."""

    organization: str
    asked: Asked
    is_strict_dkim: bool
    is_strict_spf: bool


async def policy(domain: str, names: Names) -> Policy | None:
    """Return the policy of an author's domain, None when there is none. Raises TemporaryError."""
    found = await _walk(domain, names)
    if not found:
        return None
    organization = _organization(domain, found)
    source = next((one for one in (domain, organization) if one in found), list(found)[-1])
    record = found[source]
    return Policy(
        organization=organization,
        asked=_asked(record, is_own=source == domain),
        is_strict_dkim=record.get("adkim", "r").lower() == "s",
        is_strict_spf=record.get("aspf", "r").lower() == "s",
    )


async def is_aligned(found: str, author: str, rule: Policy, names: Names, *, is_strict: bool) -> bool:
    """Tell whether an authenticated domain is the author's, or of the same organization. Raises TemporaryError."""
    if found == author:
        return True
    if is_strict or not (found == rule.organization or found.endswith(f".{rule.organization}")):
        return False
    walked = await _walk(found, names)
    return bool(walked) and _organization(found, walked) == rule.organization


async def _walk(domain: str, names: Names) -> dict[str, dict[str, str]]:
    """Return the records of a domain and those above it, until one says that it is the top (RFC 9989, 4.10)."""
    found: dict[str, dict[str, str]] = {}
    for name in _steps(domain):
        record = _record(await names.ask(f"_dmarc.{name}", "TXT"))
        if record is not None:
            found[name] = record
            if record.get("psd", "u").lower() in {"y", "n"}:
                break
    return found


def _steps(domain: str) -> Sequence[str]:
    labels = domain.split(".")
    above = labels[-(MANY_LABELS - 1) :] if len(labels) > MANY_LABELS else labels[1:]
    return [domain, *(".".join(above[start:]) for start in range(len(above)))]


def _record(texts: Sequence[bytes]) -> dict[str, str] | None:
    found = [one for one in texts if one[:8].replace(b" ", b"").startswith(b"v=DMARC1")]
    if len(found) != 1:
        return None
    try:
        return taglist.read(found[0])
    except TagListError:
        return None


def _organization(domain: str, found: dict[str, dict[str, str]]) -> str:
    """Return the organizational domain: the highest with a record, but one below a public suffix (RFC 9989, 4.10.2)."""
    top = list(found)[-1]
    if found[top].get("psd", "u").lower() != "y" or top == domain:
        return top
    return ".".join(domain.split(".")[-top.count(".") - 2 :])


def _asked(record: dict[str, str], *, is_own: bool) -> Asked:
    word = record.get("p", "none") if is_own else record.get("sp", record.get("p", "none"))
    asked = Asked(word.lower()) if word.lower() in set(Asked) else Asked.NOTHING
    return _STEP_DOWN[asked] if record.get("t", "n").lower() == "y" else asked


def result(*, is_passed: bool, results: Sequence[Result], is_own_hop: bool) -> Result:
    """Return the result of a letter that falls under a policy.

    Where what did not pass could not be asked, or its host hid behind a server of our own, nobody can tell.
    """
    if is_passed:
        return Result.PASS
    if Result.TEMPORARY_ERROR in results:
        return Result.TEMPORARY_ERROR
    return Result.NEUTRAL if is_own_hop else Result.FAIL
