"""Who is away, what their mailboxes say, and to whom it was said."""

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from congvu.directory import queries as directory
from congvu.directory.models import Leave
from congvu.directory.queries import Seat, legal_day
from congvu.mail.addresses import normal
from congvu.mail.arranging.models import VacationAnswer, VacationNotice
from congvu.mail.authentication import findings
from congvu.mail.models import Item, Mailbox, Message
from congvu.mail.queries.origins import origin_of

UNSAID = ("import", "system")  # channels whose letters nobody sent just now


def notice_of(box: Mailbox | None) -> VacationNotice | None:
    """Return what a mailbox says while its holder is away, on or off."""
    return VacationNotice.objects.filter(mailbox=box).first() if box else None


def leave_of(seat: Seat) -> Leave | None:
    """Return the person's leave that runs or comes next."""
    coming = directory.leaves(seat.agency).filter(person=seat.person, valid_to__gt=seat.on)
    return coming.order_by("valid_from").first()


def running(now: datetime) -> Iterator[VacationNotice]:
    """Return the notices that are on today, in each agency's own zone."""
    rows = VacationNotice.objects.filter(is_on=True)
    for one in rows.select_related("mailbox__agency", "mailbox__address__agency", "mailbox__person"):
        if one.valid_from <= legal_day(one.mailbox.agency, now) < one.valid_to:
            yield one


def unanswered(notice: VacationNotice) -> QuerySet[Item]:
    """Return what came into a box in the notice's days and was not looked at yet, the oldest first."""
    zone = ZoneInfo(notice.mailbox.agency.zone)
    rows = Item.objects.filter(
        mailbox=notice.mailbox,
        pk__gt=notice.seen,
        arrived_at__gte=_midnight(notice.valid_from, zone),
        arrived_at__lt=_midnight(notice.valid_to, zone),
    )
    rows = rows.exclude(folder=Item.Folder.SENT).exclude(message__channel__in=UNSAID)
    return rows.filter(message__recalled_at=None).select_related("message__agency").order_by("pk")


def told_at(box: Mailbox, sender: str, *, since: datetime) -> datetime | None:
    """Return when a sender was told since an instant that the holder of a box is away."""
    rows = VacationAnswer.objects.filter(mailbox=box, sender=sender, told_at__gt=since)
    return rows.values_list("told_at", flat=True).first()


def names(message: Message, own: str) -> bool:
    """Tell whether a letter names an address among its recipients: who was copied blindly stays unknown."""
    return normal(own) in {normal(address) for _name, address, _field in message.recipients}


def is_doubtful(message: Message) -> bool:
    """Tell whether a letter from outside does not come from where it says; an answer would go to somebody else."""
    row = origin_of(message)
    return row is not None and findings.origin(row.dmarc) == "doubtful"


def text(notice: VacationNotice) -> str:
    """Return what is said, in every language in which it was written, the agency's own first."""
    own = notice.mailbox.agency.language
    order = sorted(notice.texts, key=lambda language: (language != own, language))
    return "\n\n----\n\n".join(notice.texts[language] for language in order)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
