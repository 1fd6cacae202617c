"""Folders and filters of a mailbox, who answers its letters, and what it says while its holder is away."""

from django.db import models
from django.db.models import Q

from congvu.base.handles import HandleField
from congvu.directory.models import Agency, Leave, Person
from congvu.mail.models import Item, Mailbox


class MailFolder(models.Model):
    """A place of one's own for what was filed (vi: thư mục; kk: қалта). RFC 3501 mailbox.

    Those who read a box share its folders.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "mail_folder"
        constraints = [models.UniqueConstraint(fields=["agency", "mailbox", "name"], name="mail_folder_name")]


class MailFilter(models.Model):
    """What a mailbox does with a letter that arrives (vi: bộ lọc thư; kk: сүзгі). RFC 5228, in its simplest form.

    The texts that are given must all be contained, whatever their marks and capitals; the first filter that fits
    decides, by `position`. It never opens, answers or forwards.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    position = models.IntegerField()
    is_on = models.BooleanField(default=True)
    sender = models.CharField(max_length=200, blank=True)
    recipient = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    folder = models.ForeignKey(MailFolder, models.PROTECT, related_name="+", null=True)
    flags = models.BooleanField(default=False)

    class Meta:
        db_table = "mail_filter"
        constraints = [
            models.CheckConstraint(
                condition=~Q(sender="", recipient="", subject=""), name="mail_filter_asks"
            ),
            models.CheckConstraint(
                condition=Q(folder__isnull=False) | Q(flags=True), name="mail_filter_acts"
            ),
        ]
        indexes = [models.Index(fields=["mailbox", "position", "id"], name="mail_filter_order")]


class Assignment(models.Model):
    """Who answers a letter of a shared mailbox (vi: phân công trả lời; kk: жауап беруші): one person at a time."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()

    class Meta:
        db_table = "mail_assignment"
        constraints = [models.UniqueConstraint(fields=["agency", "item"], name="mail_assignment_item")]
        indexes = [models.Index(fields=["agency", "person"], name="mail_assignment_person")]


class VacationNotice(models.Model):
    """What a personal mailbox answers while its holder is away (vi: thông báo vắng mặt; kk: демалыс хабарламасы).

    RFC 3834. `valid_to` is the first day back. Letters up to `seen` (an item's key) were looked at.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    texts = models.JSONField()  # {language: text}
    valid_from = models.DateField()
    valid_to = models.DateField()
    is_on = models.BooleanField(default=True)
    seen = models.BigIntegerField()

    class Meta:
        db_table = "mail_vacation_notice"
        constraints = [
            models.UniqueConstraint(fields=["agency", "mailbox"], name="mail_vacation_notice_box"),
            models.CheckConstraint(
                condition=Q(valid_to__gt=models.F("valid_from")), name="mail_vacation_notice_period"
            ),
        ]


class VacationAnswer(models.Model):
    """When a sender was last told that somebody is away (vi: lần báo vắng; kk: хабарланған кез). RFC 3834, 2."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    sender = models.CharField(max_length=320)
    told_at = models.DateTimeField()

    class Meta:
        db_table = "mail_vacation_answer"
        constraints = [
            models.UniqueConstraint(fields=["agency", "mailbox", "sender"], name="mail_vacation_answer_once")
        ]


class Delegation(models.Model):
    """That whoever acts reads a personal mailbox during a leave (vi: ủy quyền đọc thư; kk: хат оқу өкілдігі).

    What comes while it runs and `person` acts, nothing older; `reason` is the head's, "" when the holder decided.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    leave = models.ForeignKey(Leave, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1_000, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mail_delegation"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "leave"], condition=Q(closed_at=None), name="mail_delegation_open"
            )
        ]


class DelegateReading(models.Model):
    """That a delegate opened a letter, as its holder sees it (vi: lần đọc thay; kk: өкілдің оқуы)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "mail_delegate_reading"
        indexes = [models.Index(fields=["item", "-at"], name="mail_delegate_reading_item")]
