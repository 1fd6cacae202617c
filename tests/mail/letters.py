"""Letters as the mail door hands them over, for tests."""

from datetime import UTC, datetime

from congvu.mail.door.envelope import Envelope, Sender

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 09:00 in Hà Nội


def raw(
    *,
    sender="Dung <dung@dan.example>",
    to="binh@ubnd.example",
    cc="",
    subject="Hỏi về giấy phép",
    text="Kính gửi đồng chí.",
    message_id="m1@dan.example",
    in_reply_to="",
    extra="",
) -> bytes:
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    lines += [f"Cc: {cc}"] if cc else []
    lines += [f"Message-ID: <{message_id}>"] if message_id else []
    lines += [f"In-Reply-To: <{in_reply_to}>"] if in_reply_to else []
    lines += ["Date: Mon, 23 Nov 2026 08:59:00 +0700", "MIME-Version: 1.0"]
    lines += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    lines += [extra] if extra else []
    return "\r\n".join([*lines, "", text, ""]).encode()


def incoming(*recipients: str, mail_from="dung@dan.example", at=NOW, **fields) -> Envelope:
    """A letter from outside to some recipients."""
    fields.setdefault("to", ", ".join(recipients))
    return Envelope(
        channel="mx",
        peer="192.0.2.1",
        helo="dan.example",
        tls=True,
        sender=None,
        mail_from=mail_from,
        recipients=recipients,
        raw=fields.pop("data", None) or raw(**fields),
        received_at=at,
    )


def submitted(seat, *recipients: str, at=NOW, **fields) -> Envelope:
    """A letter that an official sends with a mail program."""
    own = f"{seat.address.local_part}@{seat.agency.domain}"
    fields.setdefault("to", ", ".join(recipients))
    return Envelope(
        channel="submission",
        peer="127.0.0.1",
        helo="pc",
        tls=True,
        sender=Sender(account=seat.account.handle, addresses=frozenset({own})),
        mail_from=own,
        recipients=recipients,
        raw=raw(sender=f"{seat.person.full_name} <{own}>", **fields),
        received_at=at,
    )


BOUNCE = """From: postmaster@dan.example\r
To: binh@ubnd.example\r
Subject: Undelivered\r
Message-ID: <b1@dan.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
No such user.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; dan.example\r
Original-Envelope-Id: ENVID\r
\r
Final-Recipient: rfc822; dung@dan.example\r
Action: failed\r
Status: 5.1.1\r
Diagnostic-Code: smtp; 550 5.1.1 no such user\r
\r
--b\r
Content-Type: text/rfc822-headers\r
\r
Message-ID: <q@ubnd.example>\r
From: binh@ubnd.example\r
\r
--b--\r
"""


def bounce(*, envelope_id, to="binh@ubnd.example", mail_from="") -> Envelope:
    """A report of another server that a letter to Dung was not delivered."""
    data = BOUNCE.replace("ENVID", envelope_id).encode()
    return incoming(to, mail_from=mail_from, data=data)
