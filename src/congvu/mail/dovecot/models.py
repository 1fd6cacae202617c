"""What is known of the mail server from its log: where messages lie, and how far the log was read."""

from django.db import models

from congvu.directory.models import Agency
from congvu.mail.models import Item, Mailbox


class ImapCopy(models.Model):
    """Where the mail server's log says that a message lies (vi: bản trên máy chủ thư; kk: сервердегі көшірме).

    RFC 3501: a folder and a UID.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    folder = models.CharField(max_length=255)
    uid = models.BigIntegerField()
    session = models.CharField(max_length=120)  # in which it was saved
    message_id = models.CharField(max_length=998, blank=True)
    size = models.BigIntegerField()  # with the server's own header fields
    saved_at = models.DateTimeField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "mail_imap_copy"
        constraints = [
            models.UniqueConstraint(fields=["agency", "mailbox", "folder", "uid"], name="mail_imap_copy_uid")
        ]
        indexes = [
            models.Index(fields=["session"], name="mail_imap_copy_session"),
            models.Index(fields=["mailbox", "message_id"], name="mail_imap_copy_id"),
        ]


class LogPosition(models.Model):  # no-agency: one log of the installation's mail server
    """How far a log of the mail server has been read (vi: vị trí đọc nhật ký; kk: журналдың оқылған жері)."""

    path = models.CharField(max_length=500, unique=True)  # no-agency: as the table
    inode = models.BigIntegerField(default=0)
    offset = models.BigIntegerField(default=0)
    head = models.CharField(max_length=90, blank=True)  # count and SHA-256 of its first octets
    state = models.JSONField(default=dict)  # what sessions that go on have done
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mail_log_position"
