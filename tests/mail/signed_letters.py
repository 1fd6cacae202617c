"""Signed messages in many classes: how each is made, what we must say of it, and what openssl says.

Where the two differ, `differs` says why: openssl knows nothing of names, accepts weak digests and keys at its
default level, and reads no message that a list has wrapped.
"""

import base64
import quopri
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

from congvu.mail import ber, mime
from congvu.mail.smime.revocation import Known, known
from congvu.mail.smime.trust import Trust
from tests.mail import pki as making
from tests.mail.pki import ARRIVED, DAY, NOW, Holder, Pki, run

BINH = "binh@ubnd.example"
WORDS = [
    "Kính",
    "gửi",
    "Văn",
    "phòng",
    "giấy",
    "mời",
    "họp",
    "công",
    "vụ",
    "báo",
    "cáo",
    "From",
    ".dot",
    "=3D",
    "số",
    "12/GM-UBND",
    "ngày",
    "hôm",
    "nay",
]


@dataclass
class Letter:
    """A message, by whom it is checked, and how openssl is asked."""

    raw: bytes
    roots: tuple[Holder, ...]
    lists: tuple[bytes, ...] = ()
    answers: tuple[bytes, ...] = ()
    at: datetime = ARRIVED
    options: tuple[str, ...] = ()

    @property
    def trust(self) -> Trust:
        ders = [x509.load_pem_x509_crl(one).public_bytes(serialization.Encoding.DER) for one in self.lists]
        told: Known = known(ders, self.answers)
        return Trust(roots=tuple(one.certificate for one in self.roots), known=told)


@dataclass
class Sort:
    """One class of messages."""

    make: Callable[["Maker"], Letter]
    status: str
    reason: str
    by_openssl: bool
    differs: str = ""
    remarks: tuple[str, ...] = ()


@dataclass
class Maker:
    """Makes the messages of one seed."""

    pki: Pki
    random: Random = field(default_factory=lambda: Random(1))  # noqa: S311 -- repeatable, not secret

    @property
    def root(self) -> Holder:
        return self.pki.holder("root", is_authority=True, kind="rsa2048")

    @property
    def authority(self) -> Holder:
        return self.pki.holder("authority", issuer=self.root, is_authority=True)

    def binh(self, stem: str = "binh", *, issuer: Holder | None = None, **options) -> Holder:
        chosen = {"mails": (BINH,)} | options
        return self.pki.holder(stem, issuer=issuer or self.authority, **chosen)

    def entity(self) -> bytes:
        """Write a random MIME entity: text in one of four encodings, alone or with a file."""
        lines = [" ".join(self.random.choices(WORDS, k=self.random.randint(0, 9))) for _ in range(12)]
        text = "\r\n".join(lines) + "\r\n" * self.random.randint(0, 3)
        kind = self.random.choice(["7bit", "8bit", "quoted-printable", "base64"])
        head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: " + kind.encode()
        part = head + b"\r\n\r\n" + encoded(text, kind)
        if self.random.random() < 0.6:
            return part
        file = self.random.randbytes(self.random.randint(0, 3000))
        attached = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        attached += encoded(file.hex(), "base64")
        mark = b"=_%x" % self.random.getrandbits(60)
        both = b"".join(b"--%s\r\n%s\r\n" % (mark, one) for one in (part, attached))
        return b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n%s--%s--' % (mark, both, mark)

    def sign(
        self, *signers: Holder, entity: bytes | None = None, options: tuple = (), chain: bool = True
    ) -> bytes:
        """Sign by openssl and return a MIME entity with CRLF."""
        with tempfile.TemporaryDirectory() as folder:
            content, others = Path(folder) / "in", Path(folder) / "chain.pem"
            content.write_bytes(self.entity() if entity is None else entity)
            above = {one.stem: one.path.read_bytes() for who in signers for one in who.chain[1:-1]}
            others.write_bytes(b"".join(above.values()))
            who = [part for one in signers for part in ("-signer", one.path, "-inkey", one.key_path)]
            certs = ("-certfile", others) if chain and above else ()
            made = run("cms", "-sign", "-in", content, *who, *certs, *options).stdout
        return made.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    def letter(self, signed: bytes, *, author: str = BINH, **options) -> Letter:
        head = f"From: {author}\r\nTo: an@ubnd.example\r\nSubject: {self.random.random()}\r\n".encode()
        roots = options.pop("roots", (self.root,))
        return Letter(raw=head + signed, roots=roots, **options)


def encoded(text: str, kind: str) -> bytes:
    data = text.encode()
    if kind == "7bit":
        return text.encode("ascii", "replace")
    if kind == "base64":
        return base64.encodebytes(data).replace(b"\n", b"\r\n")
    return (
        quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n") if kind != "8bit" else data
    )


def by_key(kind: str, *options: str) -> Callable[[Maker], Letter]:
    return lambda make: make.letter(make.sign(make.binh(f"binh-{kind}", kind=kind), options=options))


def by(stem: str, *, options: tuple[str, ...] = (), asked: dict | None = None, **certificate):
    """Return how a message by an unusual certificate is made."""
    return lambda make: make.letter(
        make.sign(make.binh(stem, **certificate), options=options), **(asked or {})
    )


# ---- what is valid -----------------------------------------------------------------------------------


def nested(make: Maker) -> Letter:
    inner = make.sign(make.binh())
    inner = inner[inner.index(b"Content-Type:") :]
    return make.letter(
        make.sign(make.binh("binh-rsa2048", kind="rsa2048"), entity=inner, options=("-nodetach",))
    )


def two_signers(make: Maker) -> Letter:
    return make.letter(make.sign(make.binh(), make.binh("chi", mails=("chi@ubnd.example",))))


def with_list(make: Maker, **options) -> Letter:
    who = make.binh("binh-listed", listed=True)
    return make.letter(
        make.sign(who), lists=(making.crl(make.authority, **options),), options=("-crl_check",)
    )


def revoked(make: Maker) -> Letter:
    return with_list(make, revoked=(make.binh("binh-listed", listed=True),))


def answered(make: Maker, *, is_revoked: bool = False, delegated: bool = False) -> Letter:
    who = make.binh("binh-answered", answered=True)
    responder = (
        make.pki.holder("responder", issuer=make.authority, purposes=(ExtendedKeyUsageOID.OCSP_SIGNING,))
        if delegated
        else None
    )
    told = making.answer(who, make.authority, by=responder, is_revoked=is_revoked)
    return make.letter(make.sign(who), answers=(told,))


def line_ends(make: Maker) -> Letter:
    letter = make.letter(make.sign(make.binh()))
    letter.raw = letter.raw.replace(b"\r\n", b"\n")
    return letter


def idna(make: Maker) -> Letter:
    who = make.binh("binh-idna", mails=(f"binh@{a_label('ủyban')}.example",))
    return make.letter(make.sign(who), author="Bình <binh@Ủyban.example>")


def a_label(label: str) -> str:
    return "xn--" + label.encode("punycode").decode()


def rewrapped(make: Maker) -> Letter:
    signed = make.sign(make.binh()).partition(b"\r\n")[2]
    body = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="outer"\r\n\r\n--outer\r\n'
    return make.letter(body + signed + b"\r\n--outer--\r\n")


# ---- what is not -------------------------------------------------------------------------------------


def with_footer(make: Maker, who: Holder | None = None, author: str = BINH) -> Letter:
    signed = make.sign(who or make.binh()).partition(b"\r\n")[2]
    body = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="outer"\r\n\r\n--outer\r\n'
    footer = b"\r\n--outer\r\nContent-Type: text/plain\r\n\r\nPay to another account.\r\n--outer--\r\n"
    return make.letter(body + signed + footer, author=author)


def altered_text(make: Maker) -> Letter:
    mark = b"so %x" % make.random.getrandbits(40)
    entity = b"Content-Type: text/plain\r\n\r\n" + mark + b"\r\n"
    letter = make.letter(make.sign(make.binh(), entity=entity))
    letter.raw = letter.raw.replace(mark, mark[::-1])
    return letter


def altered_signature(make: Maker) -> Letter:
    """Turn one bit of the last octet of the signature's value."""
    return changed(make, lambda data: data[:-1] + bytes((data[-1] ^ 1,)), kind="rsa2048")


def of_another(make: Maker) -> Letter:
    """Put the signature of one message under another."""
    one, other = make.sign(make.binh()), make.sign(make.binh())
    return make.letter(replaced(one, signature_of(other)))


def signature_of(signed: bytes) -> bytes:
    part = mime.entity(signed)
    start, end = mime.inside(part)[1]
    return mime.entity(part.raw[start:end]).content()


def replaced(signed: bytes, data: bytes) -> bytes:
    part = mime.entity(signed)
    start, end = mime.inside(part)[1]
    inner = mime.entity(part.raw[start:end])
    fresh = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return part.raw[: start + inner.start] + fresh + part.raw[end:]


def changed(make: Maker, change: Callable[[bytes], bytes], *, kind: str = "p256") -> Letter:
    signed = make.sign(make.binh(f"binh-{kind}", kind=kind))
    return make.letter(replaced(signed, change(signature_of(signed))))


def garbage(make: Maker) -> Letter:
    return changed(make, lambda _: make.random.randbytes(make.random.randint(1, 2000)))


def cut_short(make: Maker) -> Letter:
    return changed(make, lambda data: data[: make.random.randint(1, len(data) - 1)])


def self_signed(make: Maker) -> Letter:
    who = make.pki.holder("self", mails=(BINH,))
    return make.letter(make.sign(who))


def unknown_root(make: Maker) -> Letter:
    stranger = make.pki.holder("stranger-root", is_authority=True)
    return make.letter(make.sign(make.binh("binh-of-stranger", issuer=stranger)))


def one_of_two(make: Maker) -> Letter:
    stranger = make.pki.holder("stranger-root", is_authority=True)
    return make.letter(make.sign(make.binh(), make.binh("binh-of-stranger", issuer=stranger)))


def no_intermediate(make: Maker) -> Letter:
    return make.letter(make.sign(make.binh(), chain=False))


def no_list(make: Maker) -> Letter:
    return make.letter(make.sign(make.binh("binh-listed", listed=True)), options=("-crl_check",))


def too_deep(make: Maker) -> Letter:
    short = make.pki.holder("short", issuer=make.root, is_authority=True, path_length=0)
    under = make.pki.holder("under-short", issuer=short, is_authority=True)
    return make.letter(make.sign(make.binh("binh-too-deep", issuer=under)))


def no_authority(make: Maker) -> Letter:
    return make.letter(
        make.sign(make.binh("binh-of-chi", issuer=make.binh("chi", mails=("chi@ubnd.example",))))
    )


def outside_names(make: Maker) -> Letter:
    limits = x509.NameConstraints([x509.RFC822Name("akimat.example")], None)
    limited = make.pki.holder("limited", issuer=make.root, is_authority=True, extra=((limits, True),))
    return make.letter(make.sign(make.binh("binh-limited", issuer=limited)))


def inside_names(make: Maker) -> Letter:
    limits = x509.NameConstraints([x509.RFC822Name("ubnd.example")], [x509.RFC822Name("x@ubnd.example")])
    limited = make.pki.holder("within", issuer=make.root, is_authority=True, extra=((limits, True),))
    return make.letter(make.sign(make.binh("binh-within", issuer=limited)))


def weak_chain(make: Maker) -> Letter:
    who = make.pki.weak_certificate("binh-sha1", issuer=make.root, mail=BINH, digest="sha1")
    return make.letter(make.sign(who), at=NOW + DAY)  # openssl lets it begin now


def two_authors(make: Maker) -> Letter:
    letter = make.letter(make.sign(make.binh()))
    letter.raw = b"From: chi@ubnd.example\r\n" + letter.raw
    return letter


UNKNOWN = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00"), True)
OPAQUE = ("-nodetach",)
NAMES = "openssl knows nothing of From"
LEVEL = "openssl takes it at its default level"
WRAPPED = "openssl reads no multipart/mixed"
ANY = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH

SORTS: dict[str, Sort] = {
    "rsa": Sort(by_key("rsa2048"), "valid", "none", True),
    "rsa opaque": Sort(by_key("rsa2048", *OPAQUE), "valid", "none", True),
    "rsa 3072 sha384": Sort(by_key("rsa3072", "-md", "sha384"), "valid", "none", True),
    "rsa pss": Sort(by_key("rsa2048", "-keyopt", "rsa_padding_mode:pss"), "valid", "none", True),
    "p256": Sort(by_key("p256"), "valid", "none", True),
    "p384 sha512": Sort(by_key("p384", "-md", "sha512"), "valid", "none", True),
    "p256 opaque": Sort(by_key("p256", *OPAQUE), "valid", "none", True),
    "streamed": Sort(by_key("rsa2048", "-stream"), "valid", "none", True),
    "streamed opaque": Sort(by_key("p256", "-stream", *OPAQUE), "valid", "none", True),
    "key identifier": Sort(by_key("p256", "-keyid"), "valid", "none", True),
    "without attributes": Sort(by_key("rsa2048", "-noattr"), "valid", "none", True),
    "with certificate attribute": Sort(by_key("p256", "-cades"), "valid", "none", True),
    "nested": Sort(nested, "valid", "none", True, remarks=("two_signers",)),
    "two signers": Sort(two_signers, "valid", "none", True, remarks=("two_signers",)),
    "list, good": Sort(with_list, "valid", "none", True),
    "answer, good": Sort(answered, "valid", "none", True),
    "delegated answer": Sort(lambda make: answered(make, delegated=True), "valid", "none", True),
    "address in subject": Sort(by("in-subject", mails=(), mail_in_subject=BINH), "valid", "none", True),
    "international domain": Sort(idna, "valid", "none", True),
    "names within": Sort(inside_names, "valid", "none", True),
    "bare line feeds": Sort(line_ends, "valid", "none", True),
    "wrapped alone": Sort(rewrapped, "valid", "none", False, differs=WRAPPED),
    "any purpose": Sort(
        by("any", purposes=(ANY,)), "valid", "none", False, differs="RFC 8550, 4.4.4 allows it, openssl not"
    ),
    "altered text": Sort(altered_text, "invalid", "altered", False),
    "altered signature": Sort(altered_signature, "invalid", "altered", False),
    "another's signature": Sort(of_another, "invalid", "altered", False),
    "revoked by list": Sort(revoked, "invalid", "revoked", False),
    "revoked by answer": Sort(
        lambda make: answered(make, is_revoked=True),
        "invalid",
        "revoked",
        True,
        differs="openssl cms asks no OCSP",
    ),
    "wrong name": Sort(by("dung", mails=("dung@elsewhere.example",)), "invalid", "wrong_name", True, NAMES),
    "wrong case of name": Sort(
        by("upper", mails=("BINH@ubnd.example",)), "invalid", "wrong_name", True, NAMES
    ),
    "wrong purpose": Sort(by("client", purposes=(CLIENT,)), "invalid", "wrong_purpose", False),
    "wrong usage": Sort(by("encipher", kind="rsa2048", usage="encipher"), "invalid", "wrong_purpose", False),
    "two authors": Sort(two_authors, "cannot_be_determined", "sender_unclear", True, NAMES),
    "footer": Sort(with_footer, "cannot_be_determined", "partial", False),
    "no certificate": Sort(by_key("p256", "-nocerts"), "cannot_be_determined", "no_certificate", False),
    "garbage": Sort(garbage, "cannot_be_determined", "malformed", False),
    "cut short": Sort(cut_short, "cannot_be_determined", "malformed", False),
    "sha1": Sort(by_key("rsa2048", "-md", "sha1"), "cannot_be_determined", "weak_digest", True, LEVEL),
    "md5": Sort(by_key("rsa2048", "-md", "md5"), "cannot_be_determined", "weak_digest", True, LEVEL),
    "sha1 certificate": Sort(weak_chain, "cannot_be_determined", "weak_digest", True, LEVEL),
    "rsa 1024": Sort(by_key("rsa1024"), "cannot_be_determined", "weak_key", True, LEVEL),
    "expired": Sort(by("expired", until=NOW - DAY), "cannot_be_determined", "expired", False),
    "not yet valid": Sort(by("future", since=NOW + DAY), "cannot_be_determined", "not_yet_valid", False),
    "self-signed": Sort(self_signed, "cannot_be_determined", "self_signed", False),
    "unknown root": Sort(unknown_root, "cannot_be_determined", "chain", False),
    "one of two unknown": Sort(one_of_two, "cannot_be_determined", "chain", False, remarks=("two_signers",)),
    "no intermediate": Sort(no_intermediate, "cannot_be_determined", "chain", False),
    "too deep": Sort(too_deep, "cannot_be_determined", "chain", False),
    "no authority": Sort(no_authority, "cannot_be_determined", "chain", False),
    "names outside": Sort(outside_names, "cannot_be_determined", "chain", False),
    "unknown critical": Sort(by("unknown", extra=(UNKNOWN,)), "cannot_be_determined", "chain", False),
    "no list": Sort(no_list, "cannot_be_determined", "revocation_unknown", False),
    "overdue list": Sort(
        lambda make: with_list(make, since=NOW - 9 * DAY, until=NOW - 2 * DAY),
        "cannot_be_determined",
        "revocation_unknown",
        False,
    ),
}


def with_attribute(signed: bytes, attribute: Callable[[bytes], bytes]) -> bytes:
    """Add an unsigned attribute (DER), made from the value of the signature, to a detached signature of one signer."""
    whole = signature_of(signed)
    around, place = [], ber.values(whole)[0]
    for step in (1, 0, -1, 0):  # content, SignedData, signerInfos, the signer
        found = ber.values(whole, place.begin, place.end)[step]
        around.append((place, found))
        place = found
    value = ber.values(whole, place.begin, place.end)[-1]
    made = ber.written(0xA1, attribute(whole[value.begin : value.end]))
    made = ber.written(place.tag, whole[place.begin : place.end] + made)
    for outer, inner in reversed(around):
        made = ber.written(outer.tag, whole[outer.begin : inner.start] + made + whole[inner.next : outer.end])
    return replaced(signed, made)


def ask_openssl(letter: Letter) -> bool:
    """Return whether `openssl cms -verify` accepts a message."""
    with tempfile.TemporaryDirectory() as folder:
        message, roots, lists = (
            Path(folder) / "in.eml",
            Path(folder) / "roots.pem",
            Path(folder) / "lists.pem",
        )
        message.write_bytes(letter.raw)
        roots.write_bytes(b"".join(one.path.read_bytes() for one in letter.roots) + b"".join(letter.lists))
        lists.write_bytes(b"".join(letter.lists))
        moment = str(int(letter.at.timestamp()))
        done = run(
            *("cms", "-verify", "-in", message, "-CAfile", roots, "-out", Path(folder) / "out"),
            *("-attime", moment, *letter.options),
            check=False,
        )
    return done.returncode == 0
