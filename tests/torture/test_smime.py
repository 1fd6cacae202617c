"""Two thousand signed messages in more than forty classes: our verdict beside `openssl cms -verify`."""

import time
from collections import Counter
from random import Random

import pytest

from congvu.mail.smime.verifying import verify
from tests import requires
from tests.mail.pki import NOW, Pki
from tests.mail.signed_letters import SORTS, Maker, ask_openssl

pytestmark = pytest.mark.torture
MESSAGES = 2_000


def test_every_verdict_is_openssls_or_the_tables(tmp_path_factory) -> None:
    requires.program("openssl", package="openssl")
    certificates = Pki(tmp_path_factory.mktemp("pki"))
    counts: Counter[str] = Counter()
    slowest, spent, wrong = 0.0, 0.0, []
    number = 0
    while counts["messages"] < MESSAGES:
        for name, sort in SORTS.items():
            letter = sort.make(Maker(certificates, Random(f"{name} {number}")))  # noqa: S311 -- repeatable
            begun = time.process_time()
            verdict = verify(letter.raw, trust=letter.trust, at=letter.at, now=NOW)
            taken = time.process_time() - begun
            spent, slowest = spent + taken, max(slowest, taken)
            by_openssl = ask_openssl(letter)
            counts["messages"] += 1
            counts[f"openssl {'accepts' if by_openssl else 'refuses'}"] += 1
            counts["equal"] += (verdict is not None and verdict.status == "valid") == by_openssl
            counts["differs by the table"] += bool(sort.differs)
            if verdict is None or (verdict.status, verdict.reason, verdict.remarks, by_openssl) != (
                sort.status,
                sort.reason,
                sort.remarks,
                sort.by_openssl,
            ):
                wrong.append((name, number, verdict and verdict.reasons, by_openssl))
        number += 1
    print(f"\n{len(SORTS)} classes, {dict(counts)}")  # noqa: T201 -- the point of a long run is its figures
    print(f"{counts['messages'] / spent:.0f} verifications/s of CPU, slowest {slowest * 1000:.1f} ms")  # noqa: T201 -- as above
    assert len(SORTS) >= 40
    assert counts["messages"] == counts["equal"] + counts["differs by the table"]
    assert wrong == []


def test_no_change_of_an_octet_makes_a_signature_speak_of_other_content(tmp_path_factory) -> None:
    """Turn every octet of a signed message: what is still valid covers the same content."""
    make = Maker(Pki(tmp_path_factory.mktemp("pki")), Random(1))  # noqa: S311 -- repeatable
    letter = make.letter(make.sign(make.binh(), entity=b"Content-Type: text/plain\r\n\r\nPay 10\r\n"))
    valid = 0
    for at in range(len(letter.raw)):
        for bit in (1, 0x20, 0x80):
            changed = letter.raw[:at] + bytes((letter.raw[at] ^ bit,)) + letter.raw[at + 1 :]
            verdict = verify(changed, trust=letter.trust, at=NOW, now=NOW)
            if verdict is not None and verdict.status == "valid":
                valid += 1
                assert b"\r\n\r\nPay 10\r\n" in changed
    assert valid < 3 * len(letter.raw) / 4
