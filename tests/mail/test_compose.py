"""Messages that the house writes: readable by others, threaded, and free of fields that nobody meant."""

import email
import email.policy
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.mail import compose
from congvu.mail.addresses import Mailbox
from congvu.mail.charsets import composed
from congvu.mail.compose import Draft, File
from congvu.mail.messages import attachment, read

AT = datetime(2024, 3, 4, 1, 2, 3, tzinfo=UTC)
BINH = Mailbox("Nguyễn Văn Bình", "binh@agency.example")
AN = Mailbox('An, T. "T"', "an@agency.example")


def draft(**changes):
    given_ = {
        "sender": BINH,
        "to": (AN,),
        "message_id": "1@agency.example",
        "subject": "Giấy mời",
        "text": "Kính gửi\n",
    }
    return Draft(**(given_ | changes))


def test_a_message_is_read_as_it_was_meant():
    raw = compose.build(draft(cc=(BINH,), communication="invitation"), at=AT)
    reading = read(raw)
    assert (reading.subject, reading.text, reading.date) == ("Giấy mời", "Kính gửi\n", AT)
    assert (reading.from_, reading.to, reading.cc) == (BINH, (AN,), (BINH,))
    assert (reading.message_id, reading.communication, reading.automatic) == (
        "1@agency.example",
        "invitation",
        False,
    )
    assert (reading.attachments, reading.html, reading.defects) == ((), None, ())


def test_another_reader_reads_the_same():
    raw = compose.build(
        draft(
            subject="Kế hoạch công tác năm " * 12,
            files=(File(filename="Kế hoạch.pdf", content_type="application/pdf", content=b"%PDF"),),
        ),
        at=AT,
    )
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["Subject"] == ("Kế hoạch công tác năm " * 12)
    assert message["From"].addresses[0].display_name == BINH.name
    assert message["To"].addresses[0].display_name == AN.name
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("Kế hoạch.pdf", b"%PDF")


def test_every_line_is_ascii_short_and_ends_with_crlf():
    raw = compose.build(
        draft(
            subject="ệ" * 400,
            text="ệ" * 5000,
            to=(Mailbox("ệ" * 200, "a@b.example"),) * 50,
            files=(File(filename="ệ" * 200, content_type="x", content=b"\0" * 999),),
        ),
        at=AT,
    )
    assert raw.isascii()
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) < 998


def test_files_come_out_as_they_went_in():
    files = tuple(
        File(filename=f"tệp {number}.bin", content_type="application/x-y", content=bytes([number]) * 1000)
        for number in range(5)
    )
    raw = compose.build(draft(files=files), at=AT)
    out = [attachment(raw, index=found.index) for found in read(raw).attachments]
    assert out == [(file.filename, file.content_type, file.content) for file in files]


def test_a_message_is_forwarded_byte_for_byte():
    original = b"From: x@y.example\r\nSubject: \xff raw\r\nX: 1\r\n\r\n--congvu-\r\nbody \x80\r\n"
    raw = compose.build(draft(forwarded=(original,)), at=AT)
    (found,) = read(raw).attachments
    assert attachment(raw, index=found.index)[1:] == ("message/rfc822", original)


@pytest.mark.parametrize(
    "changes",
    [{"subject": "a\r\nBcc: x@y.example"}, {"subject": "a\nb"}, {"subject": "a\rb"}, {"subject": "a\0"}, {"subject": "a\u2028b"},
     {"to": (Mailbox("a\r\nBcc: x", "a@b.example"),)}, {"to": (Mailbox("", "a@b.example\r\nBcc: x"),)}, {"sender": Mailbox("a\nb", "a@b.example")},
     {"message_id": "a\r\nb"}, {"message_id": "a> <b"}, {"in_reply_to": "a\nb"}, {"references": ("a b",)},
     {"communication": "x\r\ny"}, {"automatic": "no; x"}, {"files": (File(filename="a\r\nb", content_type="a/b", content=b""),)}],
)  # fmt: skip
def test_a_line_end_cannot_begin_a_field(changes):
    with pytest.raises(compose.HeaderInjectionError):
        compose.build(draft(**changes), at=AT)


@pytest.mark.parametrize(
    "address", ["", "a", "a@", "@b", "a b@c.example", "a@b,c@d", "<a@b.example>", "a@b.example>"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(compose.NotAnAddressError):
        compose.build(draft(to=(Mailbox("", address),)), at=AT)


def test_a_message_needs_somebody_to_go_to():
    with pytest.raises(compose.NoRecipientError):
        compose.build(draft(to=()), at=AT)


def test_a_content_type_of_the_sender_cannot_open_a_multipart():
    raw = compose.build(
        draft(files=(File(filename="a", content_type="multipart/mixed; boundary=x", content=b"--x"),)), at=AT
    )
    assert [found.content_type for found in read(raw).attachments] == ["application/octet-stream"]


@given(
    subject=st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200),
    text=st.text(st.characters(blacklist_categories=["Cc", "Cs"]), max_size=300),
)
def test_any_words_survive(subject, text):
    reading = read(compose.build(draft(subject=subject, text=text), at=AT))
    assert reading.subject.split() == composed(subject).split()
    assert reading.text == composed(text)


@pytest.mark.parametrize(
    ("language", "word"),
    [("vi", "Đã nhận"), ("kk", "Алынды"), ("ru", "Получено"), ("en", "Received"), ("xx", "Received")],
)
def test_an_acknowledgement_is_short_automatic_and_threaded(language, word):
    original = read(compose.build(draft(references=("0@x",)), at=AT))
    raw = compose.build_acknowledgement(
        original, sender=AN, message_id="2@agency.example", at=AT, language=language
    )
    reading = read(raw)
    assert (reading.subject, reading.to, reading.from_) == (f"{word}: Giấy mời", (BINH,), AN)
    assert (reading.in_reply_to, reading.references) == ("1@agency.example", ("0@x", "1@agency.example"))
    assert reading.automatic
    assert b"\r\nAuto-Submitted: auto-replied\r\n" in raw


def test_a_message_without_sender_cannot_be_acknowledged():
    with pytest.raises(compose.NoRecipientError):
        compose.build_acknowledgement(
            read(b"Subject: x\r\n\r\n"), sender=AN, message_id="2@x", at=AT, language="vi"
        )


def test_a_hostile_original_is_answered_without_its_tricks():
    hostile = read(
        b"From: =?utf-8?q?a=0d=0aBcc:_x?= <a@b.example>\r\nMessage-ID: <a\r\n b>\r\nReferences: <c d> <e>\r\nSubject: =?utf-8?q?x=0aY:z?=\r\n\r\n"
    )
    raw = compose.build_acknowledgement(hostile, sender=AN, message_id="2@x", at=AT, language="en")
    names = [
        line.partition(b":")[0]
        for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
        if line[:1] not in b" \t"
    ]
    assert names == [
        b"Date",
        b"From",
        b"To",
        b"Subject",
        b"Message-ID",
        b"In-Reply-To",
        b"References",
        b"Auto-Submitted",
        b"MIME-Version",
        b"Content-Type",
        b"Content-Transfer-Encoding",
    ]


def test_the_subject_of_an_answer_does_not_grow():
    assert [compose.reply_subject(subject) for subject in ("x", "Re: x", "RE: TL: Re:x", "Báo cáo: x")] == [
        "Re: x",
        "Re: x",
        "Re: x",
        "Re: Báo cáo: x",
    ]
    assert [compose.forward_subject(subject) for subject in ("x", "Fwd: FW: x")] == ["Fwd: x", "Fwd: x"]


def test_a_reply_quotes_and_a_forward_copies():
    reading = read(compose.build(draft(text="một\n> hai\n\nba"), at=AT))
    assert (
        compose.quote(reading, language="vi")
        == "Ngày 04/03/2024 08:02 (UTC+07:00), Nguyễn Văn Bình viết:\n> một\n>> hai\n>\n> ba"
    )
    assert compose.forward_text(reading, language="en") == (
        "---------- Forwarded message ----------\nFrom: Nguyễn Văn Bình <binh@agency.example>\nDate: 04/03/2024 08:02 (UTC+07:00)\n"
        'Subject: Giấy mời\nTo: An, T. "T" <an@agency.example>\n\nmột\n> hai\n\nba'
    )


def test_a_long_thread_keeps_its_first_and_newest_references():
    reading = read(
        b"Message-ID: <z>\r\nReferences: "
        + b" ".join(b"<%d>" % number for number in range(100))
        + b"\r\n\r\n"
    )
    assert compose.thread(reading) == ("z", ("0", *map(str, range(81, 100)), "z"))
