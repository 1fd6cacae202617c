"""A stamp is believed when it is over our octets, for our question, by an authority that we believe."""

import random
import time

import pytest

from congvu.ledger.timestamping import asking
from congvu.ledger.timestamping.asking import NoAuthorityError, NotAStampError, RefusedError, Token
from congvu.standards.evidence_records import Step
from tests.base.websites import page
from tests.mail.pki import Pki


def stamped(data: bytes = b"a checkpoint", digest: str = "sha256") -> Token:
    return asking.stamp(data, digest=digest, believed=asking.certificates())


def held(token: bytes, data: bytes = b"a checkpoint", digest: str = "sha256") -> Token:
    step = Step(digest=digest, data=data, token=token)
    return asking.hold(step, believed=asking.certificates())


@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_a_stamp_is_had_and_openssl_believes_it(authority, digest) -> None:
    token = stamped(digest=digest)
    assert authority.believes(b"a checkpoint", token.data)
    assert not authority.believes(b"another checkpoint", token.data)
    assert abs(token.at.timestamp() - time.time()) < 60
    assert token.until == authority.signer.certificate.not_valid_after_utc
    assert held(token.data, digest=digest) == token


def test_a_stamp_over_other_octets_or_of_another_digest_does_not_hold(authority) -> None:
    token = stamped()
    for data, digest in ((b"another checkpoint", "sha256"), (b"a checkpoint", "sha512")):
        with pytest.raises(NotAStampError):
            held(token.data, data, digest)


def test_an_answer_to_another_question_is_refused(authority, web) -> None:
    first = stamped()
    old = (authority.folder / "answer.tsr").read_bytes()
    web.pages["/time"] = page(old)  # the same octets, and the nonce of a former question
    with pytest.raises(RefusedError, match="Nonce"):
        stamped()
    assert held(first.data) == first


def test_an_authority_of_somebody_else_is_refused(authority, settings, tmp_path) -> None:
    (tmp_path / "other").mkdir()
    other = Pki(tmp_path / "other").holder("other-root", is_authority=True)
    settings.CONGVU_TIME_AUTHORITY_CERTIFICATES = str(other.path)
    with pytest.raises(RefusedError):
        stamped()


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (page(b""), "answer"),
        (page(b"<html>sign in</html>"), "answer"),
        (page(b"\x30\x03\x30\x01\x00"), "answer"),
        (page(b"x" * 200_000), "too_large"),
        (page(b"no", status=500), "status"),
        (page(b"cut", claimed=900), "cut"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_reason(authority, web, answer, word) -> None:
    web.pages["/time"] = answer
    with pytest.raises(RefusedError) as raised:
        stamped()
    assert raised.value.word == word


def test_the_next_authority_is_asked_when_the_first_gives_nothing(authority, web, settings) -> None:
    settings.CONGVU_TIME_AUTHORITY = f"{web.url('/gone')}, {web.url('/time')}"
    assert authority.believes(b"a checkpoint", stamped().data)


def test_settings_that_name_nobody_are_said(authority, settings) -> None:
    settings.CONGVU_TIME_AUTHORITY = ""
    with pytest.raises(NoAuthorityError, match="CONGVU_TIME_AUTHORITY is not set"):
        stamped()
    settings.CONGVU_TIME_AUTHORITY_CERTIFICATES = str(authority.folder / "missing.pem")
    with pytest.raises(NoAuthorityError, match=r"missing\.pem"):
        asking.certificates()


def test_a_changed_token_never_holds_with_another_meaning(authority) -> None:
    """Flipped, cut and doubled octets: refused, or the same time over the same octets; and never another error."""
    token = stamped()
    chance = random.Random(20261122)  # noqa: S311 -- the same faults each time
    for _ in range(400):
        changed = bytearray(token.data)
        for _ in range(chance.choice((1, 1, 1, 3))):
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        octets = bytes(changed[: chance.choice((len(changed), len(changed), chance.randrange(len(changed))))])
        try:
            found = held(octets)
        except NotAStampError:
            continue
        assert (found.at, authority.believes(b"a checkpoint", octets)) == (token.at, True)
