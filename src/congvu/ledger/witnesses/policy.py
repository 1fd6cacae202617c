"""The policy in force: by whom our checkpoints must be cosigned. It lies outside the data, beside the kept head."""

import functools
from pathlib import Path

from django.conf import settings

from congvu.base import places
from congvu.ledger.store import write_durably
from congvu.standards import quorums
from congvu.standards.cosignatures import CosignerKey
from congvu.standards.quorums import Policy, Witness

NOBODY = Policy()


def path() -> Path:
    """Return where the policy lies."""
    return Path(settings.CONGVU_WITNESS_POLICY or Path(settings.CONGVU_CHECKPOINT_COPY) / "witnesses.policy")


def current() -> Policy:
    """Return the policy in force; where there is no file, nobody must cosign. Raises MalformedPolicyError."""
    try:
        return _parsed(path().read_bytes())
    except FileNotFoundError:
        return NOBODY


def put(policy: Policy) -> None:
    """Put a policy in its place; it is on disk when this returns."""
    write_durably(path(), policy.format().encode(errors="surrogateescape"))


def is_awaited(policy: Policy) -> bool:
    """Say whether somebody must cosign before our checkpoints are enough."""
    return policy.quorum != quorums.NONE


def asked(policy: Policy) -> list[Witness]:
    """Return the witnesses that say where on the web they take checkpoints."""
    return [one for one in policy.witnesses if places.is_place(one.url)]


def mark(key: CosignerKey) -> str:
    """Return what names a witness's key in few characters: its name and the key's id."""
    return f"{key.name}+{key.id.hex()}"


def bare(policy: Policy) -> str:
    """Return a policy as receipts carry it: without logs and addresses."""
    witnesses = tuple(Witness(one.name, one.key) for one in policy.witnesses)
    return Policy((), witnesses, policy.groups, policy.quorum).format()


@functools.lru_cache(maxsize=4)
def _parsed(data: bytes) -> Policy:
    return quorums.parse_octets(data)
