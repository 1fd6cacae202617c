"""How mail to a recipient has to go."""

from collections.abc import Iterable

from congvu.directory.models import Agency
from congvu.mail.addresses import domain
from congvu.mail.models import TlsRule
from congvu.mail.relay import Way


def ways(agency: Agency, recipients: Iterable[str]) -> dict[str, Way]:
    """Return for each recipient how far TLS is required."""
    wanted = list(recipients)
    rules = TlsRule.objects.filter(agency=agency, domain__in={domain(one) for one in wanted})
    known: dict[str, Way] = {one.domain: "onward" if one.onward else "relay" for one in rules}
    return {one: known.get(domain(one), "any") for one in wanted}
