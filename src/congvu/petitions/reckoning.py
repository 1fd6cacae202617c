"""That the rules changed, and how far the time limits of open petitions have been reckoned anew since."""

from django.db import models

from congvu.directory.models import Agency


class Reckoning(models.Model):
    """A reckoning of time limits that is not over (vi: tính lại thời hạn; kk: мерзімді қайта есептеу).

    `log` and `index` name the entry by which the rules changed last, `reckoned` the key of the last petition done.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    log = models.CharField(max_length=6)
    index = models.BigIntegerField()
    reckoned = models.BigIntegerField(default=0)

    class Meta:
        db_table = "petitions_reckoning"
        constraints = [models.UniqueConstraint(fields=["agency"], name="petitions_reckoning_agency")]
