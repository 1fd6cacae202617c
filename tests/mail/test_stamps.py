"""Time stamps (RFC 3161) by openssl: they prove that a signature existed while its certificate was in force."""

from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from congvu.mail import ber
from congvu.mail.smime.verifying import verify
from tests.mail.pki import DAY, NOW, Holder, Pki, run
from tests.mail.signed_letters import Letter, Maker, with_attribute

STAMP = bytes.fromhex("060b2a864886f70d010910020e")  # id-aa-timeStampToken
CONFIGURATION = """[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@pytest.fixture
def make(tmp_path) -> Maker:
    return Maker(Pki(tmp_path))


def authority_of_time(make: Maker, **options) -> Holder:
    return make.pki.holder(
        "tsa",
        issuer=make.root,
        kind="rsa2048",
        purposes=(ExtendedKeyUsageOID.TIME_STAMPING,),
        purposes_critical=True,
        **options,
    )


def token(folder: Path, tsa: Holder, data: bytes) -> bytes:
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    (folder / "data").write_bytes(data)
    run("ts", "-query", "-data", folder / "data", "-sha256", "-cert", "-out", folder / "query")
    run(
        *("ts", "-reply", "-config", folder / "tsa.cnf", "-queryfile", folder / "query", "-token_out"),
        *("-signer", tsa.path, "-inkey", tsa.key_path, "-out", folder / "token"),
    )
    return (folder / "token").read_bytes()


def stamped(make: Maker, tsa: Holder, *, over: bytes | None = None) -> Letter:
    """Sign with a certificate that ends tomorrow, and stamp the signature now."""
    signed = make.sign(make.binh("ends-soon", until=NOW + DAY))

    def attribute(value: bytes) -> bytes:
        made = token(make.pki.folder, tsa, over or value)
        return ber.written(0x30, STAMP + ber.written(0x31, made))

    return make.letter(with_attribute(signed, attribute))


def judged(letter: Letter, *, days: int):
    at = NOW + days * DAY
    found = verify(letter.raw, trust=letter.trust, at=at, now=at)
    assert found is not None
    return found


def test_a_stamp_proves_an_earlier_signature(make) -> None:
    letter = stamped(make, authority_of_time(make))
    verdict = judged(letter, days=5)
    assert (verdict.reason, verdict.remarks) == ("none", ())
    (signer,) = verdict.signers
    assert signer.stamped_by == "tsa"
    assert signer.stamped_at is not None
    assert signer.stamped_at < NOW + DAY


def test_without_the_stamp_the_certificate_has_expired(make) -> None:
    letter = make.letter(make.sign(make.binh("ends-soon", until=NOW + DAY)))
    assert (judged(letter, days=0).reason, judged(letter, days=5).reason) == ("none", "expired")


def test_a_stamp_over_another_signature_proves_nothing(make) -> None:
    verdict = judged(stamped(make, authority_of_time(make), over=b"another"), days=5)
    assert (verdict.reason, verdict.remarks) == ("expired", ("time",))


def test_a_stamp_by_nobody_we_trust_proves_nothing(make) -> None:
    tsa = make.pki.holder(
        "tsa-of-nobody",
        issuer=make.pki.holder("nobody", is_authority=True),
        kind="rsa2048",
        purposes=(ExtendedKeyUsageOID.TIME_STAMPING,),
        purposes_critical=True,
    )
    assert (judged(stamped(make, tsa), days=5).reason, judged(stamped(make, tsa), days=0).reason) == (
        "expired",
        "none",
    )
