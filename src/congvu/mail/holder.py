# writes: what a disposal destroys, which records it
"""Letters, with all that the mail keeps of them, as a disposal destroys them."""

import contextlib
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import Model, Q

from congvu.base import blobs
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.base.chunks import chunked
from congvu.ledger.disposal.holders import CHUNK, Holder, Marked
from congvu.ledger.readers import Entry
from congvu.mail import messages
from congvu.mail.arranging.models import Assignment, DelegateReading, VacationAnswer
from congvu.mail.certified.models import AwaitedReceipt, Statement
from congvu.mail.dovecot.models import ImapCopy
from congvu.mail.lmtp.models import Handing
from congvu.mail.meetings.models import Meeting, MeetingAnswer
from congvu.mail.models import Draft, DraftFile, Item, Message, Origin, Receipt, Signature, Transfer
from congvu.mail.readers import SearchIndex
from congvu.mail.revocations.models import RevocationInquiry, RevocationNeed, RevocationProof

_OWNED = (Transfer, Receipt, Signature, Item, Handing, Statement, Meeting)  # each row with a name of its own


class Letters(Holder):
    """A letter goes with every row about it, drafts that answer or forward it, and what machines wrote about it."""

    name = "mail.letters"
    kinds = frozenset({"mail.message.accepted", "mail.message.imported"})

    def gather(self, entries: Sequence[Entry], marked: Marked) -> None:
        """Mark the letters that entries are evidence of."""
        said = (one.disclosures.get("message") for one in entries if one.kind in self.kinds)
        marked.subjects.update(one for one in said if one)

    def follow(self, marked: Marked) -> None:
        """Mark the machine's reports about marked letters, the names of all rows about both, and their bytes."""
        for some in chunked(sorted(marked.subjects), CHUNK):
            letters = Message.objects.filter(agency__handle=marked.agency, handle__in=some)
            carriers = Statement.objects.filter(message__in=letters, carrier__automatic=True)
            marked.subjects.update(carriers.values_list("carrier__handle", flat=True))
            marked.subjects.update(_written_by_machines(letters))
        for some in chunked(sorted(marked.subjects), CHUNK):
            letters = Message.objects.filter(agency__handle=marked.agency, handle__in=some)
            marked.blobs.update(letters.values_list("blob", flat=True))
            for table in _OWNED:
                marked.subjects.update(_rows(table, letters).values_list("handle", flat=True))
            drafts = _drafts(letters)
            marked.subjects.update(drafts.values_list("handle", flat=True))
            marked.blobs.update(DraftFile.objects.filter(draft__in=drafts).values_list("blob", flat=True))

    def forget(self, names: Collection[str], *, agency: str) -> None:
        """Delete letters and every row about them."""
        letters = Message.objects.filter(agency__handle=agency, handle__in=names)
        items = Item.objects.filter(message__in=letters)
        _forget_signatures(letters)
        _forget_traces(letters, items)
        Draft.objects.filter(pk__in=list(_drafts(letters).values_list("pk", flat=True))).delete()
        MeetingAnswer.objects.filter(Q(message__in=letters) | Q(meeting__message__in=letters)).delete()
        for row in (Assignment, DelegateReading):
            row.objects.filter(item__in=items).delete()
        for table in (*_OWNED, Origin, AwaitedReceipt):
            _rows(table, letters).delete()
        letters.delete()

    def traces(self, marked: Marked) -> dict[str, int]:
        """Return the rows that still name a marked letter or entry."""
        tables = (Message, *_OWNED, Draft)
        return {table.__name__.lower(): marked.count(_names(table, marked.agency)) for table in tables}


class Search(Holder):
    """The search index, in which a removed letter's words stay until its files are written anew."""

    name = "mail.search"

    def clean(self, marked: Marked) -> None:
        """Write the index anew from the letters that are left."""
        if marked.subjects:
            SearchIndex().write_anew()

    def traces(self, marked: Marked) -> dict[str, int]:
        """Return how much of the marked letters, or of any removed one, is in the index's files."""
        return {"search": SearchIndex().traces(marked.subjects) if marked.subjects else 0}


def _written_by_machines(letters: Any) -> Iterator[str]:
    """Yield the automatic letters that refer to some letters: receipts, acknowledgements, reports of delivery."""
    known = set(letters.exclude(message_id="").values_list("message_id", flat=True))
    about = Message.objects.filter(automatic=True, thread__in=letters.values("thread"))
    for one in about.filter(agency__in=letters.values("agency")):
        with contextlib.suppress(BlobMissingError, BlobDamagedError):
            reading = messages.read(blobs.get(one.blob))
            if known & {reading.in_reply_to, *reading.references}:
                yield one.handle


def _rows(table: type[Model], letters: Any) -> Any:
    """Return the rows of a table that are about letters."""
    about = Q(message__in=letters)
    if table is Statement:
        about |= Q(carrier__in=letters)
    return table._base_manager.filter(about)  # noqa: SLF001 -- Django's public name


def _drafts(letters: Any) -> Any:
    return Draft.objects.filter(Q(answers__in=letters) | Q(forwards__in=letters))


def _forget_signatures(letters: Any) -> None:
    """Take away what was asked for and kept about the letters' signatures, unless other letters need it too."""
    signatures = Signature.objects.filter(message__in=letters)
    asked = list(RevocationNeed.objects.filter(signature__in=signatures).values_list("inquiry", flat=True))
    RevocationNeed.objects.filter(signature__in=signatures).delete()
    RevocationProof.objects.filter(signature__in=signatures).delete()
    needed = RevocationNeed.objects.filter(inquiry__in=asked).values("inquiry")
    RevocationInquiry.objects.filter(pk__in=asked).exclude(pk__in=needed).delete()
    Signature.objects.filter(confirms__in=letters).update(confirms=None)


def _forget_traces(letters: Any, items: Any) -> None:
    """Take away what names a letter by its sender or its Message-ID alone."""
    known = letters.exclude(message_id="").values("message_id")
    boxes = items.values("mailbox")
    ImapCopy.objects.filter(Q(item__in=items) | Q(mailbox__in=boxes, message_id__in=known)).delete()
    senders = letters.exclude(sender_address="").values("sender_address")
    VacationAnswer.objects.filter(mailbox__in=boxes, sender__in=senders).delete()


def _names(table: type[Model], agency: str) -> Iterator[tuple[str, ...]]:
    fields = table._meta.concrete_fields  # noqa: SLF001 -- Django's public name
    columns = [one.name for one in fields if one.name in {"handle", "entry"}]
    rows = table._base_manager.filter(agency__handle=agency)  # noqa: SLF001 -- Django's public name
    yield from rows.values_list(*columns).iterator()
