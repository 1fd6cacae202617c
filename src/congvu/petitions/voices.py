"""Whose voices were counted with a petition, as digests under its own key."""

from django.db import models

from congvu.directory.models import Agency
from congvu.petitions.models import DIGEST, Petition


class Voice(models.Model):
    """A mark that somebody said "me too" (vi: lượt đồng tình; kk: қосылған дауыс). HMAC-SHA256 (RFC 2104).

    It is made of an address for mail, a telephone number or a browser's random word, under the petition's record key,
    and dies with that.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=DIGEST)

    class Meta:
        db_table = "petitions_voice"
        constraints = [
            models.UniqueConstraint(fields=["agency", "petition", "digest"], name="petitions_voice_digest")
        ]
