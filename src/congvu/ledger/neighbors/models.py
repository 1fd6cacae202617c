"""What this installation remembers as a witness; a witness that forgets can be made to sign two histories."""

from django.db import models


class Neighbor(models.Model):  # no-agency: one witness serves all agencies of an installation
    """A log of another agency that is witnessed here (vi: nhật ký láng giềng; kk: көрші журнал)."""

    origin = models.CharField(max_length=320, unique=True)  # no-agency: as the table
    key = models.CharField(max_length=400)  # vkey
    url = models.CharField(max_length=400, blank=True)  # where its tiles are, for comparing heads
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)  # witnessed no longer; what was cosigned is not forgotten
    distrusted_at = models.DateTimeField(null=True)  # since two histories of it were proven
    closing = models.TextField(blank=True)  # the note by which its agency closed it: cosigned no more

    class Meta:
        db_table = "ledger_neighbor"


class NeighborHead(models.Model):  # no-agency: as Neighbor
    """A head of a neighbor that was cosigned here (vi: điểm kiểm chứng láng giềng; kk: көршінің бақылау нүктесі).

    The largest is what the next one must grow from; some older ones are kept to be compared with others'.
    """

    neighbor = models.ForeignKey(Neighbor, models.CASCADE, related_name="+")
    size = models.BigIntegerField()
    root = models.CharField(max_length=44)  # base64
    note = models.TextField()  # with the log's signature
    cosigned_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_neighbor_head"
        constraints = [  # no-agency: as the table
            models.UniqueConstraint(fields=["neighbor", "size"], name="ledger_neighbor_head_size")
        ]
