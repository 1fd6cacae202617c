"""Signed mail as people meet it: checked on arrival, evidenced, and shown with the article that makes it equal to paper."""

import pytest

from congvu.directory.queries import legal_day
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.ledger.readers import advance
from congvu.mail import tasks
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Signature
from congvu.mail.smime import trust
from congvu.rules.actions import adopt
from congvu.rules.readers import Judge
from tests.mail import pki as making
from tests.mail.letters import incoming
from tests.mail.pages import item_of, show
from tests.mail.pki import NOW, Pki
from tests.mail.signed_letters import Maker, with_footer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def make(tmp_path, data_folder) -> Maker:
    made = Maker(Pki(tmp_path))
    trust.add(data_folder / "trust", made.root.path.read_bytes())
    return made


def arrive(raw: bytes) -> None:
    (verdict,) = accept([incoming("binh@ubnd.example", mail_from="dung@dan.example", data=raw, at=NOW)])
    assert verdict.code == 250
    while tasks.check_signatures(NOW):
        pass


def dung(make: Maker, **options):
    return make.pki.holder("Dung", issuer=make.authority, mails=("dung@dan.example",), **options)


def letter(make: Maker, **options) -> bytes:
    return make.letter(make.sign(dung(make), **options), author="Dung <dung@dan.example>").raw


def signed_events(agency) -> list[dict]:
    sequencer.settle()
    entries = ledger.entries_from(agency.handle, 0, 0, 1000)
    return [one.attributes for one in entries if one.kind == "mail.signature.verified"]


def test_a_signature_is_checked_on_arrival_and_that_is_evidence(make, agency, binh) -> None:
    arrive(letter(make))
    row = Signature.objects.get()
    assert (row.state, row.checked_at) == ("valid", NOW)
    assert signed_events(agency) == [{"verdict": "valid", "reason": "none", "of": "message"}]
    entry = ledger.entry(row.entry, agency=agency.handle)
    fingerprint = row.found["signers"][0]["chain"][0]["fingerprint"]
    assert entry.disclosures == {
        "message": row.message.handle,
        "digest": row.message.digest,
        "signer": fingerprint,
    }


def test_mail_without_a_signature_is_not_checked(make, agency, binh) -> None:
    arrive(make.letter(b"Content-Type: text/plain\r\n\r\nHello\r\n").raw)
    assert Signature.objects.count() == 0
    assert signed_events(agency) == []


def test_a_valid_signature_is_equal_to_paper_by_its_article(make, agency, binh, chi, client_of) -> None:
    day = NOW - 2 * making.DAY
    adopt(by=chi, book="vn.binh-duong.mail-2009", valid_from=legal_day(agency, day), number="01/QĐ", at=day)
    sequencer.settle()
    advance(Judge(), agency=agency.handle, limit=5_000)
    arrive(letter(make))
    page = show(client_of(binh), "message", item_of(binh).handle).content.decode()
    assert "Signed by Dung. The signature is valid." in page
    assert "Equal to paper" in page
    assert "82/2009/QĐ-UBND" in page
    assert "smime.p7s" not in page


def test_without_a_book_nothing_is_said_to_equal_paper(make, agency, binh, client_of) -> None:
    arrive(
        letter(make, options=("-nodetach",), entity=b"Content-Type: text/plain\r\n\r\nWithin the seal\r\n")
    )
    page = show(client_of(binh), "message", item_of(binh).handle).content.decode()
    assert "The signature is valid" in page
    assert "Within the seal" in page
    assert "Equal to paper" not in page
    assert "No rule book that binds the agency" in page


def test_what_cannot_be_determined_says_why(make, agency, binh, client_of) -> None:
    arrive(with_footer(make, dung(make), "dung@dan.example").raw)
    page = show(client_of(binh), "message", item_of(binh).handle).content.decode()
    assert "cannot be determined" in page
    assert "Only a part of this message is signed" in page
    assert signed_events(agency) == [
        {"verdict": "cannot_be_determined", "reason": "partial", "of": "message"}
    ]


def test_what_is_learnt_later_stands_beside_what_was_found_on_arrival(
    make, agency, binh, client_of, data_folder
) -> None:
    who = dung(make, listed=True)
    arrive(make.letter(make.sign(who), author="dung@dan.example").raw)
    assert signed_events(agency)[0]["reason"] == "revocation_unknown"
    trust.add(data_folder / "trust", making.crl(make.authority, revoked=(who,), until=NOW + 9 * making.DAY))
    client, handle = client_of(binh), item_of(binh).handle
    page = show(client, "signature", handle).content.decode()
    assert "Signature not valid" in page
    assert "The certificate had been revoked" in page
    assert "Then it was found" in page
    assert show(client, "signature-evidence", handle)["Content-Type"] == "application/json"


def test_a_verdict_outlives_the_lists_it_was_made_from(make, agency, binh, client_of, data_folder) -> None:
    who = dung(make, listed=True)
    kept = trust.add(data_folder / "trust", making.crl(make.authority, until=NOW + 9 * making.DAY))
    arrive(make.letter(make.sign(who), author="dung@dan.example").raw)
    trust.remove(data_folder / "trust", kept[0].fingerprint)
    page = show(client_of(binh), "signature", item_of(binh).handle).content.decode()
    assert "Signature valid" in page
