"""How much a person has sent of late, and whether sending is stopped."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from congvu.directory.models import Agency, Person
from congvu.mail.addresses import domain
from congvu.mail.models import SendingNetwork, Suspension, Transfer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHORT = timedelta(minutes=10)  # in which many recipients outside are many
REMEMBERED = timedelta(days=90)  # for which a network counts as known


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Messages of the last hour, recipients of the last day; recipients outside in ten minutes and in an hour."""

    messages: int = 0
    recipients: int = 0
    outside_short: int = 0
    outside_hour: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A person who has sent much today, or whose sending is stopped."""

    person: Person
    volume: Volume
    suspension: Suspension | None


def sent(agency: Agency, person: Person, *, now: datetime) -> Volume:
    """Return what a person has sent from an agency's addresses."""
    rows = Transfer.objects.filter(agency=agency, message__author=person, message__accepted_at__gt=now - DAY)
    return Volume(**rows.aggregate(**_counts(agency, now)))


def _counts(agency: Agency, now: datetime) -> dict[str, Count]:
    outside = ~Q(recipient__iendswith=f"@{agency.domain}")
    hour = Q(message__accepted_at__gt=now - HOUR)
    short = Q(message__accepted_at__gt=now - SHORT)
    return {
        "messages": Count("message", distinct=True, filter=hour),
        "recipients": Count("pk"),
        "outside_short": Count("pk", filter=short & outside),
        "outside_hour": Count("pk", filter=hour & outside),
    }


def outside(agency: Agency, recipients: Iterable[str]) -> int:
    """Return how many recipients are not in the agency's own domain."""
    return sum(domain(one) != domain(f"@{agency.domain}") for one in recipients)


def suspension(agency: Agency, person: Person) -> Suspension | None:
    """Return why a person's sending is stopped, None when it is not."""
    return Suspension.objects.filter(agency=agency, person=person, ended_at=None).first()


def is_new_network(agency: Agency, person: Person, network: str, *, now: datetime) -> bool:
    """Tell whether a person has sent from other networks, and not from this one before the last day."""
    known = SendingNetwork.objects.filter(agency=agency, person=person, last_at__gt=now - REMEMBERED)
    here = known.filter(network=network, first_at__lte=now - DAY)
    return known.exclude(network=network).exists() and not here.exists()


def busiest(agency: Agency, *, now: datetime, at_least: int) -> list[Sender]:
    """Return who has written to so many recipients in a day, or may not send; the busiest first."""
    rows = Transfer.objects.filter(
        agency=agency, message__author__isnull=False, message__accepted_at__gt=now - DAY
    )
    names = list(_counts(agency, now))
    counted = {
        pk: Volume(**dict(zip(names, numbers, strict=True)))
        for pk, *numbers in rows.values("message__author")
        .annotate(**_counts(agency, now))
        .values_list("message__author", *names)
    }
    stopped = {one.person_id: one for one in suspensions(agency)}
    wanted = {pk for pk, one in counted.items() if one.recipients >= at_least} | stopped.keys()
    people = Person.objects.in_bulk(wanted)
    found = [
        Sender(person=people[pk], volume=counted.get(pk, Volume()), suspension=stopped.get(pk))
        for pk in wanted
    ]
    return sorted(found, key=lambda one: (one.suspension is None, -one.volume.recipients))


def suspensions(agency: Agency) -> QuerySet[Suspension]:
    """Return the stops that have not ended."""
    return Suspension.objects.filter(agency=agency, ended_at=None).select_related("person")
