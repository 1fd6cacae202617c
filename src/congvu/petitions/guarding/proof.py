"""Proof of work as ALTCHA has it (proof of work v2, PBKDF2/SHA-256, deterministic): the browser counts, we compare.

The challenge is derived from a counter that we draw; whoever finds the counter again has done the work. Checking it
costs two HMAC, so that false proofs cost us next to nothing. We keep nothing of a challenge until it is spent.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

LIFE = timedelta(hours=2)  # somebody may be called away over a form
COST = 5_000  # rounds of PBKDF2 a trial: about a millisecond
TRIALS = range(500, 1_000)  # what the work costs: under a second on a desk, some seconds on an old phone
LONGEST = 4_000  # characters of a proof
_NAME = "PBKDF2/SHA-256"
_PREFIX = 16  # octets of the key that the challenge shows
_COUNTER = 4  # octets


class ProofError(Exception):
    """No proof that work was done."""


class MalformedProofError(ProofError):
    """Not what a browser sends."""


class ForgedProofError(ProofError):
    """A challenge that we did not make, or made for another agency."""


class ExpiredProofError(ProofError):
    """A challenge of too long ago."""


class WrongProofError(ProofError):
    """A challenge of ours, and not its solution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spendable:
    """What may be used once, and until when it must be remembered."""

    digest: str
    expires_at: datetime


def issue(*, key: bytes, agency: str, at: datetime) -> dict[str, Any]:
    """Return a challenge for the browser: JSON members `parameters` and `signature`."""
    nonce, salt = secrets.token_bytes(16), secrets.token_bytes(16)
    counter = secrets.choice(TRIALS).to_bytes(_COUNTER)
    derived = hashlib.pbkdf2_hmac("sha256", nonce + counter, salt, COST)
    parameters = {
        "algorithm": _NAME,
        "cost": COST,
        "data": {"agency": agency},
        "expiresAt": int((at + LIFE).timestamp()),
        "keyLength": len(derived),
        "keyPrefix": derived[:_PREFIX].hex(),
        "keySignature": _signed(key, b"solution", derived),
        "nonce": nonce.hex(),
        "salt": salt.hex(),
    }
    return {"parameters": parameters, "signature": _signed(key, b"challenge", _canonical(parameters))}


def verify(text: str, *, key: bytes, agency: str, at: datetime) -> Spendable:
    """Return what a proof spends. Raises a ProofError."""
    parameters, signature, solution = _read(text)
    if not hmac.compare_digest(_signed(key, b"challenge", _canonical(parameters)), signature):
        raise ForgedProofError
    if parameters["data"] != {"agency": agency}:
        raise ForgedProofError
    expires_at = datetime.fromtimestamp(parameters["expiresAt"], UTC)
    if at >= expires_at:
        raise ExpiredProofError
    if not hmac.compare_digest(_signed(key, b"solution", solution), parameters["keySignature"]):
        raise WrongProofError
    return Spendable(digest=hashlib.sha256(signature.encode()).hexdigest(), expires_at=expires_at)


def secret(key: bytes, purpose: bytes) -> bytes:
    """Return the secret that a key gives for a purpose: `challenge` signs challenges, `solution` what solves them."""
    return hmac.digest(key, purpose, "sha256")


def _read(text: str) -> tuple[dict[str, Any], str, bytes]:
    """Return parameters, signature and derived key of a payload, of which only the form is known."""
    try:
        said = json.loads(base64.b64decode(text[: LONGEST + 1], validate=True))
        challenge, solution = said["challenge"], said["solution"]
        parameters, signature = challenge["parameters"], challenge["signature"]
        derived = binascii.unhexlify(solution["derivedKey"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise MalformedProofError from error
    if not isinstance(parameters, dict) or not isinstance(signature, str) or not signature.isascii():
        raise MalformedProofError
    return parameters, signature, derived


def _canonical(parameters: dict[str, Any]) -> bytes:
    """Return JSON as every implementation signs it: sorted names, no spaces."""
    return json.dumps(parameters, sort_keys=True, separators=(",", ":")).encode()


def _signed(key: bytes, purpose: bytes, data: bytes) -> str:
    return hmac.digest(secret(key, purpose), data, "sha256").hex()
