"""Letters to be read that were never meant to be: genuine ones with pieces cut, doubled, swapped and put in."""

import base64
import random
from collections.abc import Sequence

_PIECES = (
    b"\n", b"\r\n", b"\n\n", b"\r", b"\0", b"\xff", b"--b", b"\n--b\n", b"\n--b--\n", b";", b'"', b"=?", b"?=", b"=", b"<", b"&#", b"\xcc\x81\xcc\xa3",
    b"=?utf-8?q?=CC=81?= ", b"=?iso-2022-jp?b?GyRC?= ", b"; name*0*=utf-8''%41", b"; name*1=x", b"\nContent-Type: multipart/mixed; boundary=b\n\n",
    b"\nContent-Transfer-Encoding: base64\n", b"\nContent-Transfer-Encoding: quoted-printable\n", b"\nContent-Type: message/rfc822\n\n", b"\nContent-Type: text/html\n\n",
    b"\nContent-Type: application/pkcs7-mime\n", b"0\x80", b"charset=utf-7", b"charset=utf-16", b"charset=hz", b"a@b.example, ", b"(", b"\\", b"\nTo: ", b"\nSubject: ", b"&#x301;", b"<p>", b"<script>", b"</",
)  # fmt: skip
_TEXT = "Kính gửi Ủy ban nhân dân tỉnh: giấy mời họp.\r\n"
_MANY = 300  # letters of which one piece is put in often
_LARGEST = 2 << 20  # octets


def made() -> list[bytes]:
    """Return a few letters of the kinds that officials send."""
    text = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + _TEXT.encode()
    page = b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Gi=E1=BA=A5y<br>m=E1=BB=9Di&nbsp;</p>\r\n'
    file = b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''%E1%BA%A3nh.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(bytes(3_000))  # fmt: skip
    head = b"From: An <an@ubnd.example>\r\nTo: =?utf-8?b?QsOsbmg=?= <binh@ubnd.example>\r\nSubject: =?utf-8?q?Gi=E1=BA=A5y_m=E1=BB=9Di?=\r\nMessage-ID: <a@b>\r\n"
    mixed = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        + text
        + b"--b\r\n"
        + page
        + b"--b\r\n"
        + file
        + b"--b--\r\n"
    )
    enclosed = (
        b"Content-Type: multipart/signed; boundary=c\r\n\r\n--c\r\nContent-Type: message/rfc822\r\n\r\n"
        + head
        + mixed
        + b"--c--\r\n"
    )
    return [head + text, head + page, head + mixed, head + enclosed]


def bent(originals: Sequence[bytes], dice: random.Random) -> bytes:
    """Return one of the letters after one to eight accidents."""
    raw = dice.choice(originals)
    for _ in range(dice.randrange(1, 9)):
        raw = dice.choice(_ACCIDENTS)(raw, originals, dice)[:_LARGEST]
    return raw


def _put_in(raw: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    at = dice.randrange(len(raw) + 1)
    times = dice.choice((1, 1, 1, 2, _MANY, _MANY * _MANY)) if dice.random() < 0.2 else 1
    return raw[:at] + dice.choice(_PIECES) * times + raw[at:]


def _in_head(raw: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    at = dice.randrange(min(len(raw), 2_000) + 1)
    return raw[:at] + dice.choice(_PIECES) * dice.choice((1, 2, 50)) + raw[at:]


def _cut(raw: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    first, last = sorted(dice.randrange(len(raw) + 1) for _ in range(2))
    return raw[:first] + raw[min(last, first + 200) :] if dice.random() < 0.8 else raw[:last]


def _double(raw: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    first, last = sorted(dice.randrange(len(raw) + 1) for _ in range(2))
    return raw[:last] + raw[first:last] * dice.choice((1, 1, 3, 40)) + raw[last:]


def _splice(raw: bytes, originals: Sequence[bytes], dice: random.Random) -> bytes:
    other = dice.choice(originals)
    return raw[: dice.randrange(len(raw) + 1)] + other[dice.randrange(len(other) + 1) :]


def _flip(raw: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    changed = bytearray(raw or b"x")
    for _ in range(dice.randrange(1, 30)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


_ACCIDENTS = (_put_in, _put_in, _in_head, _in_head, _cut, _double, _splice, _flip)
