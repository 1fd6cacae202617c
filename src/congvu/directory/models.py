"""Who there is: agencies, their units and posts, people, who holds what, and official addresses."""

from datetime import date, timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from congvu.base.handles import HandleField
from congvu.directory.account_names import AccountManager


class Function(models.TextChoices):
    """What a post is charged with, beside its title; rights follow these."""

    HEAD = "head", "head of unit"
    DEPUTY = "deputy", "deputy"
    CLERK = "clerk", "registry clerk"
    ADMINISTRATOR = "administrator", "administrator"
    MAIL_ADMINISTRATOR = "mail_administrator", "mail administrator"
    LEGAL_OFFICER = "legal_officer", "legal officer"
    ETHICS_OFFICER = "ethics_officer", "ethics officer"
    AUDITOR = "auditor", "auditor"
    CITIZEN_RECEPTION = "citizen_reception", "reception of citizens"


OFFICE = frozenset(  # what passes to whoever acts
    {Function.HEAD, Function.DEPUTY, Function.CLERK, Function.CITIZEN_RECEPTION}
)


class Rank(models.TextChoices):
    """The height of a post, as far as any rule asks for it (Decision 652/QD-BTTTT of 2016)."""

    STAFF = "staff", "official"
    DIVISION_HEAD = "division_head", "head of division"
    DEPARTMENT_HEAD = "department_head", "head of department"
    AGENCY_LEADER = "agency_leader", "leader of the agency"


class Agency(models.Model):
    """A public body that answers for its acts (vi: cơ quan; kk: мемлекеттік орган).

    W3C ORG FormalOrganization.
    """

    handle = HandleField()
    slug = models.SlugField(max_length=40, unique=True)
    name = models.JSONField()  # {language: text}
    domain = models.CharField(max_length=253)
    zone = models.CharField(max_length=64, default="Asia/Ho_Chi_Minh")
    calendar = models.CharField(max_length=20, default="vn")
    language = models.CharField(max_length=8, default="vi")
    demonstration = models.BooleanField(default=False)
    founded_at = models.DateTimeField()

    class Meta:
        db_table = "directory_agency"
        constraints = [models.UniqueConstraint(Lower("domain"), name="directory_agency_domain")]


class Unit(models.Model):
    """A part of an agency, of any depth (vi: đơn vị; kk: бөлімше). W3C ORG OrganizationalUnit."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    name = models.JSONField()
    code = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "directory_unit"
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="directory_unit_code")]


class Post(models.Model):
    """A seat in a unit, whoever sits on it (vi: vị trí công tác; kk: лауазым). W3C ORG Post."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.JSONField()
    code = models.CharField(max_length=40)
    rank = models.CharField(max_length=20, choices=Rank.choices, default=Rank.STAFF)
    functions = models.JSONField(default=list)  # [Function, ...]

    class Meta:
        db_table = "directory_post"
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="directory_post_code")]


class Person(models.Model):  # no-agency: one person may serve several
    """A human being, in one agency or several (vi: cá nhân; kk: тұлға). W3C ORG, FOAF Person."""

    handle = HandleField()
    full_name = models.CharField(max_length=200)
    folded = models.CharField(max_length=400)  # the name as it is searched: base.fold
    sorted_as = models.TextField()  # the name as it stands in lists: base.collation

    class Meta:
        db_table = "directory_person"


class Account(AbstractBaseUser):  # no-agency: one sign-in, whatever agencies its person serves
    """What a person signs in with (vi: tài khoản; kk: тіркелгі); it gives no right by itself."""

    handle = HandleField()
    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    username = models.CharField(max_length=254, unique=True)
    language = models.CharField(max_length=8, blank=True)
    uses_shortcuts = models.BooleanField(default=True)  # single keys in the mailbox (WCAG 2.1.4)
    is_told_of_late_duties = models.BooleanField(default=True)  # by a letter on working days
    is_active = models.BooleanField(default=True)
    password_is_initial = models.BooleanField(default=False)  # given by somebody else, for one sign-in

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        db_table = "directory_account"


class Membership(models.Model):
    """A person's holding of a post for a time (vi: bổ nhiệm; kk: тағайындау). W3C ORG Membership.

    `valid_to` is the first day without the post.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "directory_membership"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "person", "post"],
                condition=Q(valid_to=None),
                name="directory_membership_open",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="directory_membership_period",
            ),
        ]


class Leave(models.Model):
    """A person's days away from every post of an agency (vi: nghỉ phép; kk: демалыс).

    Why is never asked. `valid_to` is the first day back, the same as `valid_from` when it was withdrawn whole.
    `acting` answers for the person's office meanwhile (vi: người được giao xử lý thay; kk: міндетін атқарушы).
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    acting = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    valid_from = models.DateField()
    valid_to = models.DateField()
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # when an earlier end was last decided

    class Meta:
        db_table = "directory_leave"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=models.F("valid_from")), name="directory_leave_period"
            ),
            models.CheckConstraint(
                condition=Q(acting=None) | ~Q(acting=models.F("person")), name="directory_leave_acting"
            ),
        ]

    @property
    def last_day(self) -> date:
        """Return the last day away."""
        return self.valid_to - timedelta(days=1)


class Address(models.Model):
    """An official address (vi: địa chỉ thư điện tử công vụ; kk: қызметтік пошта мекенжайы). RFC 5321 mailbox.

    kind personal: `person` and `membership` hold it; unit or agency: `unit` (its clerk answers).
    After its holder left (`left_on`) mail goes to the hand-over box until `withdrawn_at`. The box of one that takes
    petitions in (`receives_citizens`) is opened by whoever receives citizens alone, also after it took the last.
    """

    class Kind(models.TextChoices):
        """Whose an address is."""

        PERSONAL = "personal", "personal"
        UNIT = "unit", "unit"
        AGENCY = "agency", "agency"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    local_part = models.CharField(max_length=64)  # lowercase
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSONAL)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    given_at = models.DateTimeField()
    left_on = models.DateField(null=True)
    withdraw_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    receives_citizens = models.BooleanField(default=False)

    class Meta:
        db_table = "directory_address"
        constraints = [
            models.UniqueConstraint(fields=["agency", "local_part"], name="directory_address_local")
        ]


class ApplicationPassword(models.Model):
    """A revocable secret for one mail program (vi: mật khẩu ứng dụng; kk: қолданба құпиясөзі).

    `digest` is the SHA-256 of 160 random bits: nothing that a dictionary could find. RFC 4954 AUTH uses it.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "directory_application_password"
        constraints = [
            models.UniqueConstraint(fields=["agency", "digest"], name="directory_application_password_digest")
        ]
