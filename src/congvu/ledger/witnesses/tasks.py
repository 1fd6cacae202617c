"""Asking the witnesses, each in a thread of its own: a slow one delays nobody, and none delays recording.

One head of a log at a time is brought to all of them, so that their cosignatures meet on it; the next is taken once
the policy is met, or when everybody who can be asked was asked.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

from congvu.base import clock
from congvu.ledger.models import Ledger, Log
from congvu.ledger.store import Folder
from congvu.ledger.witnesses import actions, calling, queries, statement
from congvu.ledger.witnesses import policy as policies
from congvu.ledger.witnesses.models import WitnessedHead, WitnessState
from congvu.standards import tiles
from congvu.standards.cosignatures import Cosignature
from congvu.standards.quorums import MalformedPolicyError, Policy, Witness
from congvu.standards.witnessing import Question

log_book = logging.getLogger(__name__)
PAUSE = 2.0  # seconds between heads: what is signed meanwhile is witnessed together
PATIENCE = timedelta(seconds=60)  # with a witness that is still thinking about a head
ENDING = 2.0  # seconds; whoever waits for a slow witness then ends with the process
TOLERANCE = (
    86_400  # seconds that a witness's clock may be wrong; a receipt with such a line would say nonsense
)
_showing = threading.Lock()


def serve(stop: threading.Event) -> None:
    """Ask all witnesses of the policy until told to stop; who is new in the policy is asked within seconds."""
    threads: dict[str, threading.Thread] = {}
    try:
        while not stop.wait(PAUSE):
            for witness in policies.asked(_policy()):
                mark = policies.mark(witness.key)
                if mark not in threads or not threads[mark].is_alive():
                    threads[mark] = _thread(mark, stop)
                    threads[mark].start()
    finally:
        for thread in threads.values():
            thread.join(ENDING)
        connection.close()


def attend(mark: str, *, policy: Policy, now: Callable[[], datetime]) -> int:
    """Bring one witness every head that it lacks; return how many it cosigned."""
    witness = next((one for one in policies.asked(policy) if policies.mark(one.key) == mark), None)
    if witness is None:
        return 0
    logs = Log.objects.filter(signed_size__gt=0, closing="").order_by("name")
    return sum(_bring(log, witness, policy, now) for log in logs)


def show(log: Log, policy: Policy) -> None:
    """Publish the newest witnessed head of a log, with all cosignatures that came; never an older one."""
    with _showing:
        rows = WitnessedHead.objects.filter(agency=log.agency, log=log, is_enough=True)
        head = rows.order_by("-size").first()
        if head is not None:
            folder = Folder.of_log(log)
            folder.show(queries.cosigned_note(head, policy))
            statement.publish(log.origin, folder)


def _thread(mark: str, stop: threading.Event) -> threading.Thread:
    return threading.Thread(target=_attend, args=(mark, stop), name=f"witness {mark}", daemon=True)


def _attend(mark: str, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            policy = _policy()
            if mark not in {policies.mark(one.key) for one in policies.asked(policy)}:
                break
            attend(mark, policy=policy, now=clock.now)
        except Exception:
            log_book.exception("asking the witness %s failed and will be tried again", mark)
            connection.close()
        stop.wait(PAUSE)
    connection.close()


def _bring(log: Log, witness: Witness, policy: Policy, now: Callable[[], datetime]) -> int:
    state = _state(log, witness)
    if state.size >= log.signed_size or (state.next_at is not None and state.next_at > now()):
        return 0
    head = _due(log, policy, now())
    if head is None or state.size >= head.size:
        return 0
    try:
        told = _asked(log, head, witness, state)
        _check_clock(told, now())
    except calling.WitnessError as error:
        actions.note_failure(log, witness.key, word=error.word, claimed=error.size, now=now())
        return 0
    if actions.keep(head, told, policy=policy, now=now()):
        show(log, policy)
    return 1


def _asked(log: Log, head: WitnessedHead, witness: Witness, state: WitnessState) -> Cosignature:
    """Ask from the size that the witness should know; when it says another one, once more from there."""
    known = state.claimed if state.claimed is not None and state.claimed <= head.size else state.size
    try:
        return calling.ask(witness, _question(log, head, known))
    except calling.WitnessError as error:
        if error.size is None or error.size > head.size:
            raise
        return calling.ask(witness, _question(log, head, error.size))


def _check_clock(told: Cosignature, now: datetime) -> None:
    if abs(told.at - now.timestamp()) > TOLERANCE:
        raise calling.WitnessError("clock")


def _question(log: Log, head: WitnessedHead, old: int) -> Question:
    proof = tiles.consistency_proof(old, head.size, Folder.of_log(log).read)
    return Question(old=old, proof=tuple(proof), note=head.note)


def _due(log: Log, policy: Policy, now: datetime) -> WitnessedHead | None:
    """Return the head for which witnesses are asked now; the next one when the last is over."""
    last = WitnessedHead.objects.filter(agency=log.agency, log=log).order_by("-size").first()
    if last is not None and (last.size >= log.signed_size or not _is_over(last, policy, now)):
        return last
    if Ledger.objects.filter(agency=log.agency).exclude(sealed="").exists():
        return last
    return actions.open_head(log, now=now)


def _is_over(head: WitnessedHead, policy: Policy, now: datetime) -> bool:
    if head.is_enough or now - head.opened_at > PATIENCE:
        return True
    rows = WitnessState.objects.filter(agency=head.agency, log=head.log_id)
    asked = {row.witness for row in rows if row.asked_at is not None and row.asked_at >= head.opened_at}
    return {policies.mark(one.key) for one in policies.asked(policy)} <= asked


def _state(log: Log, witness: Witness) -> WitnessState:
    mark = policies.mark(witness.key)
    found = WitnessState.objects.filter(agency=log.agency, log=log, witness=mark).first()
    return found or WitnessState(agency=log.agency, log=log, witness=mark)


def _policy() -> Policy:
    """Return the policy in force; nobody is asked while its file cannot be read, and that is told once a round."""
    try:
        return policies.current()
    except MalformedPolicyError as error:
        log_book.warning("the policy of witnesses in %s cannot be read: %s", policies.path(), error)
        return policies.NOBODY
