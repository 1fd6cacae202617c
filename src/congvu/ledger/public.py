"""What the portal may show of the ledger: which logs there are, and the keys that sign them."""

from dataclasses import dataclass
from datetime import datetime

from congvu.ledger import log_keys
from congvu.ledger.models import Ledger, Log
from congvu.ledger.store import Folder
from congvu.standards import closings
from congvu.standards.closings import Closing


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLog:
    """A log as a stranger needs it to verify receipts; `path` is its address below /log/."""

    agency: str  # slug
    name: str
    origin: str
    vkey: str
    fingerprint: str
    size: int
    signed_at: datetime | None
    demonstration: bool
    path: str
    has_policy: bool  # by which witnesses cosign its checkpoints
    closing: Closing | None  # of a log that ended before its year did


def logs() -> list[PublicLog]:
    """Return every log of the installation that has been signed, or closed, the newest first."""
    ledgers = {one.agency: one for one in Ledger.objects.all()}
    rows = Log.objects.exclude(signed_size=0, closing="").order_by("-name", "agency")
    shown = [_public(ledgers[log.agency], log) for log in rows if log.agency in ledgers]
    return [one for one in shown if one is not None]


def log(origin: str) -> PublicLog | None:
    """Return the log of an origin, if it is one of the installation that has been signed, or closed."""
    row = Log.objects.filter(origin=origin).exclude(signed_size=0, closing="").first()
    ledger = row and Ledger.objects.filter(agency=row.agency).first()
    return _public(ledger, row) if row and ledger else None


def closing_notes() -> dict[str, str]:
    """Return the notes by which logs of the installation were closed, by the closed log's origin."""
    return dict(Log.objects.exclude(closing="").values_list("origin", "closing"))


def _public(ledger: Ledger, log: Log) -> PublicLog | None:
    """Return the log, or None while its public key is not in its place; the gate tells the operator."""
    folder = Folder.of(ledger.slug, log.name)
    try:
        key = log_keys.verifier(log.origin, folder)
    except log_keys.KeyMissingError:
        return None
    return PublicLog(
        agency=ledger.slug,
        name=log.name,
        origin=log.origin,
        vkey=key.text,
        fingerprint=key.fingerprint,
        size=log.signed_size,
        signed_at=log.signed_at,
        demonstration=ledger.demonstration,
        path=f"{ledger.slug}/{log.name}",
        has_policy=bool(folder.statement()),
        closing=closings.read(log.closing) if log.closing else None,
    )
