"""Official mailboxes and what lies in them."""

from django.db import models
from django.db.models import Q

from congvu.base import handles
from congvu.base.handles import HandleField
from congvu.directory.models import Address, Agency, Person, Unit


class Communication(models.TextChoices):
    """The kinds of communication that the regulation names; the first four must go by mail, the next three may."""

    WORK_SCHEDULE = "work_schedule", "work schedule"
    MEETING_PAPERS = "meeting_papers", "meeting papers"
    WORKING_PAPERS = "working_papers", "working papers"
    REPORT = "report", "report"
    INVITATION = "invitation", "invitation"
    OFFICIAL_LETTER = "official_letter", "official letter"
    DIRECTION = "direction", "direction"
    OTHER = "other", "other"


Key = tuple[int, str, int | None]


def box_key(kind: str, *, address: int, unit: int | None) -> Key:
    """Return what no two mailboxes share: only hand-over boxes of one address are told apart by their units."""
    return address, kind, unit if kind == "hand_over" else None


class Mailbox(models.Model):
    """A box that receives official mail (vi: hộp thư; kk: пошта жәшігі). RFC 5598 Message Store.

    personal: of the person who holds the address; unit or agency: of the unit, its clerk answers;
    hand_over: takes what still arrives for an address whose holder left, for the head of the unit that was left.
    An address has one box of each kind, but a hand-over box for every unit that its holder has left.
    """

    class Kind(models.TextChoices):
        """Whose a mailbox is."""

        PERSONAL = "personal", "personal"
        UNIT = "unit", "unit"
        AGENCY = "agency", "agency"
        HAND_OVER = "hand_over", "hand-over"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSONAL)
    address = models.ForeignKey(Address, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "mail_mailbox"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "address", "kind"],
                condition=~Q(kind="hand_over"),
                name="mail_mailbox_address",
            ),
            models.UniqueConstraint(
                fields=["agency", "address", "unit"],
                condition=Q(kind="hand_over"),
                name="mail_mailbox_hand_over",
            ),
        ]

    @property
    def key(self) -> Key:
        """Return by what a route finds the box."""
        return box_key(self.kind, address=self.address_id, unit=self.unit_id)


class Message(models.Model):
    """One message as it was accepted (vi: thư; kk: хат): its raw bytes, and what lists need. RFC 5322.

    The bytes lie in a blob and are never written again; `digest` is their SHA-256.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    blob = models.CharField(max_length=26)
    digest = models.CharField(max_length=64)
    identity = models.CharField(
        max_length=64, blank=True
    )  # of mail that may come by several ways, see mail.identity
    size = models.BigIntegerField()
    thread = models.CharField(max_length=26)  # handle of the conversation
    message_id = models.CharField(max_length=998, blank=True)  # RFC 5322 Message-ID as written, no brackets
    subject = models.TextField(blank=True)
    sender_name = models.TextField(blank=True)
    sender_address = models.CharField(max_length=320, blank=True)
    reply_address = models.CharField(max_length=320, blank=True)  # Reply-To, where it names another
    recipients = models.JSONField(default=list)  # [[name, address, "to"|"cc"], ...] as the header says
    snippet = models.CharField(max_length=200, blank=True)
    attachments = models.IntegerField(default=0)
    communication = models.CharField(
        max_length=20, choices=Communication.choices, default=Communication.OTHER
    )
    channel = models.CharField(max_length=12)  # web, submission, mx, gate, journal, poll, import, system
    automatic = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)  # the Date header
    accepted_at = models.DateTimeField()
    sender = models.ForeignKey(
        Mailbox, models.PROTECT, related_name="+", null=True
    )  # when one of ours sent it
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    recalled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mail_message"
        indexes = [
            models.Index(fields=["agency", "message_id"], name="mail_message_id"),
            models.Index(
                fields=["author", "accepted_at"], condition=~Q(author=None), name="mail_message_author"
            ),
            models.Index(
                fields=["agency", "identity"], condition=~Q(identity=""), name="mail_message_identity"
            ),
        ]


class Item(models.Model):
    """A message in a mailbox (vi: thư trong hộp; kk: жәшіктегі хат), with what its holder did with it."""

    class Folder(models.TextChoices):
        """Where an item lies."""

        INBOX = "inbox", "inbox"
        SENT = "sent", "sent"
        FILED = "filed", "filed"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    folder = models.CharField(max_length=6, choices=Folder.choices, default=Folder.INBOX)
    thread = models.CharField(max_length=26)
    arrived_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=5, blank=True)  # press, reply
    filed_in = models.ForeignKey("mail.MailFolder", models.PROTECT, related_name="+", null=True)
    flagged = models.BooleanField(default=False)
    owes_acknowledgement = models.BooleanField(default=False)

    class Meta:
        db_table = "mail_item"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "mailbox", "message"], condition=~Q(folder="sent"), name="mail_item_once"
            )
        ]
        indexes = [
            models.Index(fields=["mailbox", "folder", "-arrived_at", "-id"], name="mail_item_folder"),
            models.Index(fields=["agency", "thread"], name="mail_item_thread"),
            models.Index(fields=["filed_in", "-arrived_at", "-id"], name="mail_item_filed_in"),
            models.Index(
                fields=["mailbox", "folder", "filed_in"],
                condition=Q(opened_at=None) & ~Q(folder="sent"),
                name="mail_item_unread",
            ),
            models.Index(
                fields=["mailbox", "arrived_at"],
                condition=Q(owes_acknowledgement=True, acknowledged_at=None),
                name="mail_item_owing",
            ),
        ]


class Check(models.Model):
    """The last minute in which a person opened a mailbox's inbox (vi: lần kiểm tra hộp thư; kk: жәшікті тексеру)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    minute = models.DateTimeField()

    class Meta:
        db_table = "mail_check"
        constraints = [
            models.UniqueConstraint(fields=["agency", "mailbox", "person"], name="mail_check_person")
        ]


class Draft(models.Model):
    """A message that is being written (vi: thư nháp; kk: хат жобасы); nobody else sees it."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    answers = models.ForeignKey(Message, models.PROTECT, related_name="+", null=True)
    forwards = models.ForeignKey(Message, models.PROTECT, related_name="+", null=True)
    to = models.TextField(blank=True)
    cc = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    body = models.TextField(blank=True)
    communication = models.CharField(max_length=20, choices=Communication.choices, blank=True)
    revision = models.CharField(max_length=26, default=handles.new)  # what a window last saw
    meeting_start = models.CharField(max_length=25, blank=True)  # as typed, on the clock of `meeting_zone`
    meeting_end = models.CharField(max_length=25, blank=True)
    meeting_zone = models.CharField(max_length=40, blank=True)
    meeting_place = models.CharField(max_length=300, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "mail_draft"
        indexes = [models.Index(fields=["mailbox", "author", "-saved_at"], name="mail_draft_author")]


class DraftFile(models.Model):
    """A file that goes with a draft (vi: tệp đính kèm; kk: тіркелген файл)."""

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+")
    blob = models.CharField(max_length=26)
    digest = models.CharField(max_length=64)  # SHA-256
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=127)
    size = models.BigIntegerField()

    class Meta:
        db_table = "mail_draft_file"


class Transfer(models.Model):
    """One recipient of a message that one of ours sent (vi: chuyển thư; kk: жөнелту), and how far it came. RFC 3461."""

    class State(models.TextChoices):
        """How far a transfer came."""

        DELIVERED = "delivered", "delivered"  # into a mailbox of ours
        QUEUED = "queued", "queued"  # waits for the relay
        RELAYED = "relayed", "relayed"  # the relay took it over; until `next_at` an answer is awaited
        CONFIRMED = "confirmed", "confirmed"  # the other server reports that it delivered
        PASSED = "passed", "passed"  # the other server reports that it passed it on, to where nobody reports
        UNANSWERED = "unanswered", "unanswered"  # no report came in time
        FAILED = "failed", "failed"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=320)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)  # a word of mail.relay's closed list
    answer = models.TextField(blank=True)  # what the other server said

    class Meta:
        db_table = "mail_transfer"
        constraints = [
            models.UniqueConstraint(fields=["agency", "message", "recipient"], name="mail_transfer_recipient")
        ]
        indexes = [models.Index(fields=["state", "next_at"], name="mail_transfer_queue")]


class Receipt(models.Model):
    """A step of a message that has evidence (vi: biên nhận; kk: түбіртек): the entry's id finds the proof."""

    class Step(models.TextChoices):
        """The steps in ETSI EN 319 522's order."""

        ACCEPTED = "accepted", "accepted"
        JOURNALED = "journaled", "taken over by the mail server, as its copy shows"
        DELIVERED = "delivered", "delivered"
        RELAYED = "relayed", "handed to the other server"
        CONFIRMED = "confirmed", "delivered, as the other server reports"
        PASSED = "passed", "passed on, as the other server reports"
        UNANSWERED = "unanswered", "relayed, no answer"
        PARKED = "parked", "waits for the mail server"
        FETCHED = "fetched", "fetched by a mail program"
        OPENED = "opened", "opened"
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        FAILED = "failed", "not delivered"
        RECALLED = "recalled", "recalled"
        IMPORTED = "imported", "imported"
        INSPECTED = "inspected", "read by an administrator"
        EXPIRED = "expired", "not acknowledged in time"
        OVERDUE = "overdue", "certified provider's receipt overdue"
        MISSING = "missing", "certified provider's receipt missing"
        ATTESTED = "attested", "said by the other side's signed receipt"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    step = models.CharField(max_length=12, choices=Step.choices)
    recipient = models.CharField(max_length=320, blank=True)
    at = models.DateTimeField()
    entry = models.CharField(max_length=26)  # id of the entry in the ledger

    class Meta:
        db_table = "mail_receipt"
        indexes = [models.Index(fields=["agency", "message", "at"], name="mail_receipt_message")]


class Signature(models.Model):
    """What was found about the signature of a message (vi: chữ ký số của thư; kk: хаттың қолтаңбасы). RFC 8551.

    It is checked soon after the message was taken over; `found` is the whole verdict, `entry` its evidence.
    """

    class State(models.TextChoices):
        """Whether it was checked, and with what result."""

        WAITING = "waiting", "waiting"
        ASKING = "asking", "waits for an authority's word on revocation"
        VALID = "valid", "valid"
        INVALID = "invalid", "invalid"
        CANNOT_BE_DETERMINED = "cannot_be_determined", "cannot be determined"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    found = models.JSONField(null=True)
    checked_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # since when an authority's word is awaited
    confirms = models.ForeignKey(
        Message, models.PROTECT, related_name="+", null=True
    )  # the message whose receipt this signs (RFC 2634)
    entry = models.CharField(max_length=26, blank=True)  # id of the entry in the ledger

    class Meta:
        db_table = "mail_signature"
        constraints = [models.UniqueConstraint(fields=["agency", "message"], name="mail_signature_message")]
        indexes = [models.Index(fields=["state", "id"], name="mail_signature_queue")]


class SigningKey(models.Model):
    """With what a person signs mail in the server (vi: khóa ký số; kk: қол қою кілті): a file or a token's place.

    file: a PKCS#12 in a blob, still closed with the person's own passphrase, which is kept nowhere.
    token: a certificate in a PKCS#11 module; `label` names the token, and its PIN is kept nowhere.
    """

    class Place(models.TextChoices):
        """Where the private key lies."""

        FILE = "file", "file"
        TOKEN = "token", "token"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    place = models.CharField(max_length=5, choices=Place.choices, default=Place.FILE)
    blob = models.CharField(max_length=26, blank=True)
    label = models.CharField(max_length=64, blank=True)
    certificate = models.BinaryField()  # PEM: the certificate, then those above it
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "mail_signing_key"
        constraints = [models.UniqueConstraint(fields=["agency", "person"], name="mail_signing_key_person")]


class Origin(models.Model):
    """Where a message from outside comes from (vi: nguồn gửi; kk: хаттың шыққан жері). RFC 8601.

    Results are words of mail.authentication.findings; `asked` is what the author's domain wants done with failures.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    spf = models.CharField(max_length=15)
    spf_domain = models.CharField(max_length=253, blank=True)
    dkim = models.CharField(max_length=15)
    dkim_domain = models.CharField(max_length=253, blank=True)
    dmarc = models.CharField(max_length=15)
    author_domain = models.CharField(max_length=253, blank=True)
    asked = models.CharField(max_length=10, blank=True)
    arc = models.CharField(max_length=15)
    arc_domain = models.CharField(max_length=253, blank=True)

    class Meta:
        db_table = "mail_origin"
        constraints = [models.UniqueConstraint(fields=["agency", "message"], name="mail_origin_message")]


class DkimKey(models.Model):
    """With what an agency signs mail to others (vi: khóa DKIM; kk: DKIM кілті). RFC 6376.

    The newest that has started signs; one before it stays published until no letter with its signature is under way.
    """

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    selector = models.CharField(max_length=63)
    blob = models.CharField(max_length=26)  # the private key
    public = models.TextField()  # SubjectPublicKeyInfo, base64
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mail_dkim_key"
        constraints = [models.UniqueConstraint(fields=["agency", "selector"], name="mail_dkim_key_selector")]


class TlsRule(models.Model):
    """A domain to which an agency writes under TLS only (vi: quy tắc TLS; kk: TLS ережесі). RFC 8689.

    onward: the letter waits until the relay promises TLS for the whole way, too.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    domain = models.CharField(max_length=253)
    onward = models.BooleanField(default=False)
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "mail_tls_rule"
        constraints = [models.UniqueConstraint(fields=["agency", "domain"], name="mail_tls_rule_domain")]


class SendingNetwork(models.Model):
    """A network from which a person has sent mail (vi: mạng gửi thư; kk: жөнелту желісі): an address's first part."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    network = models.CharField(max_length=43)  # IPv4 /24 or IPv6 /48
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "mail_sending_network"
        constraints = [
            models.UniqueConstraint(fields=["agency", "person", "network"], name="mail_sending_network_once")
        ]


class Suspension(models.Model):
    """A stop of a person's sending because a written rule was met (vi: tạm ngừng gửi thư; kk: жөнелтуді тоқтата тұру).

    It says nothing about the person: somebody else may have taken over the account.
    """

    class Rule(models.TextChoices):
        """The rules, in full in docs/reference/limits.md."""

        MANY_OUTSIDE = "many_outside", "many recipients outside in a short time"
        NEW_NETWORK = "new_network", "many recipients outside from a network that is new"

    handle = HandleField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=12, choices=Rule.choices)
    recipients = models.IntegerField()  # outside, that the rule counted
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mail_suspension"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "person"], condition=Q(ended_at=None), name="mail_suspension_open"
            )
        ]
