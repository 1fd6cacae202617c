"""What went wrong with the evidence, and how full its disks were."""

from django.db import models
from django.db.models import Q

from congvu.base.handles import HandleField
from congvu.directory.models import Agency, Person


class Incident(models.Model):
    """Something that an operator must look at (vi: sự cố; kk: оқиға), from when it was seen until it was over.

    It stays in the list until a person has acknowledged it, also when it is over.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    sort = models.CharField(max_length=24)  # a word of watching.findings
    about = models.CharField(max_length=340, blank=True)  # which log, witness, chore or disk
    fact = models.CharField(max_length=300, blank=True)  # what was seen first
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # the last letter that says that it is there
    end_told_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    note = models.CharField(max_length=1_000, blank=True)

    class Meta:
        db_table = "desk_incident"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "sort", "about"], condition=Q(ended_at=None), name="desk_incident_open"
            )
        ]
        indexes = [models.Index(fields=["agency", "-opened_at"], name="desk_incident_newest")]


class DiskDay(models.Model):  # no-agency: an installation has one set of disks
    """How much of a disk was used on a day (vi: dung lượng trong ngày; kk: тәуліктік көлем), as it was first seen."""

    place = models.CharField(max_length=10)  # data, copy, keys
    day = models.DateField()
    used = models.BigIntegerField()  # octets

    class Meta:
        db_table = "desk_disk_day"
        constraints = [  # no-agency: as the table
            models.UniqueConstraint(fields=["place", "day"], name="desk_disk_day_one")
        ]
