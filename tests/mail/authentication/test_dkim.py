"""DKIM and ARC: what we sign others verify, what others sign we verify, and no message makes either slow."""

import asyncio
import base64
import hashlib
import subprocess
from datetime import UTC, datetime

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from congvu.mail.authentication import arc, canonical, dkim, signatures
from congvu.mail.authentication.dkim import Signature
from tests import requires
from tests.bounds import soon_done
from tests.mail.authentication.zones import Table

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SMALL = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 -- RFC 8301 still takes it
LETTER = (
    b"From: Binh <binh@ubnd.example>\r\nTo: dung@home.example\r\nSubject:  a  letter\r\n\tfolded\r\n"
    b"Date: Mon, 2 Mar 2026 10:00:00 +0700\r\nMessage-ID: <1@ubnd.example>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    b"Xin ch\xc3\xa0o,  \r\n\r\n\ttwo  lines \t \r\n\r\n\r\n"
)


def pem(key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def record(key, **tags) -> str:
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    given = {"v": "DKIM1", "k": "rsa", "p": base64.b64encode(der).decode()} | tags
    return "; ".join(f"{name}={value}" for name, value in given.items() if value is not None)


def names(key=KEY, selector="s1", domain="ubnd.example", **tags) -> Table:
    return Table({(f"{selector}._domainkey.{domain}", "TXT"): [record(key, **tags)]})


def verify(raw, table, now=NOW):
    return asyncio.run(dkim.verify(signatures.message(raw), table, now=now))


def ours(raw=LETTER, key=KEY):
    return dkim.sign(raw, domain="ubnd.example", selector="s1", key=key, at=NOW)


def theirs(raw=LETTER, key=KEY, *, forms=b"relaxed/relaxed", algorithm=b"rsa-sha256", **options):
    header, _, body = forms.partition(b"/")
    return (
        dkimpy.sign(
            raw,
            b"s1",
            b"ubnd.example",
            pem(key),
            canonicalize=(header, body),
            signature_algorithm=algorithm,
            **options,
        )
        + raw
    )


PASSED = [Signature("pass", "ubnd.example")]


def test_signing_changes_no_byte_of_the_letter():
    assert ours().endswith(LETTER)


def test_what_we_sign_dkimpy_verifies():
    assert dkimpy.verify(ours(), dnsfunc=lambda *_a, **_k: record(KEY).encode())


def opendkim(folder, letter, **conf):
    """Return what OpenDKIM says of a letter in its own test mode."""
    program = requires.program("opendkim", package="opendkim")
    (folder / "letter").write_bytes(letter)
    (folder / "conf").write_text("".join(f"{name} {value}\n" for name, value in conf.items()))
    command = [program, "-x", folder / "conf", "-t", folder / "letter"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_what_we_sign_opendkim_verifies(tmp_path):
    (tmp_path / "zone").write_text(f"s1._domainkey.ubnd.example {record(KEY)}\n")
    letters = [ours(), ours().replace(b"two", b"ten")]
    said = [opendkim(tmp_path, one, Mode="v", TestDNSData=tmp_path / "zone") for one in letters]
    assert ["2048-bit key) succeeded" in one for one in said] == [True, False]


def test_what_opendkim_signs_with_sha_1_proves_nothing(tmp_path):
    """Its test program knows no other hash; RFC 8301, 3.1."""
    program = requires.program("opendkim-testmsg", package="opendkim-tools")
    key = tmp_path / "key"
    key.write_bytes(pem(KEY))
    key.chmod(0o600)
    command = [program, "-C", "-d", "ubnd.example", "-s", "s1", "-k", key]
    signed = subprocess.run(command, input=LETTER, capture_output=True, check=True).stdout
    assert verify(signed, names()) == [Signature("permanent_error", "ubnd.example")]


@pytest.mark.parametrize(
    "forms", [b"relaxed/relaxed", b"simple/simple", b"relaxed/simple", b"simple/relaxed"]
)
def test_what_dkimpy_signs_we_verify(forms):
    assert verify(theirs(forms=forms), names()) == PASSED


def test_an_elliptic_signature_is_verified():
    key = Ed25519PrivateKey.generate()
    signed = signatures.message(LETTER)
    head = (
        "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=ubnd.example; s=s1; h=from:subject; "
        f"bh={base64.b64encode(signed.body_hash('relaxed')[0]).decode()}; b="
    ).encode()
    data = signatures.signed_data(signed.fields, ["from", "subject"], "relaxed")
    data += canonical.field(head, "relaxed").removesuffix(b"\r\n")
    raw = head + base64.b64encode(key.sign(hashlib.sha256(data).digest())) + b"\r\n" + LETTER
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    table = Table({("s1._domainkey.ubnd.example", "TXT"): [f"v=DKIM1; k=ed25519; p={public}"]})
    assert verify(raw, table) == PASSED


@pytest.mark.parametrize(
    ("change", "result"),
    [
        (lambda raw: raw.replace(b"two", b"ten"), "fail"),
        (lambda raw: raw.replace(b"folded", b"faked"), "fail"),
        (lambda raw: b"From: other@ubnd.example\r\n" + raw, "fail"),
        (lambda raw: b"Subject: another\r\n" + raw, "fail"),
        (lambda raw: b"X-New: 1\r\n" + raw, "pass"),
        (lambda raw: raw + b"\r\n\r\n", "pass"),
        (lambda raw: raw + b"more\r\n", "fail"),
        (lambda raw: raw.replace(b"v=1;", b"v=2;", 1), "permanent_error"),
        (lambda raw: raw.replace(b"a=rsa-sha256", b"a=rsa-sha1", 1), "permanent_error"),
        (lambda raw: raw.replace(b"; s=s1", b"; s=s2", 1), "permanent_error"),
        (lambda raw: raw.replace(b"; s=s1", b"; s=s1; s=s1", 1), "permanent_error"),
        (lambda raw: raw.replace(b"; s=s1", b"; s=s1; i=@other.example", 1), "permanent_error"),
        (lambda raw: raw.replace(b"; s=s1", b"; s=s1; x=1000", 1), "permanent_error"),
    ],
)
def test_what_a_change_does(change, result):
    assert [one.result for one in verify(change(ours()), names())] == [result]


@pytest.mark.parametrize(
    ("tags", "result"),
    [
        ({"p": ""}, "permanent_error"),
        ({"p": "AAAA"}, "permanent_error"),
        ({"k": "ed25519"}, "permanent_error"),
        ({"h": "sha1"}, "permanent_error"),
        ({"s": "other"}, "permanent_error"),
        ({"v": "DKIM2"}, "permanent_error"),
        ({"t": "y"}, "neutral"),
        ({"t": "s"}, "pass"),
        ({"v": None}, "pass"),
    ],
)
def test_what_a_key_record_must_be(tags, result):
    assert [one.result for one in verify(ours(), names(**tags))] == [result]


def test_a_key_that_cannot_be_asked_is_a_temporary_error():
    raw = dkim.sign(LETTER, domain="slow.example", selector="s1", key=KEY, at=NOW)
    assert verify(raw, Table({})) == [Signature("temporary_error", "slow.example")]


def test_keys_below_1024_bits_prove_nothing():
    assert [one.result for one in verify(ours(key=SMALL), names(SMALL))] == ["pass"]
    weak = (
        "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMLq726zra9Zx8bc0J2TUr17qD2Fz1rKOyoQ+5OUNiMtO34A014c02nswrSW3U1uui"
        "+GeENaJLO96cVvocWcZzMCAwEAAQ=="
    )
    assert serialization.load_der_public_key(base64.b64decode(weak)).key_size == 512
    assert [one.result for one in verify(ours(), names(p=weak))] == ["permanent_error"]


def test_a_signature_over_part_of_the_body_proves_nothing_of_the_rest():
    raw = theirs(length=True)
    assert [one.result for one in verify(raw, names())] == ["pass"]
    assert [one.result for one in verify(raw + b"pay here\r\n", names())] == ["neutral"]


def test_only_a_few_signatures_are_verified():
    table = names()
    raw = ours()
    for _ in range(20):
        raw = dkim.sign(raw, domain="ubnd.example", selector="s1", key=SMALL, at=NOW)
    assert len(verify(raw, table)) == dkim.MANY


@given(st.binary(max_size=400), st.sampled_from(["simple", "relaxed"]))
def test_bodies_are_canonical_as_dkimpy_makes_them(body, how):
    import dkim.canonicalization as peer  # noqa: PLC0415 -- beside our own name

    lines = body.replace(b"\r", b"\n").replace(b"\n", b"\r\n") + b"\r\n"
    form = {"simple": peer.Simple, "relaxed": peer.Relaxed}[how].canonicalize_body(lines)
    ended = form if form.endswith(b"\r\n") or (not form and how == "relaxed") else form + b"\r\n"
    assert canonical.body(lines, how) == ended


@pytest.mark.parametrize(
    "piece",
    [b" ", b"\t", b" \t", b"\r\n", b" \r\n", b"a ", b"a  ", b";", b"b=", b"b=;", b"DKIM-Signature: v=1;\r\n", b"X: y\r\n",
     b"ARC-Seal: i=1;\r\n", b"From: a\r\n", b"DKIM-Signature: h=" + b"from:" * 500 + b"\r\n"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["header", "body", "field"])
def test_no_message_makes_verification_slow(piece, place):
    much = piece * (1_000_000 // len(piece))
    raw = {
        "header": much + LETTER,
        "body": ours() + much + b"x\r\n",
        "field": b"DKIM-Signature: v=1; a=rsa-sha256; d=ubnd.example; s=s1; h=from; bh=x; b=x;"
        + much.replace(b"\r\n", b"\r\n ") + b"\r\n" + LETTER,
    }[place]  # fmt: skip
    table = names()
    with soon_done():
        signed = signatures.message(raw)
        asyncio.run(dkim.verify(signed, table, now=NOW))
        asyncio.run(arc.verify(signed, table, now=NOW))
    assert len(table.asked) < 20


@given(st.binary(max_size=600))
def test_no_bytes_raise(octets):
    for raw in (octets, b"DKIM-Signature: " + octets + b"\r\n\r\n", b"ARC-Seal: i=1;" + octets + b"\r\n\r\n"):
        signed = signatures.message(raw)
        asyncio.run(dkim.verify(signed, Table({}), now=NOW))
        asyncio.run(arc.verify(signed, Table({}), now=NOW))


def sealed(raw):
    results = b"Authentication-Results: list.example; arc=none; dkim=pass header.d=ubnd.example\r\n"
    lines = dkimpy.arc_sign(results + raw, b"s1", b"list.example", pem(KEY), b"list.example")
    return b"".join(lines) + results + raw


def chain(raw, table=None):
    known = table or names(domain="list.example")
    return asyncio.run(arc.verify(signatures.message(raw), known, now=NOW))


def test_a_chain_that_dkimpy_seals_holds():
    assert (chain(sealed(LETTER)), chain(LETTER)) == (arc.Chain("pass", "list.example"), arc.Chain("none"))


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b"two", b"ten"),
        lambda raw: raw.replace(b"cv=none", b"cv=pass"),
        lambda raw: raw.replace(b"dkim=pass header", b"dkim=fail header", 1),
        lambda raw: raw.replace(b"i=1", b"i=2"),
        lambda raw: raw.partition(b"\r\n")[2],
    ],
)
def test_a_chain_that_was_changed_is_broken(change):
    assert chain(change(sealed(LETTER))).result == "fail"


def test_a_chain_whose_keys_cannot_be_asked_is_open():
    assert chain(sealed(LETTER).replace(b"list.example", b"slow.example")).result == "temporary_error"
