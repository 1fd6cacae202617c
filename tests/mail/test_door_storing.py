"""250 comes after the message is stored, with whatever else waits; state secrets never get that far."""

import errno
import smtplib
import sqlite3
import threading
import time
from email.message import EmailMessage

import pytest

from congvu.mail import secrecy
from tests.mail.doors import AN, HEADER, SIMPLE, STRANGER, front


@pytest.fixture(scope="module")
def door():
    with front() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _empty(door):
    door.counter.kept.clear()


def _refusal(error):
    return error.value.args[0], error.value.args[1].decode()[:5]


class TestStoring:
    def test_the_answer_waits_until_the_message_is_stored(self, door):
        door.counter.gate.clear()
        with door.raw() as client:
            client.until_data()
            client.send(SIMPLE + b".\r\n")
            client.socket.settimeout(0.3)
            with pytest.raises(TimeoutError):
                client.socket.recv(1)
            door.counter.gate.set()
            client.socket.settimeout(10)
            assert client.socket.recv(100) == b"250 2.0.0 Stored\r\n"

    def test_what_waits_is_stored_together(self, door):
        _hold_and_send(door, [SIMPLE] * 8)
        assert door.counter.batches[-2:] == [1, 7]

    def test_one_bad_message_does_not_hinder_the_others(self, door):
        results = _hold_and_send(door, [SIMPLE, SIMPLE, HEADER + b"\r\npoison\r\n", SIMPLE])
        assert sorted(results) == [250, 250, 250, 554]
        assert len(door.counter.kept) == 3

    @pytest.mark.parametrize(
        ("trouble", "code", "status"),
        [(OSError(errno.ENOSPC, "No space left"), 452, "4.3.1"), (sqlite3.OperationalError("database or disk is full"), 452, "4.3.1"),
         (OSError(errno.EROFS, "Read-only"), 451, "4.3.0"), (RuntimeError("read only"), 451, "4.3.0")],
    )  # fmt: skip
    def test_trouble_with_storing_is_temporary(self, door, trouble, code, status):
        door.counter.trouble.append(trouble)
        with door.smtp() as client, pytest.raises(smtplib.SMTPDataError) as error:
            client.sendmail(STRANGER, [AN], SIMPLE)
        assert _refusal(error) == (code, status)

    def test_closing_finishes_what_is_being_stored(self):
        with front() as opened:
            busy, idle = opened.raw(), opened.raw()
            opened.counter.gate.clear()
            busy.until_data()
            busy.send(SIMPLE + b".\r\n")
            assert opened.counter.entered.wait(5)
            threading.Timer(0.2, opened.counter.gate.set).start()
        assert busy.rest() == b"250 2.0.0 Stored\r\n421 4.3.2 The service is closing, try again later\r\n"
        assert idle.rest() == b"421 4.3.2 The service is closing, try again later\r\n"
        assert len(opened.counter.kept) == 1


def _hold_and_send(door, messages):
    """Let the first message be stored while the others wait; return the codes of all."""
    codes = []

    def send(raw):
        with door.raw() as client:
            client.until_data()
            codes.append(int(client.ask(raw + b".\r\n")[:3]))

    door.counter.gate.clear()
    door.counter.entered.clear()
    threads = [threading.Thread(target=send, args=(raw,)) for raw in messages]
    threads[0].start()
    assert door.counter.entered.wait(5)
    for thread in threads[1:]:
        thread.start()
    time.sleep(0.5)
    door.counter.gate.set()
    for thread in threads:
        thread.join()
    return codes


class TestStateSecrets:
    def _message(self, subject="Công văn", text="hello", filename=""):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = STRANGER, AN, subject
        message.set_content(text)
        if filename:
            message.add_attachment(b"x", maintype="application", subtype="pdf", filename=filename)
        return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    @pytest.mark.parametrize(
        "message",
        [
            {"subject": "TUYỆT MẬT"},
            {"text": "BỘ NỘI VỤ\n\nTỐI MẬT\n\nKính gửi"},
            {"filename": "MẬT - kế hoạch.pdf"},
        ],
    )
    def test_a_marked_message_is_refused_with_the_law_and_the_way_out(self, door, message):
        door.counter.refusals.clear()
        with door.smtp() as client, pytest.raises(smtplib.SMTPDataError) as error:
            client.sendmail(STRANGER, [AN], self._message(**message))
        answer = error.value.smtp_error.decode("ascii")
        assert error.value.smtp_code == 550
        assert "5.7.1 No. 117/2025/QH15 keeps state secrets off networked systems" in answer
        assert "5.7.1 Tu choi: thu mang dau chi do mat cua bi mat nha nuoc." in answer
        assert door.counter.kept == []
        assert [(refusal.channel, refusal.sender) for refusal in door.counter.refusals] == [("mx", None)]

    def test_a_client_that_speaks_utf8_is_answered_in_full_letters(self, door):
        with door.smtp() as client, pytest.raises(smtplib.SMTPDataError) as error:
            client.sendmail(STRANGER, [AN], self._message(subject="MẬT"), ["SMTPUTF8"])
        assert secrecy.REFUSAL_VI.split("\n")[0] in error.value.smtp_error.decode()

    def test_an_html_page_with_a_stamp_is_refused(self, door):
        page = "Content-Type: text/html; charset=utf-8\r\n\r\n<style>x</style><p>UBND</p><p><b>TỐI MẬT</b></p><p>x</p>\r\n"
        with door.smtp() as client, pytest.raises(smtplib.SMTPDataError):
            client.sendmail(STRANGER, [AN], HEADER + page.encode())

    def test_mail_about_secrecy_is_taken(self, door):
        with door.smtp() as client:
            client.sendmail(
                STRANGER, [AN], self._message("Tập huấn bảo mật", "Xin giữ bí mật mật khẩu.\nBẢO MẬT\n")
            )
        assert len(door.counter.kept) == 1
