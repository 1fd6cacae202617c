"""Messages as strangers send them: any bytes are read, in little time, and shown as what they are."""

import base64
import os
import time
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from congvu.mail import archives, mime
from congvu.mail.addresses import Mailbox, NotOneAddressError, domain, lenient, normal, strict
from congvu.mail.messages import Attachment, NoSuchAttachmentError, attachment, read
from tests.bounds import soon_done


def message(*fields, body="x\n"):
    return "\n".join([*fields, "", body]).encode("utf-8", "surrogateescape")


def quick(raw):
    with soon_done():
        return read(raw)


class TestHeaders:
    @pytest.mark.parametrize(
        ("value", "subject"),
        [("=?utf-8?B?R2nhuqV5IG3hu51p?=", "Giấy mời"), ("=?UTF-8?q?Gi=E1=BA=A5y_m=E1=BB=9Di?=", "Giấy mời"),
         ("=?utf-8?B?R2nhug==?=\n =?utf-8?B?pXkgbeG7nWk=?=", "Giấy mời"), ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
         ("=?koi8-r?B?8NLJ18XU?=", "Привет"), ("=?windows-1251?q?=CF=F0=E8=E2=E5=F2?=", "Привет"), ("=?utf-8*vi?q?=C4=91?=", "đ"),
         ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"), ("=?nonsense?q?abc?=", "abc"), ("=?utf-8?q?a b c?=", "a b c"), ("=?utf-8?x?y?=", "=?utf-8?x?y?="),
         ("=?utf-8?b?R2nhuqV5IG3hu51p", "=?utf-8?b?R2nhuqV5IG3hu51p"), ("=?utf-8?b?!!!?=", ""), ("a\n\tb", "a b"), ("=?utf-8?q?a=0D=0AX:_y=00?=", "a X: y"),
         ("Giấy mời", "Giấy mời")],
    )  # fmt: skip
    def test_subjects_are_decoded(self, value, subject):
        assert read(message(f"Subject: {value}")).subject == subject

    @pytest.mark.parametrize(
        ("codec", "text"),
        [("cp1251", "Приглашение на заседание"), ("cp1252", "Réunion à l’hôtel"), ("utf-8", "Қазақстан")],
    )
    def test_raw_8bit_subjects_are_guessed(self, codec, text):
        assert read(b"Subject: " + text.encode(codec) + b"\r\n\r\n").subject == text

    def test_vietnamese_of_windows_1258_is_guessed_and_composed(self):
        text = "Ủy ban nhân dân tỉnh kính mời các đồng chí dự họp"
        typed = b"".join(map(_typed_in_1258, text))
        assert read(b"Subject: " + typed + b"\n\n" + typed).subject == text

    def test_addresses_have_names(self):
        raw = message(
            'To: "Bình, N." <binh@a.example>, =?utf-8?q?Chi?= <chi@a.example>; an@a.example (An)',
            "Cc: group: x@y.example, z@y.example;",
        )
        assert read(raw).to == (
            Mailbox("Bình, N.", "binh@a.example"),
            Mailbox("Chi", "chi@a.example"),
            Mailbox("An", "an@a.example"),
        )
        assert [box.address for box in read(raw).cc] == ["x@y.example", "z@y.example"]

    @pytest.mark.parametrize(
        ("value", "date"),
        [("Mon, 4 Mar 2024 08:02:03 +0700", datetime(2024, 3, 4, 1, 2, 3, tzinfo=UTC)), ("4 Mar 2024 01:02 GMT", datetime(2024, 3, 4, 1, 2, tzinfo=UTC)),
         ("", None), ("yesterday", None), ("Mon, 99 Foo 2024 99:99:99 +9999", None), ("1 Jan 0001 00:00:00 +1400", datetime(2000, 12, 31, 10, tzinfo=UTC)), ("1 Jan 1900 00:00:00", None),
         ("Mon, 4 Mar 2024 01:02:03 +999999999", None), ("1 Jan 99999 00:00:00 +0000", None)],
    )  # fmt: skip
    def test_dates_are_utc_or_nothing(self, value, date):
        assert read(message(f"Date: {value}")).date == date

    def test_threads_are_read(self):
        reading = read(
            message(
                "Message-ID: <a@b>", "In-Reply-To: Your message <c@d> of Monday", "References: <e@f>\n <c@d>"
            )
        )
        assert (reading.message_id, reading.in_reply_to, reading.references) == ("a@b", "c@d", ("e@f", "c@d"))

    @pytest.mark.parametrize(
        "field",
        ["Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated; x=y", "Precedence: bulk", "Precedence: LIST", "List-Id: <a.b>", "Return-Path: <>",
         "Content-Type: multipart/report; report-type=delivery-status; boundary=x", "Content-Type: multipart/report; report-type=disposition-notification"],
    )  # fmt: skip
    def test_automatic_mail_is_known(self, field):
        assert read(message(field)).automatic

    @pytest.mark.parametrize(
        "field",
        [
            "Auto-Submitted: no",
            "Precedence: normal",
            "Return-Path: <a@b.example>",
            "Subject: Precedence: bulk",
        ],
    )
    def test_mail_of_people_is_known(self, field):
        assert not read(message(field)).automatic

    def test_the_kind_of_communication_is_read(self):
        assert read(message("X-Congvu-Communication: work_schedule")).communication == "work_schedule"

    def test_a_giant_header_is_cut(self):
        assert len(quick(b"Subject: " + b"x" * 50_000_000).subject) == 2000
        quick(b"X: y\r\n" * 1_000_000 + b"\r\n")
        quick(b"Subject: " + b"=?utf-8?q?=E1?= " * 500_000 + b"\r\n\r\n")
        quick(b"Subject: " + b"=?utf-8?q?" * 500_000 + b"\r\n\r\n")
        quick(b"To: " + b"<a@b.example>," * 500_000 + b"\r\n\r\n")
        quick(b"To: " + b"(" * 500_000 + b"\r\n" + b"To: " + b'"\\' * 500_000 + b"\r\n\r\n")
        quick(b"From: " + b"a" * 500_000 + b"\r\n" + b"From: " + b"@" * 500_000 + b"\r\n\r\n")
        quick(b"Content-Type: a/b" + b"; x*0*=utf-8''%41" * 100_000 + b"\r\n\r\n")
        quick(b"References: " + b"<" * 500_000 + b"\r\n" + b"Message-ID: " + b"<a" * 500_000 + b"\r\n\r\n")
        quick(b"Date: " + b"1 " * 500_000 + b"\r\n\r\n")


def _typed_in_1258(letter):
    """Write a letter as windows-1258 does: the tone after its vowel."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    marks = unicodedata.normalize("NFD", letter)
    vowel = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones))
    return (vowel + "".join(mark for mark in marks if mark in tones)).encode("cp1258")


class TestBodies:
    def test_text_and_html_of_an_alternative_are_both_read(self):
        raw = message(
            "Content-Type: multipart/alternative; boundary=b",
            body="--b\nContent-Type: text/plain; charset=utf-8\n\nxin chào\n--b\nContent-Type: text/html\n\n<p>xin\n--b--\n",
        )
        assert (read(raw).text, read(raw).html, read(raw).attachments, read(raw).defects) == (
            "xin chào",
            "<p>xin",
            (),
            ("no_from",),
        )

    def test_html_alone_gives_text_as_well(self):
        page = "<html><head><title>t</title><style>p{}</style></head><body><p>m&#7897;t<br>hai</p><script>x</script><td>ba"
        assert read(message("Content-Type: text/html", body=page)).text == "một\nhai\nba"

    @pytest.mark.parametrize(
        ("fields", "body", "text"),
        [(["Content-Transfer-Encoding: base64"], "eGluIGNow6Bv", "xin chào"), (["Content-Transfer-Encoding: BASE64 "], "eGlu!IGNo\nw6Bv=\n--", "xin chào"),
         (["Content-Transfer-Encoding: base64"], "eGluIGN", "xin c"), (["Content-Transfer-Encoding: quoted-printable"], "xin ch=C3=A0o=\n!", "xin chào!"),
         (["Content-Transfer-Encoding: quoted-printable"], "a=ZZb=", "a=ZZb"), (["Content-Transfer-Encoding: x-unknown"], "abc", "abc"),
         (["Content-Type: text/plain; charset=x-unknown"], "xin chào", "xin chào"), (["Content-Type: text/plain; charset=us-ascii"], "xin chào", "xin chào"),
         (['Content-Type: text/plain; charset="utf-8'], "xin chào", "xin chào"), (["Content-Type: text/plain; charset=punycode"], "Mnchen-3ya", "Mnchen-3ya"),
         (["Content-Type: text/plain; charset=zip"], "x", "x"), (["Content-Type: text/plain; charset=unicode_escape"], "\\u0041", "\\u0041"),
         (["Content-Type: nonsense"], "abc", "abc"), ([], "a\0b\x1bc\r\nd\re", "abc\nd\ne")],
    )  # fmt: skip
    def test_text_is_decoded_as_far_as_it_goes(self, fields, body, text):
        assert read(message("From: a@b.example", *fields, body=body)).text.rstrip("\n") == text

    @pytest.mark.parametrize(
        ("charset", "text"),
        [
            ("gb2312", "联通"),
            ("shift_jis", "日本"),
            ("utf-16", "Việt"),
            ("iso-2022-jp", "日本"),
            ("windows-1251", "Привет"),
            ("koi8-r", "Привет"),
            ("utf-7", "Việt"),
        ],
    )
    def test_a_true_label_is_believed(self, charset, text):
        raw = (
            f"From: a@b.example\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n".encode()
            + base64.b64encode(text.encode(charset))
        )
        assert (read(raw).text, read(raw).defects) == (text, ())

    def test_a_false_label_is_noticed(self):
        raw = "From: a@b.example\nContent-Type: text/plain; charset=iso-8859-1\n\nxin chào".encode()
        assert (read(raw).text, read(raw).defects) == ("xin chào", ("charset",))

    def test_lone_surrogates_do_not_get_in(self):
        raw = b"Content-Type: text/plain; charset=utf-7\n\n+2AA-x"
        read(raw).text.encode()


class TestAttachments:
    RAW = (
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\n"
        b'Content-Type: application/pdf; name="=?utf-8?b?a+G6vyBob+G6oWNoLnBkZg==?="\nContent-Transfer-Encoding: base64\n\nJVBERg==\n'
        b"--b\nContent-Type: image/png\nContent-ID: <pic@x>\nContent-Disposition: inline; filename*=utf-8''%E1%BA%A3nh.png\n\n\x89PNG\n"
        b"--b\nContent-Type: message/rfc822\n\nSubject: =?utf-8?q?c=C5=A9?=\n\nold\n--b--\n"
    )

    def test_they_are_listed_and_fetched(self):
        listed = read(self.RAW).attachments
        assert listed == (
            Attachment(index=1, filename="kế hoạch.pdf", content_type="application/pdf", size=4),
            Attachment(index=2, filename="ảnh.png", content_type="image/png", size=4, content_id="pic@x"),
            Attachment(index=3, filename="cũ.eml", content_type="message/rfc822", size=33),
        )
        fetched = [attachment(self.RAW, index=found.index) for found in listed]
        assert [content for _, _, content in fetched] == [
            b"%PDF",
            b"\x89PNG",
            b"Subject: =?utf-8?q?c=C5=A9?=\n\nold",
        ]

    @pytest.mark.parametrize("index", [0, 4, -1, 10**9])
    def test_others_are_not_there(self, index):
        with pytest.raises(NoSuchAttachmentError):
            attachment(self.RAW, index=index)

    @pytest.mark.parametrize(
        ("given_", "safe"),
        [("../../etc/passwd", "passwd"), ("..\\\\..\\\\boot.ini", "boot.ini"), ("a\u202egnp.exe", "a_gnp.exe"), (".htaccess", "htaccess"), ("CON.txt", "_CON.txt"), ("nul", "_nul"),
         ("a:b|c?.txt", "a_b_c_.txt"), ("   ", "attachment-0.pdf"), ("x" * 300 + ".pdf", "x" * 108 + ".pdf"), ("a\tb.txt", "a b.txt"), ("/", "attachment-0.pdf"), ("...", "attachment-0.pdf")],
    )  # fmt: skip
    def test_names_are_safe_to_save_under(self, given_, safe):
        raw = message(f'Content-Type: application/pdf; name="{given_}"')
        assert read(raw).attachments[0].filename == safe

    def test_continued_names_are_joined(self):
        raw = message(
            "Content-Disposition: attachment; filename*1=\"b\"; filename*0*=utf-8'vi'%C4%91; filename*2*=%2Etxt"
        )
        assert read(raw).attachments[0].filename == "đb.txt"

    def test_the_listed_size_is_the_true_size(self):
        for length in range(200):
            content = base64.encodebytes(b"x" * length)
            raw = b"Content-Type: application/x\nContent-Transfer-Encoding: base64\n\n" + content
            assert read(raw).attachments[0].size == length == len(attachment(raw, index=0)[2])


class TestBounds:
    def test_ten_thousand_nested_parts(self):
        raw = (
            b"".join(
                b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(10_000)
            )
            + b"\ndeep"
        )
        reading = quick(raw)
        assert "too_deep" in reading.defects
        same = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 10_000
        quick(same)
        quick(b"Content-Type: message/rfc822\n\n" * 100_000)

    def test_ten_thousand_parts(self):
        raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000 + b"--b--"
        assert "too_many_parts" in quick(raw).defects
        assert len(mime.take_apart(raw).leaves) < mime.MANY_PARTS + 1
        quick(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 1_000_000)
        quick(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b" * 1_000_000)

    def test_parts_within_parts_of_one_boundary(self):
        quick(
            b"Content-Type: multipart/mixed; boundary=b\n\n"
            + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 50_000
        )

    def test_a_large_message_is_read_in_the_time_it_takes_to_look_at_it(self):
        lines = base64.encodebytes(bytes(20_000_000))
        raw = (
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b\nContent-Type: application/x\nContent-Transfer-Encoding: base64\n\n"
            + lines
            + b"--b--"
        )
        assert quick(raw).attachments[0].size == 20_000_000
        assert len(quick(b"Content-Type: text/plain\n\n" + b"line\n" * 4_000_000).text) == 500_000
        quick(b"Content-Type: text/html\n\n" + b"<script>" * 2_000_000)
        quick(b"Content-Type: text/html\n\n" + b"<a " * 2_000_000)

    @settings(max_examples=300)
    @given(st.lists(st.sampled_from([b"From: a@b.c\n", b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: text/html; charset=utf-8\n", b"\n", b"--b\n", b"--b--\n", b"\r\n",
                                     b"Content-Transfer-Encoding: base64\n", b"=?utf-8?q?", b"?=", b"\xff", b"\0", b";", b'"', b"Content-Disposition: attachment; filename*0*=", b"<", b"%", b"To: ", b" ", b"Subject"]), max_size=30))  # fmt: skip
    def test_no_arrangement_of_pieces_raises(self, pieces):
        raw = b"".join(pieces)
        for found in read(raw).attachments:
            attachment(raw, index=found.index)

    @given(st.binary(max_size=2000))
    def test_no_bytes_raise(self, raw):
        read(raw).text.encode()


class TestAddresses:
    @pytest.mark.parametrize(
        "value",
        [
            "a@b.example",
            "<a@b.example>",
            "A B <a@b.example>",
            '"A, B" <a@b.example>',
            "=?utf-8?q?A?= <a@b.example>",
            "Nguyễn <a@b.example>",
            " a@b.example ",
        ],
    )
    def test_one_plain_mailbox_is_read_strictly(self, value):
        assert strict(value).address == "a@b.example"

    @pytest.mark.parametrize(
        "value",
        ["", "a", "a@b.example, c@d.example", "a@b.example c@d.example", "alice@x.example <bob@y.example>", '"a@b.example" <c@d.example>x', "<a@b.example", "a@b.example>",
         "(x) a@b.example", "a@b.example (x)", "x: a@b.example;", "<@x:a@b.example>", "a b@c.example", "a@b example", "A <a@b.example> B", "<a@b.example><c@d.example>", "a@b..example",
         ".a@b.example", "a.@b.example", "a@-b.example", "a@b_c.example", "a\x00@b.example", "a@" + "b" * 400],
    )  # fmt: skip
    def test_what_two_programs_may_read_in_two_ways_is_refused(self, value):
        with pytest.raises(NotOneAddressError):
            strict(value)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("An@Agency.Example", "an@agency.example"),
            ("a@xn--bcher-kva.example", "a@bücher.example"),
            ("tổ@b.example", "TỔ@b.example"),
            ("a@b.example.", "a@b.example"),
        ],
    )
    def test_writings_of_one_address_are_the_same(self, one, other):
        assert normal(one) == normal(other)

    def test_a_domain_is_found_behind_the_last_at(self):
        assert [domain(text) for text in ('"x@y"@b.example', "a@B.EXAMPLE", "a", "", "a@xn--\xff")] == [
            "b.example",
            "b.example",
            "",
            "",
            "xn--ÿ",
        ]

    @given(st.text(max_size=200))
    def test_the_lenient_reading_never_raises(self, value):
        lenient(value)


def test_a_body_that_no_blank_line_divides_from_its_header_is_read():
    part = b"--b\nContent-Type: text/plain\nHello to\nyou\n\nall\n"
    file = b"--b\nContent-Type: a/b\nContent-Transfer-Encoding: base64\nYWJj\n--b--\n"
    found = read(b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + part + file)
    assert (found.text, [one.size for one in found.attachments]) == ("Hello to\nyou\n\nall", [3])
    assert read(b"Subject: x\nsome odd line\nTo: a@b.example\n\ny").to[0].address == "a@b.example"


@pytest.mark.corpus
def test_every_message_of_the_corpus_is_read_in_little_time():
    folder = os.environ.get("CONGVU_CORPUS") or pytest.skip("CONGVU_CORPUS names no folder")
    slowest, count = 0.0, 0
    for item in archives.messages(Path(folder) / "mail"):
        if isinstance(item, archives.Found):
            begun = time.process_time()
            for found in read(item.raw).attachments:
                attachment(item.raw, index=found.index)
            slowest, count = max(slowest, time.process_time() - begun), count + 1
    assert (count > 3000, slowest < 0.1) == (True, True)
