"""Evidence of a registered delivery service as XML: ETSI EN 319 522-3, and our own `certdata.xml` of the same words.

Names of elements decide, in whatever namespace they stand; the message is the one that AppLayerIdentifier names, by
its Message-ID (ETSI EN 319 532-4, annex C).
"""

from datetime import UTC, datetime

from congvu.mail.certified import vocabulary
from congvu.mail.certified.saying import MANY, Said, line, message_id, recipients
from congvu.mail.certified.xmltree import Element

_PLACES = frozenset({"recipientdetails", "recipientdetailslist", "recipientsdetails"})


def from_document(root: Element) -> list[Said]:
    """Return what each piece of evidence in a document says; what names no event or no message says nothing."""
    pieces = [one for one in root.walk() if any(part.name == "erdseventid" for part in one.children)]
    return [said for piece in pieces[:MANY] if (said := _said(piece))]


def _said(piece: Element) -> Said | None:
    event = vocabulary.named(piece.first("erdseventid"))
    about = message_id(piece.first("applayeridentifier", "usercontentidentifier"))
    if event is None or not about:
        return None
    named = [
        part.text for place in piece.children if place.name in _PLACES for part in place.all("identifier")
    ]
    issuers = [one for one in piece.children if one.name == "evidenceissuerdetails"]
    return Said(
        scheme="etsi",
        word=event,
        about=about,
        event=event,
        recipients=recipients(one.removeprefix("mailto:") for one in named),
        issuer=line(issuers[0].first("name", "identifier") if issuers else ""),
        identifier=line(piece.first("evidenceidentifier")),
        at=_instant(piece.first("eventtime")),
        reason="other" if event in vocabulary.NEGATIVE else "",
        is_covered=True,
    )


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
