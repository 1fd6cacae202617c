"""Signatures are judged as openssl judges them, and where it knows less, as the table says."""

from random import Random

import pytest

from congvu.mail.smime.verifying import verify
from tests import requires
from tests.mail.pki import ARRIVED, Pki
from tests.mail.signed_letters import SORTS, Maker, ask_openssl


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Pki:
    requires.program("openssl", package="openssl")
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.mark.parametrize("name", SORTS)
def test_the_verdict_is_openssls_or_the_tables(name: str, certificates: Pki) -> None:
    sort = SORTS[name]
    letter = sort.make(Maker(certificates, Random(name)))  # noqa: S311 -- repeatable
    verdict = verify(letter.raw, trust=letter.trust, at=letter.at, now=ARRIVED)
    assert verdict is not None
    assert (verdict.status, verdict.reason, verdict.remarks) == (sort.status, sort.reason, sort.remarks)
    assert ask_openssl(letter) == sort.by_openssl
    assert ((verdict.status == "valid") == sort.by_openssl) == (not sort.differs)
