"""Messages that the house writes itself: mail, replies, forwards, acknowledgements. RFC 5322, RFC 3834."""

import base64
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote as percent

from django.utils import timezone

from congvu.base import handles
from congvu.mail import addresses
from congvu.mail.addresses import Mailbox
from congvu.mail.messages import Reading

MANY_REFERENCES = 20  # the newest; the oldest stays, too
LONGEST_SUBJECT = 500
_LONGEST_NAME = 240  # octets of a filename, so that its line stays under 998

_CONTROL = re.compile("[\x00-\x1f\x7f\u2028\u2029\x85]")
_TYPE = re.compile(r"(?!multipart/|message/)[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,100}")
_WORD = re.compile(r"[a-z_]{1,40}")
_ID = re.compile(r"[^\s<>\x00-\x20\x7f]{1,900}")
_ANSWERED = re.compile(r"^(?:\s*(?:re|tl|trả lời|ha|отв|жауап)\s*:)+\s*", re.IGNORECASE)
_FORWARDED = re.compile(r"^(?:\s*(?:fwd?|ct|chuyển tiếp)\s*:)+\s*", re.IGNORECASE)

_WROTE = {
    "vi": "Ngày {date}, {name} viết:",
    "kk": "{date} күні {name} жазды:",
    "ru": "{date} {name} пишет:",
    "en": "On {date}, {name} wrote:",
}
_FORWARD = {
    "vi": ("---------- Thư chuyển tiếp ----------", "Từ", "Ngày", "Tiêu đề", "Đến"),
    "kk": ("---------- Қайта жіберілген хат ----------", "Кімнен", "Күні", "Тақырыбы", "Кімге"),
    "ru": ("---------- Пересланное письмо ----------", "От", "Дата", "Тема", "Кому"),
    "en": ("---------- Forwarded message ----------", "From", "Date", "Subject", "To"),
}
_ACKNOWLEDGED = {
    "vi": ("Đã nhận", "Tôi xác nhận đã nhận được thư «{subject}» gửi ngày {date}."),
    "kk": ("Алынды", "{date} күні жіберілген «{subject}» хатын алғанымды растаймын."),
    "ru": ("Получено", "Подтверждаю получение письма «{subject}» от {date}."),
    "en": ("Received", "I confirm that I received the message “{subject}” of {date}."),
}


class HeaderInjectionError(ValueError):
    """A line end or another control character stands where it would begin a header field of its own."""


class NoRecipientError(ValueError):
    """A message has nobody to go to."""


class NotAnAddressError(ValueError):
    """An address cannot be written into a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file to attach, with its name as the sender knows it."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a sender has written; Message-IDs without angle brackets, `communication` "" for none.

    `message_id` comes from `new_message_id`; `forwarded` are raw messages, attached byte for byte.
    `automatic` marks what a program sends of itself ("auto-replied", "auto-generated"; RFC 3834, 5).
    `calendar` says the same as the text to a program, by the `method` of RFC 5546.
    """

    sender: Mailbox
    to: tuple[Mailbox, ...]
    message_id: str
    subject: str
    text: str
    cc: tuple[Mailbox, ...] = ()
    files: tuple[File, ...] = ()
    communication: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    forwarded: tuple[bytes, ...] = ()
    automatic: str = ""
    calendar: bytes = b""
    method: str = ""


def new_message_id(*, domain: str) -> str:
    """Make a Message-ID (RFC 5322, 3.6.4) that tells nothing about the sender."""
    return f"{secrets.token_hex(16)}@{domain}"


def message_id_of(draft: str, *, domain: str) -> str:
    """Return the Message-ID of what is sent from the draft of a handle: always the same, and it tells no handle."""
    return f"{handles.derive(draft, 'message-id')}@{domain}"


def build(draft: Draft, *, at: datetime) -> bytes:
    """Write a message with CRLF line ends, ASCII but for SMTPUTF8 addresses and forwarded messages.

    Raises HeaderInjectionError, NotAnAddressError, NoRecipientError.
    """
    if not draft.to and not draft.cc:
        raise NoRecipientError
    head = [
        _field("Date", format_datetime(at)),
        f"From: {_mailbox(draft.sender)}",
        *_mailboxes("To", draft.to),
        *_mailboxes("Cc", draft.cc),
        _field("Subject", draft.subject[:LONGEST_SUBJECT]),
        f"Message-ID: {_message_id(draft.message_id)}",
        *_threading(draft),
        *_marks(draft),
        "MIME-Version: 1.0",
    ]
    return "\r\n".join(head).encode() + b"\r\n" + _body(draft)


def build_acknowledgement(
    reading: Reading, *, sender: Mailbox, message_id: str, at: datetime, language: str
) -> bytes:
    """Write the short reply that says a message was received; `language` is its reader's.

    Raises NoRecipientError when the message names no sender; otherwise as `build`.
    """
    if not reading.from_ or not addresses.is_address(reading.from_.address):
        raise NoRecipientError
    word, sentence = _ACKNOWLEDGED.get(language, _ACKNOWLEDGED["en"])
    answered, references = thread(reading)
    draft = Draft(
        sender=sender,
        to=(Mailbox(_CONTROL.sub(" ", reading.from_.name), reading.from_.address),),
        message_id=message_id,
        subject=f"{word}: {reading.subject}",
        text=sentence.format(subject=reading.subject, date=_date(reading, at.tzinfo)) + "\n",
        in_reply_to=answered,
        references=references,
        automatic="auto-replied",
    )
    return build(draft, at=at)


def reply_subject(subject: str) -> str:
    """Return the subject of a reply, with one Re: however often it went to and fro."""
    return f"Re: {_ANSWERED.sub('', subject)}"


def forward_subject(subject: str) -> str:
    """Return the subject of a forward, with one Fwd:."""
    return f"Fwd: {_FORWARDED.sub('', subject)}"


def thread(reading: Reading) -> tuple[str, tuple[str, ...]]:
    """Return In-Reply-To and References of an answer to a message (RFC 5322, 3.6.4)."""
    answered = reading.message_id if _ID.fullmatch(reading.message_id) else ""
    chain = [known for known in (*reading.references, answered) if _ID.fullmatch(known)]
    return answered, (*chain[:1], *chain[1:][-MANY_REFERENCES:])


def quote(reading: Reading, *, language: str) -> str:
    """Quote a message for a reply, each line behind a `>`."""
    name = reading.from_.name or reading.from_.address if reading.from_ else "?"
    first = _WROTE.get(language, _WROTE["en"]).format(date=_date(reading), name=name)
    lines = (
        f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in reading.text.split("\n")
    )
    return "\n".join([first, *lines])


def forward_text(reading: Reading, *, language: str) -> str:
    """Copy a message under its chief fields for an inline forward."""
    title, from_, date, subject, to = _FORWARD.get(language, _FORWARD["en"])
    sender = _shown([reading.from_] if reading.from_ else [])
    head = [title, f"{from_}: {sender}", f"{date}: {_date(reading)}", f"{subject}: {reading.subject}"]
    return "\n".join([*head, f"{to}: {_shown(reading.to)}", "", reading.text])


def _shown(boxes: Iterable[Mailbox]) -> str:
    return ", ".join(f"{box.name} <{box.address}>" if box.name else box.address for box in boxes)


def _date(reading: Reading, zone: tzinfo | None = None) -> str:
    """Say when a message was written, in the writer's zone (by default that of the page)."""
    if not reading.date:
        return "?"
    local = reading.date.astimezone(zone or timezone.get_current_timezone())
    offset = local.strftime("%z")
    return f"{local:%d/%m/%Y %H:%M} (UTC{offset[:3]}:{offset[3:]})"


def _safe(value: str) -> str:
    if _CONTROL.search(value):
        raise HeaderInjectionError(value[:100])
    return value


def _field(name: str, value: str) -> str:
    """Write an unstructured field, folded; letters beyond ASCII as encoded words (RFC 2047)."""
    return f"{name}: {_encoded(_safe(value), used=len(name) + 2)}"


def _encoded(value: str, *, used: int) -> str:
    is_plain = value.isascii() and "=?" not in value and max(map(len, value.split()), default=0) < 70  # noqa: PLR2004 -- a line of 78
    return Header(value, "us-ascii" if is_plain else "utf-8", header_name="x" * used).encode(linesep="\r\n")


def _mailbox(box: Mailbox) -> str:
    """Write one mailbox. Raises HeaderInjectionError, NotAnAddressError."""
    name = _safe(box.name).strip()[:200]
    if not addresses.is_address(_safe(box.address)):
        raise NotAnAddressError(box.address[:100])
    if not name:
        return box.address if box.address.isascii() else f"<{box.address}>"
    if name.isascii() and "=?" not in name:
        return '"{}" <{}>'.format(re.sub(r'(["\\])', r"\\\1", name), box.address)
    return f"{_encoded(name, used=8)}\r\n <{box.address}>"


def _mailboxes(name: str, boxes: tuple[Mailbox, ...]) -> list[str]:
    return [f"{name}: " + ",\r\n ".join(map(_mailbox, boxes))] if boxes else []


def _message_id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise HeaderInjectionError(value[:100])
    return f"<{value}>"


def _threading(draft: Draft) -> list[str]:
    fields = [f"In-Reply-To: {_message_id(draft.in_reply_to)}"] if draft.in_reply_to else []
    if draft.references:
        fields.append("References: " + "\r\n ".join(map(_message_id, draft.references)))
    return fields


def _marks(draft: Draft) -> list[str]:
    """Write the kind of communication, and that a program sends this."""
    fields = []
    for name, value in (("X-Congvu-Communication", draft.communication), ("Auto-Submitted", draft.automatic)):
        if value and not _WORD.fullmatch(value.replace("-", "_")):
            raise HeaderInjectionError(value[:100])
        fields += [f"{name}: {value}"] if value else []
    return fields


def _body(draft: Draft) -> bytes:
    """Write the text, alone or as the first part before what is attached."""
    text = _text_part(draft.text)
    if draft.calendar:
        text = _multipart(b"alternative", [text, _calendar_part(draft)])
    if not draft.files and not draft.forwarded:
        return text
    return _multipart(b"mixed", [text, *map(_file_part, draft.files), *map(_enclosed, draft.forwarded)])


def _multipart(kind: bytes, parts: list[bytes]) -> bytes:
    boundary = f"congvu-{secrets.token_hex(16)}".encode()
    head = b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\r\n\r\n'
    return (
        head + b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts) + b"--" + boundary + b"--\r\n"
    )


def _text_part(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
    content = "\r\n".join(lines).encode("utf-8", "replace")
    is_plain = content.isascii() and max(map(len, lines)) < 990  # noqa: PLR2004 -- RFC 5322, 2.1.1: 998
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
    return head + (b"7bit\r\n\r\n" + content if is_plain else b"base64\r\n\r\n" + _base64(content))


def _calendar_part(draft: Draft) -> bytes:
    """Write the calendar as RFC 6047, 2.4 asks. Raises HeaderInjectionError."""
    if not re.fullmatch(r"[A-Z]{1,20}", draft.method):
        raise HeaderInjectionError(draft.method[:100])
    kind = f"Content-Type: text/calendar; charset=utf-8; method={draft.method}; component=VEVENT\r\n"
    return kind.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + _base64(draft.calendar)


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _file_part(file: File) -> bytes:
    kind = (
        file.content_type.lower()
        if _TYPE.fullmatch(file.content_type.lower())
        else "application/octet-stream"
    )
    name = _safe(file.filename).encode()[:_LONGEST_NAME].decode(errors="ignore")
    simple = re.sub(r'[^\x20-\x7e]|["\\]', "_", name)
    shown = f'filename="{simple}"' if simple == name else f"filename*=utf-8''{percent(name, safe='')}"
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n {shown}"
    return head.encode() + b"\r\n\r\n" + _base64(file.content)


def _enclosed(raw: bytes) -> bytes:
    """Enclose a message as it is; only line ends that no mail may have are mended."""
    is_strict = raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    content = raw if is_strict else raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    encoding = b"7bit" if content.isascii() else b"8bit"
    return b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: %s\r\n\r\n%s" % (encoding, content)
