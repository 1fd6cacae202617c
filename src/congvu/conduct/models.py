"""What people said and decided about duties, and what they reported."""

from django.db import models

from congvu.base.handles import HandleField
from congvu.directory.models import Agency, Person, Unit

HANDLE = 26


class Cause(models.TextChoices):
    """Why a duty could not be done in time, as a head confirms it."""

    LEAVE = "leave", "on leave"
    MISSION = "mission", "on mission"
    TECHNICAL = "technical", "technical fault"
    WORKLOAD = "workload", "urgent other work"
    OTHER = "other", "other"


class Finding(models.Model):
    """What became of a duty that the rules found late or missed (vi: ghi nhận; kk: анықталған жайт).

    Obligation, bearer and unit are handles as the evidence disclosed them.
    """

    class State(models.TextChoices):
        """How far people have come with it."""

        OPEN = "open", "open"
        REPLIED = "replied", "replied"
        EXCUSED = "excused", "excused"
        CONFIRMED = "confirmed", "confirmed"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    obligation = models.CharField(max_length=HANDLE)
    person = models.CharField(max_length=HANDLE, blank=True)
    unit = models.CharField(max_length=HANDLE, blank=True)
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    cause = models.CharField(max_length=9, choices=Cause.choices, blank=True)

    class Meta:
        db_table = "conduct_finding"
        constraints = [
            models.UniqueConstraint(fields=["agency", "obligation"], name="conduct_finding_obligation")
        ]


class Statement(models.Model):
    """One thing said about a finding (vi: ý kiến, quyết định; kk: пікір, шешім).

    The latest decision counts; all stay.
    """

    class Kind(models.TextChoices):
        """What was said."""

        REPLIED = "replied", "the official's reply"
        EXCUSED = "excused", "excused"
        CONFIRMED = "confirmed", "confirmed"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    text = models.TextField()
    cause = models.CharField(max_length=9, choices=Cause.choices, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entry = models.CharField(max_length=HANDLE)

    class Meta:
        db_table = "conduct_statement"
        indexes = [models.Index(fields=["finding", "at"], name="conduct_statement_finding")]


class Report(models.Model):
    """What only people can notice (vi: phản ánh nội bộ; kk: хабарлама): paper where mail was due, information missed.

    `unit` and `person` are whom it is about; without a person the head of the unit answers.
    """

    class Matter(models.TextChoices):
        """What was noticed."""

        PAPER_USED = "paper_used", "paper was used where mail is obligatory"
        INFORMATION_MISSED = "information_missed", "information was missed because mail was not used"
        PRIVATE_ADDRESS_USED = "private_address_used", "work mail came from a private address"
        MAILBOX_MISUSED = "mailbox_misused", "an official mailbox was used for private or secret matters"

    class State(models.TextChoices):
        """How far people have come with it."""

        MADE = "made", "waits for an answer"
        UPHELD = "upheld", "upheld"
        NOT_UPHELD = "not_upheld", "not upheld"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    matter = models.CharField(max_length=20, choices=Matter.choices)
    communication = models.CharField(max_length=20, blank=True)
    reporter = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    text = models.TextField()
    at = models.DateTimeField()
    entry = models.CharField(max_length=HANDLE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MADE)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)
    answer_entry = models.CharField(max_length=HANDLE, blank=True)

    class Meta:
        db_table = "conduct_report"
        indexes = [models.Index(fields=["agency", "unit", "at"], name="conduct_report_unit")]


class Confirmation(models.Model):
    """A period's counts of one person as somebody confirmed them (vi: xác nhận số liệu; kk: көрсеткіштерді растау).

    The period's end is exclusive. `duties` keeps the handles behind every figure: {figure: [handle, ...]}.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField()
    on_time = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()
    excused = models.PositiveIntegerField()
    duties = models.JSONField(default=dict)
    remark = models.TextField(blank=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()
    entry = models.CharField(max_length=HANDLE)

    class Meta:
        db_table = "conduct_confirmation"
        indexes = [
            models.Index(fields=["agency", "person", "valid_from"], name="conduct_confirmation_person")
        ]
