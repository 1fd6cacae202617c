"""What the door takes from whom: relaying, signing in, whose address may be used, and how much."""

import base64
import smtplib
import ssl
import time

import pytest

from congvu.mail.door.limits import Limits, Listener, PasswordInTheClearError
from congvu.mail.door.server import Door
from tests.mail.doors import (
    AN,
    BINH,
    HEADER,
    PASSWORD,
    SIMPLE,
    STRANGER,
    Counter,
    client_tls,
    front,
    server_tls,
)

OWN = b"From: Binh <binh@agency.example>\r\nTo: an@agency.example\r\nSubject: x\r\n"


@pytest.fixture(scope="module")
def door():
    with front() as opened:
        yield opened


@pytest.fixture(scope="module")
def guarded():
    with front(tls=True) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _empty(request):
    if "door" in request.fixturenames:
        request.getfixturevalue("door").counter.kept.clear()


def _refusal(error):
    return error.value.args[0], error.value.args[1].decode()[:5]


class TestStrangers:
    def test_mail_for_one_of_ours_is_taken(self, door):
        with door.smtp() as client:
            assert client.sendmail(STRANGER, [AN, BINH], SIMPLE) == {}
        (kept,) = door.counter.kept
        assert (kept.channel, kept.peer, kept.sender, kept.mail_from) == ("mx", "127.0.0.1", None, STRANGER)
        assert kept.recipients == (AN, BINH)
        assert b"\r\n\tfor <" not in kept.raw  # two recipients do not learn of each other

    def test_relaying_is_denied_before_anybody_is_asked(self, door):
        with door.smtp() as client, pytest.raises(smtplib.SMTPRecipientsRefused) as error:
            client.sendmail(STRANGER, ["dung@elsewhere.example"], SIMPLE)
        assert error.value.recipients["dung@elsewhere.example"] == (550, b"5.7.1 Relaying denied")

    @pytest.mark.parametrize(
        "trick",
        ["dung%elsewhere.example@agency.example", "elsewhere.example!dung@agency.example", '"dung@elsewhere.example"@agency.example',
         "@agency.example:dung@elsewhere.example", "dung@elsewhere.example@agency.example", "dung", "dung@agency.example.elsewhere.example",
         "dung@[127.0.0.1]", "dung@AGENCY.example.", "<dung@elsewhere.example>"],
    )  # fmt: skip
    def test_no_trick_makes_the_door_a_relay(self, door, trick):
        with door.smtp() as client:
            client.ehlo_or_helo_if_needed()
            client.docmd(f"MAIL FROM:<{STRANGER}>")
            code, _ = client.docmd(f"RCPT TO:<{trick}>")
        assert code in {501, 550}

    def test_an_unknown_mailbox_is_refused_and_the_others_are_kept(self, door):
        with door.smtp() as client:
            refused = client.sendmail(STRANGER, [AN, "gone@agency.example"], SIMPLE)
        assert refused == {"gone@agency.example": (550, b"5.1.1 No such mailbox here")}
        assert [kept.recipients for kept in door.counter.kept] == [(AN,)]

    def test_postmaster_is_taken_without_domain(self, door):
        with door.smtp() as client:
            assert client.sendmail("", ["Postmaster"], SIMPLE) == {}
        assert door.counter.kept[0].recipients == ("Postmaster",)

    @pytest.mark.parametrize("claimed", [AN, "AN@Agency.EXAMPLE", "nobody@agency.example"])
    def test_an_outsider_may_not_claim_our_domain_in_the_envelope(self, door, claimed):
        with door.smtp() as client, pytest.raises(smtplib.SMTPSenderRefused) as error:
            client.sendmail(claimed, [AN], SIMPLE)
        assert _refusal(error) == (550, "5.7.1")

    @pytest.mark.parametrize(
        "field",
        [b"From: chi@agency.example", b"From: Chi <CHI@AGENCY.EXAMPLE>", b'From: "chi@agency.example" <x@outside.example>',
         b"From: =?utf-8?q?chi=40agency=2Eexample?= <x@outside.example>", b"From: x@outside.example\r\nFrom: chi@agency.example",
         b"From: x@outside.example,\r\n chi@agency.example", b"From : chi@agency.example", b"FROM:chi@agency.example(",
         b"From: group: chi@agency.example;", b"From: <@outside.example:chi@agency.example>", b"From: chi@ agency.example",
         b"From: chi@agency.example.", b"From: =?utf-8?b?Y2hpQGFnZW5jeS5leGFtcGxl?= <x@outside.example>"],
    )  # fmt: skip
    def test_an_outsider_may_not_claim_our_domain_in_from(self, door, field):
        with door.smtp() as client, pytest.raises(smtplib.SMTPDataError) as error:
            client.sendmail(STRANGER, [AN], field + b"\r\nSubject: x\r\n\r\nhello\r\n")
        assert _refusal(error) == (550, "5.7.1")
        assert door.counter.kept == []

    def test_our_domain_elsewhere_in_a_message_is_no_claim(self, door):
        with door.smtp() as client:
            client.sendmail(
                STRANGER, [AN], HEADER + b"Reply-To: an@agency.example\r\n\r\nFrom: chi@agency.example\r\n"
            )
        assert len(door.counter.kept) == 1

    def test_a_stranger_cannot_sign_in_at_the_mx(self, door):
        with door.smtp() as client:
            client.ehlo()
            assert not client.has_extn("auth")
            assert client.docmd("AUTH PLAIN AGEAYg==")[0] == 503


class TestSubmission:
    def test_nothing_is_taken_before_signing_in(self, door):
        with smtplib.SMTP("127.0.0.1", door.submission) as client:
            client.ehlo()
            assert client.docmd("MAIL FROM:<binh@agency.example>")[0] == 530

    @pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
    @pytest.mark.parametrize("is_at_once", [True, False])
    def test_an_application_password_signs_in(self, door, mechanism, is_at_once):
        with smtplib.SMTP("127.0.0.1", door.submission) as client:
            client.ehlo()
            client.user, client.password = BINH, PASSWORD
            method = getattr(client, f"auth_{mechanism.lower()}")
            assert client.auth(mechanism, method, initial_response_ok=is_at_once) == (235, b"2.7.0 Signed in")
            assert client.sendmail(BINH, [AN, "dung@elsewhere.example"], OWN + b"\r\nhello\r\n") == {}
        (kept,) = door.counter.kept
        assert (kept.channel, kept.sender.account) == ("submission", "binh")
        assert kept.raw.startswith(b"Received: by mx.agency.example with ESMTPA id ")

    def test_wrong_passwords_end_the_connection(self, door):
        with door.raw(submission=True) as client:
            client.ask(b"EHLO c\r\n")
            guess = b"AUTH PLAIN " + base64.b64encode(b"\0binh@agency.example\0guess") + b"\r\n"
            assert [client.ask(guess)[:3] for _ in range(2)] == [b"535", b"535"]
            assert client.ask(guess) == b"421 4.7.0 Too many errors\r\n"
            assert client.rest() == b""

    def test_trouble_with_the_directory_is_temporary(self, door):
        with (
            smtplib.SMTP("127.0.0.1", door.submission) as client,
            pytest.raises(smtplib.SMTPAuthenticationError) as error,
        ):
            client.login("broken", "x")
        assert _refusal(error) == (454, "4.7.0")

    @pytest.mark.parametrize(
        ("line", "code"),
        [(b"AUTH", b"504"), (b"AUTH CRAM-MD5", b"504"), (b"AUTH PLAIN !!!", b"501"), (b"AUTH PLAIN =", b"501"),
         (b"AUTH PLAIN " + base64.b64encode(b"other\0binh@agency.example\0x"), b"501"),
         (b"AUTH PLAIN " + base64.b64encode(b"\xff\0\xff\0\xff"), b"501"), (b"AUTH LOGIN \r\n*", b"501")],
    )  # fmt: skip
    def test_a_broken_dialogue_is_refused(self, door, line, code):
        with door.raw(submission=True) as client:
            client.ask(b"EHLO c\r\n")
            answer = client.ask(line + b"\r\n")
            assert answer[:3] == code or (answer[:3] == b"334" and client.reply()[:3] == code)
            assert client.ask(b"NOOP\r\n")[:3] == b"250"

    @pytest.mark.parametrize("address", [AN, STRANGER, "", "binh@agency.example.evil.example"])
    def test_the_envelope_sender_must_be_the_senders_own(self, door, address):
        with door.smtp(signed_in=True) as client, pytest.raises(smtplib.SMTPSenderRefused) as error:
            client.sendmail(address, [AN], OWN + b"\r\n")
        assert _refusal(error) == (553, "5.7.1")

    @pytest.mark.parametrize(
        "fields",
        [b"", b"From: an@agency.example\r\n", b"From: binh@agency.example\r\nFrom: an@agency.example\r\n",
         b"From: binh@agency.example, an@agency.example\r\n", b"From: an@agency.example <binh@agency.example>\r\n",
         b'From: "an@agency.example" <binh@agency.example>\r\n', b"From: binh@agency.example (an@agency.example)\r\n",
         b"From: =?utf-8?q?an=40agency=2Eexample?= <binh@agency.example>\r\n", b"From: x: binh@agency.example;\r\n",
         b"From: <binh@agency.example> an@agency.example\r\n", b"From: binh@agency.example\r\nSender: an@agency.example\r\n",
         b"From: <an@agency.example> <binh@agency.example>\r\n", b"From:\r\n", b"From: binh@agency.example\0\r\n"],
    )  # fmt: skip
    def test_from_must_be_one_plain_address_of_the_senders_own(self, door, fields):
        with door.smtp(signed_in=True) as client, pytest.raises(smtplib.SMTPDataError) as error:
            client.sendmail(
                BINH, [AN], b"To: an@agency.example\r\n" + fields + b"Subject: x\r\n\r\nhello\r\n"
            )
        assert _refusal(error) in {(553, "5.7.1"), (554, "5.6.0")}
        assert door.counter.kept == []

    @pytest.mark.parametrize(
        "value",
        [
            "binh@agency.example",
            "BINH@agency.example",
            "Nguyễn Văn Bình <binh@agency.example>",
            '"Bình, N. V." <binh@agency.example>',
        ],
    )
    def test_the_usual_ways_to_write_ones_own_from_are_taken(self, door, value):
        with door.smtp(signed_in=True) as client:
            assert client.sendmail(BINH, [AN], f"From: {value}\r\n\r\nhello\r\n".encode()) == {}

    def test_missing_date_and_message_id_are_added_once(self, door):
        with door.smtp(signed_in=True) as client:
            client.sendmail(BINH, [AN], OWN + b"\r\nhello\r\n")
            client.sendmail(BINH, [AN], OWN + b"Date: x\r\nMessage-ID: <y@z>\r\n\r\nhello\r\n")
        first, second = (kept.raw for kept in door.counter.kept)
        assert (first.count(b"\r\nDate: "), first.count(b"\r\nMessage-ID: <")) == (1, 1)
        assert b"@agency.example>\r\n" + OWN + b"\r\nhello\r\n" in first
        assert (second.count(b"\r\nDate: "), second.count(b"\r\nMessage-ID: <")) == (1, 1)

    def test_letters_beyond_ascii_need_smtputf8(self, door):
        message = "From: Tổ.CNTT@agency.example\r\nSubject: x\r\n\r\nxin chào\r\n".encode()
        with door.smtp(signed_in=True) as client:
            client.send("MAIL FROM:<Tổ.CNTT@agency.example>\r\n".encode())
            assert client.getreply() == (553, b"5.6.7 Say SMTPUTF8 for an address with such letters")
            assert (
                client.sendmail("Tổ.CNTT@agency.example", [AN], message, ["SMTPUTF8", "BODY=8BITMIME"]) == {}
            )
        (kept,) = door.counter.kept
        assert (kept.smtputf8, kept.body_8bit, kept.mail_from) == (True, True, "Tổ.CNTT@agency.example")
        assert b"with UTF8SMTPA id" in kept.raw


class TestEncryption:
    def test_signing_in_needs_tls(self, guarded):
        with smtplib.SMTP("localhost", guarded.submission) as client:
            client.ehlo()
            assert client.has_extn("starttls")
            assert not client.has_extn("auth")
            assert client.docmd("AUTH PLAIN AGEAYg==")[0] == 538
            assert client.docmd("MAIL FROM:<binh@agency.example>") == (530, b"5.7.0 Say STARTTLS first")

    def test_a_message_comes_in_under_tls(self, guarded):
        guarded.counter.kept.clear()
        with smtplib.SMTP("localhost", guarded.submission) as client:
            client.starttls(context=client_tls())
            client.ehlo()
            assert not client.has_extn("starttls")
            client.login(BINH, PASSWORD)
            client.sendmail(BINH, [AN], OWN + b"\r\n" + b"x" * 70 + b"\r\n" + b"y\r\n" * 400_000)
        (kept,) = guarded.counter.kept
        assert kept.tls
        assert b"with ESMTPSA id" in kept.raw
        assert kept.raw.endswith(b"y\r\n" * 400_000)

    def test_commands_sent_in_the_clear_do_not_count_under_tls(self, guarded):
        with guarded.raw() as client:
            client.ask(b"EHLO c\r\n")
            client.send(b"STARTTLS\r\nMAIL FROM:<>\r\n")
            assert client.rest() == b"503 5.5.0 Wait for the answer before you go on\r\n"

    def test_what_was_said_before_tls_is_forgotten(self, guarded):
        with smtplib.SMTP("localhost", guarded.mx) as client:
            client.ehlo()
            client.docmd("MAIL FROM:<stranger@outside.example>")
            client.starttls(context=client_tls())
            assert client.docmd("RCPT TO:<an@agency.example>")[0] == 503
            assert client.docmd("MAIL FROM:<stranger@outside.example>")[0] == 503

    def test_what_comes_in_one_piece_with_the_end_of_the_handshake_is_heard(self, guarded):
        came, ours = ssl.MemoryBIO(), ssl.MemoryBIO()
        under = client_tls().wrap_bio(came, ours)
        with guarded.raw() as client:
            client.ask(b"EHLO c\r\n")
            client.ask(b"STARTTLS\r\n")
            is_done = False
            while not is_done:
                try:
                    under.do_handshake()
                    is_done = True
                except ssl.SSLWantReadError:
                    client.send(ours.read())
                    came.write(client.socket.recv(65_536))
            under.write(b"EHLO c\r\n")
            client.send(ours.read())  # our Finished and the first command
            said = b""
            while not said.endswith(b"\r\n"):
                try:
                    said += under.read()
                except ssl.SSLWantReadError:
                    came.write(client.socket.recv(65_536))
            assert said[:4] == b"250-"

    def test_a_handshake_that_fails_ends_the_connection_only(self, guarded):
        with guarded.raw() as client:
            client.ask(b"EHLO c\r\n")
            assert client.ask(b"STARTTLS\r\n")[:3] == b"220"
            client.send(b"EHLO this is no handshake\r\n")
            client.rest()
        assert guarded.smtp().noop()[0] == 250

    def test_tls_may_stand_from_the_first_octet(self):
        counter = Counter()
        listener = Listener(
            channel="submission", host="127.0.0.1", port=0, tls=server_tls(), is_implicit=True
        )
        door = Door(office=counter.office, listeners=[listener], hostname="mx.agency.example")
        door.open()
        try:
            with smtplib.SMTP_SSL("localhost", *door.ports(), context=client_tls()) as client:
                client.ehlo()
                assert (client.has_extn("starttls"), client.has_extn("auth")) == (False, True)
                client.login(BINH, PASSWORD)
                client.sendmail(BINH, [AN], OWN + b"\r\nx\r\n")
        finally:
            door.close()
        assert [kept.tls for kept in counter.kept] == [True]

    def test_passwords_in_the_clear_are_allowed_on_loopback_only(self):
        with pytest.raises(PasswordInTheClearError):
            Listener(channel="submission", host="0.0.0.0", port=0, is_plain_auth=True)  # noqa: S104 -- refused


class TestSyntax:
    @pytest.mark.parametrize(
        ("line", "code"),
        [(b"", 500), (b"HELO", 501), (b"EHLO a b", 501), (b"EHLO <script>", 501), (b"MAIL", 501), (b"MAIL FROM", 501),
         (b"MAIL FROM:a@b.example", 501), (b"MAIL FROM:<a@b.example", 501), (b"MAIL FROM:<a b@c.example>", 501),
         (b"MAIL TO:<a@b.example>", 501), (b"MAIL FROM:<a@b.example> SIZE=x", 501), (b"MAIL FROM:<a@b.example> SIZE=-1", 501),
         (b"MAIL FROM:<a@b.example> BODY=BINARYMIME", 501), (b"MAIL FROM:<a@b.example> FOO=1", 555),
         (b"MAIL FROM:<a@b.example> SIZE=1 SIZE=2", 501), (b"MAIL FROM:<a..b@c.example>", 501), (b"MAIL FROM:<a@b..example>", 501),
         (b"MAIL FROM:<a@b.example>\0", 501), (b"MAIL FROM:<a\0@b.example>", 501), (b"MAIL FROM:<a\x1b@b.example>", 501),
         (b"MAIL FROM:<\xff@b.example>", 501), (b"MAIL FROM:<" + b"a" * 400 + b"@b.example>", 501), (b"RCPT TO:<an@agency.example>", 503),
         (b"DATA", 503), (b"DATA x", 501), (b"BDAT 5 LAST", 500), (b"TURN", 500), (b"XYZZY", 500), (b"VRFY an", 252), (b"HELP", 214),
         (b"RSET", 250), (b"NOOP x", 250), (b"STARTTLS", 503), (b"mail from: <a@b.example>", 250)],
    )  # fmt: skip
    def test_each_command_is_answered_in_its_place(self, door, line, code):
        with door.raw() as client:
            client.ask(b"EHLO c\r\n")
            assert int(client.ask(line + b"\r\n")[:3]) == code

    def test_helo_speaks_plain_smtp(self, door):
        with door.raw() as client:
            assert client.ask(b"HELO old.example\r\n") == b"250 mx.agency.example\r\n"
            client.ask(b"MAIL FROM:<stranger@outside.example>\r\n")
            client.ask(b"RCPT TO:<an@agency.example>\r\n")
            client.ask(b"DATA\r\n")
            assert client.ask(SIMPLE + b".\r\n")[:3] == b"250"
        assert b" with SMTP id " in door.counter.kept[0].raw

    def test_too_many_errors_end_the_connection(self):
        with front(limits=Limits(errors=5)) as opened, opened.raw() as client:
            assert [client.ask(b"XYZZY\r\n")[:3] for _ in range(5)] == [b"500"] * 5
            assert client.ask(b"XYZZY\r\n") == b"421 4.7.0 Too many errors\r\n"

    def test_a_browser_is_turned_away(self, door):
        with door.raw() as client:
            client.send(b"POST / HTTP/1.1\r\nHost: x\r\n\r\nHELO x\r\nMAIL FROM:<>\r\n")
            assert client.rest() == b"421 4.7.0 Too many errors\r\n"

    def test_guessing_mailboxes_ends_the_connection(self):
        with front(limits=Limits(unknown_recipients=3)) as opened, opened.raw() as client:
            client.ask(b"EHLO c\r\n")
            client.ask(b"MAIL FROM:<>\r\n")
            answers = [client.ask(b"RCPT TO:<u%d@agency.example>\r\n" % number)[:3] for number in range(4)]
        assert answers == [b"550", b"550", b"550", b"421"]


class TestMeasure:
    def test_a_declared_size_over_the_limit_is_refused_at_once(self, door):
        with door.raw() as client:
            assert b"SIZE 52428800" in client.ask(b"EHLO c\r\n")
            assert client.ask(b"MAIL FROM:<a@b.example> SIZE=104857600\r\n")[:10] == b"552 5.3.4 "

    def test_a_message_over_the_limit_is_refused_after_its_end(self):
        with front(limits=Limits(message=1 << 20)) as opened, opened.raw() as client:
            client.until_data()
            assert client.ask(HEADER + b"\r\n" + b"x\r\n" * 700_000 + b".\r\n")[:10] == b"552 5.3.4 "
            assert client.ask(b"NOOP\r\n")[:3] == b"250"
            assert opened.counter.kept == []

    def test_memory_that_all_messages_hold_is_bounded_and_freed(self):
        with front(limits=Limits(in_memory=1 << 20)) as opened, opened.raw() as client:
            for _ in range(3):
                client.until_data()
                assert client.ask(HEADER + b"\r\n" + b"x\r\n" * 700_000 + b".\r\n")[:10] == b"452 4.3.1 "
                client.until_data()
                assert client.ask(HEADER + b"\r\n" + b"x\r\n" * 200_000 + b".\r\n")[:3] == b"250"
            assert len(opened.counter.kept) == 3

    def test_recipients_are_bounded(self):
        with front(limits=Limits(recipients=1)) as opened, opened.smtp() as client:
            refused = client.sendmail(STRANGER, [AN, BINH], SIMPLE)
        assert refused == {BINH: (452, b"4.5.3 Too many recipients")}

    def test_connections_are_bounded(self):
        with front(limits=Limits(connections=2)) as opened, opened.raw(), opened.raw():
            with pytest.raises(smtplib.SMTPConnectError) as error:
                opened.smtp()
            assert _refusal(error) == (421, "4.3.2")

    def test_connections_of_one_peer_are_bounded_and_counted_down(self):
        with front(limits=Limits(connections_of_peer=1)) as opened:
            for _ in range(3):
                with opened.smtp() as client:
                    client.noop()
                time.sleep(0.05)

    def test_an_idle_client_is_sent_away(self):
        with front(limits=Limits(command_seconds=0.1)) as opened, opened.raw() as client:
            assert client.rest() == b"421 4.4.2 Waited too long for you\r\n"

    def test_a_client_that_drips_octets_is_sent_away(self):
        with front(limits=Limits(data_seconds=0.3)) as opened, opened.raw() as client:
            client.until_data()
            ended = time.monotonic() + 5
            try:
                while time.monotonic() < ended:
                    client.send(b"a")
                    time.sleep(0.02)
            except OSError:
                pass
            assert time.monotonic() < ended

    def test_a_message_that_goes_in_circles_is_refused(self, door):
        hops = b"Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\r\n"
        with door.smtp() as client:
            client.sendmail(STRANGER, [AN], hops * 50 + SIMPLE)
            with pytest.raises(smtplib.SMTPDataError) as error:
                client.sendmail(STRANGER, [AN], hops * 51 + SIMPLE)
        assert _refusal(error) == (554, "5.4.6")

    def test_nul_in_the_header_is_refused(self, door):
        with door.smtp() as client, pytest.raises(smtplib.SMTPDataError) as error:
            client.sendmail(STRANGER, [AN], b"Subject: a\0b\r\n" + SIMPLE)
        assert _refusal(error) == (554, "5.6.0")

    def test_a_client_that_vanishes_in_the_middle_leaves_nothing(self, door):
        for end in (b"", b"\r\n", b"\r\n.", b"\r\n.\r"):
            with door.raw() as client:
                client.until_data()
                client.send(HEADER + b"\r\nhalf" + end)
        time.sleep(0.1)
        assert door.counter.kept == []
