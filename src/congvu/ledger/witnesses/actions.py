"""What becomes of our heads with the witnesses: who is asked, what they said, when it is enough."""

from datetime import UTC, datetime, timedelta

from congvu.base.database import atomic, lazily
from congvu.ledger import actions as ledger
from congvu.ledger.events import PolicyAdopted
from congvu.ledger.models import Log
from congvu.ledger.witnesses import policy as policies
from congvu.ledger.witnesses.models import HeadCosignature, WitnessedHead, WitnessState
from congvu.standards import cosignatures, notes
from congvu.standards.cosignatures import Cosignature, CosignerKey
from congvu.standards.quorums import Policy

LONGEST_PAUSE = timedelta(minutes=15)
FIRST_PAUSE = timedelta(seconds=4)
WAITING = 3  # heads that may still become enough when a slow answer comes
_LAST = 253_402_300_799  # the last second that a calendar of four digits has


class UnaskableError(Exception):
    """A policy under which witnesses must cosign, and some of them say no address."""


def adopt_policy(policy: Policy, *, now: datetime) -> None:
    """Put a policy in force; it is evidence, so that nobody lowers what must be witnessed unseen.

    Raises UnaskableError when the quorum could not be met by the witnesses that have an address.
    """
    if not policy.is_met([one.key for one in policies.asked(policy)]):
        raise UnaskableError
    with atomic():
        ledger.record_everywhere(
            PolicyAdopted(witnesses=len(policy.witnesses)), at=now, disclosures={"policy": policy.format()}
        )
        policies.put(policy)


def open_head(log: Log, *, now: datetime) -> WitnessedHead:  # no-evidence: asked again after a loss
    """Let witnesses be asked for the newest head that the log has signed."""
    with lazily(), atomic():
        found, _ = WitnessedHead.objects.get_or_create(
            agency=log.agency,
            log=log,
            size=log.signed_size,
            defaults={"note": log.checkpoint, "opened_at": now},
        )
        waiting = WitnessedHead.objects.filter(agency=log.agency, log=log, is_enough=False).order_by("-size")
        for one in waiting[WAITING : WAITING + 1]:
            waiting.filter(size__lte=one.size).delete()
    return found


def keep(  # no-evidence: a cosignature is evidence of its own
    head: WitnessedHead, told: Cosignature, *, policy: Policy, now: datetime
) -> bool:
    """Keep what a witness said of a head; return whether that is enough by the policy."""
    with lazily(), atomic():
        WitnessState.objects.update_or_create(
            agency=head.agency,
            log_id=head.log_id,
            witness=policies.mark(told.key),
            defaults={
                "size": head.size,
                "cosigned_at": now,
                "asked_at": now,
                "failures": 0,
                "next_at": None,
                "error": "",
                "claimed": None,
            },
        )
        if not WitnessedHead.objects.filter(pk=head.pk).exists():
            return False  # a larger one was enough meanwhile
        HeadCosignature.objects.update_or_create(
            agency=head.agency,
            head=head,
            witness=policies.mark(told.key),
            defaults={"line": told.line, "said_at": datetime.fromtimestamp(min(told.at, _LAST), UTC)},
        )
        is_enough = policy.is_met(_signers(head, policy))
        if is_enough:
            WitnessedHead.objects.filter(pk=head.pk).update(is_enough=True)
            WitnessedHead.objects.filter(agency=head.agency, log=head.log_id, size__lt=head.size).delete()
    return is_enough


def note_failure(  # no-evidence: it is asked again
    log: Log, key: CosignerKey, *, word: str, claimed: int | None, now: datetime
) -> None:
    """Note why a witness did not cosign and when to ask again; `claimed` is the size that it says to know."""
    with lazily(), atomic():
        state, _ = WitnessState.objects.get_or_create(
            agency=log.agency, log=log, witness=policies.mark(key), defaults={"asked_at": now}
        )
        state.failures += 1
        state.asked_at, state.error, state.claimed = now, word, claimed
        state.next_at = now + min(FIRST_PAUSE * 2 ** min(state.failures - 1, 12), LONGEST_PAUSE)
        state.save()


def _signers(head: WitnessedHead, policy: Policy) -> list[CosignerKey]:
    """Return who has cosigned a head, verified once more from what is kept."""
    lines = HeadCosignature.objects.filter(agency=head.agency, head=head).values_list("line", flat=True)
    text = notes.parse(head.note).text
    told = cosignatures.cosigned(f"{text}\n{''.join(lines)}", known=policy.cosigners())
    return [one.key for one in told]
