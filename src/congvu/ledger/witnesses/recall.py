"""The gate's fourth memory: what witnesses remember of our log, asked before the first signature after a start.

Only what bears our own log's signature is believed of a single witness: a larger head, or another root. A mere
number (409), or a head under a key that is not ours, is a claim; it counts when those who claim meet the policy
by themselves, as then all who verify our receipts believe the same. A witness that is not reached does not keep an
agency from working; that it was not asked is recorded.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from congvu.base.database import atomic
from congvu.ledger import actions as ledger
from congvu.ledger import log_keys
from congvu.ledger.events import WitnessesAsked
from congvu.ledger.models import Log
from congvu.ledger.store import Folder
from congvu.ledger.witnesses import calling
from congvu.ledger.witnesses import policy as policies
from congvu.standards import checkpoints, merkle, notes, tiles
from congvu.standards.checkpoints import Checkpoint
from congvu.standards.quorums import MalformedPolicyError, Policy, Witness
from congvu.standards.witnessing import Question

log_book = logging.getLogger(__name__)
AHEAD = "witnesses-ahead"  # a witness holds a larger head that our own key signed: an old backup was restored
CLAIMED = "witnesses-claim-more"  # so many witnesses say so that the policy believes them
FORKED = "forked"  # a witness holds a head of our own key that is not of this history
SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Memory:
    """What one witness remembers: a head that our log signed, or a claim without one, or no answer."""

    witness: Witness
    head: Checkpoint | None = None
    is_claim: bool = False
    is_answer: bool = True


@dataclass(frozen=True, slots=True)
class Recollection:
    """What all witnesses together remember; `reason` is empty when nothing speaks against signing."""

    reason: str
    witnesses: int
    answered: int
    claims: int


def inspect(log: Log, folder: Folder, *, now: datetime) -> str:
    """Ask the witnesses; return why the log must not be written on, empty when nothing speaks against it.

    What could not be asked, and claims that are not believed, are recorded. Waits for some seconds at most.
    """
    try:
        found = recall(log, folder, policies.current())
    except MalformedPolicyError as error:
        log_book.warning("the policy of witnesses in %s cannot be read: %s", policies.path(), error)
        found = Recollection("", 1, 0, 0)
    if not found.reason and (found.answered < found.witnesses or found.claims):
        said = WitnessesAsked(witnesses=found.witnesses, answered=found.answered, claims=found.claims)
        log_book.warning("%s: of %d witnesses %d answered", log.origin, found.witnesses, found.answered)
        with atomic():
            ledger.record(said, agency=log.agency, at=now, disclosures={})
    return found.reason


def recall(log: Log, folder: Folder, policy: Policy) -> Recollection:
    """Ask all witnesses of a policy at once for what they remember of a log."""
    witnesses = policies.asked(policy)
    if not witnesses:
        return Recollection("", 0, 0, 0)
    key = log_keys.signer(log.origin, folder)
    with ThreadPoolExecutor(len(witnesses)) as pool:
        memories = list(pool.map(lambda one: _memory(one, log, folder, key), witnesses))
    return _judge(memories, log, folder, policy)


def _judge(memories: Sequence[Memory], log: Log, folder: Folder, policy: Policy) -> Recollection:
    claims = [one for one in memories if one.is_claim]
    heads = [one.head for one in memories if one.head is not None]
    reason = ""
    if any(head.size > log.size for head in heads):
        reason = AHEAD
    elif any(_root(head.size, log, folder) != head.root for head in heads):
        reason = FORKED
    elif policies.is_awaited(policy) and policy.is_met([one.witness.key for one in claims]):
        reason = CLAIMED
    return Recollection(reason, len(memories), sum(one.is_answer for one in memories), len(claims))


def _root(size: int, log: Log, folder: Folder) -> bytes:
    return merkle.span_root(0, size, tiles.reader(log.size, folder.read))


def _memory(witness: Witness, log: Log, folder: Folder, key: notes.SignerKey) -> Memory:
    """Ask one witness, by the protocol and then for what it can show."""
    try:
        is_claim = _is_ahead(witness, log, folder, key)
        note = calling.newest(witness, log.origin, seconds=SECONDS)
    except calling.WitnessError:
        return Memory(witness, is_answer=False)
    if not note:
        return Memory(witness, is_claim=is_claim)
    try:
        return Memory(witness, head=checkpoints.verify(note, key=key.verifier), is_claim=is_claim)
    except (
        ValueError
    ):  # not a checkpoint, or not by our key: whoever shows this says something, and proves nothing
        return Memory(witness, is_claim=True)


def _is_ahead(witness: Witness, log: Log, folder: Folder, key: notes.SignerKey) -> bool:
    """Ask a witness to cosign what is signed already; say whether it claims to know more, or something else."""
    note = folder.checkpoint() or checkpoints.sign(Checkpoint(log.origin, 0, merkle.EMPTY_ROOT), key)
    size = checkpoints.verify(note, key=key.verifier).size
    try:
        calling.ask(witness, Question(old=size, proof=(), note=note), seconds=SECONDS)
    except calling.WitnessError as error:
        if error.word in {"stale", "other_root"}:
            return error.size is None or error.size > size
        if error.word in {"unknown", "forbidden", "refused", "later", "inconsistent", "malformed"}:
            return False
        raise
    return False
