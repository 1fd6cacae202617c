"""Attached files as people meet them: on the page of a letter, before a download, when sending, at the door."""

import smtplib

import pytest

from congvu.base import clock
from congvu.directory.actions import application_passwords
from congvu.mail import server
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Draft, Message
from tests.mail.attaching.test_concerns import EXE, PDF, Daemon, zipped
from tests.mail.letters import incoming
from tests.mail.pages import item_of, press, show

pytestmark = pytest.mark.django_db(transaction=True)


def with_file(name, content):
    """Return a letter from outside with one file."""
    from email.message import EmailMessage  # noqa: PLC0415 -- here only
    from email.policy import SMTP  # noqa: PLC0415 -- here only

    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "dung@dan.example", "binh@ubnd.example", "papers"
    message["Message-ID"] = "<1@dan.example>"
    message.set_content("see the file")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def arrived(agency, name, content):
    from dataclasses import replace  # noqa: PLC0415 -- here only

    envelope = incoming("binh@ubnd.example")
    accept([replace(envelope, raw=with_file(name, content))])


def text(answer):
    return answer.content.decode()


def test_the_page_says_what_speaks_against_a_file(agency, binh, client_of, data_folder):
    arrived(agency, "hoa-don.pdf.exe", EXE)
    page = text(show(client_of(binh), "message", item_of(binh).handle))
    assert "It is a program, or leads to one: opening it may run it." in page
    assert "Its name hides what it is" in page


def test_a_harmless_file_is_given_at_once_and_without_a_word(agency, binh, client_of, data_folder):
    arrived(agency, "bao-cao.pdf", PDF)
    client, item = client_of(binh), item_of(binh)
    assert "cv-notice--bad" not in text(show(client, "message", item.handle))
    answer = show(client, "attachment", item.handle, 1)
    assert (answer.status_code, answer.content) == (200, PDF)


def test_a_dangerous_file_is_asked_about_first(agency, binh, client_of, data_folder):
    arrived(agency, "all.zip", zipped({"run.exe": EXE}))
    client, item = client_of(binh), item_of(binh)
    asked = show(client, "attachment", item.handle, 1)
    assert ("Download all the same" in text(asked), "run.exe" in text(asked)) == (True, True)
    assert "Content-Disposition" not in asked
    sure = client.get(f"/mail/message/{item.handle}/attachment/1/?sure=1")
    assert sure["Content-Disposition"].startswith("attachment")


def test_what_clamav_knows_is_not_given_out(agency, binh, client_of, data_folder, settings):
    arrived(agency, "a.txt", b"xx EICAR xx")
    client, item = client_of(binh), item_of(binh)
    with Daemon() as daemon:
        settings.CONGVU_CLAMD = daemon.where
        answer = client.get(
            f"/mail/message/{item.handle}/attachment/1/?sure=1", headers={"Accept-Language": "en"}
        )
    assert (answer.status_code, "Eicar-Test" in text(answer)) == (403, True)
    assert "The file is not given out." in text(answer)


def test_a_refused_file_is_not_sent_and_the_sender_learns_why(
    agency, binh, an, client_of, data_folder, settings
):
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 -- here only

    settings.CONGVU_ATTACHMENTS_REFUSED = "virus,program"
    files = SimpleUploadedFile("run.exe", EXE)
    answer = press(
        client_of(binh), "compose", to="an@ubnd.example", subject="x", body="y", attachments=files, do="send"
    )
    assert (answer.status_code, Draft.objects.count(), Message.objects.count()) == (422, 0, 0)
    assert "run.exe was not attached: the agency sends no such files. It is a program" in text(answer)


@pytest.fixture
def door(data_folder, agency, settings):
    settings.CONGVU_ATTACHMENTS_REFUSED = "virus,program"
    opened = server.door(ports=(0, 0))
    opened.open()
    yield opened.ports()
    opened.close()


def test_the_door_refuses_what_the_policy_names(door, binh):
    with smtplib.SMTP("127.0.0.1", door[0], timeout=30) as client:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail("dung@dan.example", ["binh@ubnd.example"], with_file("run.exe", EXE))
        assert refused.value.args == (550, b"5.7.1 The file run.exe is not taken here: program")
        client.sendmail("dung@dan.example", ["binh@ubnd.example"], with_file("a.pdf", PDF))
    assert Message.objects.count() == 1


def test_submission_is_refused_in_the_same_words(door, binh, an):
    password = application_passwords.issue(by=binh, label="Thunderbird", now=clock.now())[1]
    raw = with_file("run.exe", EXE).replace(b"dung@dan.example", b"binh@ubnd.example", 1)
    with smtplib.SMTP("127.0.0.1", door[1], timeout=30) as client:
        client.login("binh@ubnd.example", password)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail("binh@ubnd.example", ["an@ubnd.example"], raw)
    assert refused.value.args[1].startswith(b"5.7.1 The file run.exe is not taken here: program")
