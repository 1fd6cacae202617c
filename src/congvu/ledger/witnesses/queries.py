"""Which checkpoint of a log is witnessed, and how far each witness has come; for proofs, pages and alarms."""

from dataclasses import dataclass
from datetime import datetime

from congvu.ledger import log_keys
from congvu.ledger.models import Ledger, Log
from congvu.ledger.store import Folder
from congvu.ledger.witnesses import policy as policies
from congvu.ledger.witnesses.models import HeadCosignature, WitnessedHead, WitnessState
from congvu.standards import cosignatures
from congvu.standards.quorums import LogLine, MalformedPolicyError, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """A head of a log, its note with the cosignatures that came in the policy's order, and the policy they meet."""

    size: int
    note: str
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """How far one witness has come with one log.

    `lag` is how many signed entries it has not cosigned. `error` is empty or a word of witnesses.calling.WitnessError;
    `claimed` is a larger size that it says to know and has not shown.
    """

    agency: str
    origin: str
    name: str
    witness: str
    url: str
    size: int
    lag: int
    cosigned_at: datetime | None
    asked_at: datetime | None
    next_at: datetime | None
    failures: int
    error: str
    claimed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a log stands with its witnesses: what is signed, and what of it is cosigned as the policy asks."""

    agency: str
    origin: str
    signed_size: int
    witnessed_size: int
    is_awaited: bool
    is_met: bool


def witnessed(log: Log, index: int) -> Witnessed | None:
    """Return the newest witnessed head of a log that covers an entry; None while witnesses are pending.

    What is kept is verified once more, against the policy in force now. None, too, where nobody must cosign.
    """
    policy = _policy()
    if policy is None or not policies.is_awaited(policy):
        return None
    head = _enough(log, above=index)
    if head is None:
        return None
    note = cosigned_note(head, policy)
    if not policy.is_met([one.key for one in cosignatures.cosigned(note, known=policy.cosigners())]):
        return None  # the policy in force asks for more than that one did
    return Witnessed(size=head.size, note=note, policy=policies.bare(policy))


def cosigned_note(head: WitnessedHead, policy: Policy) -> str:
    """Return a head's note with the log's line and those of the policy's witnesses, in its order."""
    marks = [policies.mark(key) for key in policy.cosigners()]
    rows = HeadCosignature.objects.filter(agency=head.agency, head=head).values_list("witness", "line")
    lines = dict(rows)
    return head.note + "".join(lines[mark] for mark in marks if mark in lines)


def standings(agency: str | None = None) -> list[Standing]:
    """Return how the newest log of each agency stands with its witnesses."""
    policy = _policy() or policies.NOBODY
    found = []
    for log in newest_logs(agency):
        head = _enough(log, above=-1)
        size = head.size if head else 0
        is_awaited = policies.is_awaited(policy)
        found.append(
            Standing(
                agency=log.agency,
                origin=log.origin,
                signed_size=log.signed_size,
                witnessed_size=size,
                is_awaited=is_awaited,
                is_met=not is_awaited or size == log.signed_size,
            )
        )
    return found


def attendances(agency: str | None = None) -> list[Attendance]:
    """Return how far each witness of the policy has come with the newest log of each agency."""
    policy = _policy() or policies.NOBODY
    found = []
    for log in newest_logs(agency):
        states = {one.witness: one for one in WitnessState.objects.filter(agency=log.agency, log=log)}
        for one in policy.witnesses:
            mark = policies.mark(one.key)
            state = states.get(mark) or WitnessState(witness=mark)
            found.append(
                Attendance(
                    agency=log.agency,
                    origin=log.origin,
                    name=one.name,
                    witness=mark,
                    url=one.url,
                    size=state.size,
                    lag=max(0, log.signed_size - state.size),
                    cosigned_at=state.cosigned_at,
                    asked_at=state.asked_at,
                    next_at=state.next_at,
                    failures=state.failures,
                    error=state.error,
                    claimed=state.claimed,
                )
            )
    return found


def newest_logs(agency: str | None = None) -> list[Log]:
    """Return the newest signed log of each agency."""
    logs: dict[str, Log] = {}
    rows = Log.objects.filter(signed_size__gt=0).order_by("name")
    for log in rows.filter(agency=agency) if agency else rows:
        logs[log.agency] = log
    return list(logs.values())


def public_policy(slug: str, name: str) -> str:
    """Return the policy of one log for strangers, and for its witnesses, who find each other by the addresses in it.

    Empty where there is no such log or no witness.
    """
    policy, folder = _policy(), Folder.of(slug, name)
    ledger = Ledger.objects.filter(slug=slug).first()
    log = ledger and Log.objects.filter(agency=ledger.agency, name=name, signed_size__gt=0).first()
    if policy is None or not policy.witnesses or not log:
        return ""
    key = LogLine(log_keys.verifier(log.origin, folder))
    return Policy((key,), policy.witnesses, policy.groups, policy.quorum).format()


def policy_fault() -> str:
    """Return what is wrong with the policy's file; empty when nothing is."""
    try:
        policies.current()
    except MalformedPolicyError as error:
        return str(error)
    return ""


def _policy() -> Policy | None:
    try:
        return policies.current()
    except MalformedPolicyError:
        return None


def _enough(log: Log, *, above: int) -> WitnessedHead | None:
    rows = WitnessedHead.objects.filter(agency=log.agency, log=log, is_enough=True, size__gt=above)
    return rows.order_by("-size").first()
