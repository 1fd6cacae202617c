"""What the desk keeps of its own."""

from django.db import models

from congvu.base.handles import HandleField
from congvu.directory.models import Agency, Person


class LateNotice(models.Model):
    """That a person was told of late duties (vi: thư nhắc; kk: ескерту хаты): once a day, up to `until`."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField()
    until = models.DateTimeField()  # what fell due by then was told
    message = models.CharField(max_length=26)  # handle of the letter

    class Meta:
        db_table = "desk_late_notice"
        constraints = [
            models.UniqueConstraint(fields=["agency", "person", "day"], name="desk_late_notice_day")
        ]
