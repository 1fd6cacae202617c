"""Whom an installation trusts: a folder that an administrator fills and the checks read anew."""

import argparse
from datetime import timedelta

import pytest

from congvu.cli.__main__ import _parser
from congvu.mail.smime import trust
from congvu.mail.smime.verifying import verify
from tests.mail import pki as making
from tests.mail.pki import NOW, Pki
from tests.mail.signed_letters import Maker


@pytest.fixture
def make(tmp_path) -> Maker:
    return Maker(Pki(tmp_path))


def call(*words: object) -> int:
    arguments: argparse.Namespace = _parser().parse_args([str(word) for word in words])
    return arguments.run(arguments)


def test_a_root_that_is_added_is_believed_and_one_taken_out_no_more(make, data_folder, capsys) -> None:
    letter = make.letter(make.sign(make.binh()))
    folder = data_folder / "trust"

    def status() -> str:
        return verify(letter.raw, trust=trust.load(folder), at=NOW, now=NOW).reason

    assert status() == "chain"
    assert call("trust", "add", make.root.path) == 0
    assert status() == "none"
    assert call("trust", "list") == 0
    kind, fingerprint, *_ = capsys.readouterr().out.splitlines()[-2].split()
    assert kind == "root"
    assert call("trust", "remove", fingerprint) == 0
    assert status() == "chain"
    assert call("trust", "remove", fingerprint) == 2


def test_what_a_file_holds_decides_what_it_is(make, data_folder) -> None:
    folder = data_folder / "trust"
    both = make.root.path.read_bytes() + make.authority.path.read_bytes()
    assert [one.kind for one in trust.add(folder, both)] == ["root", "intermediate"]
    assert [one.kind for one in trust.add(folder, making.crl(make.root))] == ["list"]
    binh = make.binh()
    assert [one.kind for one in trust.add(folder, making.answer(binh, make.authority))] == ["answer"]
    loaded = trust.load(folder)
    assert loaded.roots == (make.root.certificate,)
    assert loaded.intermediates == (make.authority.certificate,)
    assert (len(loaded.known.lists), len(loaded.known.answers)) == (1, 1)


def test_the_intermediate_of_the_folder_completes_a_chain(make, data_folder) -> None:
    letter = make.letter(make.sign(make.binh(), chain=False))
    trust.add(data_folder / "trust", make.root.path.read_bytes())
    assert verify(letter.raw, trust=trust.load(data_folder / "trust"), at=NOW, now=NOW).reason == "chain"
    trust.add(data_folder / "trust", make.authority.path.read_bytes())
    assert verify(letter.raw, trust=trust.load(data_folder / "trust"), at=NOW, now=NOW).reason == "none"


def test_what_cannot_be_a_root_is_refused(make, data_folder, capsys, tmp_path) -> None:
    person = make.pki.holder("self", mails=("x@ubnd.example",))
    garbage = tmp_path / "garbage"
    garbage.write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    assert call("trust", "add", person.path, garbage, tmp_path / "nowhere") == 2
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert trust.kept(data_folder / "trust") == []


def test_a_file_of_several_loses_only_the_one_that_is_taken_out(make, data_folder) -> None:
    roots = data_folder / "trust" / "roots"
    roots.mkdir(parents=True)
    other = make.pki.holder("other", is_authority=True)
    (roots / "all.pem").write_bytes(make.root.path.read_bytes() + other.path.read_bytes())
    (roots / "notes.txt").write_text("not a certificate")
    found = trust.kept(data_folder / "trust")
    trust.remove(data_folder / "trust", found[0].fingerprint.upper())
    assert [one.certificate for one in trust.kept(data_folder / "trust")] == [other.certificate]


def test_a_list_that_came_later_tells_of_an_earlier_revocation(make) -> None:
    who = make.binh("binh-listed", listed=True)
    letter = make.letter(make.sign(who))
    arrived = NOW - timedelta(days=1)
    for revoked_at, reason in (
        (arrived - timedelta(hours=1), "revoked"),
        (arrived + timedelta(hours=1), "none"),
    ):
        letter.lists = (making.crl(make.authority, revoked=(who,), revoked_at=revoked_at),)
        assert verify(letter.raw, trust=letter.trust, at=arrived, now=NOW).reason == reason


def test_a_list_by_somebody_else_tells_nothing(make) -> None:
    who = make.binh("binh-listed", listed=True)
    letter = make.letter(make.sign(who))
    impostor = make.pki.holder("impostor", common="authority", is_authority=True)
    letter.lists = (making.crl(impostor),)
    assert verify(letter.raw, trust=letter.trust, at=NOW, now=NOW).reason == "revocation_unknown"


def test_an_answer_by_somebody_else_tells_nothing(make) -> None:
    who = make.binh("binh-answered", answered=True)
    letter = make.letter(make.sign(who))
    stranger = make.pki.holder("stranger", issuer=make.authority, mails=("x@ubnd.example",))
    letter.answers = (making.answer(who, make.authority, by=stranger),)
    assert verify(letter.raw, trust=letter.trust, at=NOW, now=NOW).reason == "revocation_unknown"
