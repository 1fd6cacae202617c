"""Deciding to which domains mail goes under TLS only."""

from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.models import Agency
from congvu.ledger.actions import record
from congvu.mail import addresses, events
from congvu.mail.models import TlsRule


class NotADomainError(ValueError):
    """What was given is no domain."""


class NoRuleError(Exception):
    """There is no rule for the domain."""


def require(*, agency: Agency, domain: str, onward: bool, now: datetime) -> TlsRule:
    """Require TLS for mail to a domain; `onward` waits for a relay that promises the whole way. NotADomainError."""
    name = addresses.domain(f"@{domain}")
    if not addresses.is_address(f"a@{name}") or "." not in name:
        raise NotADomainError(domain)
    with atomic():
        rule, _ = TlsRule.objects.update_or_create(
            agency=agency, domain=name, defaults={"onward": onward, "decided_at": now}
        )
        _record(agency, name, "onward" if onward else "relay", now)
    return rule


def release(*, agency: Agency, domain: str, now: datetime) -> None:
    """Require TLS for mail to a domain no more. Raises NoRuleError."""
    name = addresses.domain(f"@{domain}")
    with atomic():
        if not TlsRule.objects.filter(agency=agency, domain=name).delete()[0]:
            raise NoRuleError(name)
        _record(agency, name, "no", now)


def _record(agency: Agency, domain: str, required: str, now: datetime) -> None:
    event = events.TlsRuleDecided(required=required)
    record(event, agency=agency.handle, at=now, disclosures={"domain": domain})
