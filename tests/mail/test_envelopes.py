"""Encrypted mail is told from signed mail, kept as it came, and opened by the right key only."""

import pytest

from congvu.mail import messages
from congvu.mail.smime import envelopes, keys
from congvu.mail.smime.verifying import verify
from tests.mail.pki import NOW, Holder, Pki, run
from tests.mail.signed_letters import BINH, Letter, Maker
from tests.mail.test_smime_signing import file_of

TEXT = b"Content-Type: text/plain\r\n\r\nFor your eyes only\r\n"


@pytest.fixture
def make(tmp_path) -> Maker:
    return Maker(Pki(tmp_path))


def encrypt(make: Maker, to: Holder, *options: str, content: bytes = TEXT) -> bytes:
    letter = make.pki.folder / "plain.eml"
    letter.write_bytes(content)
    made = run("cms", "-encrypt", "-in", letter, *options, to.path).stdout
    return b"From: binh@ubnd.example\r\nSubject: x\r\n" + made.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def key_of(holder: Holder) -> keys.FileKey:
    return keys.opened(file_of(holder), passphrase="secret words")


@pytest.mark.parametrize("options", [("-aes128",), ("-aes256",), ("-aes256", "-stream")], ids=" ".join)
def test_an_encrypted_letter_opens_with_the_key_it_was_made_for(make, options) -> None:
    chi = make.pki.holder(
        "chi", issuer=make.authority, kind="rsa2048", mails=("chi@ubnd.example",), usage="both"
    )
    raw = encrypt(make, chi, *options)
    assert envelopes.sealed(raw) is not None
    assert verify(raw, trust=Letter(raw=raw, roots=(make.root,)).trust, at=NOW, now=NOW) is None
    assert messages.read(envelopes.opened(raw, key=key_of(chi))).text == "For your eyes only\n"


def test_another_key_opens_nothing(make) -> None:
    chi = make.pki.holder("chi", issuer=make.authority, kind="rsa2048", usage="both")
    other = make.pki.holder("other", issuer=make.authority, kind="rsa2048", usage="both")
    raw = encrypt(make, chi, "-aes256")
    for key in (key_of(other), key_of(make.binh())):
        with pytest.raises(envelopes.NotForThisKeyError):
            envelopes.opened(raw, key=key)


def test_a_damaged_letter_opens_to_nothing_or_to_garbage_without_an_exception(make) -> None:
    chi = make.pki.holder("chi", issuer=make.authority, kind="rsa2048", usage="both")
    raw, key = encrypt(make, chi, "-aes256"), key_of(chi)
    for at in range(200, len(raw), 29):
        changed = raw[:at] + bytes((raw[at] ^ 1,)) + raw[at + 1 :]
        try:
            envelopes.opened(changed, key=key)
        except envelopes.NotForThisKeyError:
            continue


def test_a_signature_within_is_checked_after_opening(make) -> None:
    chi = make.pki.holder("chi", issuer=make.authority, kind="rsa2048", usage="both")
    raw = encrypt(make, chi, "-aes256", content=make.sign(make.binh(), entity=TEXT))
    plain = envelopes.opened(raw, key=key_of(chi))
    verdict = verify(plain, trust=Letter(raw=raw, roots=(make.root,)).trust, at=NOW, now=NOW)
    assert verdict is not None
    assert (verdict.reason, verdict.signer and verdict.signer.addresses) == ("none", (BINH,))


@pytest.mark.parametrize("raw", [b"", b"x", TEXT, b"Content-Type: application/pkcs7-mime\r\n\r\nAAAA"])
def test_everything_else_is_not_encrypted(raw) -> None:
    assert envelopes.sealed(raw) is None
