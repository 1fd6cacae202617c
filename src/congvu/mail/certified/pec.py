"""Italy's certified mail (PEC): its eight kinds of receipts, its time-outs, and `daticert.xml`. RFC 6109.

The attachment is `daticert.xml` in practice and `certdata.xml` in the RFC; both are read, in or out of a signature.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from congvu.mail import headers
from congvu.mail.certified.saying import Said, line, message_id, recipients
from congvu.mail.certified.vocabulary import Evidence
from congvu.mail.certified.xmltree import Element
from congvu.mail.headers import Field

WARNING = timedelta(hours=12)  # without the other provider's receipt of any kind: RFC 6109, 3.3.2.1
FAILURE = timedelta(hours=24)  # without the receipt of delivery: RFC 6109, 3.3.2.2
TRANSPORT = "posta-certificata"  # what came through certified mail, not a receipt of it
DELIVERED = "avvenuta-consegna"
WARNED = "preavviso-errore-consegna"
KINDS: Mapping[str, Evidence | None] = {
    "accettazione": Evidence.SUBMISSION_ACCEPTANCE,
    "non-accettazione": Evidence.SUBMISSION_REJECTION,
    "presa-in-carico": Evidence.RELAY_ACCEPTANCE,
    DELIVERED: Evidence.CONTENT_CONSIGNMENT,
    TRANSPORT: None,
    "errore-consegna": Evidence.CONTENT_CONSIGNMENT_FAILURE,
    WARNED: None,  # twelve hours have passed; nothing failed yet
    "rilevazione-virus": Evidence.RELAY_REJECTION,
}
_REASONS = {"no-dest": "address", "no-dominio": "address", "virus": "content", "altro": "other"}
_OF_ONE = frozenset({DELIVERED, "errore-consegna", WARNED})  # concern the recipient whom they name
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})", re.ASCII)


def from_document(root: Element) -> list[Said]:
    """Return what a document of certification data says; nothing when it is none, or of an unknown kind."""
    kind = root.attributes.get("tipo", "").strip().lower()
    about = message_id(root.first("msgid"))
    if root.name != "postacert" or kind not in KINDS or not about:
        return []
    named = [one.text for one in root.all("consegna" if kind in _OF_ONE else "ricezione")]
    said = Said(
        scheme="pec",
        word=kind,
        about=about,
        event=KINDS[kind],
        recipients=recipients(named),
        issuer=line(root.first("gestore-emittente")),
        identifier=line(root.first("identificativo")),
        at=_instant(root),
        reason=_REASONS.get(root.attributes.get("errore", "").strip().lower(), ""),
        is_covered=True,
    )
    is_of_nobody = kind in _OF_ONE and not said.recipients
    return [] if is_of_nobody else [said]


def from_fields(found: list[Field]) -> list[Said]:
    """Return what the header alone says: no signature covers it, and it names no recipient."""
    kind = headers.first(found, "x-ricevuta").strip().lower()
    about = message_id(headers.first(found, "x-riferimento-message-id"))
    if kind not in KINDS or kind == TRANSPORT or not about:
        return []
    return [Said(scheme="pec", word=kind, about=about, event=KINDS[kind])]


def is_transport(found: list[Field]) -> bool:
    """Tell whether the header says that a message is the envelope of certified mail."""
    return headers.first(found, "x-trasporto").strip().lower() == TRANSPORT


def _instant(root: Element) -> datetime | None:
    """Read date, time and zone of the certification; None for what is no instant."""
    zones = [one.attributes.get("zona", "") for one in root.all("data")]
    date, time = _DATE.fullmatch(root.first("giorno")), _TIME.fullmatch(root.first("ora"))
    zone = _ZONE.fullmatch(zones[0].strip()) if zones else None
    if not date or not time or not zone:
        return None
    offset = timedelta(hours=int(zone[2]), minutes=int(zone[3])) * (-1 if zone[1] == "-" else 1)
    try:
        local = datetime(
            int(date[3]), int(date[2]), int(date[1]), int(time[1]), int(time[2]), int(time[3] or 0),
            tzinfo=timezone(offset),
        )  # fmt: skip
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
