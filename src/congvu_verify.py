# size: one file by design, so that a stranger can read and carry it
"""Verify a receipt of Congvu without Congvu: `congvu-verify BUNDLE [--key VKEY|FILE] [--lang en]`.

More options: `--policy FILE`, witnesses that you trust; `--closing FILE`, by which the agency closed the log.

Needs Python 3.11 and the package `cryptography`, no network and no agency. Exit status: 0 proven, 1 not
proven, 2 unreadable. A receipt holds one entry (leaf) of an agency's log, disclosures of that entry, the
proof (RFC 6962) that it stands in the log under a checkpoint that the log's key has signed, and what witnesses
said of that checkpoint, with the policy that names them, signed by the same key. The file has one spelling
only: RFC 8785 JSON and a newline, canonical base64, sorted disclosures, the log's signature and then those of
witnesses in the policy's order. So every changed byte is noticed. The format is described in
docs/reference/receipts.md. A proof that a log misbehaved (docs/reference/witnesses.md) is verified the same way.
"""

import argparse
import base64
import binascii
import io
import json
import os
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NoReturn

try:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None  # type: ignore[assignment,misc]  # said in words by _read, not by a traceback
try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
except ImportError:
    MLDSA44PublicKey = None  # type: ignore[assignment,misc]  # its cosignatures are then not counted

LARGEST_FILE: Final = 64 * 1024
LARGEST_NUMBER: Final = 2**53 - 1
LANGUAGES: Final = ("vi", "kk", "ru", "en")
GIVEN: Final = {
    "no_file",
    "given_key",
    "given_policy",
    "given_closing",
}  # what the receipt is not to blame for
FIELDS: Final = {"congvu", "disclosures", "entry", "key", "proof"}
CONFLICT_FIELDS: Final = {"congvu", "first", "key", "path", "prefix", "second", "witnesses"}
LEAF_FIELDS: Final = {"agency", "at", "attributes", "digests", "id", "kind", "version"}
ED25519: Final = b"\x01"
SALT_BYTES: Final = 16
LARGEST_POLICY: Final = 256 * 1024
LAST_SECOND: Final = 253_402_300_799  # of the year 9999
COSIGNING: Final = {4: ("Ed25519", 32, 64), 6: ("ML-DSA-44", 1312, 2420)}  # type: octets of key and signature

KEY: Final = re.compile(r"([!-*,-~]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})")
HEAD: Final = (
    r"(?P<text>(?P<origin>[!-*,-~]+)\n(?P<size>0|[1-9][0-9]{0,15})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)"
    r"\n"
    r"\N{EM DASH} (?P<signer>[!-*,-~]+) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
    r"(?P<cosignatures>(?:\N{EM DASH} [^\x00-\x20\x7f+]+ [A-Za-z0-9+/]+={0,2}\n){0,100})"
)
PROOF: Final = re.compile(
    r"c2sp\.org/tlog-proof@v1\n"
    r"index (?P<index>0|[1-9][0-9]{0,15})\n"
    r"(?P<path>(?:[A-Za-z0-9+/]{43}=\n){0,63})"
    r"\n" + HEAD
)
POLICY: Final = re.compile(
    r"(?P<text>(?:[^\n]+\n)+)\n\N{EM DASH} (?P<signer>[!-*,-~]+) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
)
CLOSING: Final = re.compile(
    r"(?P<text>congvu log closing v1\n(?P<reason>stolen|lost)\n(?P<closed>[!-~]+)\n(?P<next>[!-~]+)\n"
    r"(?P<size>0|[1-9][0-9]{0,15})\n(?P<root>[A-Za-z0-9+/]{43}=)\n(?P<policy>(?:[^\n]+\n)*))\n"
    r"(?P<signatures>(?:\N{EM DASH} [!-*,-~]+ [A-Za-z0-9+/]{91}=\n){1,2})"
)
COSIGNER: Final = re.compile(r"([^\x00-\x20\x7f+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
COUNT: Final = re.compile(r"[1-9][0-9]{0,2}")
FOREIGN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII
)
KIND: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
HANDLE: Final = re.compile(r"[!-~]{1,64}")
NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
DIGEST: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Witness:
    """What a witness said: that it saw the log so, and when.

    `standing` is "counted", "unchecked" (this library lacks its algorithm) or "unnamed" by the policy that counts.
    """

    name: str
    key: str
    algorithm: str
    at: str
    standing: str


@dataclass(frozen=True)
class Witnessing:
    """Whether witnesses are enough. `policy` is "given" (by who verifies), "receipt" (the agency's word) or "".

    `met` says that the policy asks for no more; a policy may ask for nobody.
    """

    policy: str
    met: bool
    count: int
    of: int
    by: tuple[Witness, ...]


@dataclass(frozen=True)
class Facts:
    """What a proven receipt says. `trust` is "compared" (with a key that was given) or "receipt".

    `closing` is "" where none was given; else how it concerns the receipt: "within" the closed log, "beyond" the end of
    a lost one, of the "next" log, or "other".
    """

    kind: str
    version: int
    at: str
    agency: str
    id: str
    attributes: dict[str, str | int | bool]
    disclosed: dict[str, str]
    withheld: int
    origin: str
    index: int
    size: int
    demonstration: bool
    key: str
    fingerprint: str
    trust: str
    witnessing: Witnessing
    closing: str


@dataclass(frozen=True)
class Verdict:
    """The answer: `reasons` are stable codes, empty when ok; facts are given only when ok."""

    ok: bool
    readable: bool
    reasons: tuple[str, ...]
    facts: Facts | None


@dataclass(frozen=True)
class Cosigner:
    """The key of a witness (c2sp.org/tlog-cosignature)."""

    name: str
    id: bytes
    sort: int
    public: bytes


@dataclass(frozen=True)
class Policy:
    """Who must have cosigned (c2sp.org/tlog-policy); witnesses and groups by the names that it gives them."""

    logs: tuple[str, ...]
    witnesses: dict[str, Cosigner]
    groups: dict[str, tuple[int, list[str]]]
    quorum: str


@dataclass(frozen=True)
class Closing:
    """A log that was closed: why, its key and the next log's, its last head that counts, and who witnessed it."""

    reason: str
    closed: str
    next: str
    size: int
    root: bytes
    policy: Policy | None


@dataclass(frozen=True)
class Cosignature:
    """A witness's line under a checkpoint, not yet verified."""

    name: str
    id: bytes
    at: int
    value: bytes


@dataclass(frozen=True)
class Head:
    """A checkpoint with its signatures, not yet verified."""

    signed: bytes
    origin: str
    size: int
    root: bytes
    signer: str
    signer_id: bytes
    signature: bytes
    cosignatures: list[Cosignature]


@dataclass(frozen=True)
class Conflict:
    """The parts of a proof that a log misbehaved, well formed and not yet verified."""

    key: str
    key_id: bytes
    public: bytes
    heads: tuple[Head, Head]
    prefix: bytes
    path: list[bytes]
    witnesses: dict[str, Cosigner]


@dataclass(frozen=True)
class Conviction:
    """The answer on a proof that a log misbehaved; `both` are the witnesses that cosigned both heads."""

    reasons: tuple[str, ...]
    readable: bool
    conflict: Conflict | None
    both: tuple[str, ...]
    compared: bool


@dataclass(frozen=True)
class Receipt:
    """The parts of a receipt that is well formed, and not yet verified."""

    key: str
    key_name: str
    key_id: bytes
    public: bytes
    leaf_bytes: bytes
    leaf: dict[str, Any]
    disclosures: dict[str, tuple[str, str]]
    index: int
    path: list[bytes]
    signed: bytes
    origin: str
    size: int
    root: bytes
    signer: str
    signer_id: bytes
    signature: bytes
    cosignatures: list[Cosignature]
    policy: Policy
    policy_text: bytes
    policy_signer: tuple[str, bytes, bytes] | None


NO_POLICY: Final = Policy((), {}, {}, "none")


class UnreadableError(Exception):
    """The file is not a receipt in its one form; the argument is the code of the reason."""


def verify(
    data: bytes, *, key: str | None = None, policy: str | None = None, closing: str | None = None
) -> Verdict:
    """Return the verdict on a receipt's bytes; never raise for what they hold.

    `key` is the agency's verifier key, had from elsewhere, to be compared with the receipt's; `policy` the text of
    a policy that the one who verifies trusts: its witnesses must have cosigned, and its logs, if it names any, are
    keys to compare with; `closing` the note by which an agency closed a log of which a key was stolen, or that is lost.
    """
    try:
        if key is not None:
            _key(key, "given_key")
        given = None if policy is None else _policy(policy, "given_policy")
        end = None if closing is None else _closing(closing)
        receipt = _read(data)
    except UnreadableError as error:
        return Verdict(ok=False, readable=False, reasons=(str(error),), facts=None)
    keys = [] if key is None else [[key]]
    keys += [list(given.logs)] if given and given.logs else []
    reasons = (*_failures(receipt, keys, given), *_failures_of_closing(receipt, given, end))
    facts = None if reasons else _facts(receipt, given, end, compared=bool(keys))
    return Verdict(ok=not reasons, readable=True, reasons=reasons, facts=facts)


# ---- reading: the file must have its one form --------------------------------------------------


def _read(data: bytes) -> Receipt:
    if Ed25519PublicKey is None:
        raise UnreadableError("no_cryptography")
    if len(data) > LARGEST_FILE:
        raise UnreadableError("too_large")
    bundle = _json(data)
    if (
        not isinstance(bundle, dict)
        or bundle.keys() - {"policy"} != FIELDS
        or bundle["congvu"] != "receipt/1"
    ):
        raise UnreadableError("not_receipt")
    shown = bundle["disclosures"]
    texts = [bundle[name] for name in bundle if name != "disclosures"]
    if not isinstance(shown, list) or not all(isinstance(text, str) for text in [*texts, *shown]):
        raise UnreadableError("not_receipt")
    if _canonical(bundle) + b"\n" != data:
        raise UnreadableError("not_canonical")
    name, key_id, public = _key(bundle["key"], "key")
    leaf_bytes = _base64(bundle["entry"], "entry")
    return Receipt(
        key=bundle["key"],
        key_name=name,
        key_id=key_id,
        public=public,
        leaf_bytes=leaf_bytes,
        leaf=_leaf(leaf_bytes),
        disclosures=_disclosures(shown),
        **_proof(bundle["proof"]),
        **_receipts_policy(bundle.get("policy")),
    )


def _json(data: bytes) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise UnreadableError("repeated_field")
        return dict(pairs)

    def refuse(_: str) -> NoReturn:
        raise UnreadableError("not_json")

    try:
        return json.loads(data.decode(), object_pairs_hook=once, parse_constant=refuse, parse_float=refuse)
    except (ValueError, RecursionError):
        raise UnreadableError("not_json") from None


def _canonical(value: Any) -> bytes:
    """Return RFC 8785 bytes; the names in a receipt are ASCII, where Python's order is the standard's."""
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        raise UnreadableError("not_canonical") from None


def _part(data: bytes, part: str) -> Any:
    """Return the value of a part that is itself RFC 8785 JSON."""
    try:
        value = _json(data)
        canonical = _canonical(value)
    except UnreadableError:
        raise UnreadableError(part) from None
    if canonical != data:
        raise UnreadableError(part)
    return value


def _base64(text: str, part: str) -> bytes:
    """Return the bytes of standard base64, refusing every spelling but the canonical one."""
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        raise UnreadableError(part) from None
    if base64.b64encode(data).decode() != text:
        raise UnreadableError(part)
    return data


def _base64url(text: str, part: str) -> bytes:
    """Return the bytes of base64url without padding; its other alphabet's letters are refused."""
    if "+" in text or "/" in text:
        raise UnreadableError(part)
    return _base64(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), part)


def _key(text: str, part: str) -> tuple[str, bytes, bytes]:
    """Return name, id and public key of a verifier key (c2sp.org/signed-note)."""
    match = KEY.fullmatch(text)
    if match is None:
        raise UnreadableError(part)
    name, key_id, data = match[1], bytes.fromhex(match[2]), _base64(match[3], part)
    if data[:1] != ED25519 or _key_id(name, data) != key_id:
        raise UnreadableError(part)
    return name, key_id, data[1:]


def _key_id(name: str, data: bytes) -> bytes:
    return sha256(name.encode(errors="surrogateescape") + b"\n" + data).digest()[:4]


def _leaf(data: bytes) -> dict[str, Any]:
    leaf = _part(data, "entry")
    if not isinstance(leaf, dict) or leaf.keys() != LEAF_FIELDS:
        raise UnreadableError("entry")
    if not (
        _matches(HANDLE, leaf["agency"]) and _matches(HANDLE, leaf["id"]) and _is_number(leaf["version"])
    ):
        raise UnreadableError("entry")
    if not (_matches(KIND, leaf["kind"]) and _is_instant(leaf["at"])):
        raise UnreadableError("entry")
    if not (_are_attributes(leaf["attributes"]) and _are_digests(leaf["digests"])):
        raise UnreadableError("entry")
    return leaf


def _is_number(value: object) -> bool:
    return type(value) is int and abs(value) <= LARGEST_NUMBER


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_instant(value: object) -> bool:
    try:
        return _matches(INSTANT, value) and bool(datetime.fromisoformat(str(value)))
    except ValueError:
        return False


def _are_attributes(value: object) -> bool:
    return isinstance(value, dict) and all(
        _matches(NAME, name) and (isinstance(item, str | bool) or _is_number(item))
        for name, item in value.items()
    )


def _are_digests(value: object) -> bool:
    return isinstance(value, list) and all(_matches(DIGEST, item) for item in value) and _is_sorted(value)


def _is_sorted(texts: Sequence[str]) -> bool:
    """Say whether texts ascend, so that none stands twice."""
    return all(before < after for before, after in pairwise(texts))


def _disclosures(texts: list[str]) -> dict[str, tuple[str, str]]:
    """Return {digest: (name, value)} of SD-JWT disclosures (RFC 9901, section 4.2.1)."""
    if not _is_sorted(texts):
        raise UnreadableError("disclosure_order")
    found: dict[str, tuple[str, str]] = {}
    for text in texts:
        said = _part(_base64url(text, "disclosure"), "disclosure")
        if not isinstance(said, list) or [type(item) for item in said] != [str, str, str]:
            raise UnreadableError("disclosure")
        salt, name, value = said
        if len(_base64url(salt, "disclosure")) < SALT_BYTES or not NAME.fullmatch(name):
            raise UnreadableError("disclosure")
        digest = base64.urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")
        found[digest] = (name, value)
    return found


def _proof(text: str) -> dict[str, Any]:
    """Return the parts of a tlog-proof: its checkpoint bears the log's signature, and then cosignatures."""
    match = PROOF.fullmatch(text)
    if match is None or max(int(match["index"]), int(match["size"])) > LARGEST_NUMBER:
        raise UnreadableError("proof")
    path = [_base64(line, "proof") for line in match["path"].split("\n")[:-1]]
    return {"index": int(match["index"]), "path": path, **_head(match)}


def _head(match: re.Match[str]) -> dict[str, Any]:
    """Return the parts of a checkpoint that bears the log's signature, and then cosignatures."""
    signature = _base64(match["signature"], "proof")
    return {
        "signed": match["text"].encode(),
        "origin": match["origin"],
        "size": int(match["size"]),
        "root": _base64(match["root"], "proof"),
        "signer": match["signer"],
        "signer_id": signature[:4],
        "signature": signature[4:],
        "cosignatures": [_cosignature(line) for line in match["cosignatures"].split("\n")[:-1]],
    }


def _cosignature(line: str) -> Cosignature:
    _, name, encoded = line.split(" ")
    data = _base64(encoded, "proof")
    at = int.from_bytes(data[4:12], "big")
    if not 0 < at <= LAST_SECOND:
        raise UnreadableError("proof")
    return Cosignature(name, data[:4], at, data[12:])


def _receipts_policy(note: str | None) -> dict[str, Any]:
    """Return the policy that the agency names, and the parts of its signature; no witnesses where it names none."""
    if note is None:
        return {"policy": NO_POLICY, "policy_text": b"", "policy_signer": None}
    match = POLICY.fullmatch(note)
    if match is None:
        raise UnreadableError("policy")
    signature = _base64(match["signature"], "policy")
    return {
        "policy": _policy(match["text"], "policy"),
        "policy_text": match["text"].encode(),
        "policy_signer": (match["signer"], signature[:4], signature[4:]),
    }


def _policy(text: str, part: str) -> Policy:
    """Return the policy of a text; every rule of the format binds, because a misread policy is a wrong trust."""
    logs: list[str] = []
    witnesses: dict[str, Cosigner] = {}
    groups: dict[str, tuple[int, list[str]]] = {}
    quorum = ""
    if len(text) > LARGEST_POLICY or FOREIGN.search(text):
        raise UnreadableError(part)
    for line in text.split("\n"):
        names = {*witnesses, *groups}
        match re.split(r"[ \t]+", line.strip(" \t")):
            case [""]:
                pass
            case [first, *_] if first.startswith("#"):
                pass
            case ["log", key, *url] if len(url) <= 1 and key not in logs:
                logs.append(key)
            case ["witness", name, key, *url] if len(url) <= 1 and name not in {*names, "none"}:
                witnesses[name] = _cosigner(key, part)
            case ["group", name, count, *members] if name not in {*names, "none"}:
                taken = {one for _, others in groups.values() for one in others}
                groups[name] = (_threshold(count, members, names - taken, part), members)
            case ["quorum", name] if not quorum and name in {*names, "none"}:
                quorum = name
            case _:
                raise UnreadableError(part)
    if not quorum or len({one.public for one in witnesses.values()}) != len(witnesses):
        raise UnreadableError(part)
    return Policy(tuple(logs), witnesses, groups, quorum)


def _closing(note: str) -> Closing:
    """Return what a closing says; the next log's key must have signed it, and nobody but the closed one's beside."""
    match = CLOSING.fullmatch(note) if len(note) <= LARGEST_POLICY else None
    if match is None or int(match["size"]) > LARGEST_NUMBER:
        raise UnreadableError("given_closing")
    keys = [_key(match[name], "given_closing") for name in ("next", "closed")]
    for line, (name, key_id, public) in zip(match["signatures"].split("\n")[:-1], keys, strict=False):
        _, signer, encoded = line.split(" ")
        signature = _base64(encoded, "given_closing")
        is_own = (signer, signature[:4]) == (name, key_id)
        if not is_own or not _is_signed(public, signature[4:], match["text"].encode()):
            raise UnreadableError("given_closing")
    return Closing(
        reason=match["reason"],
        closed=match["closed"],
        next=match["next"],
        size=int(match["size"]),
        root=_base64(match["root"], "given_closing"),
        policy=_policy(match["policy"], "given_closing") if match["policy"] else None,
    )


def _threshold(count: str, members: list[str], free: set[str], part: str) -> int:
    """Return how many members of a group are enough; each is named before and in no other group."""
    number = {"any": 1, "all": len(members)}.get(count) or (int(count) if COUNT.fullmatch(count) else 0)
    if not 1 <= number <= len(members) or len(set(members)) != len(members) or not free.issuperset(members):
        raise UnreadableError(part)
    return number


def _cosigner(text: str, part: str) -> Cosigner:
    """Return the key of a witness from its vkey."""
    match = COSIGNER.fullmatch(text)
    data = _base64(match[3], part) if match else b""
    _, size, _ = COSIGNING.get(data[0], ("", -1, -1)) if data else ("", -1, -1)
    if match is None or len(data) - 1 != size or _key_id(match[1], data).hex() != match[2]:
        raise UnreadableError(part)
    return Cosigner(match[1], bytes.fromhex(match[2]), data[0], data[1:])


# ---- proving -----------------------------------------------------------------------------------


def _failures(receipt: Receipt, keys: list[list[str]], given: Policy | None) -> Iterator[str]:
    """Yield the code of everything that does not hold; of each list of keys one must be the receipt's."""
    if any(receipt.key not in known for known in keys):
        yield "other_key"
    if receipt.origin != receipt.key_name:
        yield "other_log"
    if (receipt.signer, receipt.signer_id) != (receipt.key_name, receipt.key_id):
        yield "other_signer"
    elif not _is_signed(receipt.public, receipt.signature, receipt.signed):
        yield "signature"
    if receipt.index >= receipt.size:
        yield "beyond_the_log"
    elif _root(receipt.index, receipt.size, receipt.leaf_bytes, receipt.path) != receipt.root:
        yield "not_in_the_log"
    if not receipt.disclosures.keys() <= set(receipt.leaf["digests"]):
        yield "foreign_disclosure"
    if len({name for name, _ in receipt.disclosures.values()}) != len(receipt.disclosures):
        yield "ambiguous_disclosure"
    yield from _failures_of_witnesses(receipt, given)


def _failures_of_witnesses(receipt: Receipt, given: Policy | None) -> Iterator[str]:
    if receipt.policy_signer is not None and not _is_policy_signed(receipt, *receipt.policy_signer):
        yield "policy_signature"
    told = list(_told(receipt))
    if not _are_in_order(receipt, told):
        yield "cosigner"
    elif any(standing == "wrong" for _, _, standing in told):
        yield "cosignature"
    elif given and not _witnessing(receipt, given).met:
        yield "quorum"


def _failures_of_closing(receipt: Receipt, given: Policy | None, closing: Closing | None) -> Iterator[str]:
    """Yield why a receipt of a closed log proves nothing: after a theft its key alone vouches for nobody."""
    if closing is None or receipt.key_name != closing.closed.partition("+")[0]:
        return
    if receipt.key != closing.closed:
        yield "other_key"
    if receipt.size == closing.size and receipt.root != closing.root:
        yield "closed_history"
    if closing.reason == "lost":
        return
    if receipt.size > closing.size:
        yield "closed"
    elif receipt.size < closing.size and not _is_witnessed(receipt, given or closing.policy):
        yield "closed_unwitnessed"


def _is_witnessed(receipt: Receipt, policy: Policy | None) -> bool:
    """Say whether witnesses of a policy stand for a receipt whose cosignatures are all right."""
    lines = list(_told(receipt))
    is_right = _are_in_order(receipt, lines) and all(standing != "wrong" for _, _, standing in lines)
    told = _witnessing(receipt, policy) if policy is not None and is_right else None
    return told is not None and told.met and told.count > 0


def _is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _is_policy_signed(receipt: Receipt, signer: str, signer_id: bytes, signature: bytes) -> bool:
    is_own = (signer, signer_id) == (receipt.key_name, receipt.key_id)
    return is_own and _is_signed(receipt.public, signature, receipt.policy_text)


def _told(receipt: Receipt) -> Iterator[tuple[Cosignature, str, str]]:
    """Yield each cosignature with its witness's name in the receipt's policy, and whether it is right."""
    names = {(one.name, one.id): name for name, one in receipt.policy.witnesses.items()}
    for said in receipt.cosignatures:
        name = names.get((said.name, said.id), "")
        witness = receipt.policy.witnesses.get(name)
        yield said, name, "wrong" if witness is None else _standing(receipt, said, witness)


def _are_in_order(receipt: Receipt, told: list[tuple[Cosignature, str, str]]) -> bool:
    """Say whether every cosignature is of a witness of the policy, in its order and once."""
    places = list(receipt.policy.witnesses)
    found = [places.index(name) if name else -1 for _, name, _ in told]
    return -1 not in found and all(before < after for before, after in pairwise(found))


def _standing(receipt: Receipt | Head, said: Cosignature, witness: Cosigner) -> str:
    """Return "counted", "unchecked" or "wrong" (c2sp.org/tlog-cosignature)."""
    if len(said.value) != COSIGNING[witness.sort][2]:
        return "wrong"
    if witness.sort == 4:  # noqa: PLR2004 -- the type of Ed25519 cosignatures
        message = f"cosignature/v1\ntime {said.at}\n".encode() + receipt.signed
        return "counted" if _is_signed(witness.public, said.value, message) else "wrong"
    if MLDSA44PublicKey is None:
        return "unchecked"
    name, origin = (
        bytes([len(text) % 256]) + text for text in (witness.name.encode(), receipt.origin.encode())
    )
    span = bytes(8) + receipt.size.to_bytes(8, "big") + receipt.root
    message = b"subtree/v1\n\0" + name + said.at.to_bytes(8, "big") + origin + span
    try:
        MLDSA44PublicKey.from_public_bytes(witness.public).verify(said.value, message)
    except UnsupportedAlgorithm:
        return "unchecked"
    except (InvalidSignature, ValueError):
        return "wrong"
    return "counted"


def _witnessing(receipt: Receipt, given: Policy | None) -> Witnessing:
    """Return whether those who cosigned are enough, by the given policy or else by the receipt's."""
    policy = given or receipt.policy
    names = {one: name for name, one in policy.witnesses.items()}
    by: list[Witness] = []
    held = {"none"}
    for said, name, standing in _told(receipt):
        key = receipt.policy.witnesses[name]
        counted = standing == "counted" and key in names
        held |= {names[key]} if counted else set()
        by.append(
            Witness(
                name=names.get(key, name),
                key=f"{key.name}+{key.id.hex()}",
                algorithm=COSIGNING[key.sort][0],
                at=datetime.fromtimestamp(said.at, UTC).isoformat().replace("+00:00", "Z"),
                standing=standing if key in names else "unnamed",
            )
        )
    count = len(held) - 1
    for name, (threshold, members) in policy.groups.items():
        held |= {name} if len(held.intersection(members)) >= threshold else set()
    return Witnessing(
        policy="given" if given else "receipt" if policy.witnesses else "",
        met=policy.quorum in held,
        count=count,
        of=len(policy.witnesses),
        by=tuple(by),
    )


def _root(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes | None:
    """Return the tree hash that leaf and path lead to, None when the path's length is wrong.

    The recursion is that of RFC 6962, section 2.1.1: the path ends in the half in which the leaf is not.
    """
    if size == 1:
        return None if path else sha256(b"\x00" + leaf).digest()
    if not path:
        return None
    left = 1 << ((size - 1).bit_length() - 1)
    if index < left:
        half = _root(index, left, leaf, path[:-1])
        return half and sha256(b"\x01" + half + path[-1]).digest()
    half = _root(index - left, size - left, leaf, path[:-1])
    return half and sha256(b"\x01" + path[-1] + half).digest()


def _facts(receipt: Receipt, given: Policy | None, closing: Closing | None, *, compared: bool) -> Facts:
    leaf = receipt.leaf
    return Facts(
        kind=leaf["kind"],
        version=leaf["version"],
        at=leaf["at"],
        agency=leaf["agency"],
        id=leaf["id"],
        attributes=leaf["attributes"],
        disclosed=dict(sorted(receipt.disclosures.values())),
        withheld=len(leaf["digests"]) - len(receipt.disclosures),
        origin=receipt.origin,
        index=receipt.index,
        size=receipt.size,
        demonstration=receipt.origin.startswith("demonstration."),
        key=receipt.key,
        fingerprint=_fingerprint(receipt.key),
        trust="compared" if compared else "receipt",
        witnessing=_witnessing(receipt, given),
        closing=_concern(receipt, closing),
    )


def _concern(receipt: Receipt, closing: Closing | None) -> str:
    if closing is None:
        return ""
    if receipt.key == closing.closed:
        return "within" if receipt.size <= closing.size else "beyond"
    return "next" if receipt.key == closing.next else "other"


def _fingerprint(key: str) -> str:
    """Return SHA-256 over the verifier key's text, in groups of four hex digits."""
    digits = sha256(key.encode()).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


# ---- a log that misbehaved ---------------------------------------------------------------------


def is_conflict(data: bytes) -> bool:
    """Say whether a file wants to be a proof that a log misbehaved, and not a receipt."""
    try:
        bundle = _json(data[:LARGEST_FILE])
    except UnreadableError:
        return False
    return isinstance(bundle, dict) and bundle.get("congvu") == "conflict/1"


def convict(data: bytes, *, key: str | None = None) -> Conviction:
    """Return the verdict on a proof that a log signed two heads that conflict; never raise for what it holds.

    `key` is the verifier key of the accused log, had from elsewhere.
    """
    try:
        conflict = _read_conflict(data)
        if key is not None:
            _key(key, "given_key")
    except UnreadableError as error:
        return Conviction((str(error),), readable=False, conflict=None, both=(), compared=False)
    reasons = tuple(_failures_of_conflict(conflict, key))
    signed = [{one.id for one in head.cosignatures} for head in conflict.heads]
    both = tuple(one.name for one in conflict.witnesses.values() if all(one.id in ids for ids in signed))
    return Conviction(reasons, readable=True, conflict=conflict, both=both, compared=key is not None)


def _read_conflict(data: bytes) -> Conflict:
    if Ed25519PublicKey is None:
        raise UnreadableError("no_cryptography")
    if len(data) > LARGEST_FILE:
        raise UnreadableError("too_large")
    bundle = _json(data)
    if not isinstance(bundle, dict) or bundle.keys() != CONFLICT_FIELDS or bundle["congvu"] != "conflict/1":
        raise UnreadableError("not_conflict")
    lists = [bundle["path"], bundle["witnesses"]]
    texts = [bundle[name] for name in ("congvu", "first", "key", "prefix", "second")]
    if not all(isinstance(one, list) for one in lists):
        raise UnreadableError("not_conflict")
    if not all(isinstance(text, str) for text in [*texts, *lists[0], *lists[1]]):
        raise UnreadableError("not_conflict")
    if _canonical(bundle) + b"\n" != data or not _is_sorted(bundle["witnesses"]):
        raise UnreadableError("not_canonical")
    _, key_id, public = _key(bundle["key"], "key")
    first, second = (_whole_head(bundle[name]) for name in ("first", "second"))
    return Conflict(
        key=bundle["key"],
        key_id=key_id,
        public=public,
        heads=(first, second),
        prefix=_base64(bundle["prefix"], "proof"),
        path=[_base64(one, "proof") for one in bundle["path"]],
        witnesses={text: _cosigner(text, "policy") for text in bundle["witnesses"]},
    )


def _whole_head(note: str) -> Head:
    match = re.fullmatch(HEAD, note)
    if match is None:
        raise UnreadableError("proof")
    return Head(**_head(match))


def _failures_of_conflict(conflict: Conflict, key: str | None) -> Iterator[str]:
    """Yield the code of everything that does not hold."""
    name = conflict.key.partition("+")[0]
    first, second = conflict.heads
    if key is not None and key != conflict.key:
        yield "other_key"
    if any(head.origin != name for head in conflict.heads):
        yield "other_log"
    if any((head.signer, head.signer_id) != (name, conflict.key_id) for head in conflict.heads):
        yield "other_signer"
    elif not all(_is_signed(conflict.public, head.signature, head.signed) for head in conflict.heads):
        yield "signature"
    if (first.size, first.root) >= (second.size, second.root):
        yield "no_conflict"
    elif first.size == second.size:
        if conflict.prefix or conflict.path:
            yield "no_conflict"
    elif conflict.prefix == first.root or not _is_prefix(conflict.prefix, first.size, second, conflict.path):
        yield "no_conflict"
    yield from _failures_of_cosigners(conflict)


def _failures_of_cosigners(conflict: Conflict) -> Iterator[str]:
    """Yield what is wrong with the witnesses' lines: each known, in the order of the keys, right, and none unused."""
    names = {(one.name, one.id): text for text, one in conflict.witnesses.items()}
    told = [[names.get((said.name, said.id), "") for said in head.cosignatures] for head in conflict.heads]
    if not all(_is_sorted(texts) for texts in told) or {*told[0], *told[1]} != {*conflict.witnesses}:
        yield "cosigner"
    elif any(
        _standing(head, said, conflict.witnesses[text]) == "wrong"
        for head, texts in zip(conflict.heads, told, strict=True)
        for said, text in zip(head.cosignatures, texts, strict=True)
    ):
        yield "cosignature"


def _is_prefix(prefix: bytes, size: int, head: Head, path: list[bytes]) -> bool:
    """Say whether the tree of a head begins with a tree of this size and root (RFC 9162, section 2.1.4.2)."""
    if size == 0:
        return prefix == sha256().digest() and not path
    nodes = list(path) if size & (size - 1) else [prefix, *path]
    if not nodes:
        return False
    at, last = size - 1, head.size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = _node(node, before), _node(node, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = _node(after, node)
        at, last = at >> 1, last >> 1
    return last == 0 and (before, after) == (prefix, head.root)


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def explain_conflict(conviction: Conviction, language: str) -> list[tuple[str, list[str]]]:
    """Return the verdict in a language of LANGUAGES (else English) as (heading, sentences)."""
    say = _Speaker(language)
    conflict = conviction.conflict
    if conviction.reasons or conflict is None:
        reasons = [say(f"because.{reason}") for reason in conviction.reasons]
        return [(say("heading.result"), [say("conflict.none"), *reasons])]
    first, second = conflict.heads
    sort = "same_size" if first.size == second.size else "other_prefix"
    heads = [
        say("conflict.head", origin=head.origin, size=head.size, root=base64.b64encode(head.root).decode())
        for head in conflict.heads
    ]
    both = (
        [say("conflict.both", names=", ".join(map(_printable, conviction.both)))] if conviction.both else []
    )
    checks = [] if conviction.compared else [say("key.unchecked")]
    return [
        (say("heading.result"), [say("conflict.proven"), say(f"conflict.{sort}")]),
        (say("heading.proven"), [*heads, *both]),
        (say("heading.limits"), [say("conflict.who"), say("conflict.which")]),
        (say("heading.key"), [*checks, say("key.print", fingerprint=_fingerprint(conflict.key))]),
        (say("heading.advice"), [say("conflict.advice")]),
    ]


# ---- saying it ---------------------------------------------------------------------------------


def explain(verdict: Verdict, language: str) -> list[tuple[str, list[str]]]:
    """Return the verdict in a language of LANGUAGES (else English) as (heading, sentences)."""
    say = _Speaker(language)
    if verdict.facts is None:
        reasons = [say(f"because.{reason}") for reason in verdict.reasons]
        return [
            (say("heading.result"), [say("refused" if verdict.readable else "unreadable"), *reasons]),
            (say("heading.advice"), [say(code) for code in _advice(verdict.reasons)]),
        ]
    facts = verdict.facts
    compared = facts.trust == "compared"
    told = facts.witnessing
    is_witnessed = told.met and told.count > 0
    result = [say("proven.compared" if compared else "proven.receipt")]
    result.append(_witnessed(told, say) if is_witnessed else say("proven.alone"))
    if facts.closing:
        result.append(say(f"closing.{facts.closing}"))
    if facts.demonstration:
        result.append(say("demonstration"))
    limits = ["limit.truth", "limit.content", "limit.persons", "limit.clock"]
    limits += [] if is_witnessed else ["limit.witness"]
    limits += ["limit.policy"] if told.policy == "receipt" else []
    limits = limits if compared else ["limit.owner", *limits]
    witnesses = [(say("heading.witnesses"), _witnesses(told, say))] if told.policy else []
    return [
        (say("heading.result"), result),
        (say("heading.proven"), _proven(facts, say)),
        (say("heading.entry"), _entry(facts, say)),
        *witnesses,
        (say("heading.limits"), [say(limit) for limit in limits]),
        (say("heading.key"), _key_check(facts, say)),
    ]


def _advice(reasons: Sequence[str]) -> list[str]:
    """Return what is to be done: about what was given beside the receipt, or about the receipt."""
    return ["advice.given"] if set(reasons) <= GIVEN else ["advice.original", "advice.rely"]


class _Speaker:
    """Says sentences of the table in one language."""

    def __init__(self, language: str) -> None:
        self.column = LANGUAGES.index(language if language in LANGUAGES else "en")

    def __call__(self, code: str, **values: object) -> str:
        return SENTENCES[code][self.column].format(**values)

    def word(self, code: str) -> str:
        """Return the word for a name or value in an entry, or what the entry itself says."""
        return SENTENCES[code][self.column] if code in SENTENCES else code.partition("=")[2]


def _proven(facts: Facts, say: _Speaker) -> list[str]:
    act = f"act.{facts.kind}"
    return [
        say(act) if act in SENTENCES else say("act", kind=facts.kind),
        say("entered", origin=facts.origin, index=facts.index, at=f"{facts.at[:10]} {facts.at[11:19]} UTC"),
        say("signed", size=facts.size),
    ]


def _witnessed(told: Witnessing, say: _Speaker) -> str:
    names = ", ".join(_printable(one.name) for one in told.by if one.standing == "counted")
    return say(f"witnessed.{told.policy}", names=names, count=told.count, of=told.of)


def _witnesses(told: Witnessing, say: _Speaker) -> list[str]:
    """Say who cosigned and when, and how far that goes."""
    lines = [
        say(
            f"witness.{one.standing}",
            name=_printable(one.name),
            key=_printable(one.key),
            algorithm=one.algorithm,
            at=f"{one.at[:10]} {one.at[11:19]} UTC",
        )
        for one in told.by
    ]
    enough = "met" if told.met and told.count else "nobody" if told.met else "short"
    return [say(f"quorum.{enough}", count=told.count, of=told.of), *lines]


def _entry(facts: Facts, say: _Speaker) -> list[str]:
    lines = [("kind", facts.kind), ("at", facts.at), ("agency", facts.agency), ("id", facts.id)]
    lines += [(name, say.word(f"{name}={_plain(value)}")) for name, value in facts.attributes.items()]
    lines += list(facts.disclosed.items())
    said = [f"{say.word(f'={name}')}: {_printable(value)}" for name, value in lines]
    return [*said, say("withheld", count=facts.withheld)] if facts.withheld else said


def _key_check(facts: Facts, say: _Speaker) -> list[str]:
    shown = say("key.print", fingerprint=facts.fingerprint)
    if facts.trust == "compared":
        return [shown]
    return [say("key.unchecked"), shown, say("key.compare"), say("key.again", key=facts.key)]


def _plain(value: str | int | bool) -> str:  # noqa: FBT001 -- an attribute's value, not a switch
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _printable(text: str) -> str:
    """Show letters that steer a terminal or turn the direction of writing as their code."""
    return "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in text)


# ---- the command -------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> int:
    """Verify the file that the command line names, print the answer and return the exit status."""
    options = _parser().parse_args(argv)
    language = options.lang or _language(os.environ)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        with Path(options.bundle).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        policy = None if options.policy is None else _policy_file(options.policy)
        closing = None if options.closing is None else _policy_file(options.closing)
        status, answer = _answer(data, _given(options.key), policy, closing, language)
    except OSError:
        verdict = Verdict(ok=False, readable=False, reasons=("no_file",), facts=None)
        status, answer = 2, explain(verdict, language)
    try:
        print(_page(answer), flush=True)
    except BrokenPipeError:  # the reader has seen enough; the exit status still stands
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _answer(
    data: bytes, key: str | None, policy: str | None, closing: str | None, language: str
) -> tuple[int, list[tuple[str, list[str]]]]:
    """Return the exit status and what is said about a receipt, or about a proof that a log misbehaved."""
    if is_conflict(data):
        conviction = convict(data, key=key)
        status = 2 if not conviction.readable else 1 if conviction.reasons else 0
        return status, explain_conflict(conviction, language)
    verdict = verify(data, key=key, policy=policy, closing=closing)
    return 0 if verdict.ok else 1 if verdict.readable else 2, explain(verdict, language)


def _page(answer: list[tuple[str, list[str]]]) -> str:
    wrap = textwrap.TextWrapper(96, initial_indent="  ", subsequent_indent="  ")
    wrap.break_long_words = wrap.break_on_hyphens = False
    return "\n".join("\n".join(["", heading, *map(wrap.fill, said)]) for heading, said in answer)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="congvu-verify", description="Say what a receipt of Congvu proves.")
    parser.add_argument("bundle", help="the file: a receipt, or a proof that a log misbehaved")
    parser.add_argument("--key", help="the agency's verifier key, or a file that holds it")
    parser.add_argument("--policy", help="a file with the witnesses that you trust (c2sp.org/tlog-policy)")
    parser.add_argument(
        "--closing", help="a file by which the agency closed a log: its key was stolen, or it is lost"
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language of the answer (else by LANG)")
    return parser


def _given(key: str | None) -> str | None:
    """Return the key itself, or the one line of the file that it names."""
    if key is None or KEY.fullmatch(key):
        return key
    return Path(key).read_bytes()[:LARGEST_FILE].decode(errors="replace").strip()


def _policy_file(path: str) -> str:
    """Return the text of a policy or closing; its names are octets, of any encoding."""
    return Path(path).read_bytes()[: LARGEST_POLICY + 1].decode(errors="surrogateescape")


def _language(environment: Mapping[str, str]) -> str:
    """Return the language that the environment asks for, in the order of POSIX."""
    asked = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return asked[:2] if asked[:2] in LANGUAGES and not asked[2:3].isalpha() else "en"


# ---- the sentences -----------------------------------------------------------------------------
# A row is a code and then vi, kk, ru, en, divided by a bar or by a new line that is indented.

TABLE: Final = """
heading.result | Kết quả | Нәтиже | Результат | Result
heading.proven | Điều được chứng minh | Не дәлелденді | Что доказано | What is proven
heading.entry | Nội dung của bản ghi | Жазбаның мазмұны | Содержание записи | What the entry says
heading.witnesses | Bên chứng kiến | Куәгерлер | Свидетели | Witnesses
heading.limits | Điều không được chứng minh | Не дәлелденбеді | Что не доказано | What is not proven
heading.key | Cách kiểm tra khóa | Кілтті қалай тексеру керек | Как проверить ключ | How to check the key
heading.advice | Việc nên làm | Не істеу керек | Что следует сделать | What to do
proven.compared | Biên nhận là thật: mọi kiểm tra đều đạt, và khóa ký trùng với khóa được đưa ra để đối chiếu. | Түбіртек түпнұсқа: барлық тексеруден өтті, қол қою кілті салыстыруға берілген кілтпен бірдей.
  Квитанция подлинна: все проверки пройдены, ключ подписи совпадает с ключом, указанным для сравнения. | The receipt is genuine: every check holds, and its key is the key given for comparison.
proven.receipt | Biên nhận nguyên vẹn và nhất quán, với điều kiện khóa ghi trong đó đúng là khóa của cơ quan; hãy kiểm tra khóa.
  Түбіртек бүтін әрі қайшылықсыз, алайда ол үшін ондағы кілт шынымен органға тиесілі болуы шарт; кілтті тексеріңіз.
  Квитанция цела и непротиворечива при условии, что указанный в ней ключ принадлежит органу; проверьте ключ.
  The receipt is intact and consistent, on condition that the key in it is the agency's; check the key.
proven.alone | Chỉ khóa của cơ quan bảo đảm cho trạng thái này của nhật ký; nhật ký chưa được chứng kiến. | Журналдың бұл күйіне тек органның кілті кепіл; ол әлі куәландырылмаған.
  За это состояние журнала ручается только ключ органа; оно ещё не засвидетельствовано. | Only the agency's key stands for this state of the log; it is not yet witnessed.
witnessed.given | Nhật ký đã được chứng kiến theo chính sách của quý vị ({count} trên {of}): {names}. | Журнал сіздің саясатыңыз бойынша куәландырылды ({of} ішінен {count}): {names}.
  Журнал засвидетельствован по вашей политике ({count} из {of}): {names}. | The log was witnessed under your policy ({count} of {of}): {names}.
witnessed.receipt | Nhật ký đã được chứng kiến theo chính sách mà cơ quan nêu trong biên nhận ({count} trên {of}): {names}.
  Журнал орган түбіртекте атаған саясат бойынша куәландырылды ({of} ішінен {count}): {names}.
  Журнал засвидетельствован по политике, которую орган назвал в квитанции ({count} из {of}): {names}.
  The log was witnessed under the policy that the agency names in the receipt ({count} of {of}): {names}.
closing.within | Cơ quan đã đóng nhật ký này; biên nhận thuộc phần nhật ký có trước điểm đóng và vẫn có giá trị. | Орган бұл журналды жапты; түбіртек жабылғанға дейінгі бөлікке жатады және күшін сақтайды.
  Орган закрыл этот журнал; квитанция относится к его части до закрытия и сохраняет силу. | The agency has closed this log; the receipt is of the part before its end and stays valid.
closing.beyond | Nhật ký này đã mất và được đóng tại một điểm trước biên nhận này; bản ghi không còn trong nhật ký, chỉ biên nhận này chứng minh cho nó.
  Бұл журнал жоғалып, осы түбіртектен бұрынғы нүктеде жабылған; жазба журналда жоқ, оны тек осы түбіртек дәлелдейді.
  Этот журнал утрачен и закрыт на точке, предшествующей квитанции; записи в нём больше нет, её доказывает только эта квитанция.
  This log was lost, and closed at a point before this receipt; the entry is in no log any more, and this receipt alone proves it.
closing.next | Nhật ký này thay thế nhật ký đã đóng; khóa của nó được nêu trong thông báo đóng nhật ký. | Бұл журнал жабылған журналдың орнына ашылды; оның кілті жабу құжатында аталған.
  Этот журнал открыт взамен закрытого; его ключ назван в уведомлении о закрытии. | This log took the place of the one that was closed; the closing names its key.
closing.other | Thông báo đóng nhật ký được đưa ra thuộc về một nhật ký khác. | Көрсетілген жабу құжаты басқа журналға қатысты.
  Указанное уведомление о закрытии относится к другому журналу. | The closing that was given is of another log.
demonstration | CHÚ Ý: đây là nhật ký trình diễn của một cơ quan hư cấu; biên nhận này không có giá trị pháp lý. | НАЗАР АУДАРЫҢЫЗ: бұл — ойдан шығарылған органның көрсетілім журналы; түбіртектің заңды күші жоқ.
  ВНИМАНИЕ: это демонстрационный журнал вымышленного органа; квитанция не имеет юридической силы. | NOTE: this is the demonstration log of a fictional agency; this receipt has no legal value.
refused | Biên nhận này không chứng minh được điều gì. | Бұл түбіртек ештеңені дәлелдемейді. | Эта квитанция ничего не доказывает. | This receipt proves nothing.
unreadable | Không kiểm tra được biên nhận; do đó không có điều gì được chứng minh. | Түбіртекті тексеру мүмкін болмады; сондықтан ештеңе дәлелденбеді.
  Проверить квитанцию не удалось, поэтому ничего не доказано. | The receipt could not be checked, so nothing is proven.
quorum.met | Số bên chứng kiến đã ký: {count} trên {of}; như vậy là đủ theo chính sách. | Қол қойған куәгерлер саны: {of} ішінен {count}; саясат бойынша бұл жеткілікті.
  Подписали свидетели: {count} из {of}; по политике этого достаточно. | Witnesses that signed: {count} of {of}; by the policy that is enough.
quorum.short | Số bên chứng kiến đã ký: {count} trên {of}; như vậy chưa đủ theo chính sách. | Қол қойған куәгерлер саны: {of} ішінен {count}; саясат бойынша бұл әлі жеткіліксіз.
  Подписали свидетели: {count} из {of}; по политике этого ещё недостаточно. | Witnesses that signed: {count} of {of}; by the policy that is not yet enough.
quorum.nobody | Số bên chứng kiến đã ký: {count} trên {of}; chính sách không đòi hỏi bên nào. | Қол қойған куәгерлер саны: {of} ішінен {count}; саясат ешкімді талап етпейді.
  Подписали свидетели: {count} из {of}; политика никого не требует. | Witnesses that signed: {count} of {of}; the policy demands none.
witness.counted | {name}: đã ký lúc {at} theo đồng hồ của mình ({algorithm}; khóa {key}). | {name}: өз сағаты бойынша {at} кезінде қол қойды ({algorithm}; кілті {key}).
  {name}: подпись поставлена {at} по собственным часам ({algorithm}; ключ {key}). | {name}: signed at {at}, by its own clock ({algorithm}; key {key}).
witness.unchecked | {name}: có chữ ký {algorithm} ghi {at}, nhưng ở đây không kiểm tra được nên không được tính (khóa {key}). | {name}: {at} деп белгіленген {algorithm} қолтаңбасы бар, бірақ ол мұнда тексерілмейді, сондықтан есептелмеді (кілті {key}).
  {name}: есть подпись {algorithm} с временем {at}, но проверить её здесь нельзя, и она не засчитана (ключ {key}).
  {name}: there is a signature by {algorithm} with the time {at}; it could not be checked here and does not count (key {key}).
witness.unnamed | {name}: đã ký lúc {at}, nhưng chính sách của quý vị không nêu bên này ({algorithm}; khóa {key}). | {name}: {at} кезінде қол қойды, бірақ сіздің саясатыңызда аталмаған ({algorithm}; кілті {key}).
  {name}: подпись поставлена {at}, но в вашей политике этот свидетель не назван ({algorithm}; ключ {key}). | {name}: signed at {at}, but your policy does not name this witness ({algorithm}; key {key}).
advice.original | Hãy đề nghị người đã đưa biên nhận cung cấp lại tệp gốc; tệp có thể đã bị thay đổi khi mở và lưu lại.
  Түбіртекті берген адамнан түпнұсқа файлды қайта сұраңыз; файл ашылып, қайта сақталғанда өзгеруі мүмкін.
  Попросите предъявителя ещё раз передать исходный файл: он мог измениться при открытии и повторном сохранении.
  Ask whoever gave you the receipt for the original file again; opening and saving it may have changed it.
advice.given | Hãy xem lại tệp hoặc khóa đã nêu; bản thân biên nhận chưa được xét. | Көрсетілген файлды немесе кілтті қараңыз; түбіртектің өзі әлі бағаланған жоқ.
  Проверьте названный файл или ключ; сама квитанция ещё не оценена. | Look at the file or key that was named; the receipt itself was not judged.
advice.rely | Không dựa vào bất kỳ nội dung nào của tệp này chừng nào việc kiểm tra chưa đạt. | Тексеруден өтпейінше, бұл файлдағы ешбір мәліметке сүйенбеңіз.
  Не полагайтесь ни на какие сведения из этого файла, пока он не пройдёт проверку. | Rely on nothing that this file says until the verification succeeds.
act | Một hành vi thuộc loại “{kind}” đã được ghi nhận. | «{kind}» түріндегі әрекет тіркелді.
  Зафиксировано действие вида «{kind}». | An act of the kind “{kind}” was recorded.
act.ledger.log.closed | Một nhật ký của cơ quan đã được đóng trước khi hết năm, và nhật ký này thay thế nó. | Органның журналы жыл біткенше жабылып, орнына осы журнал ашылды.
  Журнал органа закрыт до окончания года, и этот журнал открыт взамен. | A log of the agency was closed before its year was over, and this log took its place.
act.mail.message.accepted | Hệ thống thư công vụ của cơ quan đã tiếp nhận một thư để gửi đi hoặc chuyển đến hộp thư. | Органның қызметтік пошта жүйесі хатты жөнелту немесе жеткізу үшін қабылдады.
  Служебная почтовая система органа приняла письмо для отправки или доставки. | The agency's mail system accepted a message for dispatch or delivery.
act.mail.message.delivered | Thư đã được chuyển đến một hộp thư công vụ của cơ quan. | Хат органның қызметтік пошта жәшігіне жеткізілді.
  Письмо доставлено в служебный почтовый ящик органа. | The message was delivered to an official mailbox of the agency.
act.mail.message.opened | Thư đã được mở trong hộp thư bởi một người đã đăng nhập. | Хатты пошта жәшігінде жүйеге кірген адам ашты.
  Письмо открыто в почтовом ящике лицом, вошедшим в систему. | The message was opened in the mailbox by a person who had signed in.
act.mail.message.acknowledged | Người nhận đã báo đã nhận thư. | Алушы хатты алғанын растады.
  Получатель подтвердил получение письма. | The recipient acknowledged the message.
act.mail.message.recalled | Người gửi đã thu hồi thư. | Жіберуші хатты қайтарып алды. | Отправитель отозвал письмо. | The sender recalled the message.
act.mail.message.failed | Thư đã không chuyển được đến người nhận. | Хат алушыға жеткізілмеді.
  Письмо не удалось доставить получателю. | The message could not be delivered to a recipient.
act.mail.message.relayed | Thư đã được chuyển giao cho một hệ thống thư điện tử khác; việc người nhận đã nhận được thư chưa được chứng minh. | Хат басқа пошта жүйесіне тапсырылды; оны алушының алғаны дәлелденген жоқ.
  Письмо передано другой почтовой системе; получение его адресатом этим не доказано. | The message was handed over to another mail system; that its recipient received it is not proven.
act.mail.message.parked | Máy chủ thư của cơ quan tạm thời chưa nhận thư cho người nhận; thư được lưu giữ và sẽ được chuyển lại.
  Органның пошта сервері хатты әзірге қабылдамады; хат сақталды және қайта жіберіледі.
  Почтовый сервер органа пока не принял письмо для получателя; письмо хранится и будет передано снова.
  The agency's mail server did not take the message at present; it is kept and will be tried again.
act.mail.message.fetched | Một chương trình thư đã tải nội dung thư; điều đó không chứng minh thư đã được đọc.
  Пошта бағдарламасы хат мәтінін жүктеп алды; бұл хаттың оқылғанын дәлелдемейді.
  Почтовая программа получила текст письма; это не доказывает, что письмо прочитано.
  A mail program fetched the text of the message; that proves no reading.
act.mail.message.inspected | Một người có quyền quản trị máy chủ thư đã đọc thư trong hộp thư này.
  Пошта серверінің әкімші құқығы бар адам осы жәшіктегі хатты оқыды.
  Лицо с правами администратора почтового сервера прочитало письмо в этом ящике.
  Somebody with an administrator's rights on the mail server read the message in this mailbox.
act.mail.message.imported | Một thư cũ đã được nhập vào hệ thống; thời điểm nêu dưới đây là thời điểm nhập, không phải thời điểm gửi.
  Бұрынғы хат жүйеге енгізілді; төмендегі уақыт — жөнелтілген емес, енгізілген уақыт.
  Прежнее письмо импортировано в систему; указанное ниже время — время импорта, а не отправки.
  An older message was imported; the time below is that of the import, not of its sending.
act.mail.polling.started | Bắt đầu kiểm tra từ xa một hộp thư trên máy chủ khác cho một địa chỉ công vụ.
  Қызметтік мекенжай үшін басқа сервердегі жәшік қашықтан қарала бастады.
  Начат опрос ящика на другом сервере для служебного адреса.
  A mailbox on another server is looked into from now on, for an official address.
act.mail.polling.ended | Chấm dứt việc kiểm tra từ xa một hộp thư trên máy chủ khác.
  Басқа сервердегі жәшікті қашықтан қарау тоқтатылды.
  Опрос ящика на другом сервере прекращён.
  A mailbox on another server is no longer looked into.
act.mail.message.refused | Một thư mang dấu chỉ mức độ mật đã bị từ chối; nội dung thư không được lưu lại. | Құпиялылық белгісі бар хат қабылданбады; оның мазмұны сақталған жоқ.
  Письмо с грифом секретности отклонено; его содержание не сохранено. | A message that bore a mark of state secrecy was refused; nothing of its content was kept.
act.mail.message.assigned | Một người đã nhận, hoặc được giao, trả lời thư của hộp thư dùng chung.
  Ортақ жәшіктегі хатқа жауап беру бір адамға тапсырылды.
  Ответ на письмо общего ящика взял на себя или получил один человек.
  One person took, or was given, a letter of a shared mailbox to answer.
act.mail.message.released | Thư của hộp thư dùng chung lại chờ người nhận trả lời.
  Ортақ жәшіктегі хатқа жауап берушісі қайтадан жоқ.
  Письмо общего ящика снова ждёт того, кто ответит.
  A letter of a shared mailbox is everybody's to answer again.
act.mail.message.opened_by_delegate | Người xử lý thay đã mở thư trong hộp thư của người đang nghỉ.
  Демалыстағы адамның хатын оның міндетін атқарушы ашты.
  Письмо в ящике отсутствующего открыл тот, кто его замещает.
  Who acts for somebody on leave opened a letter in that person's mailbox.
act.mail.mailbox.delegated | Hộp thư cá nhân đã được mở cho người xử lý thay trong thời gian nghỉ.
  Жеке жәшік демалыс кезінде міндетін атқарушыға ашылды.
  Личный ящик на время отпуска открыт тому, кто замещает.
  A personal mailbox was opened to whoever acts during a leave.
act.mail.mailbox.delegation_closed | Hộp thư cá nhân lại chỉ dành cho người giữ hộp thư.
  Жеке жәшік қайтадан тек иесіне ашық.
  Личный ящик снова открыт только его владельцу.
  A personal mailbox is its holder's alone again.
act.mail.mailbox.checked | Một người đã mở hộp thư đến để kiểm tra hộp thư công vụ. | Адам қызметтік пошта жәшігін тексеру үшін кіріс хаттарды ашты.
  Лицо открыло входящие для проверки служебного почтового ящика. | A person opened the inbox to check an official mailbox.
act.mail.message.confirmed | Máy chủ thư bên kia báo đã chuyển thư cho người nhận, hoặc đã chuyển tiếp đến nơi không gửi báo cáo.
  Екінші тараптың пошта сервері хатты алушыға жеткізгенін немесе есеп бермейтін жаққа жібергенін хабарлады.
  Сервер другой стороны сообщил, что доставил письмо или передал его туда, откуда отчётов нет.
  The other side's mail server reported that it delivered the message, or passed it on to where nobody reports.
act.mail.message.unanswered | Máy chủ bên kia đã tiếp nhận thư nhưng không gửi báo cáo kịp thời; việc thư đến tay người nhận chưa được chứng minh.
  Екінші тараптың сервері хатты қабылдады, бірақ есеп уақытында келмеді; алушыға жеткені дәлелденген жоқ.
  Сервер другой стороны принял письмо, но отчёт вовремя не пришёл; доставка получателю не доказана.
  The other side's server took the message over, and no report came in time; that it was delivered is not proven.
act.mail.message.journaled | Máy chủ thư của cơ quan đã tiếp nhận thư, theo bản sao mà máy chủ gửi; việc thư đã vào hộp thư không được chứng minh.
  Органның пошта сервері хатты қабылдады, мұны ол жіберген көшірме көрсетеді; жәшікке түскені дәлелденген жоқ.
  Почтовый сервер органа принял письмо, как показывает присланная им копия; попадание в ящик этим не доказано.
  The agency's mail server took the message over, as the copy that it sent shows; that it lies in the mailbox is not proven.
act.mail.message.rejected | Một thư từ bên ngoài bị từ chối theo quy định của cơ quan; nội dung thư không được lưu lại.
  Сырттан келген хат органның қағидасы бойынша қабылданбады; оның мазмұны сақталған жоқ.
  Письмо извне отклонено по правилам органа; его содержание не сохранено.
  A message from outside was refused by the agency's policy; nothing of its content was kept.
act.mail.submission.refused | Hệ thống không nhận thư mà một cán bộ đã đăng nhập muốn gửi.
  Жүйе ішке кірген қызметкер жіберген хатты қабылдамады.
  Система не приняла письмо, которое хотел отправить вошедший в неё служащий.
  The system did not take a message that an official who had signed in wanted to send.
act.mail.acknowledgement.expired | Đã hết thời hạn báo đã nhận mà chưa có báo nhận; việc này có phải là vi phạm hay không do con người xem xét.
  Хатты алғанын растау мерзімі растаусыз өтті; бұл бұзушылық па, оны адамдар шешеді.
  Срок подтверждения получения истёк без подтверждения; нарушение ли это, решают люди.
  The time to acknowledge the message ended without it; whether that is a breach is for people to judge.
act.mail.receipt.missed | Biên nhận của nhà cung cấp thư bảo đảm không đến kịp thời hạn.
  Куәландырылған пошта жеткізушісінің түбіртегі уақытында келмеді.
  Квитанция поставщика заверенной почты вовремя не пришла.
  The receipt of a provider of certified mail did not come in time.
act.mail.statement.verified | Bên kia đã nêu điều này trong một thư có chữ ký số hợp lệ; điều đó chứng minh ai đã nói, không chứng minh điều được nói là đúng.
  Екінші тарап мұны қолтаңбасы жарамды хатта мәлімдеді; бұл кім айтқанын дәлелдейді, айтылғанның шындығын емес.
  Другая сторона заявила это в письме с действительной подписью; доказано, кто это сказал, но не то, что это так.
  The other side said so in a message whose signature was found valid; it is proven who said it, not that it is so.
act.mail.signature.verified | Chữ ký số của một thư đã được kiểm tra; kết quả và căn cứ được nêu dưới đây.
  Хаттың электрондық қолтаңбасы тексерілді; нәтижесі мен негіздері төменде.
  Проверена электронная подпись письма; вывод и его основания указаны ниже.
  The digital signature of a message was checked; what was found, and from what, is said below.
act.mail.day.closed | Kết cục của mọi thư trong một ngày đã được đếm. | Бір күннің барлық хаттарының нәтижесі саналды.
  Подсчитаны исходы всех писем одного дня. | The outcomes of all mail of one day were counted.
act.ledger.disposal.proposed | Đã có đề xuất tiêu hủy hồ sơ. | Құжаттарды жою ұсынылды. | Предложено уничтожить документы. | It was proposed that records be destroyed.
act.ledger.disposal.objected | Một công chức đã đề nghị giữ lại hồ sơ. | Қызметкер құжаттарды сақтауды сұрады.
  Должностное лицо возразило против уничтожения документов. | An official objected to a destruction of records.
act.ledger.disposal.approved | Việc tiêu hủy hồ sơ đã được phê duyệt. | Құжаттарды жою бекітілді. | Уничтожение документов утверждено. | A destruction of records was approved.
act.ledger.disposal.declined | Đề xuất tiêu hủy hồ sơ đã bị từ chối. | Құжаттарды жоюдан бас тартылды. | В уничтожении документов отказано. | A destruction of records was refused.
act.ledger.disposal.withdrawn | Đề xuất tiêu hủy hồ sơ đã được người đề xuất rút lại. | Құжаттарды жою ұсынысын ұсынған адам қайтарып алды.
  Предложение уничтожить документы отозвано тем, кто его внёс. | A proposal to destroy records was taken back by who made it.
act.ledger.disposal.begun | Việc tiêu hủy hồ sơ đã được cho bắt đầu hoặc tiếp tục. | Құжаттарды жоюды бастауға немесе жалғастыруға рұқсат етілді.
  Разрешено начать или продолжить уничтожение документов. | A destruction of records was let begin, or go on.
act.ledger.disposal.executed | Hồ sơ đã bị tiêu hủy; danh mục bản ghi có giá trị băm nêu dưới đây.
  Құжаттар жойылды; жазбалар тізімінің хеші төменде көрсетілген.
  Документы уничтожены; хеш списка записей указан ниже.
  Records were destroyed; the list of their entries has the digest that stands below.
act.ledger.disposal.verified | Các nơi giữ bản sao đều trả lời không còn gì; đợt tiêu hủy được kết thúc. | Барлық сақтаушылар ештеңе қалмағанын айтты; жою аяқталды.
  Все хранители ответили, что ничего не осталось; уничтожение закрыто. | All holders of copies answered that nothing is left; the disposal was closed.
act.ledger.copies.stated | Một người đã xác nhận bản sao ở nơi khác còn đến khi nào. | Басқа жердегі көшірмелердің қашанға дейін болатыны мәлімделді.
  Заявлено, до какого времени существуют копии в других местах. | Somebody stated how long copies elsewhere may live.
act.ledger.hold.placed | Một lệnh giữ đã được đặt: nội dung thuộc lệnh không được tiêu hủy. | Тыйым салынды: ол қамтитын құжаттар жойылмайды.
  Наложен запрет: то, что он охватывает, уничтожать нельзя. | A hold was placed: what it covers may not be destroyed.
act.ledger.hold.lifted | Một lệnh giữ đã được gỡ. | Жоюға тыйым алынды. | Запрет уничтожения снят. | A hold was lifted.
act.ledger.log.opened | Nhật ký của cơ quan đã được mở. | Органның журналы ашылды. | Журнал органа открыт. | The agency's log was opened.
act.ledger.log.continued | Nhật ký của năm mới đã được mở để tiếp nối nhật ký của năm trước. | Өткен жылғы журналдың жалғасы ретінде жаңа жылдың журналы ашылды.
  Открыт журнал нового года в продолжение журнала предыдущего года. | The log of a new year was opened, continuing that of the year before.
entered | Bản ghi này đứng ở vị trí số {index} (đếm từ 0) trong nhật ký “{origin}”, với thời điểm {at}. | Бұл жазба «{origin}» журналына № {index} болып (нөлден бастап санағанда) енгізілген, көрсетілген уақыты — {at}.
  Эта запись внесена в журнал «{origin}» под номером {index} (счёт с нуля), с указанием времени {at}. | It was entered as number {index} (counted from 0) in the log “{origin}”, with the time {at}.
signed | Nhật ký (số bản ghi: {size}) đã được ký bằng khóa nêu dưới đây; sửa bản ghi này thì chữ ký không còn đúng.
  Журналға (жазба саны: {size}) төмендегі кілтпен қол қойылған; бұл жазба өзгертілсе, қолтаңба жарамсыз болады.
  Журнал (число записей: {size}) подписан указанным ниже ключом; при изменении этой записи подпись перестаёт быть верной.
  The log (entries: {size}) was signed with the key named below; altering this entry would break the signature.
withheld | Số thông tin của bản ghi không được đưa ra trong biên nhận này: {count}. | Жазбаның осы түбіртекте ашылмаған мәліметтерінің саны: {count}.
  Число сведений записи, не раскрытых в этой квитанции: {count}. | Facts of the entry that this receipt does not disclose: {count}.
limit.owner | Khóa thuộc về ai: khóa được lấy từ chính biên nhận và chưa được đối chiếu với nguồn nào khác. | Кілттің кімге тиесілі екені: кілт түбіртектің өзінен алынды және ештеңемен салыстырылған жоқ.
  Кому принадлежит ключ: он взят из самой квитанции и ни с чем не сравнивался. | Who owns the key: it was taken from the receipt itself and compared with nothing.
limit.truth | Việc được ghi có thật hay không: nhật ký cho thấy cơ quan đã ghi gì và từ đó không sửa lại. | Жазылғанның шын болғаны: журнал органның не жазғанын және оны содан бері өзгертпегенін ғана көрсетеді.
  Было ли записанное на самом деле: журнал показывает, что орган записал и с тех пор не изменил. | Whether what was recorded is true: the log shows what the agency recorded and has not altered since.
limit.content | Nội dung của thư, trừ khi giá trị băm của thư được nêu ở trên và quý vị tự đối chiếu với bản thư.
  Хаттың мазмұны: ол хаттың хеші жоғарыда ашылып, оны хатпен өзіңіз салыстырған жағдайда ғана дәлелденеді.
  Содержание письма, кроме случая, когда выше раскрыт его хеш и вы сами сверили его с письмом.
  The content of the message, unless its digest is disclosed above and you compare it with the message yourself.
limit.persons | Danh tính: bản ghi chỉ nêu mã định danh ngẫu nhiên; chỉ cơ quan mới cho biết được mã đó chỉ ai hoặc thư nào.
  Кімнің кім екені: жазбада тек кездейсоқ кодтар бар; олардың кімді не қай хатты білдіретінін орган ғана айта алады.
  Личности: в записи стоят лишь случайные коды; какое лицо или письмо они обозначают, может сообщить только орган.
  Identities: the entry holds random codes only; the agency alone can say which person or message they stand for.
limit.clock | Thời điểm: đó là giờ theo đồng hồ của cơ quan, không phải dấu thời gian của bên độc lập. | Уақыт: бұл — тәуелсіз тараптың уақыт белгісі емес, органның өз сағатының көрсеткіші.
  Время: это показание часов самого органа, а не метка времени независимой стороны. | The time: it is that of the agency's own clock, not the time stamp of an independent party.
limit.witness | Tính duy nhất: chưa có bên chứng kiến độc lập xác nhận rằng cơ quan đưa ra cùng một nhật ký cho mọi người.
  Журналдың біреу екені: органның бәріне бір журналды көрсеткенін ешбір тәуелсіз куәгер әлі растаған жоқ.
  Единственность журнала: независимый свидетель пока не подтвердил, что орган показывает всем один и тот же журнал.
  One log for all: no independent witness has yet confirmed that the agency shows everybody the same log.
limit.policy | Bên chứng kiến có độc lập hay không: danh sách trong biên nhận là lời của cơ quan. Để dùng danh sách mà quý vị tin cậy, hãy chọn tùy chọn --policy hoặc tệp chính sách trên trang kiểm tra.
  Куәгерлердің тәуелсіз екені: түбіртектегі тізім — органның өз сөзі. Өзіңіз сенетін тізімді --policy параметрімен немесе тексеру бетіндегі саясат файлымен беріңіз.
  Независимость свидетелей: список в квитанции — слово самого органа. Список, которому доверяете вы, задаётся параметром --policy или файлом политики на странице проверки.
  That the witnesses are independent: the list in the receipt is the agency's word. Give the list that you trust with --policy, or as a policy file on the page that checks receipts.
key.unchecked | Khóa chưa được đối chiếu: bất kỳ ai cũng có thể tự tạo một khóa và một nhật ký mang tên này. | Кілт салыстырылған жоқ: осындай атаумен кілт пен журналды кез келген адам жасай алады.
  Ключ не сравнивался: ключ и журнал с таким именем может создать кто угодно. | The key was not compared: anybody can make a key and a log under this name.
key.print | Dấu vân tay của khóa (SHA-256): {fingerprint} | Кілттің цифрлық ізі (SHA-256): {fingerprint}
  Отпечаток ключа (SHA-256): {fingerprint} | Fingerprint of the key (SHA-256): {fingerprint}
key.compare | Hãy đối chiếu với dấu vân tay do cơ quan công bố hoặc do cơ quan trả lời trực tiếp, bằng văn bản, qua điện thoại. | Оны органның өзі жариялаған не жазбаша немесе телефон арқылы хабарлаған цифрлық ізбен салыстырыңыз.
  Сравните его с отпечатком, который опубликован самим органом либо сообщён им письменно или по телефону. | Compare it with the fingerprint that the agency itself publishes, or gives in writing or by telephone.
key.again | Để chương trình tự đối chiếu, hãy chạy lại với tùy chọn --key và khóa do cơ quan công bố. Khóa của biên nhận: {key}
  Салыстыруды бағдарлама өзі орындауы үшін оны --key параметрімен және орган жариялаған кілтпен қайта іске қосыңыз. Түбіртек кілті: {key}
  Чтобы сравнение выполнила программа, запустите её ещё раз с параметром --key и ключом, опубликованным органом. Ключ квитанции: {key}
  To have it compared, run again with --key and the key that the agency publishes. The receipt's key: {key}
conflict.proven | Đã chứng minh: nhật ký này đã ký hai điểm kiểm chứng mâu thuẫn với nhau. | Дәлелденді: бұл журнал бір-біріне қайшы екі бақылау нүктесіне қол қойған.
  Доказано: этот журнал подписал две контрольные точки, которые противоречат друг другу. | Proven: this log has signed two checkpoints that conflict with each other.
conflict.none | Tệp này không chứng minh được rằng nhật ký đã làm sai. | Бұл файл журналдың қате әрекетін дәлелдемейді.
  Этот файл не доказывает, что журнал поступил неправильно. | This file does not prove that the log misbehaved.
conflict.same_size | Hai điểm có cùng số bản ghi nhưng khác nội dung: cùng một vị trí đã được trao cho hai bản ghi khác nhau. | Екі нүктеде жазба саны бірдей, бірақ мазмұны бөлек: бір нөмір екі түрлі жазбаға берілген.
  В обеих точках одинаковое число записей, но разное содержание: один номер выдан двум разным записям. | Both have the same number of entries and different contents: one number was given to two different entries.
conflict.other_prefix | Nhật ký lớn hơn không bắt đầu bằng nhật ký nhỏ hơn: điều đã ký trước đó đã bị sửa hoặc bị bỏ. | Үлкен журнал кіші журналдан басталмайды: бұрын қол қойылған нәрсе өзгертілген не алынып тасталған.
  Больший журнал не начинается с меньшего: подписанное ранее изменено или убрано. | The larger log does not begin with the smaller one: what was signed before was changed or taken out.
conflict.head | Đã ký: {origin}, {size} bản ghi, gốc {root} | Қол қойылған: {origin}, {size} жазба, түбірі {root}
  Подписано: {origin}, записей: {size}, корень {root} | Signed: {origin}, {size} entries, root {root}
conflict.both | Các bên chứng kiến đã ký cả hai điểm, do đó cũng đã làm sai: {names} | Екі нүктеге де қол қойған, сондықтан өздері де қате әрекет еткен куәгерлер: {names}
  Свидетели, подписавшие обе точки и потому тоже поступившие неправильно: {names} | Witnesses that signed both, and so misbehaved too: {names}
conflict.who | Ai đã làm: cơ quan, hoặc người đã lấy được khóa của nhật ký. | Мұны кім жасағаны: органның өзі ме, әлде журнал кілтін иеленген біреу ме.
  Кто это сделал: сам орган или тот, кто завладел ключом журнала. | Who did it: the agency itself, or somebody who got hold of the log's key.
conflict.which | Bản nào trong hai bản là thật. | Екеуінің қайсысы шын екені. | Какая из двух историй подлинная. | Which of the two histories is the true one.
conflict.advice | Lưu giữ tệp này, gửi cho cơ quan giám sát và các bên chứng kiến. Giữ lại các biên nhận: chúng cho biết mỗi người đã được cho xem bản nào.
  Бұл файлды сақтап, қадағалаушы органға және куәгерлерге жіберіңіз. Түбіртектеріңізді сақтаңыз: олар кімге қайсысы көрсетілгенін айтады.
  Сохраните этот файл и передайте его надзорному органу и свидетелям. Храните квитанции: они показывают, кому какую историю предъявили.
  Keep this file, and give it to the supervising body and to the witnesses. Keep your receipts: they show who was shown which history.
because.not_conflict | Tệp không phải bằng chứng về mâu thuẫn của nhật ký, phiên bản 1. | Файл журнал қайшылығы дәлелінің 1-нұсқасы емес.
  Файл не является доказательством противоречия журнала версии 1. | The file is not a proof of a log's conflict, version 1.
because.no_conflict | Hai điểm kiểm chứng không mâu thuẫn với nhau, hoặc điều đó không được chứng minh. | Екі бақылау нүктесі бір-біріне қайшы емес немесе бұл дәлелденбеген.
  Две контрольные точки не противоречат друг другу, либо это не доказано. | The two checkpoints do not conflict, or it is not shown that they do.
because.no_cryptography | Chương trình cần gói Python “cryptography”; cài đặt bằng lệnh: pip install cryptography | Бағдарламаға Python-ның «cryptography» пакеті қажет; орнату: pip install cryptography
  Программе нужен пакет Python «cryptography»; установка: pip install cryptography | The program needs the Python package “cryptography”; install it with: pip install cryptography
because.no_file | Không mở được tệp biên nhận, tệp khóa hoặc tệp chính sách. | Түбіртек, кілт немесе саясат файлын ашу мүмкін емес.
  Не удалось открыть файл квитанции, ключа или политики. | The file of the receipt, of the key or of the policy cannot be opened.
because.too_large | Tệp lớn hơn 64 KB; biên nhận không bao giờ lớn như vậy. | Файл 64 КБ-тан үлкен; түбіртек мұндай болмайды.
  Файл больше 64 КБ; квитанций такого размера не бывает. | The file is larger than 64 KB; no receipt is.
because.not_json | Tệp bị cắt cụt, bị hỏng hoặc thuộc loại khác. | Файл қиылып қалған, бүлінген немесе басқа түрге жатады.
  Файл обрезан, повреждён или имеет другой тип. | The file is cut off, damaged or of another kind.
because.repeated_field | Một trường xuất hiện hai lần trong tệp nên có thể bị hiểu theo hai cách. | Файлда бір өріс екі рет кездеседі, сондықтан оны екі түрлі түсінуге болады.
  Одно и то же поле встречается в файле дважды, поэтому его можно понять по-разному. | A field stands in the file twice, so that it could be read in two ways.
because.not_receipt | Tệp không phải biên nhận Congvu phiên bản 1. | Файл Congvu түбіртегінің 1-нұсқасы емес.
  Файл не является квитанцией Congvu версии 1. | The file is not a receipt of Congvu, version 1.
because.not_canonical | Tệp đã bị viết lại sau khi lập: cách viết của nó không phải cách viết duy nhất được phép. | Файл жасалғаннан кейін қайта жазылған: оның жазылуы рұқсат етілген жалғыз түрге сай емес.
  Файл был переписан после создания: форма его записи отличается от единственно допустимой. | The file was rewritten after it was made: it is not in the one spelling that is allowed.
because.key | Khóa trong biên nhận sai định dạng. | Түбіртектегі кілттің пішімі қате. | Ключ в квитанции записан неверно. | The key in the receipt is malformed.
because.given_key | Khóa được đưa ra để đối chiếu sai định dạng. | Салыстыруға берілген кілттің пішімі қате.
  Ключ, указанный для сравнения, записан неверно. | The key given for comparison is malformed.
because.entry | Bản ghi trong biên nhận sai định dạng. | Түбіртектегі жазбаның пішімі қате.
  Запись в квитанции составлена неверно. | The entry in the receipt is malformed.
because.proof | Bằng chứng sai định dạng: phải gồm vị trí, đường dẫn băm và điểm kiểm chứng mang chữ ký của nhật ký rồi của các bên chứng kiến.
  Растаманың пішімі қате: нөмір, хештер жолы және журнал, содан кейін куәгерлер қол қойған бақылау нүктесі болуы тиіс.
  Подтверждение составлено неверно: нужны номер, путь хешей и контрольная точка с подписями журнала, а затем свидетелей.
  The proof is malformed: it must be a number, a path of hashes and a checkpoint signed by the log and then by witnesses.
because.disclosure | Một thông tin tiết lộ sai định dạng. | Ашылған мәліметтің пішімі қате. | Раскрытое сведение записано неверно. | A disclosure is malformed.
because.disclosure_order | Các thông tin tiết lộ bị lặp lại hoặc không đúng thứ tự. | Ашылған мәліметтер қайталанған немесе реті бұзылған.
  Раскрытые сведения повторяются или стоят не по порядку. | The disclosures are repeated or out of order.
because.policy | Chính sách về bên chứng kiến trong biên nhận sai định dạng. | Түбіртектегі куәгерлер саясатының пішімі қате.
  Политика свидетелей в квитанции составлена неверно. | The policy of witnesses in the receipt is malformed.
because.given_policy | Chính sách được đưa ra để đối chiếu sai định dạng. | Салыстыруға берілген саясаттың пішімі қате.
  Политика, указанная для сравнения, составлена неверно. | The policy given for comparison is malformed.
because.given_closing | Thông báo đóng nhật ký sai định dạng, hoặc không do khóa của nhật ký tiếp theo ký. | Журналды жабу құжатының пішімі қате немесе оған келесі журналдың кілтімен қол қойылмаған.
  Уведомление о закрытии составлено неверно или не подписано ключом следующего журнала. | The closing is malformed, or the next log's key has not signed it.
because.closed | Khóa của nhật ký này đã bị đánh cắp; biên nhận được ký sau điểm cuối cùng còn giá trị. Hãy đề nghị cơ quan cấp biên nhận từ nhật ký thay thế.
  Бұл журналдың кілті ұрланған; түбіртекке жарамды соңғы нүктеден кейін қол қойылған. Органнан орнына ашылған журналдың түбіртегін сұраңыз.
  Ключ этого журнала украден; квитанция подписана после последней действительной точки. Попросите у органа квитанцию из журнала, открытого взамен.
  The key of this log was stolen; the receipt was signed beyond the last head that counts. Ask the agency for a receipt from the log in its place.
because.closed_history | Biên nhận thuộc về một bản khác của nhật ký, không phải bản đã được đóng. | Түбіртек журналдың жабылған нұсқасына емес, басқа тарихына жатады.
  Квитанция относится к другой истории журнала, не к той, которая была закрыта. | The receipt is of another history of this log than the one that was closed.
because.closed_unwitnessed | Khóa của nhật ký này đã bị đánh cắp và chỉ khóa đó bảo đảm cho biên nhận. Hãy đề nghị cơ quan cấp lại biên nhận theo điểm kiểm chứng cuối cùng.
  Бұл журналдың кілті ұрланған, ал түбіртекке тек сол кілт кепіл. Органнан соңғы бақылау нүктесі бойынша жаңа түбіртек сұраңыз.
  Ключ этого журнала украден, а за квитанцию ручается только он. Попросите у органа новую квитанцию по последней контрольной точке.
  The key of this log was stolen, and nothing but that key stands for the receipt. Ask the agency for a new one under the last checkpoint.
because.other_key | Biên nhận được lập bằng khóa khác với khóa được đưa ra để đối chiếu; có thể là giả mạo. | Түбіртек салыстыруға берілген кілттен басқа кілтпен жасалған; ол жалған болуы мүмкін.
  Квитанция создана не тем ключом, который указан для сравнения; возможна подделка. | The receipt was made with another key than the one given for comparison; it may be forged.
because.other_log | Khóa thuộc về một nhật ký khác. | Кілт басқа журналға тиесілі. | Ключ относится к другому журналу. | The key belongs to another log.
because.other_signer | Điểm kiểm chứng do một khóa khác ký. | Бақылау нүктесіне басқа кілтпен қол қойылған.
  Контрольная точка подписана другим ключом. | The checkpoint was signed by another key.
because.signature | Chữ ký số không đúng: điểm kiểm chứng hoặc chữ ký đã bị thay đổi. | Қолтаңба дұрыс емес: бақылау нүктесі немесе қолтаңба өзгертілген.
  Подпись неверна: контрольная точка или подпись изменены. | The signature is wrong: the checkpoint or the signature was altered.
because.policy_signature | Chính sách về bên chứng kiến không do khóa của nhật ký ký, hoặc đã bị thay đổi. | Куәгерлер саясатына журнал кілтімен қол қойылмаған немесе ол өзгертілген.
  Политика свидетелей не подписана ключом журнала или изменена. | The policy of witnesses was not signed by the log's key, or was altered.
because.cosigner | Có chữ ký chứng kiến của bên mà chính sách không nêu, bị lặp lại hoặc không đúng thứ tự. | Саясатта аталмаған куәгердің қолтаңбасы бар, не қолтаңба қайталанған немесе реті бұзылған.
  Есть подпись свидетеля, не названного в политике, либо подпись повторяется или стоит не по порядку. | A witness's signature is of nobody whom the policy names, or is repeated or out of order.
because.cosignature | Chữ ký của một bên chứng kiến không đúng. | Куәгердің қолтаңбасы дұрыс емес. | Подпись свидетеля неверна. | The signature of a witness is wrong.
because.quorum | Các bên chứng kiến mà chính sách của quý vị đòi hỏi chưa ký đủ. | Сіздің саясатыңыз талап ететін куәгерлер жеткілікті қол қоймаған.
  Свидетели, которых требует ваша политика, ещё не подписали. | The witnesses that your policy demands have not signed.
because.beyond_the_log | Vị trí của bản ghi nằm ngoài nhật ký đã ký. | Жазбаның нөмірі қол қойылған журналдан тыс.
  Номер записи выходит за пределы подписанного журнала. | The number of the entry lies beyond the log that was signed.
because.not_in_the_log | Bản ghi không có trong nhật ký ở vị trí đã nêu: bản ghi, vị trí hoặc đường dẫn băm đã bị thay đổi. | Жазба журналда көрсетілген орында жоқ: жазба, нөмір немесе хештер жолы өзгертілген.
  Записи нет в журнале под указанным номером: изменены запись, номер или путь хешей. | The entry does not stand in the log at this number: entry, number or path was altered.
because.foreign_disclosure | Một thông tin tiết lộ không thuộc bản ghi này. | Ашылған мәлімет осы жазбаға жатпайды.
  Раскрытое сведение не относится к этой записи. | A disclosure does not belong to this entry.
because.ambiguous_disclosure | Hai thông tin tiết lộ có cùng tên nên không rõ thông tin nào đúng. | Екі мәлімет бір атпен ашылған, қайсысы дұрыс екені белгісіз.
  Два сведения раскрыты под одним именем; неясно, какое из них верно. | Two disclosures bear the same name, so that it is not clear which one counts.
=kind | Loại sự kiện | Оқиға түрі | Вид события | Kind of event
=at | Thời điểm | Уақыты | Время | Time
=agency | Mã cơ quan | Органның коды | Код органа | Code of the agency
=id | Mã bản ghi | Жазба коды | Код записи | Code of the entry
=message | Mã thư | Хат коды | Код письма | Code of the message
=actor | Mã người thực hiện | Орындаушы коды | Код исполнителя | Code of who acted
=recipient | Mã người nhận | Алушы коды | Код получателя | Code of the recipient
=mailbox | Mã hộp thư | Жәшік коды | Код ящика | Code of the mailbox
=sender_mailbox | Mã hộp thư gửi | Жіберуші жәшігінің коды | Код ящика отправителя | Code of the sending mailbox
=unit | Mã đơn vị | Бөлімше коды | Код подразделения | Code of the unit
=person | Mã cá nhân | Адам коды | Код лица | Code of the person
=channel | Kênh tiếp nhận | Қабылдау арнасы | Канал | Channel
=direction | Chiều thư | Бағыты | Направление | Direction
=communication | Loại trao đổi | Хат алмасу түрі | Вид сообщения | Kind of communication
=automatic | Thư tự động | Автоматты хат | Автоматическое | Automatic
=box | Loại hộp thư | Жәшік түрі | Вид ящика | Kind of mailbox
=by | Cách báo đã nhận | Растау тәсілі | Способ подтверждения | Manner
=to | Chuyển giao cho | Тапсырылған тарап | Кому передано | Handed over to
=digest | Giá trị băm (SHA-256) | Хеш (SHA-256) | Хеш (SHA-256) | Digest (SHA-256)
=mark | Dấu mật | Құпиялылық белгісі | Гриф секретности | Mark of secrecy
=closed_by | Người đóng nhật ký | Журналды жапқан адам | Кто закрыл журнал | Who closed the log
=approved_by | Người phê duyệt | Бекіткен адам | Кто утвердил | Who approved it
reason=stolen | khóa bị đánh cắp | кілт ұрланған | ключ украден | the key was stolen
reason=lost | nhật ký đã mất | журнал жоғалған | журнал утрачен | the log was lost
=reason | Lý do | Себебі | Причина | Reason
=through | Bằng cách | Қандай жолмен | Каким путём | By way of
=origin | Nguồn của thư | Хаттың шыққан жері | Откуда письмо | Where the message comes from
=address | Mã địa chỉ | Мекенжай коды | Код адреса | Code of the address
=verdict | Kết luận về chữ ký | Қолтаңба туралы қорытынды | Вывод о подписи | Verdict on the signature
=of | Đối tượng được ký | Қол қойылған зат | Что подписано | What was signed
=signer | Chứng thư của người ký (SHA-256) | Қол қоюшының сертификаты (SHA-256) | Сертификат подписавшего (SHA-256) | Certificate of the signer (SHA-256)
=revocation | Danh sách và câu trả lời về việc thu hồi (SHA-256) | Кері қайтару туралы тізімдер мен жауаптар (SHA-256)
  Списки и ответы об отзыве (SHA-256) | Lists and answers about revocation (SHA-256)
=confirms | Mã thư được xác nhận | Расталған хаттың коды | Код подтверждаемого письма | Code of the message that is confirmed
=how | Kết quả được báo | Хабарланған нәтиже | Сообщённый результат | What was reported
=scheme | Hệ thống biên nhận | Түбіртек жүйесі | Система квитанций | System of receipts
=event | Bước | Қадам | Шаг | Step
=hours | Số giờ | Сағат саны | Часов | Hours
=carrier | Mã thư mang thông tin | Мәлімет келген хаттың коды | Код письма с этим сведением | Code of the message that carried it
=carrier_digest | Giá trị băm của thư đó (SHA-256) | Сол хаттың хеші (SHA-256) | Хеш того письма (SHA-256) | Digest of that message (SHA-256)
=disposal | Mã đợt tiêu hủy | Жою коды | Код уничтожения | Code of the disposal
=hold | Mã lệnh giữ | Тыйым коды | Код запрета | Code of the hold
=basis | Căn cứ | Негіздеме | Основание | Basis
=kinds | Loại sự kiện được chọn | Таңдалған оқиға түрлері | Выбранные виды событий | Kinds of events chosen
=begins_at | Từ thời điểm | Басталуы | С момента | From
=ends_at | Trước thời điểm | Осыған дейін | До момента | Before
=choice | Cách chọn | Таңдау тәсілі | Способ выбора | Way of choosing
=chosen | Số bản ghi được chọn | Таңдалған жазба саны | Выбрано записей | Entries chosen
=entries | Bản ghi | Жазбалар | Записи | Entries
=subjects | Số thư, nghĩa vụ, phản ánh và dòng liên quan | Хат, міндет, есеп және олар туралы жолдар саны | Писем, обязанностей, сообщений и строк о них | Letters, duties, reports and rows about them
=blobs | Số nội dung | Мазмұн саны | Содержимого | Contents
=days | Số ngày | Күн саны | Дней | Days
=holders | Số nơi giữ đã trả lời | Жауап берген сақтаушылар саны | Ответило хранителей | Holders that answered
choice=period | theo loại và thời gian | түрі мен кезеңі бойынша | по виду и периоду | by kind and period
choice=entries | theo số bản ghi | жазба нөмірлері бойынша | по номерам записей | by numbers of entries
=recipient_address | Địa chỉ người nhận | Алушының мекенжайы | Адрес получателя | Address of the recipient
through=browser | trình duyệt | браузер | браузер | browser
through=imap | phần mềm thư (IMAP) | пошта бағдарламасы (IMAP) | почтовая программа (IMAP) | mail program (IMAP)
through=pop | phần mềm thư (POP) | пошта бағдарламасы (POP) | почтовая программа (POP) | mail program (POP)
through=command | lệnh trên máy chủ | сервердегі команда | команда на сервере | a command on the server
through=master | mật khẩu quản trị | әкімші құпиясөзі | пароль администратора | a master password
verdict=valid | hợp lệ | жарамды | действительна | valid
verdict=invalid | không hợp lệ | жарамсыз | недействительна | not valid
verdict=cannot_be_determined | không xác định được | анықтау мүмкін емес | определить нельзя | cannot be determined
of=message | thư | хат | письмо | a message
of=receipt | biên nhận | түбіртек | квитанция | a receipt
reason=none | không có | жоқ | нет | none
channel=web | giao diện web | веб-интерфейс | веб-интерфейс | web
channel=submission | gửi từ phần mềm thư | пошта бағдарламасынан | из почтовой программы | mail program
channel=mx | từ hệ thống thư khác | басқа пошта жүйесінен | из другой почтовой системы | another mail system
channel=gate | từ máy chủ thư của cơ quan | органның пошта серверінен | с почтового сервера органа | the agency's own mail server
channel=import | nhập vào | импорттан | импорт | import
channel=system | từ hệ thống | жүйеден | из самой системы | the system itself
direction=in | đến | кіріс | входящее | incoming
direction=out | đi | шығыс | исходящее | outgoing
direction=internal | nội bộ | ішкі | внутреннее | internal
automatic=true | có | иә | да | yes
automatic=false | không | жоқ | нет | no
box=personal | hộp thư cá nhân | жеке қызметтік жәшік | именной ящик | personal
box=unit | hộp thư đơn vị | бөлімше жәшігі | ящик подразделения | unit
box=agency | hộp thư cơ quan | орган жәшігі | ящик органа | agency
box=hand_over | hộp thư bàn giao | тапсыру жәшігі | ящик передачи дел | hand-over
by=press | bấm nút báo đã nhận | растау батырмасын басу | нажатием кнопки | pressing the button
by=reply | trả lời thư | жауап хат | ответным письмом | reply
communication=work_schedule | lịch công tác | жұмыс кестесі | график работы | work schedule
communication=meeting_papers | tài liệu họp | жиналыс құжаттары | материалы совещания | meeting papers
communication=working_papers | tài liệu công tác | жұмыс құжаттары | рабочие материалы | working papers
communication=report | báo cáo | есеп | отчёт | report
communication=invitation | giấy mời | шақыру | приглашение | invitation
communication=official_letter | công văn | ресми хат | официальное письмо | official letter
communication=direction | văn bản chỉ đạo | нұсқау | указание | direction
communication=other | khác | басқа | прочее | other
"""  # noqa: E501 -- one sentence, one line

SENTENCES: Final = {
    row[0]: tuple(row[1:])
    for row in (re.split(r"\n +| \| ", block) for block in re.split(r"\n(?! )", TABLE.strip("\n")))
}

if __name__ == "__main__":
    sys.exit(main())
