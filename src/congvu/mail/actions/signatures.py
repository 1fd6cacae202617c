"""Signatures of messages: expected when a message is laid in, checked soon after, and both as evidence.

Where only revocation is not known, the authority's word is awaited, and the verdict is evidence once that came.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from congvu.base.database import atomic
from congvu.ledger.actions import Record, record_many
from congvu.mail import events
from congvu.mail.actions import attesting
from congvu.mail.models import Message, Signature
from congvu.mail.queries import signatures
from congvu.mail.queries.signatures import Checked
from congvu.mail.revocations import actions as revocations
from congvu.mail.smime import verdicts
from congvu.mail.smime.trust import Trust

_BY_REVOCATION = {
    "revocation_unknown",
    "expired",
}  # what an authority's word, also on a time stamp, may take away
TOGETHER = 25  # signatures that are checked before their evidence is written in one transaction


def expect(messages: Iterable[Message]) -> None:  # no-evidence: the check that follows records
    """Note in the open transaction that the signatures of messages wait to be checked."""
    Signature.objects.bulk_create(Signature(agency_id=one.agency_id, message=one) for one in messages)


def check_waiting(*, trusted: Trust, now: datetime, sorts: Collection[str] = ()) -> int:
    """Check signatures that wait, the oldest first; return how many. What is found is evidence.

    `sorts` are the statements on revocation for which authorities are asked (list, answer).
    """
    waiting = Signature.objects.filter(state=Signature.State.WAITING).order_by("id")
    rows = list(waiting.select_related("message__agency")[:TOGETHER])
    found = [(row, signatures.check(row.message, trusted=trusted, now=now)) for row in rows]
    if found:
        with atomic():
            final = [(row, one) for row, one in found if one and not _waits(row, one, sorts, now)]
            _keep(final, now)
            Signature.objects.filter(pk__in=[row.pk for row, one in found if not one]).delete()
    return len(found)


def _waits(row: Signature, one: Checked, sorts: Collection[str], now: datetime) -> bool:
    """Let a signature wait in the open transaction for an authority, when that could still tell something."""
    wanted = [link for link in one.traces.links if link.is_wanted]
    since = row.asked_at or now
    if not wanted or now - since >= revocations.PATIENCE or not set(one.verdict.reasons) <= _BY_REVOCATION:
        return False
    try:
        if not revocations.wait(row, wanted, tried=one.tried, sorts=sorts, now=now):
            return False
    except revocations.FreshlyToldError:
        return True  # as it is: the next round sees what came
    Signature.objects.filter(pk=row.pk).update(state=Signature.State.ASKING, asked_at=since)
    return True


def _keep(found: list[tuple[Signature, Checked]], now: datetime) -> None:
    entries = record_many([_record(row, one, now) for row, one in found])
    for (row, one), entry in zip(found, entries, strict=True):
        row.state, row.found, row.checked_at = one.verdict.status, verdicts.as_data(one.verdict), now
        row.confirms, row.entry = one.confirms, entry
    fields = ["state", "found", "checked_at", "confirms", "entry"]
    Signature.objects.bulk_update([row for row, _ in found], fields)
    for row, one in found:
        revocations.prove(row, one.traces.statements.values(), now=now)
    attesting.attest({row.message_id for row, one in found if one.verdict.status == "valid"}, at=now)


def _record(row: Signature, one: Checked, now: datetime) -> Record:
    signer = one.verdict.signer
    disclosures = {"message": row.message.handle, "digest": row.message.digest}
    if signer and signer.chain:
        disclosures["signer"] = signer.chain[0].fingerprint
    if one.traces.statements:
        disclosures["revocation"] = " ".join(sorted(one.traces.statements))
    if one.confirms:
        disclosures["confirms"] = one.confirms.handle
    event = events.SignatureVerified(
        verdict=one.verdict.status, reason=one.verdict.reason, of="receipt" if one.is_receipt else "message"
    )
    return Record(event=event, agency=row.message.agency.handle, at=now, disclosures=disclosures)
