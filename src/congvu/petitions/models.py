"""What is asked, by which service, and everything that was done about it.

What everyone may read stands in `Petition`; who asked stands apart, sealed under a key of its own.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from congvu.base.handles import HandleField
from congvu.directory.models import Agency, Person, Unit
from congvu.petitions.words import Channel, Datatype, Sort, State, Urgency

HANDLE = 26
DIGEST = 64  # hexadecimal SHA-256
NUMBER = 16


class Service(models.Model):
    """What a citizen may ask for (vi: lĩnh vực phản ánh; kk: қызмет түрі). Open311 service.

    `unit` answers unless a route says otherwise. A confidential service never shows in the public register.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)  # Open311 service_code
    name = models.JSONField()  # {language: text}
    description = models.JSONField(default=dict)
    group = models.JSONField(default=dict)
    keywords = models.JSONField(default=list)
    sort = models.CharField(max_length=20, choices=Sort.choices, default=Sort.REPORT)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.ORDINARY)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    needs_place = models.BooleanField(default=False)
    forwards_at_once = models.BooleanField(default=True)  # to the unit, without waiting for who takes in
    allows_anonymous = models.BooleanField(default=True)
    is_confidential = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)  # it or what it asks; empty since the agency was founded

    class Meta:
        db_table = "petitions_service"
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="petitions_service_code")]


class ServiceAttribute(models.Model):
    """One more question that a service asks (vi: thông tin bổ sung; kk: қосымша сұрақ). Open311 attribute.

    `values` are [{"key": …, "name": {language: text}}, …] of a list. Not a `variable` one is only read.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    datatype = models.CharField(max_length=20, choices=Datatype.choices, default=Datatype.STRING)
    required = models.BooleanField(default=False)
    variable = models.BooleanField(default=True)
    description = models.JSONField()
    help = models.JSONField(default=dict)
    values = models.JSONField(default=list)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "petitions_service_attribute"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "service", "code"], name="petitions_service_attribute_code"
            )
        ]


class Area(models.Model):
    """A part of the agency's territory (vi: địa bàn; kk: аумақ). RFC 7946 polygon rings, [longitude, latitude]."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.JSONField()
    rings = models.JSONField(default=list)
    is_territory = models.BooleanField(default=False)  # all of it: what lies outside is not the agency's
    west = models.FloatField(editable=False)  # the bounds of its rings, by which it is found
    east = models.FloatField(editable=False)
    south = models.FloatField(editable=False)
    north = models.FloatField(editable=False)

    class Meta:
        db_table = "petitions_area"
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="petitions_area_code")]

    def save(self, *args: Any, **options: Any) -> None:
        """Save the area with the bounds of its rings."""
        across, up = zip(*(point for ring in self.rings for point in ring), strict=True)
        self.west, self.east, self.south, self.north = min(across), max(across), min(up), max(up)
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "west", "east", "south", "north"}
        super().save(*args, **options)


class Route(models.Model):
    """Which unit answers in an area (vi: phân tuyến; kk: бағыттау); of one service, or of all."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", null=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        db_table = "petitions_route"
        constraints = [
            models.UniqueConstraint(fields=["agency", "service", "area"], name="petitions_route_service"),
            models.UniqueConstraint(
                fields=["agency", "area"], condition=Q(service=None), name="petitions_route_area"
            ),
        ]


class ApiKey(models.Model):
    """What an Open311 client writes with (vi: khóa API; kk: API кілті). `digest`: SHA-256 of 130 random bits."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=DIGEST)
    created_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    counted_minute = models.BigIntegerField(default=0)  # since 1970
    counted = models.PositiveIntegerField(default=0)  # what came with it in that minute, to any process
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "petitions_api_key"
        constraints = [models.UniqueConstraint(fields=["agency", "digest"], name="petitions_api_key_digest")]


class Petition(models.Model):
    """What a citizen asked (vi: phản ánh, kiến nghị; kk: өтініш). Open311 service request.

    `number` is what people name it by; who knows the secret whose SHA-256 is `key_digest` may act as the citizen.
    Everyone may read `public_content` and `public_place` once an official released them, never `content` or `place`.
    `competence` is own, other or unclear; `complexity`, `about` and `instance` are as the law asks them.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    number = models.CharField(max_length=NUMBER)
    key_digest = models.CharField(max_length=DIGEST)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    sort = models.CharField(max_length=20, choices=Sort.choices)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    competence = models.CharField(max_length=8, default="own")
    complexity = models.CharField(max_length=18, default="plain")
    about = models.CharField(max_length=14, default="administration")
    instance = models.CharField(max_length=6, default="first")
    is_remote = models.BooleanField(default=False)
    is_anonymous = models.BooleanField(default=False)
    is_threat = models.BooleanField(default=False)
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200, blank=True)
    content = models.TextField()
    folded = models.TextField(blank=True)  # subject, place and content as they are searched for
    public_content = models.TextField(blank=True)
    public_place = models.CharField(max_length=300, blank=True)
    shows_point = models.BooleanField(default=False)  # everyone may see it on the map
    is_public = models.BooleanField(default=False)  # the register names it: service, place, state
    answers = models.JSONField(default=dict)  # {attribute code: value or [values]}
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    place = models.CharField(max_length=300, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    assignee = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    received_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    wrote_at = models.DateTimeField(null=True)  # since when words of the citizen wait for an official's act
    due_at = models.DateTimeField(null=True)  # of what is owed next
    promised_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)  # the first answer with a result
    closed_at = models.DateTimeField(null=True)
    was_disputed = models.BooleanField(default=False)
    disputed_ends = models.CharField(max_length=40, blank=True)  # End words, a space between them
    is_late = models.BooleanField(null=True)  # the first answer came after its due time; None without either
    merged_into = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    endorsements = models.PositiveIntegerField(default=0)
    score = models.PositiveSmallIntegerField(null=True)  # 1 to 5, the citizen's last
    message = models.CharField(max_length=HANDLE, blank=True)  # of the mail by which it came
    api_key = models.ForeignKey(ApiKey, models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "petitions_petition"
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="petitions_petition_number"),
            models.UniqueConstraint(
                fields=["agency", "message"], condition=~Q(message=""), name="petitions_petition_message"
            ),
        ]
        indexes = [
            models.Index(  # all that the queue asks of a petition before it is shown
                fields=["agency", "state", "due_at", "unit", "assignee", "service", "sort"],
                name="petitions_petition_due",
            ),
            models.Index(
                fields=["agency", "received_at"],
                condition=Q(is_public=True),
                name="petitions_petition_public",
            ),
            models.Index(fields=["agency", "service", "received_at"], name="petitions_petition_service"),
            models.Index(fields=["agency", "unit", "received_at"], name="petitions_petition_unit"),
            models.Index(fields=["agency", "area", "received_at"], name="petitions_petition_area"),
            models.Index(fields=["agency", "state", "received_at"], name="petitions_petition_state"),
            models.Index(
                fields=["agency", "received_at"], condition=Q(is_late=True), name="petitions_petition_late"
            ),
            models.Index(
                fields=["agency", "received_at"],
                condition=Q(was_disputed=True),
                name="petitions_petition_disputed",
            ),
            models.Index(fields=["agency", "updated_at"], name="petitions_petition_updated"),
            models.Index(
                fields=["agency", "wrote_at"],
                condition=Q(wrote_at__isnull=False),
                name="petitions_petition_wrote",
            ),
            models.Index(fields=["agency", "latitude", "longitude"], name="petitions_petition_place"),
        ]


class Reporter(models.Model):
    """Who asked, apart and sealed (vi: người phản ánh; kk: өтініш беруші): JSON under a record key of its own.

    Its members are name, phone, email, address, each of which may be empty, and the citizen's `secret`, for letters.
    The record key is in `base.keys`, by `handle`.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    class Meta:
        db_table = "petitions_reporter"
        constraints = [
            models.UniqueConstraint(fields=["agency", "petition"], name="petitions_reporter_petition")
        ]


class Term(models.Model):
    """What a norm asks about a petition, and until when (vi: thời hạn giải quyết; kk: қарау мерзімі).

    It is the forecast after the last step, seen at once; the judgment stays the rules'. `due_at` is empty while the
    agency has not decided the norm's time, or while time stands still. `kind` is the kind of event that fulfils it.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+")
    book = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    norm = models.CharField(max_length=80)
    title = models.JSONField()  # {language: text}
    cite = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # done, or no longer asked
    is_late = models.BooleanField(default=False)  # done, and late

    class Meta:
        db_table = "petitions_term"
        indexes = [models.Index(fields=["petition"], name="petitions_term_petition")]


class Step(models.Model):
    """One thing that was done about a petition (vi: bước xử lý; kk: қадам).

    `kind` is the last two words of its evidence. What is public the citizen and everyone may read.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True
    )  # empty: the citizen, or the program
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)  # coarse words: outcome, promised_on, agency, ground, …
    is_public = models.BooleanField(default=False)
    tells = models.BooleanField(default=False)  # a letter to the citizen is due
    told_at = models.DateTimeField(null=True)
    is_withheld = models.BooleanField(
        default=False
    )  # the letter was not sent: its words carry a mark of secrecy
    message = models.CharField(
        max_length=HANDLE, blank=True
    )  # the letter that told of it, or by which it came
    entry = models.CharField(max_length=HANDLE)
    repeats = models.ForeignKey(  # the answer to the petition that this one went on in
        "self", models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        db_table = "petitions_step"
        indexes = [
            models.Index(fields=["petition", "at"], name="petitions_step_petition"),
            models.Index(fields=["agency", "at"], name="petitions_step_at"),
            models.Index(fields=["at"], condition=Q(tells=True, told_at=None), name="petitions_step_to_tell"),
            models.Index(
                fields=["repeats"], condition=Q(repeats__isnull=False), name="petitions_step_repeats"
            ),
        ]


class Attachment(models.Model):
    """A picture or file of a petition or of an answer (vi: tệp đính kèm; kk: тіркелген файл).

    `blob` holds it without metadata; `public_blob` what an official released, faces and plates painted over.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+")
    step = models.ForeignKey(Step, models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()  # octets
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    blob = models.CharField(max_length=HANDLE)
    public_blob = models.CharField(max_length=HANDLE, blank=True)

    class Meta:
        db_table = "petitions_attachment"


class Rating(models.Model):
    """What the citizen says of an answer (vi: đánh giá; kk: баға): 1 to 5."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    entry = models.CharField(max_length=HANDLE)

    class Meta:
        db_table = "petitions_rating"
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=1) & Q(score__lte=5), name="petitions_rating_score")
        ]


class Link(models.Model):
    """Two petitions about one incident (vi: việc liên quan; kk: байланысты өтініш)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+")
    other = models.ForeignKey(Petition, models.PROTECT, related_name="+")

    class Meta:
        db_table = "petitions_link"
        constraints = [
            models.UniqueConstraint(fields=["agency", "petition", "other"], name="petitions_link_pair")
        ]


class AnswerTemplate(models.Model):
    """Words to begin an answer with (vi: mẫu trả lời; kk: жауап үлгісі), in the agency's languages."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=80)
    texts = models.JSONField()

    class Meta:
        db_table = "petitions_answer_template"
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="petitions_answer_template_name")
        ]


class SavedFilter(models.Model):
    """An official's own view of the queue (vi: bộ lọc đã lưu; kk: сақталған сүзгі)."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000)

    class Meta:
        db_table = "petitions_saved_filter"
        constraints = [
            models.UniqueConstraint(fields=["agency", "person", "name"], name="petitions_saved_filter_name")
        ]


class Token(models.Model):
    """What an Open311 client holds until it asks for the number (vi: mã chờ; kk: күту коды)."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "petitions_token"


class Counter(models.Model):
    """The last number given in a year (vi: bộ đếm số; kk: санауыш)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        db_table = "petitions_counter"
        constraints = [models.UniqueConstraint(fields=["agency", "year"], name="petitions_counter_year")]


class Visits(models.Model):
    """How often a public page was opened on a day (vi: lượt truy cập; kk: кіру саны): nothing of who opened it."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    day = models.DateField()
    page = models.CharField(max_length=40)
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "petitions_visits"
        constraints = [models.UniqueConstraint(fields=["agency", "day", "page"], name="petitions_visits_day")]


class UnsentPetition(models.Model):
    """What a citizen has written and not sent (vi: phản ánh chưa gửi; kk: жіберілмеген өтініш): gone soon after.

    `blob` holds the answers. Once sent it only says what became of it, so that pressing twice sends once.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    blob = models.CharField(max_length=HANDLE, blank=True)
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+", null=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "petitions_unsent_petition"
        indexes = [models.Index(fields=["expires_at"], name="petitions_unsent_end")]


class UnsentFile(models.Model):
    """A file of what was not sent yet, without its metadata (vi: tệp chưa gửi; kk: жіберілмеген файл)."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    unsent = models.ForeignKey(UnsentPetition, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()  # octets
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    blob = models.CharField(max_length=HANDLE)

    class Meta:
        db_table = "petitions_unsent_file"


class SpentChallenge(models.Model):
    """A proof that came with a form and is not taken again (vi: bằng chứng đã dùng; kk: пайдаланылған дәлел)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=DIGEST)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "petitions_spent_challenge"
        constraints = [
            models.UniqueConstraint(fields=["agency", "digest"], name="petitions_spent_challenge_digest")
        ]
        indexes = [models.Index(fields=["agency", "expires_at"], name="petitions_spent_challenge_end")]
