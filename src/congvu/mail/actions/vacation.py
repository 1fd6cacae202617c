"""The vacation notice: switched on and off by the holder of a mailbox, and answered to who writes. RFC 3834."""

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from congvu.base import blobs
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.base.database import atomic
from congvu.directory.queries import Seat, email
from congvu.mail import compose, messages
from congvu.mail.actions.accepting import store
from congvu.mail.addresses import Mailbox as Written
from congvu.mail.addresses import is_address, normal
from congvu.mail.arranging.models import VacationAnswer, VacationNotice
from congvu.mail.models import Item, Mailbox
from congvu.mail.parcels import Letter, Parcel, unsealed
from congvu.mail.policies import NotAllowedError
from congvu.mail.queries import absence

log = logging.getLogger(__name__)
LONGEST = 4_000  # characters of a text
AGAIN = timedelta(days=7)  # RFC 3834, 2; RFC 5230, 4.1
AT_ONCE = 100  # letters of one box in one round


class NoTextError(Exception):
    """A notice says something."""


class EmptyPeriodError(Exception):
    """A notice does not end before it begins."""


def set_notice(
    *, seat: Seat, box: Mailbox, texts: Mapping[str, str], valid_from: date, valid_to: date, is_on: bool
) -> VacationNotice:  # no-evidence: personal setting
    """Say what one's own mailbox answers in a period with an exclusive end; letters that lie there get no answer.

    Raises NotAllowedError, NoTextError or EmptyPeriodError.
    """
    if (
        box.kind != Mailbox.Kind.PERSONAL
        or box.person_id != seat.person.pk
        or box.agency_id != seat.agency.pk
    ):
        raise NotAllowedError
    kept = {language: text.strip()[:LONGEST] for language, text in texts.items() if text.strip()}
    if not kept:
        raise NoTextError
    if valid_to <= valid_from:
        raise EmptyPeriodError
    last = Item.objects.filter(mailbox=box).order_by("-pk").values_list("pk", flat=True).first()
    with atomic():
        notice, _ = VacationNotice.objects.update_or_create(
            agency=seat.agency,
            mailbox=box,
            defaults={
                "texts": kept,
                "valid_from": valid_from,
                "valid_to": valid_to,
                "is_on": is_on,
                "seen": last or 0,
            },
        )
    return notice


def answer_absent(*, now: datetime) -> int:
    """Tell everybody who wrote to somebody away, once in seven days; return how many were told."""
    told = 0
    for notice in absence.running(now):
        for item in absence.unanswered(notice)[:AT_ONCE]:
            told += _answer(notice, item, now)
    return told


def _answer(notice: VacationNotice, item: Item, now: datetime) -> int:
    """Answer one letter if it is to be answered; either way it was looked at. What cannot be answered holds up none."""
    letter = _letter(notice, item, now)
    with atomic():
        fresh = VacationNotice.objects.filter(pk=notice.pk, seen__lt=item.pk).update(seen=item.pk)
        if not fresh or letter is None:
            return 0
        VacationAnswer.objects.update_or_create(
            agency_id=notice.agency_id,
            mailbox=notice.mailbox,
            sender=normal(item.message.sender_address),
            defaults={"told_at": now},
        )
        store([letter])
    return 1


def _letter(notice: VacationNotice, item: Item, now: datetime) -> Letter | None:
    """Return the answer; None for what a program, a list or a forger may have sent, and for who was told lately."""
    message, box = item.message, notice.mailbox
    own, to = email(box.address), message.sender_address
    if message.automatic or not is_address(to) or normal(to) == normal(own):
        return None
    if not absence.names(message, own) or absence.is_doubtful(message):
        return None
    if absence.told_at(box, normal(to), since=now - AGAIN) or box.person is None:
        return None
    try:
        answered, references = compose.thread(messages.read(blobs.get(message.blob)))
        draft = compose.Draft(
            sender=Written(box.person.full_name, own),
            to=(Written("", to),),
            message_id=compose.new_message_id(domain=box.agency.domain),
            subject=f"Auto: {' '.join(message.subject.split())}",  # RFC 3834, 3.1.5
            text=absence.text(notice) + "\n",
            in_reply_to=answered,
            references=references,
            automatic="auto-replied",
        )
        raw = compose.build(draft, at=now.astimezone(ZoneInfo(box.agency.zone)))
        return unsealed(Parcel(channel="web", mail_from=own, recipients=(to,), raw=raw, at=now))
    except (BlobMissingError, BlobDamagedError, ValueError):
        log.warning("A letter could not be answered while its recipient is away: %s", item.handle)
        return None
