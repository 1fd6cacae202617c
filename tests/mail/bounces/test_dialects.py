"""What servers write when mail did not arrive, after the shapes that their makers document."""

import pytest

from congvu.mail import messages, mime
from congvu.mail.bounces import dialects

DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example>"


def letter(text, *, sender=DAEMON, subject="Undelivered Mail", extra=""):
    head = [f"From: {sender}", "To: binh@ubnd.example", f"Subject: {subject}", "MIME-Version: 1.0"]
    head += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    head += [extra] if extra else []
    return "\r\n".join([*head, "", *text.strip("\n").split("\n"), ""]).encode()


def read(raw):
    return dialects.read(mime.take_apart(raw), messages.read(raw))


QMAIL = """
Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<dung@dan.example>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 User unknown
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

Return-Path: <binh@ubnd.example>
<em@dan.example>:
"""
POSTFIX = """
This is the mail system at host mx.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<dung@dan.example>: host mail.dan.example[192.0.2.1] said: 552 5.2.2 Mailbox
    size limit exceeded (in reply to RCPT TO command)

<em@khong.example>: Host or domain name not found. Name service error for
    name=khong.example type=MX: Host not found
"""
EXIM = """
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  dung@dan.example
    host mail.dan.example [192.0.2.1]
    SMTP error from remote mail server after end of data:
    550 High probability of spam
  em@dan.example
    retry timeout exceeded

------ This is a copy of the message, including all the headers. ------
"""
GMAIL = """
** Address not found **

Your message wasn't delivered to dung@gmail.example because the address couldn't be found,
or is unable to receive mail.

Learn more here: https://support.google.com/mail/?p=NoSuchUser

The response from the remote server was:
550 5.1.1 The email account that you tried to reach does not exist.
"""
GMAIL_OLD = """
Delivery to the following recipient failed permanently:

     dung@gmail.example

Technical details of permanent failure:
Google tried to deliver your message, but it was rejected by the server for the recipient domain.
The error that the other server returned was:
552-5.2.2 The email account that you tried to reach is over quota.
"""
EXCHANGE = """
Delivery has failed to these recipients or groups:

Trần Thị Dung (dung@dan.example)<mailto:dung@dan.example>
The email address you entered couldn't be found. Please check the recipient's email address.

Diagnostic information for administrators:

Generating server: mx.dan.example

dung@dan.example
#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##
"""
OUTLOOK = """
Your message to dung@dan.example couldn't be delivered.

dung wasn't found at dan.example.

Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient dung@dan.example not found by SMTP address lookup'
"""
EXCHANGE_OLD = """
Your message

  To:      Dung
  Subject: Hoi
  Sent:    Mon, 23 Nov 2026 09:00:00 +0700

did not reach the following recipient(s):

dung@dan.example on Mon, 23 Nov 2026 09:00:05 +0700
    The recipient name is not recognized
        The MTS-ID of the original message is: c=VN;a= ;p=DAN
"""
YAHOO = """
Sorry, we were unable to deliver your message to the following address.

<dung@yahoo.example>:
554: delivery error: dd This user doesn't have a yahoo.example account (dung@yahoo.example) [-5] - mta.mail.yahoo.example
"""
YANDEX = """
This is the mail system at host forward1.mail.yandex.net.

Your message could not be delivered to one or more recipients.

<dung@dan.example>: host mx.dan.example[192.0.2.1] said: 550 5.7.1 No such user!
    (in reply to RCPT TO command)
"""
MAILRU = """
Это письмо создано автоматически сервером Mail.Ru, отвечать на него не нужно.

К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:

**********************
dung@dan.example
    Почтовый ящик получателя переполнен
**********************
"""
ZOHO = """
This message was created automatically by mail delivery software.
A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.

dung@dan.example Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <dung@dan.example>: Recipient address rejected: User unknown
"""
DOMINO = """
Your message

  Subject: Hoi

was not delivered to:

  dung@dan.example

because:

  User dung (dung@dan.example) not listed in Domino Directory
"""
SENDMAIL = """
The original message was received at Mon, 23 Nov 2026 09:00:00 +0700
from localhost [127.0.0.1]

   ----- The following addresses had permanent fatal errors -----
<dung@dan.example>
    (reason: 550 5.7.1 Message contains a virus)

   ----- Transcript of session follows -----
... while talking to mail.dan.example.:
>>> DATA
<<< 550 5.7.1 Message contains a virus
"""
SENDMAIL_LATE = """
    **********************************************
    **      THIS IS A WARNING MESSAGE ONLY      **
    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **
    **********************************************

   ----- The following addresses had transient non-fatal errors -----
<dung@dan.example>

   ----- Transcript of session follows -----
<dung@dan.example>... Deferred: Connection timed out with mail.dan.example.
Warning: message still undelivered after 4 hours
Warning: could not send message for past 4 hours
Will keep trying until message is 5 days old
"""
VIETNAMESE = """
Thư của bạn không thể gửi được tới người nhận sau:

Người nhận: dung@dan.example
Lý do: Hộp thư của người nhận đã đầy.
"""
VIETNAMESE_ADDRESS = """
Không gửi được thư.

<dung@dan.example>: địa chỉ này không tồn tại trên hệ thống
"""
KAZAKH = """
Хатыңыз жеткізілмеді.

Алушы: dung@dan.example
Себебі: алушының пошта жәшігі толы
"""
RUSSIAN = """
Ваше сообщение не было доставлено.

<dung@dan.example>: пользователь dung не найден
"""


@pytest.mark.parametrize(
    ("text", "fields", "dialect", "told"),
    [
        (QMAIL, {}, "qmail", [("dung@dan.example", "address")]),
        (POSTFIX, {}, "postfix", [("dung@dan.example", "full"), ("em@khong.example", "domain")]),
        (EXIM, {}, "exim", [("dung@dan.example", "spam"), ("em@dan.example", "expired")]),
        (GMAIL, {}, "gmail", [("dung@gmail.example", "address")]),
        (GMAIL_OLD, {}, "gmail", [("dung@gmail.example", "full")]),
        (EXCHANGE, {"sender": "Microsoft Outlook <MicrosoftExchange329e@dan.example>"}, "exchange", [("dung@dan.example", "address")]),
        (OUTLOOK, {"sender": "postmaster@dan.example"}, "exchange", [("dung@dan.example", "address")]),
        (EXCHANGE_OLD, {"sender": "System Administrator <admin@dan.example>"}, "exchange", [("dung@dan.example", "address")]),
        (YAHOO, {}, "yahoo", [("dung@yahoo.example", "address")]),
        (YANDEX, {}, "yandex", [("dung@dan.example", "address")]),
        (MAILRU, {}, "mail.ru", [("dung@dan.example", "full")]),
        (ZOHO, {}, "zoho", [("dung@dan.example", "address")]),
        (DOMINO, {"sender": "postmaster@dan.example"}, "domino", [("dung@dan.example", "address")]),
        (SENDMAIL, {}, "sendmail", [("dung@dan.example", "content")]),
        (VIETNAMESE, {}, "other", [("dung@dan.example", "full")]),
        (VIETNAMESE_ADDRESS, {}, "other", [("dung@dan.example", "address")]),
        (KAZAKH, {}, "other", [("dung@dan.example", "full")]),
        (RUSSIAN, {}, "other", [("dung@dan.example", "address")]),
    ],
    ids=["qmail", "postfix", "exim", "gmail", "gmail-old", "exchange", "outlook", "exchange-old", "yahoo", "yandex", "mail.ru", "zoho", "domino", "sendmail", "vi-full", "vi-address", "kk", "ru"],
)  # fmt: skip
def test_every_dialect_is_understood(text, fields, dialect, told):
    found = read(letter(text, **fields))
    assert (found.kind, found.dialect) == ("failed", dialect)
    assert [(one.recipient, one.reason) for one in found.told] == told


def test_a_warning_is_a_delay():
    found = read(letter(SENDMAIL_LATE))
    assert (found.kind, [(one.recipient, one.reason) for one in found.told]) == (
        "delayed",
        [("dung@dan.example", "network")],
    )


def test_the_field_of_exim_names_recipients():
    found = read(letter("Delivery failed.\n\nNo reason.", extra="X-Failed-Recipients: dung@dan.example"))
    assert [one.recipient for one in found.told] == ["dung@dan.example"]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"sender": "dung@dan.example", "subject": "Automatic reply: Hỏi", "text": "I am away."}, "reply"),
        ({"sender": "dung@dan.example", "subject": "Trả lời tự động: Hỏi", "text": "Tôi đi vắng."}, "reply"),
        ({"sender": "dung@dan.example", "subject": "Автоответ", "text": "Я в отпуске."}, "reply"),
        ({"sender": "dung@dan.example", "subject": "Re: Hỏi", "text": "Away.", "extra": "Auto-Submitted: auto-replied"}, "reply"),
        ({"sender": "dung@dan.example", "subject": "Please confirm", "text": "Please click the link below to have your message delivered."}, "challenge"),
        ({"sender": "guard@boxbe.example", "subject": "Hỏi", "text": "Your message is being held until you verify your address."}, "challenge"),
    ],
    ids=["en", "vi", "ru", "field", "click", "held"],
)  # fmt: skip
def test_answers_of_machines_are_no_reports(fields, kind):
    found = read(letter(fields.pop("text"), **fields))
    assert (found.kind, found.told) == (kind, ())


@pytest.mark.parametrize("text", [QMAIL, POSTFIX, VIETNAMESE])
def test_what_a_person_writes_is_no_report(text):
    assert read(letter(text, sender="Dung <dung@dan.example>", subject="FW: lỗi")) is None


def test_an_ordinary_letter_is_no_answer_of_a_machine():
    assert read(letter("Kính gửi đồng chí.", sender="Dung <dung@dan.example>", subject="Hỏi")) is None
