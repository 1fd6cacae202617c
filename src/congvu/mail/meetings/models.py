"""Meetings of a mailbox, what was answered, and what others answered."""

from django.db import models

from congvu.base.handles import HandleField
from congvu.directory.models import Agency
from congvu.mail.models import Mailbox, Message


class Meeting(models.Model):
    """A meeting as its organizer last described it (vi: cuộc họp; kk: жиналыс). RFC 5546.

    One row for a series and one for each occurrence that differs (`recurrence`); `text` is what was kept of the
    VEVENT. `sequence` and `stamped_at` order what may arrive in any order. `until_at` is None for no known end.
    """

    class Answer(models.TextChoices):
        """What was answered for the mailbox."""

        NONE = "", "none"
        ACCEPTED = "accepted", "accepted"
        TENTATIVE = "tentative", "tentative"
        DECLINED = "declined", "declined"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)  # SHA-256 of the UID
    recurrence = models.CharField(max_length=20, blank=True)
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")  # that describes it so
    text = models.TextField()
    sequence = models.IntegerField()
    stamped_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    organizer = models.CharField(max_length=320, blank=True)
    is_own = models.BooleanField(default=False)  # the mailbox itself invites
    is_confirmed = models.BooleanField(default=False)  # the organizer's own letter says so
    is_cancelled = models.BooleanField(default=False)
    answer = models.CharField(max_length=9, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_sequence = models.IntegerField(null=True)

    class Meta:
        db_table = "mail_meeting"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "mailbox", "key", "recurrence"], name="mail_meeting_once"
            )
        ]
        indexes = [models.Index(fields=["mailbox", "until_at"], name="mail_meeting_until")]


class MeetingAnswer(models.Model):
    """What somebody answered to an invitation of ours (vi: trả lời lời mời họp; kk: шақыруға жауап). RFC 5546, 3.2.3.

    Kept only from a letter that comes from the invited address itself; the newest counts.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+")
    attendee = models.CharField(max_length=320)
    name = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=12)  # accepted, tentative, declined, delegated, counter
    comment = models.CharField(max_length=1_000, blank=True)
    sequence = models.IntegerField()
    stamped_at = models.DateTimeField()
    is_invited = models.BooleanField(default=True)
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")

    class Meta:
        db_table = "mail_meeting_answer"
        constraints = [
            models.UniqueConstraint(fields=["agency", "meeting", "attendee"], name="mail_meeting_answer_once")
        ]
