"""Keeping beside a message what was found about where it comes from."""

from collections.abc import Sequence
from dataclasses import fields

from congvu.base import rows
from congvu.mail.actions.delivering import Laid
from congvu.mail.authentication.findings import Findings
from congvu.mail.models import Origin

_NAMES = tuple(one.name for one in fields(Findings))


def keep(laid: Sequence[Laid]) -> None:  # no-evidence: a finding about the acceptance that its caller records
    """Keep the findings about messages in the open transaction."""
    found = [
        Origin(
            agency_id=one.message.agency_id,
            message=one.message,
            **_shortened(findings),
        )
        for one in laid
        if (findings := one.copy.letter.parcel.findings)
    ]
    rows.insert(found)


def _shortened(findings: Findings) -> dict[str, str]:
    return {name: getattr(findings, name)[:253] for name in _NAMES}
