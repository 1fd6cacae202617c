"""Messages that the house writes itself: mail, replies, forwards, acknowledgements. RFC 5322, RFC 3834."""

from dataclasses import dataclass

from congvu.mail.addresses import Mailbox


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


# def new_message_id(*, domain: str) -> str
# def build(draft: Draft, *, at: datetime) -> bytes
# def build_acknowledgement(
#     reading: Reading, *, sender: Mailbox, message_id: str, at: datetime, language: str) -> bytes
# def reply_subject(subject: str) -> str; def forward_subject(subject: str) -> str
# def quote(reading: Reading, *, language: str) -> str
# def forward_text(reading: Reading, *, language: str) -> str
# def thread(reading: Reading) -> tuple[in_reply_to, references]
# raises HeaderInjectionError, NoRecipientError
