"""Receipts of other sides are read as far as they are receipts, and nothing else is."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.mail.certified import pec, reading, xmltree
from congvu.mail.certified.vocabulary import KINDS, NEGATIVE, NOT_OURS, STEPS, Evidence, named, uri
from congvu.mail.certified.xmltree import NotReadableError
from congvu.mail.models import Receipt
from tests.bounds import soon_done
from tests.mail.certified.samples import (
    ABOUT,
    DUNG,
    daticert,
    evidence,
    letter,
    mixed,
    notification,
    receipt,
)

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b0 "0000000000">'
    + b"".join(b'<!ENTITY b%d "%s">' % (n, b"&b%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><postacert tipo='accettazione'><dati><msgid>&b11;</msgid></dati></postacert>"
)
HOSTILE = {
    "bomb": BOMB,
    "file": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><postacert><msgid>&x;</msgid></postacert>',
    "network": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><postacert/>',
    "parameter": b'<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><a/>',
    "undeclared": b"<postacert><msgid>&nothing;</msgid></postacert>",
    "deep": b"<a>" * 5_000 + b"</a>" * 5_000,
    "wide": b"<a>" + b"<b/>" * 100_000 + b"</a>",
    "huge": b"<a>" + b"x" * 300_000 + b"</a>",
    "attributes": b"<a " + b" ".join(b'a%d="1"' % n for n in range(30_000)) + b">",
    "cut": daticert()[:300],
    "two roots": b"<a/><a/>",
    "nothing": b"",
    "encoding": b'<?xml version="1.0" encoding="klingon"?><a/>',
    "wrong letters": '<?xml version="1.0" encoding="UTF-8"?><a>Giấy</a>'.encode("utf-16"),
    "NUL": b"<a>\0</a>",
    "prefix": b"<x:a/>",
}


def test_the_vocabulary_has_the_22_events_each_ours_or_explained() -> None:
    assert len(Evidence) == 22
    ours = {*STEPS.values(), *KINDS.values()}
    assert ours | NOT_OURS.keys() == set(Evidence)
    assert ours & NOT_OURS.keys() == set()
    assert len(NEGATIVE) == 10
    assert {step for step, _side in STEPS} <= set(Receipt.Step.values)


def test_an_event_is_known_by_its_identifier() -> None:
    assert [named(uri(one)) for one in Evidence] == list(Evidence)
    assert named("http://uri.etsi.org/19522/Event/Nothing") is None


def test_a_receipt_of_delivery_names_message_recipient_and_instant() -> None:
    (said,) = reading.in_message(receipt())
    assert (said.scheme, said.word, said.about, said.recipients) == ("pec", pec.DELIVERED, ABOUT, (DUNG,))
    assert said.event == Evidence.CONTENT_CONSIGNMENT
    assert said.at == datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    assert said.issuer == "Posta Esempio S.p.A."
    assert said.is_covered


@pytest.mark.parametrize("kind", [one for one in pec.KINDS if one != pec.TRANSPORT])
def test_each_kind_of_receipt_is_read_from_content_and_from_header(kind) -> None:
    assert [one.word for one in reading.in_message(receipt(kind))] == [kind]
    alone = letter(b"\r\nRicevuta\r\n", f"X-Ricevuta: {kind}", f"X-Riferimento-Message-ID: <{ABOUT}>")
    assert [(one.word, one.recipients, one.is_covered) for one in reading.in_message(alone)] == [
        (kind, (), False)
    ]


def test_what_the_content_says_stands_before_the_header() -> None:
    raw = letter(
        mixed(daticert("errore-consegna", errore="no-dest")),
        "X-Ricevuta: avvenuta-consegna",
        f"X-Riferimento-Message-ID: <{ABOUT}>",
    )
    assert [(one.word, one.reason) for one in reading.in_message(raw)] == [("errore-consegna", "address")]


def test_the_envelope_of_certified_mail_speaks_of_the_message_in_it() -> None:
    document = daticert("posta-certificata", about="theirs@pec.example", consegna="")
    assert reading.in_message(letter(mixed(document))) == ()
    (said,) = reading.in_message(letter(mixed(document), "X-Trasporto: posta-certificata"))
    assert (said.word, said.about) == ("posta-certificata", "theirs@pec.example")


def test_evidence_of_a_registered_delivery_service_is_read() -> None:
    (said,) = reading.in_message(letter(mixed(evidence(), name="evidence.xml")))
    assert (said.scheme, said.event, said.recipients) == ("etsi", Evidence.CONTENT_HANDOVER, (DUNG,))
    assert (said.about, said.issuer) == (ABOUT, "Registered Delivery Ltd")
    assert reading.in_message(letter(mixed(evidence("Nonsense"), name="evidence.xml"))) == ()


def test_a_mail_programs_notification_is_read_as_a_hint() -> None:
    (said,) = reading.in_message(notification())
    assert (said.scheme, said.word, said.event, said.recipients) == ("mdn", "displayed", None, (DUNG,))
    assert not said.is_covered
    assert reading.in_message(notification(disposition="automatic; dreamt")) == ()
    assert reading.in_message(notification(recipient="nobody")) == ()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_refused_at_once(name) -> None:
    with soon_done():
        with pytest.raises(NotReadableError):
            xmltree.read(HOSTILE[name])
        assert reading.in_message(letter(mixed(HOSTILE[name]))) == ()


@pytest.mark.parametrize(
    "document",
    [
        daticert("ricevuta-inventata"),
        daticert(about=""),
        daticert(consegna=""),
        daticert(consegna="nobody"),
        b"<html><body>daticert</body></html>",
    ],
)
def test_what_is_no_receipt_says_nothing(document) -> None:
    assert reading.in_message(letter(mixed(document))) == ()


@pytest.mark.parametrize(
    "when",
    [
        ("31/02/2026", "09:30:00", "+0100"),
        ("1/1/0001", "00:00", "+2359"),
        ("today", "now", "here"),
        ("", "", ""),
    ],
)
def test_a_senseless_date_is_no_date(when) -> None:
    assert [one.at for one in reading.in_message(receipt(when=when))] == [None]


def test_foreign_words_become_one_plain_line() -> None:
    raw = letter(mixed(daticert().replace(b"Posta Esempio", "A\u202eB&#10;C".encode())))
    assert [one.issuer for one in reading.in_message(raw)] == ["A B C S.p.A."]


def test_a_message_makes_a_bounded_number_of_statements() -> None:
    pieces = b"".join(evidence()[38:] for _ in range(150))
    assert len(reading.in_message(letter(mixed(b"<all>" + pieces + b"</all>")))) == 100


@given(st.integers(0, len(receipt()) - 1), st.integers(0, 255))
def test_any_changed_octet_is_read_without_an_exception(place, octet) -> None:
    raw = receipt()
    reading.in_message(raw[:place] + bytes([octet]) + raw[place + 1 :])


@given(st.binary(max_size=400))
def test_any_document_is_read_or_refused(data) -> None:
    with contextlib.suppress(NotReadableError):
        assert xmltree.read(data).name
