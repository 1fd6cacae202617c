"""Reports to a sender of ours about mail that did not arrive. RFC 3461, RFC 3464, RFC 6522."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import Message as Part
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime

from django.utils import translation
from django.utils.translation import gettext

from congvu.mail import reasons


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
    whole = MIMEMultipart("report", policy=policy.SMTP, report_type="delivery-status")
    with translation.override(language):
        whole["From"] = f"Mail Delivery Subsystem <postmaster@{report.domain}>"
        whole["To"] = report.to
        whole["Subject"] = _line(gettext("Not delivered: %(subject)s") % {"subject": report.subject[:200]})
        whole["Date"] = format_datetime(at)
        whole["Message-ID"] = f"<{report.message_id}>"
        whole["Auto-Submitted"] = "auto-replied"
        if report.original_id:
            whole["In-Reply-To"] = f"<{_line(report.original_id)}>"
        whole.attach(MIMEText(_words(report), policy=policy.SMTP))
    whole.attach(_status(report))
    whole.attach(_original(report))
    return whole.as_bytes()


def _words(report: Report) -> str:
    lines = [gettext("Your message could not be delivered to these recipients:"), ""]
    for one in report.undelivered:
        lines += [one.recipient, f"    {reasons.sentence(one.reason)}"]
        if one.answer:
            lines.append(f"    {_line(one.answer)}")
        lines.append("")
    lines.append(
        gettext("The others, if any, have received it. The receipts of the message show every step.")
    )
    return "\r\n".join(lines)


def _status(report: Report) -> Part:
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
    return _part("message", "delivery-status", "\r\n".join(fields).encode())


def _original(report: Report) -> Part:
    """Return the header of the original: enough to know which message it was (RFC 6522, 3)."""
    end = report.original.find(b"\r\n\r\n")
    return _part("text", "rfc822-headers", report.original[: end + 2 if end >= 0 else 10_000][:50_000])


def _part(kind: str, subtype: str, content: bytes) -> Part:
    part = MIMENonMultipart(kind, subtype, policy=policy.SMTP)
    part["Content-Transfer-Encoding"] = "8bit" if not content.isascii() else "7bit"
    part.set_payload(content.decode("ascii", "surrogateescape"))
    return part


def _line(text: str) -> str:
    return " ".join(text.split())[:900]
