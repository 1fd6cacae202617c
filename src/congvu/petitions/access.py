"""Who besides the head and the assignee may read a confidential petition."""

from django.db import models

from congvu.base.handles import HandleField
from congvu.directory.models import Agency, Person, Unit
from congvu.petitions.models import Petition


class Access(models.Model):
    """A permission to read a confidential petition, given by its unit's head (vi: quyền xem; kk: көру құқығы).

    It ends when the petition goes to another unit.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        db_table = "petitions_access"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "petition", "unit", "person"], name="petitions_access_person"
            )
        ]
