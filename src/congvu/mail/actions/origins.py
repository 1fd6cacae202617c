"""Keeping beside a message what was found about where it comes from."""

from collections.abc import Sequence
from dataclasses import asdict

from congvu.mail.actions.delivering import Laid
from congvu.mail.models import Origin


def keep(laid: Sequence[Laid]) -> None:  # no-evidence: a finding about the acceptance that its caller records
    """Keep the findings about messages in the open transaction."""
    Origin.objects.bulk_create(
        Origin(
            agency_id=one.message.agency_id,
            message=one.message,
            **_shortened(one.copy.letter.parcel.findings),
        )
        for one in laid
        if one.copy.letter.parcel.findings
    )


def _shortened(findings: object) -> dict[str, str]:
    return {name: value[:253] for name, value in asdict(findings).items()}  # type: ignore[call-overload]  # any dataclass of findings
