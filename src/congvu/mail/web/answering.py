"""What a form for an answer or a forward begins with."""

from collections.abc import Iterable

from congvu.directory.queries import email
from congvu.mail import compose
from congvu.mail.addresses import Mailbox, normal
from congvu.mail.messages import Reading
from congvu.mail.models import Item

Initial = dict[str, str]


def reply(item: Item, reading: Reading, *, language: str, is_to_all: bool) -> Initial:
    """Return the beginning of an answer to a message; to one's own message it goes where that went."""
    own = normal(email(item.mailbox.address))
    to = list(reading.reply_to or ([reading.from_] if reading.from_ else []))
    if item.folder == Item.Folder.SENT:
        to = list(reading.to)
    others = [one for one in (*reading.to, *reading.cc) if normal(one.address) != own]
    known = {normal(one.address) for one in to}
    cc = [one for one in others if normal(one.address) not in known] if is_to_all else []
    return {
        "to": written(to),
        "cc": written(cc),
        "subject": compose.reply_subject(reading.subject),
        "body": "\n\n" + compose.quote(reading, language=language),
        "answers": item.handle,
    }


def forward(item: Item, reading: Reading, *, language: str) -> Initial:
    """Return the beginning of a forward; the message itself goes with it, byte for byte."""
    return {
        "subject": compose.forward_subject(reading.subject),
        "body": "\n\n" + compose.forward_text(reading, language=language),
        "forwards": item.handle,
    }


def written(boxes: Iterable[Mailbox]) -> str:
    """Return mailboxes as a person would type them."""
    return ", ".join(_one(box) for box in boxes if box.address)


def _one(box: Mailbox) -> str:
    name = box.name.replace('"', "").replace("\\", "")
    return f'"{name}" <{box.address}>' if name else box.address
