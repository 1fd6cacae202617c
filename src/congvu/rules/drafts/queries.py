"""Reads of drafts and of what was done to them."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from django.conf import settings

from congvu.directory.models import Agency
from congvu.rules import shelf
from congvu.rules.book import Book
from congvu.rules.drafts import publication
from congvu.rules.models import BookDraft, DraftStep

BEGINNING = """\
# Replace what is in angle brackets. `text` keeps to the words of the legal text. When its article is known, write it
# under `cite` with `wording: legal_text`.
book: {book}
version: 1
original: vi
title:
  vi: "<tên văn bản>"
  en: "<title>"
source:
  issuer: {{vi: "<cơ quan ban hành>", en: "<issuer>"}}
  number: "<1/2026/QĐ-UBND>"
  signed: {today}
  checked: nothing
jurisdiction: {place}
level: agency
calendar: {calendar}
in_force: {{from: {start}}}

norms:
  - id: first-rule
    code: FIRST-1
    kind: obligation
    title: {{vi: "<tên quy tắc>", en: "<rule>"}}
    text:
      vi: "<nội dung>"
      en: "<what it says>"
    cite: {{article: not-established, wording: none, checked: nothing}}
    # Without these lines people apply the rule. With them the program judges it: who, when, until when, by what.
    # bearer: recipient
    # when: {{kind: mail.message.delivered, direction: in, automatic: false}}
    # deadline: {{within: {{working_hour: 4}}}}
    # fulfil: {{kind: mail.message.opened, same: [message, mailbox]}}

# An example is run while you write. Date it on the first day of `in_force` or later.
# examples:
#   - title: {{vi: "Mở thư muộn", en: "Opened late"}}
#     norm: first-rule
#     given:
#       - at: "{start} 07:00"
#         kind: rules.book.adopted
#         attributes: {{book: {book}, book_version: 1, valid_from: "{start}"}}
#       - at: "{start} 08:00"
#         kind: mail.message.delivered
#         attributes: {{direction: in, channel: mx, communication: other, automatic: false, box: personal}}
#         disclosures: {{message: letter, mailbox: b-binh, recipient: binh}}
#     as_of: "{later} 12:00"
#     expect:
#       - {{bearer: binh, status: breached}}
"""


def drafts(agency: Agency) -> Sequence[BookDraft]:
    """Return the drafts of an agency without their texts, the latest first."""
    rows = BookDraft.objects.filter(agency=agency).select_related("author").defer("text")
    return list(rows.order_by("-saved_at", "-pk"))


def draft(handle: str, *, agency: Agency) -> BookDraft | None:
    """Return a draft of an agency, None when it has none of this handle."""
    return BookDraft.objects.filter(agency=agency, handle=handle).select_related("author", "agency").first()


def steps(held: BookDraft) -> Sequence[DraftStep]:
    """Return what was done to a draft, the latest first."""
    return list(DraftStep.objects.filter(draft=held).select_related("by").order_by("-at", "-pk"))


def text_of(book: str, version: int) -> str | None:
    """Return the file of a version as it stands in the rulebook, None when there is none."""
    path = shelf.published_folder() / publication.name(book, version)
    found = shelf.version(book, version)
    if found is None:
        return None
    if path.exists():
        return path.read_text(encoding="utf-8-sig")
    shipped = settings.CONGVU_RULEBOOK / found.file
    return shipped.read_text(encoding="utf-8-sig") if shipped.exists() else None


def copied(text: str, book: Book, start: date) -> str:
    """Return the text of a book as the beginning of its next version, in force from a day on."""
    number = max(publication.taken(book.id), default=book.version) + 1
    text = re.sub(r"(?m)^version:.*$", f"version: {number}", text, count=1)
    return re.sub(
        r"(?m)^in_force:.*(\n[ \t]+.*)*$", f"in_force: {{from: {start.isoformat()}}}", text, count=1
    )


def begun(agency: Agency, today: date) -> str:
    """Return the text with which a book begins that has no model."""
    return BEGINNING.format(
        book=f"{agency.calendar}.{agency.slug}.rules-{today.year}",
        today=today.isoformat(),
        start=(today + timedelta(days=30)).isoformat(),
        later=(today + timedelta(days=60)).isoformat(),
        calendar=agency.calendar,
        place=agency.calendar,
    )
