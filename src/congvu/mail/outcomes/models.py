"""The days of mail that were counted."""

from django.db import models

from congvu.base.handles import HandleField
from congvu.directory.models import Agency


class MailDay(models.Model):
    """What became of a day's messages (vi: ngày thư; kk: хат күні), as it was last counted. RFC 6962 for `root`.

    It is counted again every day until nothing is awaited any more; then it is closed, with evidence.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    day = models.DateField()  # in the agency's zone
    submissions = models.IntegerField()
    outcomes = models.IntegerField()
    awaited = models.IntegerField()
    missing = models.IntegerField()
    doubled = models.IntegerField()
    told = models.IntegerField(default=0)  # how many faults the administrators know of
    root = models.CharField(max_length=64)  # hexadecimal
    counted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    entry = models.CharField(max_length=26, blank=True)  # id of the entry in the ledger

    class Meta:
        db_table = "mail_day"
        constraints = [models.UniqueConstraint(fields=["agency", "day"], name="mail_day_once")]
