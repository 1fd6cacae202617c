"""Signed receipts (RFC 2634): openssl accepts ours, we accept openssl's, and neither accepts one for another message."""

import pytest

from congvu.mail.smime import cms, keys, signed_receipts, signing
from congvu.mail.smime.keys import FileKey
from congvu.mail.smime.tracing import Traces
from congvu.mail.smime.trust import Trust
from congvu.mail.smime.verifying import Case
from tests.mail.pki import NOW, Holder, Pki, run
from tests.mail.signed_letters import BINH, Maker
from tests.mail.test_smime_signing import file_of, written

DUNG = "dung@dan.example"


@pytest.fixture
def make(tmp_path) -> Maker:
    return Maker(Pki(tmp_path))


def key_of(holder: Holder) -> FileKey:
    return keys.opened(file_of(holder), passphrase="secret words")


def dung(make: Maker, kind: str = "p256") -> Holder:
    return make.pki.holder(f"dung-{kind}", issuer=make.authority, mails=(DUNG,), kind=kind)


def sent(make: Maker, kind: str = "p256") -> bytes:
    attribute = signed_receipts.request(message_id="x@ubnd.example", to=BINH)
    key = key_of(make.binh(f"binh-{kind}", kind=kind))
    return signing.sign(written(), key=key, at=NOW, attributes=(attribute,))


def by_openssl(make: Maker, *options: object) -> bytes:
    """Sign by openssl with a request for a receipt."""
    who, letter = make.binh(), make.pki.folder / "plain.eml"
    letter.write_bytes(b"Content-Type: text/plain\r\n\r\nHello\r\n")
    asked = ("-receipt_request_all", "-receipt_request_from", DUNG, "-receipt_request_to", BINH)
    made = run(
        *("cms", "-sign", "-in", letter, "-signer", who.path, "-inkey", who.key_path),
        *("-certfile", make.authority.path, *(asked[:1] + asked[3:]), *options),
    ).stdout
    return b"From: binh@ubnd.example\r\n" + made.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def verified(make: Maker, receipt: bytes, original: bytes, author: str = DUNG) -> str:
    case = Case(trust=Trust(roots=(make.root.certificate,)), at=NOW, now=NOW, traces=Traces())
    verdict = signed_receipts.verify(receipt, author=author, original=original, case=case)
    return verdict.reason


def openssl_accepts(make: Maker, receipt: bytes, original: bytes) -> bool:
    ours, letter = make.pki.folder / "receipt.der", make.pki.folder / "original.eml"
    ours.write_bytes(receipt)
    letter.write_bytes(original)
    done = run(
        *("cms", "-verify_receipt", ours, "-rctform", "DER", "-in", letter, "-inform", "SMIME"),
        *("-CAfile", make.root.path),
        check=False,
    )
    return done.returncode == 0


@pytest.mark.parametrize("kind", ["rsa2048", "p256"])
def test_openssl_accepts_our_receipt_for_our_message(make, kind) -> None:
    original = sent(make, kind)
    receipt = signed_receipts.make(original, key=key_of(dung(make, kind)), at=NOW)
    assert openssl_accepts(make, receipt, original)
    assert verified(make, receipt, original) == "none"
    assert signed_receipts.identifier(receipt) == b"x@ubnd.example"


def test_openssl_accepts_our_receipt_for_its_message(make) -> None:
    original = by_openssl(make)
    found = signed_receipts.asked(original)
    assert found is not None
    assert found.to == (BINH,)
    receipt = signed_receipts.make(original, key=key_of(dung(make)), at=NOW)
    assert openssl_accepts(make, receipt, original)


@pytest.mark.parametrize("by_us", [True, False], ids=["our message", "openssl's message"])
def test_we_accept_openssls_receipt(make, by_us) -> None:
    original = sent(make) if by_us else by_openssl(make)
    letter, made, who = make.pki.folder / "original.eml", make.pki.folder / "made.der", dung(make)
    letter.write_bytes(original)
    run(
        *("cms", "-sign_receipt", "-in", letter, "-signer", who.path, "-inkey", who.key_path),
        *("-certfile", make.authority.path, "-outform", "DER", "-out", made),
    )
    assert verified(make, made.read_bytes(), original) == "none"


def test_a_receipt_for_another_message_is_refused(make) -> None:
    one, other = sent(make), sent(make)
    receipt = signed_receipts.make(one, key=key_of(dung(make)), at=NOW)
    assert (verified(make, receipt, other), openssl_accepts(make, receipt, other)) == ("altered", False)


def test_a_receipt_in_anothers_name_is_refused(make) -> None:
    original = sent(make)
    receipt = signed_receipts.make(original, key=key_of(dung(make)), at=NOW)
    assert verified(make, receipt, original, author="chi@ubnd.example") == "wrong_name"


def test_a_changed_receipt_is_refused(make) -> None:
    original = sent(make)
    receipt = signed_receipts.make(original, key=key_of(dung(make)), at=NOW)
    for at in range(0, len(receipt), 7):
        changed = receipt[:at] + bytes((receipt[at] ^ 1,)) + receipt[at + 1 :]
        if verified(make, changed, original) == "none":  # outside of what is signed: nothing else is said
            assert cms.read(changed).content == cms.read(receipt).content


def test_no_receipt_is_made_for_a_message_that_does_not_ask_or_was_altered(make) -> None:
    silent = signing.sign(written(), key=key_of(make.binh()), at=NOW)
    altered = by_openssl(make).replace(b"Hello", b"Hullo")
    for original in (silent, altered, b"", b"Content-Type: text/plain\r\n\r\nx"):
        with pytest.raises(signed_receipts.NothingAskedError):
            signed_receipts.make(original, key=key_of(dung(make)), at=NOW)
