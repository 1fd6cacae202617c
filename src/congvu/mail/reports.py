"""Reports to a sender of ours about mail that did not arrive. RFC 3461, RFC 3464, RFC 6522."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from django.utils import translation
from django.utils.translation import gettext

from congvu.mail import reasons

LONGEST_HEADER = 50_000  # octets of the original's header that go back


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """One recipient that was not reached; `status` as RFC 3463 has it, `answer` what the other server said."""

    recipient: str
    reason: str
    status: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a report says: about which message, from whom to whom."""

    domain: str
    to: str
    message_id: str
    subject: str
    original: bytes
    original_id: str
    undelivered: Sequence[Undelivered]


def build(report: Report, *, at: datetime, language: str) -> bytes:
    """Return a delivery status notification as bytes with CRLF line ends."""
    boundary = f"report-{secrets.token_hex(16)}"
    with translation.override(language):
        subject = gettext("Not delivered: %(subject)s") % {"subject": report.subject[:200]}
        sender = _encoded(gettext("The agency's mail system"))
        words = _words(report)
    head = [
        f"From: {sender} <postmaster@{report.domain}>",
        f"To: {report.to}",
        f"Subject: {_encoded(subject)}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{report.message_id}>",
        "Auto-Submitted: auto-replied",
        *([f"In-Reply-To: <{_line(report.original_id)}>"] if report.original_id else []),
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
        "",
    ]
    parts = [
        _part("text/plain; charset=utf-8", words),
        _part("message/delivery-status", _status(report)),
        _part("text/rfc822-headers; charset=utf-8", _original(report)),
    ]
    opening, closing = f"\r\n--{boundary}\r\n".encode(), f"\r\n--{boundary}--\r\n".encode()
    return "\r\n".join(head).encode() + b"".join(opening + part for part in parts) + closing


def _words(report: Report) -> bytes:
    lines = [gettext("Your message could not be delivered to these recipients:"), ""]
    for one in report.undelivered:
        lines += [one.recipient, f"    {reasons.sentence(one.reason)}", f"    {reasons.advice(one.reason)}"]
        if one.answer:
            lines.append(f"    {_line(one.answer)}")
        lines.append("")
    lines.append(gettext("The receipts of the message show what became of the other recipients."))
    return "\r\n".join(lines).encode()


def _status(report: Report) -> bytes:
    fields = [f"Reporting-MTA: dns; {report.domain}", ""]
    for one in report.undelivered:
        kind = "rfc822" if one.recipient.isascii() else "utf-8"
        fields += [
            f"Final-Recipient: {kind}; {_line(one.recipient)}",
            "Action: failed",
            f"Status: {one.status}",
        ]
        if one.answer:
            fields.append(f"Diagnostic-Code: smtp; {_line(one.answer)}")
        fields.append("")
    return "\r\n".join(fields).encode()


def _original(report: Report) -> bytes:
    """Return the header of the original: enough to know which message it was (RFC 6522, 3)."""
    end = report.original.find(b"\r\n\r\n")
    return report.original[: end + 2 if end >= 0 else LONGEST_HEADER][:LONGEST_HEADER]


def _part(content_type: str, content: bytes) -> bytes:
    encoding = "7bit" if content.isascii() else "8bit"
    return f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + content


def _encoded(text: str) -> str:
    return Header(_line(text), "utf-8", header_name="Subject").encode(linesep="\r\n")


def _line(text: str) -> str:
    return " ".join(text.split())[:900]
