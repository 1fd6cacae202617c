"""What other sides said of messages, and which of their receipts are still awaited."""

from django.db import models

from congvu.base.handles import HandleField
from congvu.directory.models import Agency


class Statement(models.Model):
    """What another side said of a message (vi: thông báo của bên kia; kk: екінші тараптың мәлімдемесі). RFC 6109.

    A hint and no more, until the signature of the message that carried it was found valid; then `entry` is evidence.
    """

    class Scheme(models.TextChoices):
        """In which form it was said."""

        PEC = "pec", "certified mail of Italy"
        ETSI = "etsi", "registered delivery service"
        MDN = "mdn", "notification of a mail program"
        DSN = "dsn", "delivery report of a server"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    message = models.ForeignKey("mail.Message", models.PROTECT, related_name="+")  # of which it speaks
    carrier = models.ForeignKey("mail.Message", models.PROTECT, related_name="+")  # in which it came
    scheme = models.CharField(max_length=4, choices=Scheme.choices)
    word = models.CharField(max_length=40)  # the scheme's own name for what happened
    event = models.CharField(max_length=40, blank=True)  # ETSI's name
    recipient = models.CharField(max_length=320, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    identifier = models.CharField(max_length=200, blank=True)
    stated_at = models.DateTimeField(null=True)  # the instant that the other side names
    is_covered = models.BooleanField(default=False)  # a signature of the carrier would cover it
    entry = models.CharField(max_length=26, blank=True)  # id of the entry in the ledger

    class Meta:
        db_table = "mail_statement"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "carrier", "message", "word", "recipient"], name="mail_statement_once"
            )
        ]
        indexes = [models.Index(fields=["agency", "message"], name="mail_statement_message")]


SIGNED = (Statement.Scheme.PEC, Statement.Scheme.ETSI)  # what may be evidence, once its signature is valid


class AwaitedReceipt(models.Model):
    """A certified provider's receipt that is to come (vi: biên nhận đang chờ; kk: күтілетін түбіртек). RFC 6109.

    `due_at` is the next time-out, None when nothing is awaited any more.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    message = models.ForeignKey("mail.Message", models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=320)
    since_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mail_awaited_receipt"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "message", "recipient"], name="mail_awaited_receipt_once"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="mail_awaited_due")
        ]
