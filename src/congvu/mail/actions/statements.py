"""What other sides say of messages: kept as hints when it comes."""

from collections.abc import Iterable, Sequence

from congvu.mail.actions.delivering import Laid
from congvu.mail.certified import pec
from congvu.mail.certified.models import Statement
from congvu.mail.certified.saying import Said
from congvu.mail.models import Message, Transfer


def note(laid: Sequence[Laid]) -> None:  # no-evidence: hints; `attesting.attest` records what is signed
    """Keep in the open transaction what messages from outside say of messages that their recipients sent."""
    rows = [row for one in laid if one.copy.letter.said for row in _rows(one)]
    if rows:
        Statement.objects.bulk_create(rows, ignore_conflicts=True)


def _rows(laid: Laid) -> Iterable[Statement]:
    for said in laid.copy.letter.said:
        for message in _messages(said, laid):
            for recipient in _recipients(said, message):
                yield _row(said, message, laid.message, recipient)


def _messages(said: Said, laid: Laid) -> list[Message]:
    """Return what a statement is about: the message that carries it, or one that was sent from where it came to."""
    if said.word == pec.TRANSPORT:
        return [laid.message]
    found = Message.objects.filter(agency=laid.message.agency, message_id=said.about)
    return list(found.filter(sender__address__in=[box.address_id for box in laid.boxes])[:2])


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
