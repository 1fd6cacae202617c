"""sigstore's own code, in Python and in JavaScript, verifies the checkpoint and the entries of a real log of ours."""

import base64
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright._impl._driver import compute_driver_executable
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore._internal.trust import Keyring
from sigstore.errors import Error
from sigstore_models.common.v1 import PublicKey, PublicKeyDetails

from congvu.standards import notes
from tests.conformance.foreign import _plain
from tests.conformance.real_log import RealLog
from tests.conformance.test_go_sumdb import flipped

Verifier = Callable[..., str]  # its reason, empty when it accepts
CHOSEN = (0, 1, 255, 256, 511, 700, 769)


def spki(key: notes.VerifierKey) -> bytes:
    public = Ed25519PublicKey.from_public_bytes(key.public)
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def python(*, note: str, key: notes.VerifierKey, leaf: bytes, index: int, path: list[bytes]) -> str:
    """Return what the package of PyPI says."""
    keys = Keyring(
        [PublicKey(raw_bytes=base64.b64encode(spki(key)), key_details=PublicKeyDetails.PKIX_ED25519)]
    )
    assert keys._keyring
    try:
        signed = SignedCheckpoint.from_text(note)
        signed.signed_note.verify(keys, key.id)  # the log's id begins with the hint of its signatures
        proof = SimpleNamespace(
            log_index=index,
            tree_size=signed.checkpoint.log_size,
            hashes=path,
            root_hash=bytes.fromhex(signed.checkpoint.log_hash),
        )
        verify_merkle_inclusion(
            SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=leaf))
        )
    except (Error, ValueError) as error:
        return str(error) or "refused"
    return ""


class JavaScript:
    """A pipe to the package of npm, run by the browser driver's own Node."""

    def __init__(self) -> None:
        node, _ = compute_driver_executable()
        adapter = Path(__file__).parent / "npm/adapter.js"
        self.process = subprocess.Popen(
            [node, adapter], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, *, key: notes.VerifierKey, **parts: Any) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {**parts, "key": spki(key), "id": key.id, "name": key.name}
        self.process.stdin.write(json.dumps({name: _plain(value) for name, value in asked.items()}) + "\n")
        self.process.stdin.flush()
        return str(json.loads(self.process.stdout.readline()).get("error", ""))


@pytest.fixture(scope="module")
def javascript() -> Iterator[JavaScript]:
    pipe = JavaScript()
    yield pipe
    pipe.process.communicate()


@pytest.fixture(params=["python", "javascript"])
def verifier(request: pytest.FixtureRequest) -> Verifier:
    return python if request.param == "python" else request.getfixturevalue("javascript")


def parts(real: RealLog, index: int) -> dict[str, Any]:
    return {
        "note": real.note,
        "key": real.key,
        "leaf": real.leaf(index),
        "index": index,
        "path": real.path(index),
    }


def test_it_accepts_every_entry_of_a_real_log(real: RealLog, verifier: Verifier) -> None:
    assert [verifier(**parts(real, index)) for index in range(real.head.size)] == [""] * real.head.size


def test_it_refuses_each_flipped_bit(real: RealLog, verifier: Verifier) -> None:
    for index in CHOSEN:
        genuine = parts(real, index)
        assert verifier(**genuine) == ""
        for bit in range(0, len(genuine["leaf"]) * 8, 97):
            assert verifier(**{**genuine, "leaf": flipped(genuine["leaf"], bit)}) != ""
        for place, digest in enumerate(genuine["path"]):
            path = [*genuine["path"][:place], flipped(digest, index + place), *genuine["path"][place + 1 :]]
            assert verifier(**{**genuine, "path": path}) != ""
        for other in (index - 1, index + 1, index ^ 256):
            assert verifier(**{**genuine, "index": other}) != ""


def test_it_refuses_a_checkpoint_with_a_flipped_bit(real: RealLog, verifier: Verifier) -> None:
    """Both leave the name on a signature's line and what base64 does not use alone; Go and we do not."""
    genuine = parts(real, 700)
    text = len(real.head.format().encode()) - 1
    for bit in range(0, text * 8, 5):
        changed = flipped(real.note.encode(), bit).decode(errors="replace")
        assert verifier(**{**genuine, "note": changed}) != ""
    stranger = notes.generate(real.key.name).verifier
    assert verifier(**{**genuine, "key": stranger}) != ""
