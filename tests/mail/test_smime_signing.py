"""What the server signs is accepted by openssl and by our own check, wherever the key lies."""

import os
import subprocess
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pkcs11.util.x509 import decode_x509_certificate

from congvu.mail import compose
from congvu.mail.addresses import Mailbox
from congvu.mail.smime import keys, signing, tokens
from congvu.mail.smime.verifying import verify
from tests import requires
from tests.mail.pki import NOW, Holder, Pki, run
from tests.mail.signed_letters import BINH, Letter, Maker, ask_openssl

MODULE = "/usr/lib/softhsm/libsofthsm2.so"


@pytest.fixture
def make(tmp_path) -> Maker:
    return Maker(Pki(tmp_path))


def file_of(holder: Holder, passphrase: bytes = b"secret words") -> bytes:
    return pkcs12.serialize_key_and_certificates(
        None,
        holder.key,
        holder.certificate,
        [one.certificate for one in holder.chain[1:]],
        serialization.BestAvailableEncryption(passphrase),
    )


def written(**changed) -> bytes:
    draft = compose.Draft(
        sender=Mailbox("Trần Văn Bình", BINH),
        to=(Mailbox("", "dung@dan.example"),),
        message_id="x@ubnd.example",
        subject="Giấy mời",
        **({"text": "Kính mời họp lúc 8 giờ.\n"} | changed),
    )
    return compose.build(draft, at=NOW)


def holds(make: Maker, raw: bytes) -> tuple[str, bool]:
    letter = Letter(raw=raw, roots=(make.root,))
    verdict = verify(raw, trust=letter.trust, at=NOW, now=NOW)
    assert verdict is not None
    return verdict.reason, ask_openssl(letter)


@pytest.mark.parametrize("kind", ["rsa2048", "rsa3072", "p256", "p384"])
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"text": "plain\n\n"},
        {"text": ""},
        {"files": (compose.File(filename="a.pdf", content_type="application/pdf", content=b"%PDF"),)},
        {"forwarded": ("Subject: tiếng Việt\r\n\r\nBảy\r\n".encode(),)},
    ],
    ids=["vi", "plain", "empty", "file", "8bit"],
)
def test_what_is_signed_holds(make, kind, changed) -> None:
    key = keys.opened(file_of(make.binh(f"binh-{kind}", kind=kind)), passphrase="secret words")
    signed = signing.sign(written(**changed), key=key, at=NOW)
    assert holds(make, signed) == ("none", True)
    assert max(map(len, signed.split(b"\r\n"))) <= 998
    assert signed.isascii()


def test_what_is_signed_and_then_changed_does_not_hold(make) -> None:
    key = keys.opened(file_of(make.binh()), passphrase="secret words")
    signed = signing.sign(written(text="Pay 10 dong\n"), key=key, at=NOW)
    assert holds(make, signed.replace(b"Pay 10", b"Pay 99")) == ("altered", False)


def test_a_key_opens_by_its_passphrase_only_and_is_closed_anew(make) -> None:
    data = file_of(make.binh())
    with pytest.raises(keys.WrongPassphraseError):
        keys.opened(data, passphrase="other words")
    again = keys.closed(keys.opened(data, passphrase="secret words"), passphrase="secret words")
    key = keys.opened(again, passphrase="secret words")
    assert key.certificate == make.binh().certificate
    assert set(key.others) == {one.certificate for one in make.binh().chain[1:]}


def test_an_old_file_by_openssl_opens(make, tmp_path) -> None:
    who, made = make.binh(), tmp_path / "old.p12"
    run(
        *("pkcs12", "-export", "-in", who.path, "-inkey", who.key_path, "-out", made, "-passout", "pass:xyz"),
        *("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"),
    )
    assert keys.opened(made.read_bytes(), passphrase="xyz").certificate == who.certificate


def test_a_file_that_would_keep_the_server_busy_is_refused(make, tmp_path) -> None:
    who, made = make.binh(), tmp_path / "slow.p12"
    run(
        *("pkcs12", "-export", "-in", who.path, "-inkey", who.key_path, "-out", made, "-passout", "pass:xyz"),
        *("-iter", "2000001", "-maciter"),
    )
    with pytest.raises(keys.NotAKeyError):
        keys.opened(made.read_bytes(), passphrase="xyz")


@pytest.mark.parametrize("data", [b"", b"0\x80", b"\x30\x03\x02\x01\x03", os.urandom(300), b"x" * 300_000])
def test_what_is_no_key_is_refused(data) -> None:
    with pytest.raises(keys.NotAKeyError):
        keys.opened(data, passphrase="x")


def test_a_weak_key_is_refused(make) -> None:
    with pytest.raises(keys.NotAKeyError):
        keys.opened(file_of(make.binh("weak", kind="rsa1024")), passphrase="secret words")


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """A SoftHSM token named `binh` with the PIN 1234; the module reads its settings once per process."""
    requires.program("softhsm2-util", package="softhsm2")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    soft("--init-token", "--free", "--label", "binh", "--pin", "1234", "--so-pin", "5678")
    return Maker(Pki(folder))


def soft(*words: str) -> None:
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)


def put(holder: Holder, identifier: str) -> None:
    soft(
        "--import",
        str(holder.key_path),
        "--token",
        "binh",
        "--label",
        holder.stem,
        "--id",
        identifier,
        "--pin",
        "1234",
    )
    attributes = decode_x509_certificate(holder.der()) | {pkcs11.Attribute.ID: bytes.fromhex(identifier)}
    attributes[pkcs11.Attribute.TOKEN] = True
    with pkcs11.lib(MODULE).get_token(token_label="binh").open(rw=True, user_pin="1234") as session:
        session.create_object(attributes)


@pytest.mark.parametrize(("kind", "identifier"), [("rsa2048", "0a01"), ("p256", "0a02")])
def test_a_key_in_a_token_signs(token, kind, identifier) -> None:
    address = f"{kind}@ubnd.example"
    put(token.binh(f"in-token-{kind}", kind=kind, mails=(address,)), identifier)
    key = tokens.opened(module=MODULE, label="binh", pin="1234", address=address)
    signed = signing.sign(written().replace(BINH.encode(), address.encode()), key=key, at=NOW)
    letter = Letter(raw=signed, roots=(token.authority,), options=("-partial_chain",))
    verdict = verify(signed, trust=letter.trust, at=NOW, now=NOW)
    assert verdict is not None
    assert (verdict.reason, ask_openssl(letter)) == ("none", True)


def test_a_token_refuses_whoever_has_not_its_pin(token) -> None:
    with pytest.raises(keys.WrongPassphraseError):
        tokens.opened(module=MODULE, label="binh", pin="9999", address=BINH)
    with pytest.raises(keys.NotAKeyError):
        tokens.opened(module=MODULE, label="another", pin="1234", address=BINH)
    with pytest.raises(keys.NotAKeyError):
        tokens.opened(module=MODULE, label="binh", pin="1234", address="nobody@ubnd.example")
    with pytest.raises(tokens.NoModuleError):
        tokens.opened(module="", label="binh", pin="1234", address=BINH)
    with pytest.raises(tokens.NoModuleError):
        tokens.opened(module=str(Path("/nowhere.so")), label="binh", pin="1234", address=BINH)
