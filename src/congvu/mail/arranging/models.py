"""Folders and filters of a mailbox."""

from django.db import models
from django.db.models import Q

from congvu.base.handles import HandleField
from congvu.directory.models import Agency
from congvu.mail.models import Mailbox


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
            models.CheckConstraint(condition=Q(folder__isnull=False) | Q(flags=True), name="mail_filter_acts"),
        ]
        indexes = [models.Index(fields=["mailbox", "position", "id"], name="mail_filter_order")]
