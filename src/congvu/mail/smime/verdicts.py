"""What is found about a signature: a status, the reasons in a closed list of words, who signed and when."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

Status = Literal["valid", "invalid", "cannot_be_determined"]

# Every reason with the status that it leads to; of several the first in this order is named first.
REASONS: dict[str, Status] = {
    "altered": "invalid",  # content or signature is not what was signed
    "other_certificate": "invalid",  # the signature names another certificate than the one that comes with it
    "revoked": "invalid",
    "wrong_name": "invalid",  # nobody of those who signed has the address in From
    "wrong_purpose": "invalid",  # a certificate that is not for signing mail
    "malformed": "cannot_be_determined",  # no signature that can be read
    "sender_unclear": "cannot_be_determined",  # From is not one plain address
    "partial": "cannot_be_determined",  # more is shown than was signed
    "no_certificate": "cannot_be_determined",  # the signer's certificate does not come with it
    "weak_digest": "cannot_be_determined",  # MD5, SHA-1: somebody else could have made it
    "weak_key": "cannot_be_determined",  # RSA below 2048 bits, curves below 256
    "unknown_algorithm": "cannot_be_determined",
    "expired": "cannot_be_determined",
    "not_yet_valid": "cannot_be_determined",
    "self_signed": "cannot_be_determined",
    "chain": "cannot_be_determined",  # no way to a root that the agency trusts, or a way that breaks its rules
    "revocation_unknown": "cannot_be_determined",
    "no_such_message": "cannot_be_determined",  # a receipt for nothing that was sent from here
    "other_protocol": "cannot_be_determined",  # OpenPGP
    "too_large": "cannot_be_determined",  # beyond the bounds of time and size
    "fault": "cannot_be_determined",  # a library failed
}
# What is worth saying and changes no status.
REMARKS = (
    "two_signers",
    "time",  # a time stamp that cannot be confirmed
    "clock",  # the signer's clock says later than the letter came
    "other_head",  # what was signed names another sender, subject or recipients than the letter
)
OF_MESSAGE = frozenset(("sender_unclear", "partial", "wrong_name"))  # reasons that concern no single signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """What was known of a certificate's revocation: good, revoked, unknown or nothing_to_ask; said by which statement.

    `by` is list (RFC 5280) or answer (RFC 6960), `digest` the SHA-256 of its DER; empty where nobody said anything.
    """

    state: str = "nothing_to_ask"
    by: str = ""
    digest: str = ""
    said_at: datetime | None = None
    until: datetime | None = None


NOT_ASKED = Revocation()


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate of a chain: whose and by whom, as people read it; SHA-256 fingerprint in hexadecimal."""

    subject: str
    issuer: str
    serial: str
    fingerprint: str
    valid_from: datetime
    valid_to: datetime
    revocation: Revocation = NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """One who signed: what the certificate says, when, and what is wrong.

    `signed_at` is what the signer's own clock said; `stamped_at` what a time-stamping authority confirms (RFC 3161).
    `chain` goes from the signer to the root, and holds the signer alone when there is no way to a root.
    """

    name: str = ""
    addresses: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    signed_at: datetime | None = None
    stamped_at: datetime | None = None
    stamped_by: str = ""
    digest: str = ""  # "sha256"
    chain: tuple[Certificate, ...] = ()

    @property
    def status(self) -> Status:
        """Return the status of this signature alone."""
        return status_of(self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is found about a message at the instant `at`; without signers when its signature could not be read."""

    at: datetime
    signers: tuple[Signer, ...] = ()
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """Return the worst status of all reasons."""
        return status_of(self.reasons)

    @property
    def reason(self) -> str:
        """Return the first reason, "none" when the signature is valid."""
        return self.reasons[0] if self.reasons else "none"

    @property
    def signer(self) -> Signer | None:
        """Return who is named first: one whose own signature holds, if there is one."""
        return next((one for one in self.signers if not one.reasons), next(iter(self.signers), None))


def ordered(reasons: Iterable[str]) -> tuple[str, ...]:
    """Return reasons each once, in the order of the list."""
    found = set(reasons)
    return tuple(one for one in REASONS if one in found)


def status_of(reasons: Iterable[str]) -> Status:
    """Return the worst status to which reasons lead; none means valid."""
    found = {REASONS[one] for one in reasons}
    if "invalid" in found:
        return "invalid"
    return "cannot_be_determined" if found else "valid"


def as_data(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON values."""
    return _plain(asdict(verdict))  # type: ignore[no-any-return]  # a dataclass becomes a dict


def from_data(data: dict[str, Any]) -> Verdict:
    """Return the verdict that `as_data` wrote."""
    signers = tuple(
        Signer(
            name=one["name"],
            addresses=tuple(one["addresses"]),
            reasons=tuple(one["reasons"]),
            remarks=tuple(one["remarks"]),
            signed_at=_instant(one["signed_at"]),
            stamped_at=_instant(one["stamped_at"]),
            stamped_by=one["stamped_by"],
            digest=one["digest"],
            chain=tuple(_certificate(link) for link in one["chain"]),
        )
        for one in data["signers"]
    )
    return Verdict(
        at=datetime.fromisoformat(data["at"]),
        signers=signers,
        reasons=tuple(data["reasons"]),
        remarks=tuple(data["remarks"]),
    )


def _certificate(data: dict[str, Any]) -> Certificate:
    times = {name: datetime.fromisoformat(data[name]) for name in ("valid_from", "valid_to")}
    said = data["revocation"]
    asked = {name: _instant(said[name]) for name in ("said_at", "until")}
    return Certificate(**(data | times | {"revocation": Revocation(**(said | asked))}))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
