"""Reads from the ledger which letters came to a 1022 address; what becomes of them is an act of its own."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from congvu.ledger.readers import Entry
from congvu.petitions.models import Petition
from congvu.petitions.post import Letter, MailIntake

DELIVERED = "mail.message.delivered"


class Letters:
    """The reader of letters that came to an address for petitions."""

    name = "petitions.letters"

    def prepare(self, entries: Sequence[Entry]) -> None:
        """Nothing lies outside the database."""

    def apply(self, entries: Sequence[Entry]) -> None:
        """Write down every letter that came to an address while it took petitions in."""
        came = [one for one in entries if one.kind == DELIVERED and one.disclosures.get("address")]
        if not came:
            return
        named = {one.disclosures["address"] for one in came}
        rows = MailIntake.objects.filter(address__handle__in=named).select_related("address")
        intakes = list(rows.order_by("opened_at"))
        for entry in came:
            for intake in intakes:
                if intake.address.handle == entry.disclosures["address"] and _takes(intake, entry.at):
                    self._note(entry, intake)

    def reset(self, *, agency: str) -> None:
        """Forget the letters that nobody looked at yet; what became of the others is no reading but an act."""
        Letter.objects.filter(agency__handle=agency, state=Letter.State.WAITING).delete()

    def _note(self, entry: Entry, intake: MailIntake) -> None:
        message = entry.disclosures.get("message")
        if not message:
            return
        known = Petition.objects.filter(~Q(message=""), agency=intake.agency_id, message=message).first()
        state = Letter.State.TAKEN if known else Letter.State.WAITING
        if entry.attributes.get("automatic"):
            state = Letter.State.AUTOMATIC
        Letter.objects.get_or_create(
            agency_id=intake.agency_id,
            message=message,
            defaults={"address_id": intake.address_id, "at": entry.at, "state": state, "petition": known},
        )


def _takes(intake: MailIntake, at: datetime) -> bool:
    """Return whether an address took petitions in at an instant."""
    return intake.opened_at <= at and (intake.closed_at is None or at < intake.closed_at)
