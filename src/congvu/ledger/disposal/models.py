"""Which records are to be destroyed, how far that has come, what stops it, and who still holds what."""

from django.db import models
from django.db.models import Q

from congvu.base.handles import HandleField

HANDLE = 26


class Disposal(models.Model):
    """A destruction of records from its proposal to its proof (vi: đợt tiêu hủy; kk: жою). ISO 15489-1, 9.9.

    Chosen are entries of `kinds` recorded in a period with an exclusive end, or `entries` by their ids. People are
    handles. `blob` is the list of destroyed entries; what goes with them stands in the working paper until it is gone.
    """

    class State(models.TextChoices):
        """How far people and machine have come."""

        PROPOSED = "proposed", "proposed"
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "withdrawn"
        APPROVED = "approved", "approved"
        EXECUTING = "executing", "executing"
        EXECUTED = "executed", "executed"
        VERIFIED = "verified", "verified"

    class Step(models.TextChoices):
        """What is done next while it is executed; each may be done again."""

        NONE = "", "none"
        GATHER = "gather", "gather"
        DESTROY = "destroy", "destroy"
        CATCH_UP = "catch_up", "catch up"
        CLEAN = "clean", "clean"
        ASK = "ask", "ask"

    handle = HandleField()
    agency = models.CharField(max_length=HANDLE)
    kinds = models.JSONField(default=list)
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    entries = models.JSONField(default=list)
    basis = models.CharField(max_length=300)
    reason = models.TextField()
    proposed_by = models.CharField(max_length=HANDLE)
    proposed_at = models.DateTimeField()
    chosen = models.BigIntegerField(null=True)  # entries, once they are counted
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    decided_by = models.CharField(max_length=HANDLE, blank=True)
    decided_at = models.DateTimeField(null=True)
    refusal = models.TextField(blank=True)
    begun_by = models.CharField(max_length=HANDLE, blank=True)
    begun_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=8, choices=Step.choices, blank=True)
    is_held = models.BooleanField(default=False)  # a hold stopped it on the way
    done = models.BigIntegerField(default=0)  # of the working paper's names
    total = models.BigIntegerField(default=0)
    mark = models.BigIntegerField(
        default=0
    )  # what was recorded up to this row of the outbox is still to be read
    read_log = models.CharField(max_length=6, blank=True)  # the log has been read up to here
    read_index = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)  # {kind: destroyed entries}
    subjects = models.BigIntegerField(default=0)
    blobs = models.BigIntegerField(default=0)
    blob = models.CharField(max_length=HANDLE, blank=True)
    executed_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when holders answered last
    copies_until = models.DateField(null=True)  # as a person said; exclusive
    copies_text = models.TextField(blank=True)
    copies_by = models.CharField(max_length=HANDLE, blank=True)
    verified_by = models.CharField(max_length=HANDLE, blank=True)
    verified_at = models.DateTimeField(null=True)
    evidence = models.JSONField(default=dict)  # {what was recorded: id of its entry}

    class Meta:
        db_table = "ledger_disposal"
        indexes = [
            models.Index(fields=["agency", "proposed_at"], name="ledger_disposal_proposed"),
            models.Index(
                fields=["agency"],
                condition=Q(state="executing") | Q(chosen=None),
                name="ledger_disposal_work",
            ),
        ]


class Objection(models.Model):
    """Why an official asks that records be kept (vi: ý kiến đề nghị giữ lại; kk: жоюға қарсылық); one of each."""

    agency = models.CharField(max_length=HANDLE)
    disposal = models.ForeignKey(Disposal, models.CASCADE, related_name="+")
    person = models.CharField(max_length=HANDLE)
    text = models.TextField()
    at = models.DateTimeField()
    entry = models.CharField(max_length=HANDLE)  # of the log, which says that it was made

    class Meta:
        db_table = "ledger_objection"
        constraints = [
            models.UniqueConstraint(fields=["agency", "disposal", "person"], name="ledger_objection_once")
        ]


class Hold(models.Model):
    """What may not be destroyed for now (vi: lệnh giữ; kk: жоюға тыйым): all, kinds, a period."""

    handle = HandleField()
    agency = models.CharField(max_length=HANDLE)
    kinds = models.JSONField(default=list)  # empty: every kind
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    basis = models.CharField(max_length=300)
    placed_by = models.CharField(max_length=HANDLE)
    placed_at = models.DateTimeField()
    reason = models.TextField(blank=True)  # why it was lifted
    lifted_by = models.CharField(max_length=HANDLE, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_hold"
        indexes = [models.Index(fields=["agency", "lifted_at"], name="ledger_hold_standing")]


class HolderAnswer(models.Model):
    """What a holder of copies last found of destroyed records (vi: trả lời của nơi giữ; kk: сақтаушы жауабы)."""

    agency = models.CharField(max_length=HANDLE)
    disposal = models.ForeignKey(Disposal, models.CASCADE, related_name="+")
    holder = models.CharField(max_length=40)
    traces = models.BigIntegerField()
    places = models.JSONField(default=list)  # where, as far as the holder can tell

    class Meta:
        db_table = "ledger_holder_answer"
        constraints = [
            models.UniqueConstraint(fields=["agency", "disposal", "holder"], name="ledger_holder_answer_once")
        ]
