"""Who was handed what, and what the agency's own mail server said to it."""

from django.db import models

from congvu.base.handles import HandleField
from congvu.directory.models import Agency
from congvu.mail.models import Mailbox, Message


class Handing(models.Model):
    """One recipient of a message handed on to the agency's own mail server (vi: chuyển giao thư; kk: хатты тапсыру).

    Open from before the server is asked until its answer is on disk. RFC 2033.
    """

    class State(models.TextChoices):
        """How far it came."""

        OPEN = "open", "open"  # the server is being asked, or nobody knows what it said
        PARKED = "parked", "parked"  # not taken at present; whoever handed it in asks again
        DELIVERED = "delivered", "delivered"
        FAILED = "failed", "failed"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=320)
    came = models.CharField(max_length=64)  # SHA-256 of the bytes as they were handed in
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    life = models.CharField(max_length=26, blank=True)  # which life of the gate asks the server
    asked_at = models.DateTimeField()
    intended_at = models.DateTimeField()
    session = models.CharField(max_length=120, blank=True)  # how the server's log names the delivery
    reason = models.CharField(max_length=40, blank=True)
    answer = models.TextField(blank=True)  # what the server said

    class Meta:
        db_table = "mail_handing"
        constraints = [
            models.UniqueConstraint(fields=["agency", "came", "recipient"], name="mail_handing_recipient")
        ]
        indexes = [
            models.Index(fields=["came"], name="mail_handing_came"),
            models.Index(fields=["state", "asked_at"], name="mail_handing_state"),
            models.Index(fields=["session"], name="mail_handing_session"),
        ]
