"""What the portal may show of the ledger: which logs there are, and the keys that sign them."""

from dataclasses import dataclass
from datetime import datetime

from congvu.ledger import log_keys
from congvu.ledger.models import Ledger, Log
from congvu.ledger.store import Folder


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


def logs() -> list[PublicLog]:
    """Return every log of the installation that has been signed, the newest year first."""
    ledgers = {one.agency: one for one in Ledger.objects.all()}
    rows = Log.objects.filter(signed_size__gt=0).order_by("-name", "agency")
    shown = [_public(ledgers[log.agency], log) for log in rows if log.agency in ledgers]
    return [one for one in shown if one is not None]


def _public(ledger: Ledger, log: Log) -> PublicLog | None:
    """Return the log, or None while its public key is not in its place; the gate tells the operator."""
    try:
        key = log_keys.verifier(log.origin, Folder.of(ledger.slug, log.name))
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
    )
