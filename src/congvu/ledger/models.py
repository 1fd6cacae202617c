"""The cache of the log in the database: what waits, what is in, who has read how far.

The truth is on disk (tiles, bundles, checkpoint) and in the surviving disclosures; `congvu ledger rebuild`
restores the rest.
"""

from typing import Any

from django.db import models
from django.db.models import BigIntegerField, Func, Q


class CurrentTransaction(Func):
    """The id of the transaction that writes a row, as PostgreSQL counts them; SQLite has no use for one."""

    template = "0"
    output_field = BigIntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return what a column's default is there."""
        return self.as_sql(compiler, connection, template="pg_current_xact_id()::text::bigint", **context)


class Ledger(models.Model):
    """An agency's evidence over all years (vi: sổ chứng cứ; kk: дәлелдер журналы).

    `sealed` holds the gate's reason while nothing may be recorded; empty when all is well.
    """

    agency = models.CharField(max_length=26, unique=True)  # handle
    slug = models.CharField(max_length=40, unique=True)  # no-agency: it stands in public addresses
    host = models.CharField(max_length=253)
    zone = models.CharField(max_length=64)
    demonstration = models.BooleanField(default=False)
    sealed = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "ledger_ledger"


class Log(models.Model):
    """One year of an agency's evidence (vi: nhật ký; kk: журнал). C2SP tlog-tiles log.

    `name` is the year, `2026`; a log that took the place of another within the year is `2026-2`. Names sort in time.
    `size` and `root` are what is durable on disk; `signed_size` is what the last signed checkpoint covers.
    `closing` is the note that closed the log before its year was over; nothing is written on it then.
    """

    agency = models.CharField(max_length=26)
    name = models.CharField(max_length=6)
    origin = models.CharField(max_length=320)
    size = models.BigIntegerField(default=0)
    root = models.CharField(max_length=44, blank=True)  # base64
    signed_size = models.BigIntegerField(default=0)
    checkpoint = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True)
    closing = models.TextField(blank=True)

    class Meta:
        db_table = "ledger_log"
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="ledger_log_name"),
            models.UniqueConstraint(fields=["agency", "origin"], name="ledger_log_origin"),
        ]

    @property
    def year(self) -> int:
        """Return the year."""
        return int(self.name[:4])

    @property
    def number(self) -> int | None:
        """Return its number among the logs of the year; None for the first."""
        return int(self.name[5:]) if self.name[5:] else None


class Outbox(models.Model):
    """An entry that was recorded in its act's transaction and waits for the sequencer (vi: hàng đợi; kk: кезек)."""

    agency = models.CharField(max_length=26)
    entry = models.CharField(max_length=26)  # the entry's id
    leaf = models.BinaryField()
    transaction = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        db_table = "ledger_outbox"
        indexes = [  # empty on SQLite
            models.Index(
                fields=["transaction", "id"], condition=Q(transaction__gt=0), name="ledger_outbox_order"
            )
        ]


class Entry(models.Model):
    """Where an entry stands in the log (vi: bản ghi; kk: жазба); its leaf is in the bundle. RFC 6962 section 2.1."""

    entry = models.CharField(max_length=26, primary_key=True)
    agency = models.CharField(max_length=26)
    log = models.ForeignKey(Log, models.PROTECT, related_name="+", db_index=False)
    index = models.BigIntegerField()

    class Meta:
        db_table = "ledger_entry"


class Disclosure(models.Model):
    """What an entry's digests stand for (vi: phần công bố; kk: ашылатын деректер), sealed under its own key; deletable.

    SD-JWT disclosures (RFC 9901) as a JSON list.
    """

    entry = models.CharField(max_length=26, primary_key=True)
    agency = models.CharField(max_length=26)
    sealed = models.BinaryField()

    class Meta:
        db_table = "ledger_disclosure"


class Fence(models.Model):  # no-agency: one sequencer serves all agencies of an installation
    """Which sequencer is the last one (vi: hàng rào; kk: қоршау): a number that only grows."""

    number = models.BigIntegerField(default=0)

    class Meta:
        db_table = "ledger_fence"


class Position(models.Model):
    """How far a reader has read an agency's logs (vi: vị trí đọc; kk: оқу орны)."""

    agency = models.CharField(max_length=26)
    reader = models.CharField(max_length=60)
    log = models.CharField(max_length=6)  # name
    index = models.BigIntegerField()  # the next index to read

    class Meta:
        db_table = "ledger_position"
        constraints = [models.UniqueConstraint(fields=["agency", "reader"], name="ledger_position_reader")]


class TimeStamp(models.Model):
    """A checkpoint that a time authority has stamped (vi: dấu thời gian; kk: уақыт белгісі). RFC 3161, RFC 4998.

    The stamp is in files beside the log; this is its entry in a list.
    """

    agency = models.CharField(max_length=26)
    log = models.ForeignKey(Log, models.PROTECT, related_name="+", db_index=False)
    size = models.BigIntegerField()  # of the checkpoint
    at = models.DateTimeField()  # as the authority says, of the first stamp
    until = models.DateTimeField(db_index=True)  # the end of the last stamp's certificate
    digest = models.CharField(max_length=6)  # of the last stamp's tree
    stamps = models.IntegerField()  # with renewals

    class Meta:
        db_table = "ledger_time_stamp"
        constraints = [
            models.UniqueConstraint(fields=["agency", "log", "size"], name="ledger_time_stamp_size")
        ]


class Chore(models.Model):
    """What is done again and again for an agency's evidence (vi: việc định kỳ; kk: кезеңдік жұмыс)."""

    agency = models.CharField(max_length=26)
    name = models.CharField(max_length=40)
    tried_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)  # empty when the last try went well

    class Meta:
        db_table = "ledger_chore"
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="ledger_chore_name")]
