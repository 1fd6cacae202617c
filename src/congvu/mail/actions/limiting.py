"""How much one account may send, and the alarm that stops an account which somebody else may have taken over.

The rules are written in docs/reference/limits.md. They count recipients; they judge nobody.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings

from congvu.base.database import atomic
from congvu.directory.models import Account, Agency, Person
from congvu.ledger.actions import record
from congvu.mail import events
from congvu.mail.actions import accepting, telling
from congvu.mail.addresses import domain
from congvu.mail.door import answers
from congvu.mail.door.envelope import Envelope, Verdict
from congvu.mail.models import SendingNetwork, Suspension
from congvu.mail.queries import volumes
from congvu.mail.queries.volumes import Volume

STOPPED = Verdict(550, "5.7.1 Sending is stopped for this account; your administrator can let it send again")


class LimitReachedError(Exception):
    """The account has sent as much as it may; `span` is hour or day, `limit` the number."""

    def __init__(self, span: str, limit: int) -> None:
        super().__init__(span, limit)
        self.span, self.limit = span, limit


class SendingStoppedError(Exception):
    """Sending is stopped for the account."""


class NotStoppedError(Exception):
    """Sending is not stopped for the account."""


def check(*, agency: Agency, person: Person, recipients: Sequence[str], client: str, now: datetime) -> None:
    """Let a message of a person pass, or raise LimitReachedError or SendingStoppedError; an alarm stops the account.

    `client` is the network address from which it is sent, "" where nobody knows it.
    """
    if volumes.suspension(agency, person):
        raise SendingStoppedError
    volume = volumes.sent(agency, person, now=now)
    hourly, daily = settings.CONGVU_LIMIT_MESSAGES, settings.CONGVU_LIMIT_RECIPIENTS
    if hourly and volume.messages >= hourly:
        raise LimitReachedError("hour", hourly)
    if daily and volume.recipients + len(recipients) > daily:
        raise LimitReachedError("day", daily)
    network = _network(client)
    more = volumes.outside(agency, recipients)
    rule = _alarm(agency, person, volume, more, network, now) if more else None
    if rule:
        _stop(agency, person, rule, volume.outside_hour + more, now)
        raise SendingStoppedError
    if network:
        _note_network(agency, person, network, now)


def resume(*, agency: Agency, person: Person, now: datetime) -> None:
    """Let a person send again. Raises NotStoppedError."""
    with atomic():
        if not Suspension.objects.filter(agency=agency, person=person, ended_at=None).update(ended_at=now):
            raise NotStoppedError
        record(events.SendingResumed(), agency=agency.handle, at=now, disclosures={"person": person.handle})


def accept(envelopes: Sequence[Envelope], /) -> list[Verdict]:
    """Store a batch from the door, but for what an account may not send at present."""
    refused = {
        number: verdict for number, one in enumerate(envelopes) if one.sender and (verdict := _judged(one))
    }
    taken = iter(accepting.accept([one for number, one in enumerate(envelopes) if number not in refused]))
    return [refused[number] if number in refused else next(taken) for number in range(len(envelopes))]


def _judged(envelope: Envelope) -> Verdict | None:
    """Return why a submitted message is not taken; messages of one batch are few, and counted in the next."""
    agency = Agency.objects.filter(domain__iexact=domain(envelope.mail_from)).first()
    sender = envelope.sender
    account = sender and Account.objects.filter(handle=sender.account).select_related("person").first()
    if agency is None or not account:
        return None
    try:
        check(
            agency=agency,
            person=account.person,
            recipients=envelope.recipients,
            client=envelope.peer,
            now=envelope.received_at,
        )
    except LimitReachedError as error:
        what = "messages an hour" if error.span == "hour" else "recipients a day"
        return replace(answers.SENT_ENOUGH, text=f"{answers.SENT_ENOUGH.text} ({error.limit} {what})")
    except SendingStoppedError:
        return STOPPED
    return None


def _alarm(
    agency: Agency, person: Person, volume: Volume, more: int, network: str, now: datetime
) -> Suspension.Rule | None:
    many, many_new = settings.CONGVU_ALARM_OUTSIDE, settings.CONGVU_ALARM_NEW_NETWORK
    if many and volume.outside_short + more > many:
        return Suspension.Rule.MANY_OUTSIDE
    is_new = bool(network) and volumes.is_new_network(agency, person, network, now=now)
    if is_new and many_new and volume.outside_hour + more > many_new:
        return Suspension.Rule.NEW_NETWORK
    return None


def _stop(agency: Agency, person: Person, rule: Suspension.Rule, recipients: int, now: datetime) -> None:
    """Stop an account's sending, leave evidence, and tell its owner and the administrators."""
    with atomic():
        _, is_new = Suspension.objects.get_or_create(
            agency=agency,
            person=person,
            ended_at=None,
            defaults={"rule": rule, "recipients": recipients, "began_at": now},
        )
        if not is_new:
            return
        event = events.SendingSuspended(rule=rule)
        record(event, agency=agency.handle, at=now, disclosures={"person": person.handle})
    telling.tell_of_stop(agency=agency, person=person, rule=rule, recipients=recipients, now=now)


def _note_network(agency: Agency, person: Person, network: str, now: datetime) -> None:
    rows = SendingNetwork.objects.filter(agency=agency, person=person)
    if rows.filter(network=network, last_at__gt=now - timedelta(hours=1)).exists():
        return
    with atomic():
        rows.filter(last_at__lte=now - volumes.REMEMBERED).delete()
        rows.update_or_create(
            agency=agency,
            person=person,
            network=network,
            defaults={"last_at": now},
            create_defaults={"first_at": now, "last_at": now},
        )


def _network(client: str) -> str:
    """Return the network of an address: the first 24 bits of IPv4, 48 of IPv6; "" for what is none."""
    try:
        found = ip_address(client.partition("%")[0])
    except ValueError:
        return ""
    host = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network(f"{host}/{24 if host.version == 4 else 48}", strict=False))  # noqa: PLR2004 -- IP version
