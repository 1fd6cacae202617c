"""`certdata.xml` of our own receipts: the elements' names of ETSI EN 319 522-3 in a namespace of ours.

It is a table of contents for machines: what it says is proved by the bundles beside it, and by nothing else.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape  # only writes; nothing is parsed

from congvu.mail.certified import vocabulary
from congvu.mail.certified.vocabulary import Evidence

NAMESPACE = "urn:congvu:certdata:1"
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One step that is sent: entry, kind of step, instant, and the file that proves it with its SHA-256."""

    entry: str
    step: str
    event: Evidence | None
    at: datetime
    recipient: str
    reason: str
    file: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The message that receipts are about, and the agency that says so."""

    agency: str
    message_id: str
    digest: str


def build(about: About, rows: Iterable[Row]) -> bytes:
    """Write the document, UTF-8."""
    body = "".join(_piece(about, one) for one in rows)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<CertificationData xmlns="{NAMESPACE}">\n'
    return f"{head}{body}</CertificationData>\n".encode()


def _piece(about: About, row: Row) -> str:
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    lines = [
        "  <Evidence>",
        _element("EvidenceIdentifier", row.entry),
        _element("Step", row.step),
        _element("ERDSEventId", vocabulary.uri(row.event)) if row.event else "",
        _element("EventReason", row.reason) if row.reason else "",
        _element("EventTime", at),
        f"    <EvidenceIssuerDetails>\n  {_element('Name', about.agency)}\n    </EvidenceIssuerDetails>",
        f"    <RecipientDetails>\n  {_element('Identifier', row.recipient)}\n    </RecipientDetails>"
        if row.recipient
        else "",
        "    <UserContentInfo>",
        f"  {_element('AppLayerIdentifier', about.message_id)}",
        f"  {_element('DigestSHA256', about.digest)}",
        "    </UserContentInfo>",
        f"    <Proof>\n  {_element('File', row.file)}\n  {_element('DigestSHA256', row.digest)}\n    </Proof>",
        "  </Evidence>",
    ]
    return "".join(f"{line}\n" for line in lines if line)


def _element(name: str, text: str) -> str:
    return f"    <{name}>{escape(_NO_XML.sub(' ', text))}</{name}>"
