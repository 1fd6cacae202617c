"""Where mail for an address goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from congvu.base.rows import Remembered, marks
from congvu.directory.models import Address, Agency, Person, Unit
from congvu.directory.queries import email, is_left, legal_day
from congvu.mail.addresses import domain, normal
from congvu.mail.models import Key, Mailbox, box_key

_ADDRESSES = Remembered(
    lambda: Address.objects.select_related("agency", "person", "unit", "membership__post__unit")
)
_RECEIVING = (
    "directory_agency.domain IN ({}) AND directory_address.local_part IN ({})"
    " AND directory_address.withdrawn_at IS NULL"
)

POSTMASTER = "postmaster"  # RFC 5321, 4.5.1: always taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The mailbox that an address leads to today; it may not be open yet."""

    address: Address
    kind: str
    person: Person | None
    unit: Unit | None

    @property
    def agency(self) -> Agency:
        """Return the agency whose address it is."""
        return self.address.agency

    @property
    def email(self) -> str:
        """Return the address as it is written."""
        return email(self.address)

    @property
    def key(self) -> Key:
        """Return by what the mailbox is found."""
        return box_key(self.kind, address=self.address.pk, unit=self.unit.pk if self.unit else None)


def is_ours(name: str) -> bool:
    """Return whether a domain, in lower case, belongs to an agency here."""
    return Agency.objects.filter(domain__iexact=name).exists()


def routes(emails: Iterable[str], *, now: datetime) -> dict[str, Route]:
    """Return the routes of those addresses that receive mail here, by the address as it was asked for."""
    asked = {one: normal(one) if "@" in one else "" for one in emails}
    pairs = {tuple(one.rsplit("@", 1)) for one in asked.values() if one}
    names, domains = sorted({pair[0] for pair in pairs}), sorted({pair[1] for pair in pairs})
    rows = (
        _ADDRESSES.find(_RECEIVING.format(marks(domains), marks(names)), [*domains, *names]) if pairs else []
    )
    found = {normal(email(row)): route(row, now=now) for row in rows}
    known = {one: found[asked[one]] for one in asked if asked[one] in found}
    return known | _postmasters([one for one in asked if one not in known], now)


def route(address: Address, *, now: datetime) -> Route:
    """Return where mail for one address goes: after its holder left, to the unit's hand-over box."""
    unit = address.unit or (address.membership.post.unit if address.membership else None)
    if is_left(address, legal_day(address.agency, now)):
        return Route(address=address, kind=Mailbox.Kind.HAND_OVER, person=None, unit=unit)
    return Route(address=address, kind=address.kind, person=address.person, unit=unit)


def _postmasters(emails: list[str], now: datetime) -> dict[str, Route]:
    """Return the agency's own box for `postmaster`, with or without one of our domains."""
    found: dict[str, Route] = {}
    for one in emails:
        if one.partition("@")[0].lower() != POSTMASTER:
            continue
        rows = Address.objects.filter(kind=Address.Kind.AGENCY, withdrawn_at=None)
        rows = rows.filter(agency__domain=domain(one)) if "@" in one else rows
        row = rows.select_related("agency", "person", "unit", "membership").order_by("id").first()
        if row is not None:
            found[one] = route(row, now=now)
    return found
