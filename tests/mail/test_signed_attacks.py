"""What somebody tries who has another's signed letter in hand and wants it to say something else."""

import pytest

from congvu.mail.smime.verifying import verify
from tests.mail.pki import ARRIVED, Pki
from tests.mail.signed_letters import BINH, Letter, Maker

INVITATION = b"Content-Type: text/plain\r\n\r\nCome on Monday at eight.\r\n"


@pytest.fixture(scope="module")
def make(tmp_path_factory) -> Maker:
    return Maker(Pki(tmp_path_factory.mktemp("pki")))


def head(author: str = BINH, subject: str = "Invitation", to: str = "an@ubnd.example") -> bytes:
    return f"From: {author}\r\nTo: {to}\r\nSubject: {subject}\r\n".encode()


def found(make: Maker, raw: bytes) -> tuple[str, tuple[str, ...]] | None:
    trust = Letter(raw=raw, roots=(make.root,)).trust
    verdict = verify(raw, trust=trust, at=ARRIVED, now=ARRIVED)
    return verdict and (verdict.reason, verdict.remarks)


def mixed(*parts: bytes) -> bytes:
    inside = b"".join(b"--outer\r\n" + one + b"\r\n" for one in parts)
    return (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="outer"\r\n\r\n'
        + inside
        + b"--outer--\r\n"
    )


def signed(make: Maker, entity: bytes = INVITATION) -> bytes:
    made = make.sign(make.binh(), entity=entity)
    return made[made.index(b"Content-Type:") :]


def test_under_another_name_it_is_not_valid(make) -> None:
    raw = head("x@elsewhere.example") + signed(make)
    assert found(make, raw) == ("wrong_name", ())


@pytest.mark.parametrize(
    "author",
    [
        f"{BINH}, x@elsewhere.example",
        f"x@elsewhere.example, {BINH}",
        f'"{BINH}" <x@elsewhere.example>',
        f"{BINH} (x@elsewhere.example)",
        f"x@elsewhere.example <{BINH}>",
        f"Group: {BINH};",
        f"<@relay.example:{BINH}>",
        f"=?utf-8?q?{BINH.replace('@', '=40')}?= <x@elsewhere.example>",
    ],
)
def test_who_is_named_in_two_ways_is_nobody(make, author) -> None:
    assert found(make, head(author) + signed(make)) == ("sender_unclear", ())


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_second_from_field_names_nobody(make, place) -> None:
    fields = [head(), b"From: x@elsewhere.example\r\n"]
    raw = b"".join(fields if place == "last" else reversed(fields)) + signed(make)
    assert found(make, raw) == ("sender_unclear", ())


def test_a_signed_letter_that_is_only_enclosed_signs_nothing_around_it(make) -> None:
    enclosed = b"Content-Type: message/rfc822\r\n\r\n" + head() + signed(make)
    assert found(make, head("x@elsewhere.example") + mixed(INVITATION, enclosed)) is None
    assert found(make, head() + enclosed) is None


def test_text_put_before_or_behind_what_was_signed_makes_it_partial(make) -> None:
    other = b"Content-Type: text/html\r\n\r\n<p>Pay elsewhere.</p>\r\n"
    for parts in ((other, signed(make)), (signed(make), other)):
        assert found(make, head() + mixed(*parts)) == ("partial", ())


def test_the_letter_of_another_day_under_a_fresh_head_is_told_where_the_head_was_signed(make) -> None:
    for entity in (head() + INVITATION, b"Content-Type: message/rfc822\r\n\r\n" + head() + INVITATION):
        once = signed(make, entity)
        assert found(make, head() + once) == ("none", ())
        assert found(make, head(subject="Another") + once) == ("none", ("other_head",))
        assert found(make, head(to="chi@ubnd.example") + once) == ("none", ("other_head",))
        assert found(make, head("x@elsewhere.example") + once) == ("wrong_name", ("other_head",))


def test_a_head_that_was_only_folded_or_encoded_anew_is_the_same(make) -> None:
    once = signed(make, head(subject="=?utf-8?q?Gi=E1=BA=A5y_m=E1=BB=9Di?= hop") + INVITATION)
    fresh = head(subject="=?utf-8?b?R2nhuqV5IG3hu51p?=\r\n hop")
    assert found(make, fresh + once) == ("none", ())
