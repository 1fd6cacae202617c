"""Tables of the rules: what an agency decided, and the projection of its evidence into duties."""

from django.db import models
from django.db.models import Q

from congvu.base.handles import HandleField
from congvu.directory.models import Agency, Person

HANDLE = 26
KEYED = {role: f"rules_{role}" for role in ("fulfil", "cancel", "suspend", "resume", "extend", "compensate")}


class Adoption(models.Model):
    """An agency's decision that a book binds it (vi: áp dụng văn bản; kk: актіні қолдану)."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    book = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    valid_from = models.DateField()
    number = models.CharField(max_length=80, blank=True)  # of the deciding document
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    entry = models.CharField(max_length=HANDLE)

    class Meta:
        db_table = "rules_adoption"
        constraints = [models.UniqueConstraint(fields=["agency", "book"], name="rules_adoption_book")]


class ParameterDecision(models.Model):
    """What an agency decided where a book leaves it open (vi: tham số; kk: параметр). The latest one counts."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    book = models.CharField(max_length=80)
    parameter = models.CharField(max_length=80)
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=20)
    valid_from = models.DateField()
    number = models.CharField(max_length=80, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    entry = models.CharField(max_length=HANDLE)

    class Meta:
        db_table = "rules_parameter_decision"
        constraints = [models.UniqueConstraint(fields=["agency", "entry"], name="rules_parameter_entry")]


class Closure(models.Model):
    """A day that an agency closes, or works although others rest (vi: ngày nghỉ, làm bù; kk: демалыс күні)."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    day = models.DateField()
    is_closed = models.BooleanField(default=True)
    reason = models.CharField(max_length=200)
    number = models.CharField(max_length=80, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    entry = models.CharField(max_length=HANDLE)

    class Meta:
        db_table = "rules_closure"
        constraints = [models.UniqueConstraint(fields=["agency", "entry"], name="rules_closure_entry")]


class Clock(models.Model):
    """When the last tick was recorded, so that one due time rings once (vi: mốc thời gian; kk: уақыт белгісі)."""

    agency = models.OneToOneField(Agency, models.PROTECT, related_name="+")
    ticked_at = models.DateTimeField()

    class Meta:
        db_table = "rules_clock"


class Standing(models.Model):
    """What the judge knows besides duties: instants and the facts as canonical JSON (vi: trạng thái; kk: күй)."""

    agency = models.OneToOneField(Agency, models.PROTECT, related_name="+")
    as_of = models.DateTimeField(null=True)
    revision = models.PositiveBigIntegerField(default=0)
    facts = models.TextField(default="{}")

    class Meta:
        db_table = "rules_standing"


class Obligation(models.Model):
    """One duty out of evidence (vi: nghĩa vụ; kk: міндет). LegalRuleML Obligation. Its status is not stored.

    Bearer, unit, mailbox and subject are handles as the evidence disclosed them, never keys of live tables.
    """

    handle = models.CharField(max_length=HANDLE)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    book = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    norm = models.CharField(max_length=80)
    bearer = models.CharField(max_length=HANDLE)
    person = models.CharField(max_length=HANDLE, blank=True)
    membership = models.CharField(max_length=HANDLE, blank=True)
    unit = models.CharField(max_length=HANDLE, blank=True)
    box = models.CharField(max_length=HANDLE, blank=True)
    trigger = models.CharField(max_length=HANDLE)
    subject = models.CharField(max_length=HANDLE, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    counted_from = models.DateTimeField(null=True)
    computed_at = models.DateTimeField()
    period_to = models.DateTimeField(null=True)
    is_window = models.BooleanField(default=False)
    is_reported = models.BooleanField(default=False)
    parameter = models.CharField(max_length=HANDLE, blank=True)  # entry of the decision used
    fulfil_key = models.CharField(max_length=HANDLE, blank=True)
    cancel_key = models.CharField(max_length=HANDLE, blank=True)
    suspend_key = models.CharField(max_length=HANDLE, blank=True)
    resume_key = models.CharField(max_length=HANDLE, blank=True)
    extend_key = models.CharField(max_length=HANDLE, blank=True)
    compensate_key = models.CharField(max_length=HANDLE, blank=True)
    course = models.TextField(blank=True)  # canonical JSON: [instant, turn, entry], in the order of time
    part = models.PositiveIntegerField(default=0)
    whole = models.PositiveIntegerField(default=0)
    fulfilled_at = models.DateTimeField(null=True)
    fulfilled_by = models.CharField(max_length=HANDLE, blank=True)
    annulled_at = models.DateTimeField(null=True)
    annulled_by = models.CharField(max_length=HANDLE, blank=True)
    excused_at = models.DateTimeField(null=True)
    excused_by = models.CharField(max_length=HANDLE, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=HANDLE, blank=True)
    compensated_at = models.DateTimeField(null=True)
    compensated_by = models.CharField(max_length=HANDLE, blank=True)

    class Meta:
        db_table = "rules_obligation"
        constraints = [models.UniqueConstraint(fields=["agency", "handle"], name="rules_obligation_handle")]
        indexes = [
            *(
                models.Index(fields=["agency", f"{role}_key"], condition=~Q(**{f"{role}_key": ""}), name=name)
                for role, name in KEYED.items()
            ),
            models.Index(fields=["agency", "trigger"], condition=~Q(trigger=""), name="rules_trigger"),
            models.Index(fields=["agency", "subject"], condition=~Q(subject=""), name="rules_subject"),
            models.Index(fields=["agency", "person", "opened_at"], name="rules_person"),
            models.Index(fields=["agency", "unit", "opened_at"], name="rules_unit"),
            models.Index(
                fields=["agency", "due_at"],
                condition=Q(fulfilled_at=None, annulled_at=None),
                name="rules_open_due",
            ),
        ]


class Unmatched(models.Model):
    """Evidence that came before the duty that it fulfils or cancels (vi: chứng cứ chờ; kk: күтудегі дәлел)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    key = models.CharField(max_length=HANDLE)
    entry = models.CharField(max_length=HANDLE)
    at = models.DateTimeField()

    class Meta:
        db_table = "rules_unmatched"
        constraints = [models.UniqueConstraint(fields=["agency", "key", "entry"], name="rules_unmatched_key")]


class Occurrence(models.Model):
    """Something counted that owes nothing (vi: số liệu; kk: есепке алынатын жағдай): a row for each entry and norm."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    book = models.CharField(max_length=80)
    norm = models.CharField(max_length=80)
    entry = models.CharField(max_length=HANDLE)
    at = models.DateTimeField()
    value = models.CharField(max_length=40)

    class Meta:
        db_table = "rules_occurrence"
        constraints = [
            models.UniqueConstraint(fields=["agency", "book", "norm", "entry"], name="rules_occurrence_entry")
        ]


class DraftState(models.TextChoices):
    """Where a draft stands."""

    OPEN = "open", "open"
    SUBMITTED = "submitted", "submitted"
    PUBLISHED = "published", "published"
    WITHDRAWN = "withdrawn", "withdrawn"


class BookDraft(models.Model):
    """A version of a book that is being written (vi: dự thảo; kk: жоба). Only its author changes it.

    The text is the truth; book and version are read from it at each saving. `revision` counts the savings.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    book = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=0)
    base_version = models.PositiveIntegerField(default=0)  # 0: begun from nothing
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=DraftState.choices, default=DraftState.OPEN)
    valid_from = models.DateField(null=True)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "rules_book_draft"
        indexes = [models.Index(fields=["agency", "state", "saved_at"], name="rules_draft_state")]


class DraftStep(models.Model):
    """What somebody did to a draft, with the text as it stood (vi: bước xử lý dự thảo; kk: жоба қадамы)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    draft = models.ForeignKey(BookDraft, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)  # submitted, sent_back, approved, withdrawn
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    reason = models.CharField(max_length=500, blank=True)
    number = models.CharField(max_length=80, blank=True)  # of the deciding document
    entry = models.CharField(max_length=HANDLE)

    class Meta:
        db_table = "rules_draft_step"
        constraints = [models.UniqueConstraint(fields=["agency", "entry"], name="rules_draft_step_entry")]


class ReplayState(models.TextChoices):
    """Where a replay stands."""

    WAITING = "waiting", "waiting"
    RUNNING = "running", "running"
    FINISHED = "finished", "finished"
    CANCELED = "canceled", "canceled"
    INTERRUPTED = "interrupted", "interrupted"
    FAILED = "failed", "failed"


class Replay(models.Model):
    """A draft that was tried on the evidence of an agency (vi: lần chạy lại; kk: қайта жүргізу).

    It holds the draft's text as it was tried, and its title. `assumed` is congvu.rules.assumption.Assumption, empty for
    a book that binds the agency. `figures` are those of congvu.rules.replay.Summary, without people.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    book = models.CharField(max_length=80)
    name = models.CharField(max_length=200)  # of the draft's file
    title = models.JSONField()  # Texts
    text = models.TextField()
    assumed = models.JSONField(default=dict)
    first = models.DateField(null=True)  # legal days, both within the period
    last = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=ReplayState.choices, default=ReplayState.WAITING)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveBigIntegerField(default=0)  # entries
    total = models.PositiveBigIntegerField(default=0)
    problem = models.TextField(blank=True)
    figures = models.JSONField(default=dict)

    class Meta:
        db_table = "rules_replay"
        indexes = [models.Index(fields=["agency", "asked_at"], name="rules_replay_asked")]


class ReplayDifference(models.Model):
    """One duty that the draft would have judged otherwise, both sides in `body` (vi: khác biệt; kk: айырмашылық)."""

    replay = models.ForeignKey(Replay, models.CASCADE, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    position = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8)
    is_worse = models.BooleanField()
    book = models.CharField(max_length=80)
    norm = models.CharField(max_length=80)
    person = models.CharField(max_length=HANDLE, blank=True)
    unit = models.CharField(max_length=HANDLE, blank=True)
    body = models.JSONField()

    class Meta:
        db_table = "rules_replay_difference"
        constraints = [
            models.UniqueConstraint(fields=["agency", "replay", "position"], name="rules_replay_position")
        ]
