"""Which mailboxes elsewhere are looked into, and how far."""

from django.db import models

from congvu.base.handles import HandleField
from congvu.directory.models import Address, Agency


class PolledMailbox(models.Model):
    """A folder on another server (vi: hộp thư kiểm tra từ xa; kk: қашықтан қаралатын жәшік). RFC 3501, 2.3.1.1.

    What lies there counts as come to `address`. `validity` and `last_uid` say up to where it was looked into.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    address = models.ForeignKey(Address, models.PROTECT, related_name="+")
    host = models.CharField(max_length=253)
    port = models.IntegerField()
    starttls = models.BooleanField(default=False)  # else TLS from the first octet
    authority = models.TextField(blank=True)  # certificates that vouch for the server; "" the system's
    user = models.CharField(max_length=320)
    blob = models.CharField(max_length=26)  # the password
    folder = models.CharField(max_length=255)
    validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    began_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    failures = models.IntegerField(default=0)  # in a row
    trouble = models.CharField(max_length=12, blank=True)  # a word of mail.polling.troubles
    skipped = models.IntegerField(default=0)  # messages that were too large or not there any more

    class Meta:
        db_table = "mail_polled_mailbox"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "address", "host", "user", "folder"], name="mail_polled_mailbox_once"
            )
        ]
        indexes = [models.Index(fields=["next_at"], name="mail_polled_due")]
