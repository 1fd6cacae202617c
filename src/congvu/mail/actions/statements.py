"""What other sides say of messages: kept as hints when it comes, and what says no more is put away."""

from collections.abc import Iterable, Sequence

from django.utils import translation
from django.utils.translation import gettext

from congvu.mail.actions.delivering import Laid
from congvu.mail.actions.folders import folder_named
from congvu.mail.certified import pec
from congvu.mail.certified.models import Statement
from congvu.mail.certified.saying import Said
from congvu.mail.models import Item, Message, Transfer


def note(laid: Sequence[Laid]) -> None:  # no-evidence: hints; `attesting.attest` records what is signed
    """Keep in the open transaction what messages from outside say of messages that their recipients sent."""
    rows = [row for one in laid if one.copy.letter.said for row in _rows(one)]
    if rows:
        Statement.objects.bulk_create(rows, ignore_conflicts=True)


def put_away(messages: Sequence[Message]) -> None:  # no-evidence: where a machine's report lies in a box
    """File, in the open transaction, reports that only say of a sent message that it was delivered.

    They stand beside that message; what cannot be told to be about one stays in the inbox.
    """
    reports = [one.pk for one in messages if one.automatic]
    served = Statement.objects.filter(carrier__in=reports, scheme=Statement.Scheme.DSN) if reports else None
    if served is None or not served.exists():
        return
    found = Item.objects.filter(message__in=served.values("carrier"), folder=Item.Folder.INBOX)
    for item in found.select_related("mailbox__agency"):
        with translation.override(item.mailbox.agency.language):
            name = gettext("Delivery reports")
        item.folder = Item.Folder.FILED
        item.filed_in = folder_named(item.mailbox, name, at=item.arrived_at)
        item.save(update_fields=["folder", "filed_in"])


def _rows(laid: Laid) -> Iterable[Statement]:
    for said in laid.copy.letter.said:
        for message in _messages(said, laid):
            for recipient in _recipients(said, message):
                yield _row(said, message, laid.message, recipient)


def _messages(said: Said, laid: Laid) -> list[Message]:
    """Return what a statement is about: the message that carries it, or one that was sent from where it came to."""
    if said.word == pec.TRANSPORT:
        return [laid.message]
    sent = Message.objects.filter(
        agency=laid.message.agency, sender__address__in=[box.address_id for box in laid.boxes]
    )
    if said.scheme == "dsn" and said.identifier:
        given = Transfer.objects.filter(handle=said.identifier, agency=laid.message.agency)
        return list(sent.filter(pk__in=given.values("message")))
    return list(sent.filter(message_id=said.about)[:2]) if said.about else []


def _recipients(said: Said, message: Message) -> list[str]:
    """Return for whom it holds: "" for the whole message; nobody when it names only strangers to the message."""
    if not said.recipients or said.word == pec.TRANSPORT:
        return [""]
    known = Transfer.objects.filter(message=message, recipient__in=said.recipients)
    return list(known.values_list("recipient", flat=True))


def _row(said: Said, message: Message, carrier: Message, recipient: str) -> Statement:
    return Statement(
        agency_id=message.agency_id,
        message=message,
        carrier=carrier,
        scheme=said.scheme,
        word=said.word,
        event=said.event or "",
        recipient=recipient,
        reason=said.reason,
        issuer=said.issuer or carrier.sender_address[:200],
        identifier=said.identifier,
        stated_at=said.at,
        is_covered=said.is_covered,
    )
