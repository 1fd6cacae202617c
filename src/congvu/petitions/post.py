"""Which address takes petitions in by mail, and what became of each letter to it."""

from django.db import models

from congvu.base.handles import HandleField
from congvu.directory.models import Address, Agency
from congvu.petitions.models import HANDLE, Petition, Service


class MailIntake(models.Model):
    """An official address whose letters are petitions of a service (vi: hộp thư 1022; kk: 1022 пошта жәшігі)."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    address = models.ForeignKey(Address, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "petitions_mail_intake"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "address"],
                condition=models.Q(closed_at=None),
                name="petitions_mail_intake_address",
            )
        ]


class Letter(models.Model):
    """A letter that came to such an address, and what became of it (vi: thư phản ánh; kk: келген хат).

    `message` is its handle. Held are letters that a person must look at; like every letter they stay in the mailbox.
    """

    class State(models.TextChoices):
        """What became of a letter."""

        WAITING = "waiting", "not looked at yet"
        TAKEN = "taken", "became a petition"
        ADDED = "added", "was added to a petition"
        AUTOMATIC = "automatic", "a program wrote it"
        HELD = "held", "waits for a person"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    address = models.ForeignKey(Address, models.PROTECT, related_name="+")
    message = models.CharField(max_length=HANDLE)
    at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "petitions_letter"
        constraints = [models.UniqueConstraint(fields=["agency", "message"], name="petitions_letter_message")]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(state="waiting"), name="petitions_letter_waiting")
        ]
