"""Whom a letter tells of what was not recorded in time: after a window has closed, own duties, none told before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from congvu.desk.models import LateNotice
from congvu.directory.models import Account, Address, Agency
from congvu.directory.queries import addresses, email, is_left, legal_day
from congvu.rules import queries as rules
from congvu.rules.duties import Status
from congvu.rules.models import Obligation

GRACE = timedelta(minutes=5)  # for what was done in the last moment and is still being recorded
PROMPT = timedelta(hours=1)  # after which the next closing tells it instead
REACH = timedelta(days=7)  # as far back as the day shows it
LATE: tuple[Status, ...] = ("late", "compensated", "breached")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Somebody who is to be told: by which account and official address, of which duties."""

    account: Account
    address: str
    rows: tuple[Obligation, ...]
    seen: datetime


def closed(agency: Agency, now: datetime) -> datetime | None:
    """Return when the last window closed, if that was just now and all that lies before it has been judged."""
    ends = [one.closes_at for one in rules.windows_today(agency, now)]
    last = max((one for one in ends if one + GRACE <= now <= one + PROMPT), default=None)
    seen = rules.as_of(agency=agency.handle)
    return last if last and seen and seen >= last else None


def untold(agency: Agency, *, until: datetime) -> list[Told]:
    """Return who has something late that no letter told yet, and neither had a letter today nor wished for none."""
    seen = rules.as_of(agency=agency.handle)
    if seen is None:
        return []
    rows = Obligation.objects.filter(agency=agency, due_at__gt=until - REACH, due_at__lte=until)
    late = (
        rows.filter(rules.in_statuses(LATE, seen))
        .exclude(person="")
        .order_by("due_at", "opened_at", "handle")
    )
    before = _told_until(agency, until)
    by_person: dict[str, list[Obligation]] = {}
    for row in late:
        told = before.get(row.person)
        if row.due_at and (told is None or row.due_at > told):
            by_person.setdefault(row.person, []).append(row)
    own = _addresses(agency, until)
    accounts = Account.objects.filter(
        is_active=True, is_told_of_late_duties=True, person__handle__in=by_person
    ).select_related("person")
    today = _told_on(agency, until)
    return [
        Told(account=one, address=own[one.person_id], rows=tuple(by_person[one.person.handle]), seen=seen)
        for one in accounts.order_by("pk")
        if one.person_id in own and one.person_id not in today
    ]


def _told_until(agency: Agency, until: datetime) -> Mapping[str, datetime]:
    rows = LateNotice.objects.filter(agency=agency, until__gt=until - REACH).order_by("until")
    return dict(rows.values_list("person__handle", "until"))


def _told_on(agency: Agency, until: datetime) -> set[int]:
    rows = LateNotice.objects.filter(agency=agency, day=legal_day(agency, until))
    return set(rows.values_list("person_id", flat=True))


def _addresses(agency: Agency, until: datetime) -> dict[int, str]:
    """Return people's own official addresses; who has left has none."""
    day = legal_day(agency, until)
    rows = addresses(agency).filter(kind=Address.Kind.PERSONAL).order_by("-pk")
    return {one.person_id: email(one) for one in rows if one.person_id and not is_left(one, day)}
