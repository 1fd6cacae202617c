"""Proofs that a log misbehaved, and heads of which it could not be shown yet that they are of one history."""

from django.db import models


class LogConflict(models.Model):  # no-agency: it concerns logs of others, and is seen by a whole installation
    """Two heads of one log that conflict, proven (vi: mâu thuẫn nhật ký; kk: журнал қайшылығы)."""

    handle = models.CharField(max_length=26, unique=True)  # no-agency: as the table
    origin = models.CharField(max_length=320)
    sort = models.CharField(max_length=12)  # same_size, other_prefix
    proof = models.BinaryField()  # the portable file
    digest = models.CharField(max_length=64, unique=True)  # no-agency: as the table; SHA-256 of the proof
    told_by = models.CharField(max_length=260)  # the witness that had the other head
    found_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_log_conflict"


class OpenQuestion(models.Model):  # no-agency: as LogConflict
    """A head seen elsewhere that could not be compared yet (vi: điểm chưa đối chiếu; kk: салыстырылмаған нүкте)."""

    origin = models.CharField(max_length=320)
    size = models.BigIntegerField()
    note = models.TextField()
    told_by = models.CharField(max_length=260)
    asked_at = models.DateTimeField()
    tried_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_open_question"
        constraints = [  # no-agency: as the table
            models.UniqueConstraint(fields=["origin", "size", "told_by"], name="ledger_open_question_one")
        ]
