"""What authorities were asked, what they said, and for which signatures that counted."""

from django.db import models

from congvu.base.handles import HandleField
from congvu.directory.models import Agency
from congvu.mail.models import Signature


class Sort(models.TextChoices):
    """The two sorts of statements."""

    LIST = "list", "list"  # CRL, RFC 5280
    ANSWER = "answer", "answer"  # OCSP, RFC 6960


class RevocationStatement(models.Model):
    """A list or an answer of an authority, as it wrote it (vi: thông báo thu hồi; kk: кері қайтару мәлімдемесі)."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    sort = models.CharField(max_length=6, choices=Sort.choices)
    digest = models.CharField(max_length=64)  # SHA-256 of the DER
    blob = models.CharField(max_length=26)
    said_at = models.DateTimeField(null=True)  # thisUpdate
    until = models.DateTimeField(null=True)  # nextUpdate
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "mail_revocation_statement"
        constraints = [
            models.UniqueConstraint(fields=["agency", "digest"], name="mail_revocation_statement_once")
        ]


class RevocationInquiry(models.Model):
    """A question to an authority (vi: câu hỏi thu hồi; kk: кері қайтару сұрауы), with its latest answer.

    `about` is the SHA-256 of the issuer's certificate for a list, of the certificate asked about for an answer.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    sort = models.CharField(max_length=6, choices=Sort.choices)
    place = models.CharField(max_length=1000)  # URL
    about = models.CharField(max_length=64)
    certificate = models.BinaryField()  # DER
    issuer = models.BinaryField()  # DER
    statement = models.ForeignKey(RevocationStatement, models.PROTECT, related_name="+", null=True)
    failure = models.CharField(max_length=20, blank=True)  # a word of revocations.words, of the last attempt
    attempts = models.IntegerField(default=0)  # that failed since the last success
    tried_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)  # None when nobody waits for it

    class Meta:
        db_table = "mail_revocation_inquiry"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "sort", "place", "about"], name="mail_revocation_inquiry_once"
            )
        ]
        indexes = [models.Index(fields=["next_at"], name="mail_revocation_inquiry_due")]


class RevocationNeed(models.Model):
    """A signature that waits for an inquiry (vi: nhu cầu hỏi thu hồi; kk: кері қайтару сұрауын күту)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    signature = models.ForeignKey(Signature, models.CASCADE, related_name="+")
    inquiry = models.ForeignKey(RevocationInquiry, models.CASCADE, related_name="+")

    class Meta:
        db_table = "mail_revocation_need"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "signature", "inquiry"], name="mail_revocation_need_once"
            )
        ]


class RevocationProof(models.Model):
    """A statement by which a verdict was found (vi: căn cứ thu hồi; kk: кері қайтару дәлелі); it is kept with it."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    signature = models.ForeignKey(Signature, models.PROTECT, related_name="+")
    statement = models.ForeignKey(RevocationStatement, models.PROTECT, related_name="+")

    class Meta:
        db_table = "mail_revocation_proof"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "signature", "statement"], name="mail_revocation_proof_once"
            )
        ]
