"""Which heads of our logs were cosigned by whom, and how far each witness has come."""

from django.db import models

from congvu.ledger.models import Log


class WitnessedHead(models.Model):
    """A signed head for which witnesses are asked (vi: điểm kiểm chứng có chứng kiến; kk: куәландырылған нүкте).

    `is_enough` once the policy in force was met. Only the newest that was enough, and the one after it, are kept.
    """

    agency = models.CharField(max_length=26)
    log = models.ForeignKey(Log, models.CASCADE, related_name="+")
    size = models.BigIntegerField()
    note = models.TextField()  # as the log signed it
    opened_at = models.DateTimeField()
    is_enough = models.BooleanField(default=False)

    class Meta:
        db_table = "ledger_witnessed_head"
        constraints = [
            models.UniqueConstraint(fields=["agency", "log", "size"], name="ledger_witnessed_head_size")
        ]


class HeadCosignature(models.Model):
    """What one witness said of one head (vi: chữ ký chứng kiến; kk: куәгер қолтаңбасы). C2SP tlog-cosignature."""

    agency = models.CharField(max_length=26)
    head = models.ForeignKey(WitnessedHead, models.CASCADE, related_name="+")
    witness = models.CharField(max_length=270)  # its name, plus, the id of its key
    line = models.TextField()
    said_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_head_cosignature"
        constraints = [
            models.UniqueConstraint(fields=["agency", "head", "witness"], name="ledger_head_cosignature_one")
        ]


class WitnessState(models.Model):
    """How far one witness has come with one of our logs (vi: tiến độ chứng kiến; kk: куәландыру барысы).

    `claimed` is the size that it said to know when it was not the one that we remember; nobody signed that.
    """

    agency = models.CharField(max_length=26)
    log = models.ForeignKey(Log, models.CASCADE, related_name="+")
    witness = models.CharField(max_length=270)  # its name, plus, the id of its key
    size = models.BigIntegerField(default=0)  # of the last head that it cosigned
    cosigned_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)  # in a row
    next_at = models.DateTimeField(null=True)  # not before, after failures
    error = models.CharField(max_length=40, blank=True)  # a word of witnesses.calling
    claimed = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_witness_state"
        constraints = [
            models.UniqueConstraint(fields=["agency", "log", "witness"], name="ledger_witness_state_one")
        ]
