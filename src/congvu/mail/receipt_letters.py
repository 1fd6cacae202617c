"""A receipt as a message: words for people, `certdata.xml`, and the bundles that prove each step."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.defaultfilters import date as shown_date
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from congvu.base.texts import pick
from congvu.mail import compose
from congvu.mail.addresses import Mailbox
from congvu.mail.certified import certdata
from congvu.mail.certified.certdata import About, Row
from congvu.mail.models import Message, Receipt
from congvu.mail.queries.courses import Step
from congvu.mail.templatetags import mail as words

BUNDLE = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """One step with its bundle."""

    step: Step
    bundle: bytes

    @property
    def digest(self) -> str:
        """Return the bundle's SHA-256, hexadecimal."""
        return hashlib.sha256(self.bundle).hexdigest()


def draft(
    message: Message,
    proved: Sequence[Proved],
    *,
    sender: Mailbox,
    to: Mailbox,
    language: str,
    is_sealed: bool,
) -> compose.Draft:
    """Return the message about the proved steps of another, in its reader's language."""
    with translation.override(language):
        subject = gettext("Receipt: %(subject)s") % {"subject": " ".join(message.subject.split())[:200]}
        text = _text(message, proved, is_sealed=is_sealed)
    name = pick(message.agency.name, language)[0]
    rows = [_row(number, one) for number, one in enumerate(proved, 1)]
    about = About(agency=name, message_id=message.message_id, digest=message.digest)
    files = [
        compose.File(
            filename="certdata.xml", content_type="application/xml", content=certdata.build(about, rows)
        )
    ]
    files += [
        compose.File(filename=row.file, content_type=BUNDLE, content=one.bundle)
        for row, one in zip(rows, proved, strict=True)
    ]
    return compose.Draft(
        sender=sender,
        to=(to,),
        message_id=compose.new_message_id(domain=message.agency.domain),
        subject=subject,
        text=text,
        files=tuple(files),
    )


def file_name(receipt: Receipt, number: int) -> str:
    """Return under what name a step's bundle is attached."""
    return f"{number:02d}-{receipt.step}-{receipt.at.date().isoformat()}.congvu.json"


def _row(number: int, one: Proved) -> Row:
    receipt = one.step.receipt
    return Row(
        entry=receipt.entry,
        step=receipt.step,
        event=one.step.event,
        at=receipt.at,
        recipient=receipt.recipient,
        reason=one.step.reason,
        file=file_name(receipt, number),
        digest=one.digest,
    )


def _text(message: Message, proved: Sequence[Proved], *, is_sealed: bool) -> str:
    lines = [
        gettext("This is the evidence of a message and of what became of it."),
        "",
        f"{gettext('Subject')}: {' '.join(message.subject.split())}",
        f"Message-ID: <{message.message_id}>",
        f"SHA-256: {message.digest}",
        "",
    ]
    for number, one in enumerate(proved, 1):
        lines += _lines(number, one)
    count = len(proved)
    lines += [
        ngettext(
            "The attached file ending in .congvu.json proves the step. Check it offline with congvu-verify, with the "
            "agency's key that you have from the agency itself.",
            "Each attached file ending in .congvu.json proves one step. Check them offline with congvu-verify, with "
            "the agency's key that you have from the agency itself.",
            count,
        ),
        gettext("certdata.xml lists the same for machines; the bundles prove it, not the list."),
        gettext("This message is signed with the agency's certificate.")
        if is_sealed
        else gettext("This message itself is not signed; the bundles need no signature of it."),
    ]
    return "\n".join([*lines, ""])


def _lines(number: int, one: Proved) -> list[str]:
    receipt = one.step.receipt
    event = f" ({one.step.event})" if one.step.event else ""
    at = timezone.localtime(receipt.at)
    when = f"{shown_date(at, 'd/m/Y H:i:s')} (UTC{at:%z})"
    whom = f" – {receipt.recipient}" if receipt.recipient else ""
    return [
        f"{number}. {words.step(receipt.step)}{event}{whom}",
        f"   {when}",
        f"   {words.sentence(receipt.step)}",
        f"   {file_name(receipt, number)}",
        "",
    ]
