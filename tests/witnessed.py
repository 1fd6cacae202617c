"""Receipts that witnesses have cosigned, made without a database."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from congvu.standards import checkpoints, disclosures, jcs, merkle, notes, proofs, receipts
from congvu.standards.cosignatures import ED25519, ML_DSA_44, CosignerSecret
from congvu.standards.quorums import Group, Policy, Witness

ORIGIN = "mail.binhduong.gov.vn/log/so-noi-vu/2026"
SIGNER = notes.SignerKey(name=ORIGIN, seed=bytes(range(32)))
SAID_AT = 1_772_586_123
NAMES = ("inspectorate", "lưu-trữ", "press")
HOSTS = ("witness.thanhtra.gov.vn", "witness.luutru.gov.vn", "witness.baochi.vn")
SECRETS = [CosignerSecret(name, ED25519, bytes([at]) * 32) for at, name in enumerate(HOSTS)]
LATTICE = CosignerSecret(HOSTS[0], ML_DSA_44, bytes([9]) * 32)
SHOWN = [
    disclosures.make("actor", "binhbinhbinhbinhbinhbinh22"),
    disclosures.make("message", "thuthuthuthuthuthuthuthu22"),
]
LEAF = jcs.encode(
    {
        "agency": "sonoivusonoivusonoivusonoi",
        "at": "2026-03-04T01:02:03.000004Z",
        "attributes": {"by": "press"},
        "digests": sorted(item.digest for item in SHOWN),
        "id": "mucghimucghimucghimucghi22",
        "kind": "mail.message.acknowledged",
        "version": 1,
    }
)


def policy_of(
    *secrets: CosignerSecret, threshold: int, names: Sequence[str] = NAMES, quorum: str = "quorum"
) -> Policy:
    """Return a policy that asks for some of these witnesses."""
    witnesses = tuple(Witness(name, one.key) for name, one in zip(names, secrets, strict=False))
    group = Group("quorum", threshold, tuple(one.name for one in witnesses))
    return Policy(witnesses=witnesses, groups=(group,), quorum=quorum)


TWO_OF_THREE = policy_of(*SECRETS, threshold=2)


@dataclass(frozen=True)
class Wish:
    """What a receipt is to look like; every part can be wrong."""

    by: Sequence[CosignerSecret] = tuple(SECRETS)
    policy: str = TWO_OF_THREE.format()
    at: int = SAID_AT
    index: int = 41
    size: int = 100
    leaf: bytes = LEAF
    shown: Sequence[disclosures.Disclosure] = field(default_factory=lambda: SHOWN)
    signer: notes.SignerKey = SIGNER
    policy_signer: notes.SignerKey = SIGNER
    lines: str | None = None


def head(wish: Wish) -> tuple[checkpoints.Checkpoint, tuple[bytes, ...]]:
    """Return the head of a tree in which the leaf stands, and its path; the other hashes are made up."""
    path, below, last = [], wish.index, wish.size - 1
    root = merkle.leaf_hash(wish.leaf)
    while last:
        if below % 2 or below < last:
            sibling = merkle.leaf_hash(b"other %d" % len(path))
            path.append(sibling)
            root = merkle.node_hash(sibling, root) if below % 2 else merkle.node_hash(root, sibling)
        below, last = below // 2, last // 2
    return checkpoints.Checkpoint(wish.signer.name, wish.size, root), tuple(path)


def cosigned(wish: Wish) -> str:
    """Return the signed checkpoint with the lines of the witnesses."""
    checkpoint, _ = head(wish)
    text = checkpoint.format()
    lines = wish.lines
    if lines is None:
        lines = "".join(one.cosign(text, at=wish.at) for one in wish.by)
    return checkpoints.sign(checkpoint, wish.signer) + lines


def receipt(**wishes: object) -> bytes:
    """Return a bundle; see Wish for what may be asked."""
    wish = Wish(**wishes)  # type: ignore[arg-type]  # a test's words
    _, path = head(wish)
    proof = proofs.Proof(index=wish.index, path=path, checkpoint=cosigned(wish)).format()
    policy = notes.sign(wish.policy, wish.policy_signer) if wish.policy else ""
    texts = [one.text for one in wish.shown]
    return receipts.build(
        key=wish.signer.verifier.text, leaf=wish.leaf, disclosures=texts, proof=proof, policy=policy
    )


def lines_of(*secrets: CosignerSecret, at: int = SAID_AT, **wishes: object) -> str:
    """Return what witnesses say of the checkpoint of a receipt."""
    text = head(Wish(**wishes))[0].format()  # type: ignore[arg-type]  # as above
    return "".join(one.cosign(text, at=at) for one in secrets)
