"""Reading the ledger for the search index: every message that lies in a box is found by those who may read it."""

from collections.abc import Iterable, Sequence

from congvu.base import blobs
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.base.chunks import chunked
from congvu.base.search import Document, Index
from congvu.ledger.readers import Entry
from congvu.mail import messages
from congvu.mail.models import Item, Message
from congvu.mail.policies import is_withheld
from congvu.mail.queries.found import KIND

ENTERING = ("mail.message.accepted", "mail.message.delivered", "mail.message.imported")
LEAVING = ("mail.message.recalled",)
_AT_ONCE = 500  # letters of which the readers are asked together


class SearchIndex:
    """Feeds messages to the index as their evidence comes; reading the same entries twice changes nothing."""

    name = "mail.search"

    def __init__(self, index: Index | None = None) -> None:
        self._index = index

    def apply(self, entries: Sequence[Entry]) -> None:
        """Do nothing: the index is no table, and was brought up to these entries by `prepare`."""

    def prepare(self, entries: Sequence[Entry]) -> None:
        """Put the messages of these entries into the index as they stand now, or take them out."""
        handles = {
            one.disclosures["message"]
            for one in entries
            if one.kind in ENTERING + LEAVING and "message" in one.disclosures
        }
        if not handles:
            return
        index = self._index or Index()
        with index.writing() as writer:
            known = Message.objects.filter(handle__in=handles).select_related("agency")
            found = {one.handle: one for one in known}
            readers = _readers(found.values())
            for gone in handles - found.keys():
                writer.remove(gone)
            for message in found.values():
                document = _document(message, readers.get(message.pk, []))
                if document:
                    writer.put([document])
                else:
                    writer.remove(message.handle)

    def reset(self, *, agency: str) -> None:
        """Take every message of an agency out of the index, to be fed again."""
        index = self._index or Index()
        with index.writing() as writer:
            for handle in Message.objects.filter(agency__handle=agency).values_list("handle", flat=True):
                writer.remove(handle)

    def write_anew(self) -> None:
        """Write the whole index anew from the letters that there are, without the words of those that are gone."""
        index = self._index or Index()
        with index.rewriting() as writer:
            keys = Message.objects.order_by("pk").values_list("pk", flat=True).iterator()
            for some in chunked(keys, _AT_ONCE):
                known = list(Message.objects.filter(pk__in=some).select_related("agency"))
                readers = _readers(known)
                documents = (_document(one, readers.get(one.pk, [])) for one in known)
                writer.put(one for one in documents if one)

    def traces(self, handles: Iterable[str]) -> int:
        """Return how many of these letters are found, and how many files hold words of removed ones."""
        return (self._index or Index()).traces(handles)


def _document(message: Message, readers: Sequence[str]) -> Document | None:
    """Return what is found of a message; None when its bytes were destroyed or nobody may read it."""
    if not readers:
        return None
    try:
        reading = messages.read(blobs.get(message.blob))
    except (BlobMissingError, BlobDamagedError):
        return None
    people = [message.sender_name, message.sender_address]
    people += [part for row in message.recipients for part in row[:2]]
    files = [one.filename for one in reading.attachments]
    return Document(
        kind=KIND,
        key=message.handle,
        agency=message.agency.handle,
        readers=readers,
        at=message.accepted_at,
        text="\n".join([message.subject, *people, *files, reading.text]),
    )


def _readers(found: Iterable[Message]) -> dict[int, list[str]]:
    """Return by message the boxes in which it may be read; where it was recalled unseen it is not found either."""
    by_key = {one.pk: one for one in found}
    boxes: dict[int, list[str]] = {}
    for item in Item.objects.filter(message__in=by_key).select_related("mailbox"):
        item.message = by_key[item.message_id]  # known already
        if not is_withheld(item):
            boxes.setdefault(item.message_id, []).append(item.mailbox.handle)
    return boxes
