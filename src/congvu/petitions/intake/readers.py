"""Reads from the ledger which letters came to a 1022 address; what becomes of them is an act of its own."""

from collections.abc import Sequence

from congvu.directory.models import Address
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
        handles = {one.disclosures["address"] for one in came}
        addresses = Address.objects.in_bulk(handles, field_name="handle")
        open_ = {one.address_id: one for one in MailIntake.objects.filter(address__in=addresses.values())}
        for entry in came:
            address = addresses.get(entry.disclosures["address"] or "")
            intake = open_.get(address.pk) if address else None
            if (
                intake
                and intake.opened_at <= entry.at
                and not (intake.closed_at and intake.closed_at <= entry.at)
            ):
                self._note(entry, intake)

    def reset(self, *, agency: str) -> None:
        """Forget the letters of an agency; petitions that came of them stay, and are known by the letter's handle."""
        Letter.objects.filter(agency__handle=agency).delete()

    def _note(self, entry: Entry, intake: MailIntake) -> None:
        message = entry.disclosures.get("message")
        if not message:
            return
        known = Petition.objects.filter(agency=intake.agency_id, message=message).first()
        state = Letter.State.TAKEN if known else Letter.State.WAITING
        if entry.attributes.get("automatic"):
            state = Letter.State.AUTOMATIC
        Letter.objects.get_or_create(
            agency_id=intake.agency_id,
            message=message,
            defaults={"address_id": intake.address_id, "at": entry.at, "state": state, "petition": known},
        )
