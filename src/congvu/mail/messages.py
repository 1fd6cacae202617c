"""Raw bytes of a message, read safely for display and search. RFC 5322, RFC 2045 to 2047, RFC 2231."""

from dataclasses import dataclass
from datetime import datetime

from congvu.mail.addresses import Mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One attached part; `index` finds it again in the same bytes, `size` is in decoded bytes.

    `filename` is safe to offer for saving. `content_id` (without brackets) is set when HTML may show it.
    """

    index: int
    filename: str
    content_type: str
    size: int
    content_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a message says, as far as it can be made out.

    Message-IDs carry no angle brackets ("" when missing). `date` is UTC, None when missing or senseless.
    `automatic` is true for mail that a program sent of itself (RFC 3834), for lists, and for reports.
    `communication` is the value of X-Congvu-Communication, unchecked, "" when missing.
    `defects` are short codes such as "charset" or "too_deep", each at most once.
    """

    subject: str
    from_: Mailbox | None
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    date: datetime | None
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    automatic: bool
    communication: str
    text: str
    html: str | None
    attachments: tuple[Attachment, ...]
    defects: tuple[str, ...]


# def read(raw: bytes) -> Reading
# def attachment(raw: bytes, *, index: int) -> tuple[filename, content_type, bytes];
#          raises NoSuchAttachmentError
