"""Turning state secrets away: the refusal is evidence, the content is not kept."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.models import Account, Agency, Person
from congvu.ledger.actions import Record, record_many
from congvu.mail import events, reasons
from congvu.mail.addresses import domain
from congvu.mail.door import answers
from congvu.mail.door.envelope import Refusal, Rejection
from congvu.mail.examining import Rejection as Rejected
from congvu.mail.secrecy import Mark

VERDICT = answers.STATE_SECRET


def note_refusal(
    *,
    channel: str,
    mark: Mark,
    author: Person | None,
    mail_from: str,
    recipients: Iterable[str],
    at: datetime,
) -> None:
    """Record that a marked message was refused, for the sender's agency, else for those it was meant for."""
    meant = [mail_from] if author else list(recipients)
    agencies = Agency.objects.filter(domain__in={domain(one) for one in meant})
    event = events.MessageRefused(channel=channel, mark=mark)
    disclosures = {"actor": author.handle} if author else {}
    with atomic():
        record_many(
            [Record(event=event, agency=one.handle, at=at, disclosures=disclosures) for one in agencies]
        )


def note_door_refusal(refusal: Refusal) -> None:
    """Record a refusal that the mail door has given."""
    account = refusal.sender and Account.objects.filter(handle=refusal.sender.account).select_related(
        "person"
    )
    author = account.first() if account else None
    note_refusal(
        channel=refusal.channel,
        mark=refusal.mark,
        author=author.person if author else None,
        mail_from=next(iter(refusal.sender.addresses), "") if refusal.sender else "",
        recipients=refusal.recipients,
        at=refusal.at,
    )


def note_rejected(
    rejected: Rejected, *, channel: str, raw: bytes, recipients: Iterable[str], at: datetime
) -> None:
    """Record for the agencies that a message was meant for that their policy did not let it in."""
    event = events.MessageRejected(channel=channel, reason=rejected.reason)
    disclosures = {"digest": hashlib.sha256(raw).hexdigest(), "detail": rejected.detail}
    agencies = Agency.objects.filter(domain__in={domain(one) for one in recipients})
    with atomic():
        record_many(
            [Record(event=event, agency=one.handle, at=at, disclosures=disclosures) for one in agencies]
        )


def note_rejection(rejection: Rejection) -> None:
    """Record that the door did not take what a signed-in official wanted to send (SubmissionRejection)."""
    person = Person.objects.filter(
        pk__in=Account.objects.filter(handle=rejection.sender.account).values("person")
    ).first()
    if person is None:
        return
    status = rejection.verdict.text.partition(" ")[0]
    event = events.SubmissionRefused(reason=reasons.word(status))
    agencies = Agency.objects.filter(domain__in={domain(one) for one in rejection.sender.addresses})
    with atomic():
        record_many(
            [
                Record(
                    event=event,
                    agency=one.handle,
                    at=rejection.at,
                    disclosures={"actor": person.handle, "status": status},
                )
                for one in agencies
            ]
        )
