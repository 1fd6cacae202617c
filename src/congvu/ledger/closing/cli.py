"""congvu ledger close."""

import argparse
import logging
import sys
from pathlib import Path

from congvu.base import clock
from congvu.ledger import gate, log_keys, wording
from congvu.ledger.closing import actions, heads
from congvu.ledger.closing.actions import Decision
from congvu.ledger.closing.heads import Last
from congvu.ledger.fence import SequencerRunningError
from congvu.ledger.models import Ledger, Log
from congvu.ledger.sequencer import Sequencer, origin
from congvu.ledger.store import Folder
from congvu.standards import closings, notes, quorums, successions

log_book = logging.getLogger(__name__)
LARGEST = 1 << 20  # octets of a file that is named
SENTENCES: dict[type[Exception], str] = {
    SequencerRunningError: "a clerk is running, and nobody may write the log meanwhile; stop it first "
    "(systemctl stop congvu)",
    actions.ClosedError: "this log is closed already, or it is not the newest; congvu ledger check lists them",
    closings.TooManyLogsError: "a year has at most nine logs, and this is the ninth",
    heads.UnreadableHeadError: "--head is neither a checkpoint nor a receipt of this log that its key has signed",
    heads.NoKeyError: "the public key of the log is not here; name it with --key, or name a receipt with --head",
    heads.NoHeadError: "no witness shows a head of this log; name one with --head, the newest checkpoint or receipt",
    heads.FutureHeadError: "this head is of more entries than the log here has: restore the newest copy first, or, "
    "if there is none, say --because lost",
    heads.OtherHistoryError: "this head is of another history than the log here: somebody else may have signed it",
    heads.ForkedError: "the witnesses show two heads of one size; say with --head which of them is yours",
    notes.MalformedKeyError: "this is not a log's verifier key: <origin>+<id>+<base64>",
    quorums.MalformedPolicyError: "the policy of witnesses cannot be read; mend it first (congvu witness policy)",
}


class RefusedError(Exception):
    """What was asked cannot be done; the message is for people."""


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb `close`."""
    one = verbs.add_parser(
        "close",
        help="close a log whose key was stolen, or that is lost, and begin another for the rest of the year",
    )
    one.add_argument("log", help="the log to close: its year, or 2026-2 for the second of a year")
    one.add_argument("--agency", required=True, help="the agency (slug)")
    one.add_argument(
        "--because",
        choices=closings.REASONS,
        required=True,
        help="stolen: somebody else has or may have the key; lost: the files or the key are gone, and all copies",
    )
    one.add_argument("--by", required=True, help="who closes it: a name, kept as evidence")
    one.add_argument("--approved-by", required=True, help="who approved that: the name of somebody else")
    one.add_argument(
        "--head",
        type=Path,
        help="a file with the last head that counts, a checkpoint or a receipt (else what witnesses cosigned or show)",
    )
    one.add_argument(
        "--key", help="the log's verifier key, or a file that holds it, where it is not here any more"
    )
    one.add_argument("--yes", action="store_true", help="ask nothing")
    one.set_defaults(run=run_close)


def run_close(arguments: argparse.Namespace) -> int:
    """Close a log and begin the next; 0 when that was done, 1 when nothing was changed."""
    try:
        with Sequencer() as sequencer:
            ledger, log = _asked(arguments)
            last = _last(arguments, ledger, log)
            _tell(log, Folder.of(ledger.slug, log.name), last)
            _confirm(arguments, log)
            decision = Decision(
                reason=arguments.because, by=arguments.by.strip(), approved_by=arguments.approved_by.strip()
            )
            made = actions.close(ledger, log, last, decision=decision, now=clock.now())
            _begin(sequencer)
    except RefusedError as error:
        print(f"congvu: {error}", file=sys.stderr)
        return 1
    except heads.DamagedError as error:
        print(f"congvu: {wording.why(str(error))} Nothing was changed.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"congvu: {error.strerror}: {error.filename}. Nothing was changed.", file=sys.stderr)
        return 1
    except tuple(SENTENCES) as error:
        said = next(sentence for sort, sentence in SENTENCES.items() if isinstance(error, sort))
        print(f"congvu: {said}. Nothing was changed.", file=sys.stderr)
        return 1
    _tell_made(ledger, log, made)
    return 0


def _asked(arguments: argparse.Namespace) -> tuple[Ledger, Log]:
    """Return the log to be closed; one of which the database knows nothing is taken for empty."""
    by, approved_by = arguments.by.strip(), arguments.approved_by.strip()
    if not by or not approved_by or by.casefold() == approved_by.casefold():
        raise RefusedError("who closes a log and who approves that are two people")
    ledger = Ledger.objects.filter(slug=arguments.agency).first()
    if ledger is None:
        raise RefusedError(f"there is no agency {arguments.agency}")
    log = Log.objects.filter(agency=ledger.agency, name=arguments.log).first()
    is_unknown = not Log.objects.filter(agency=ledger.agency).exists()
    is_name = successions.NAME.fullmatch(arguments.log) is not None
    if log is None and arguments.because == "lost" and is_unknown and is_name:
        log = Log(agency=ledger.agency, name=arguments.log, origin=origin(ledger, arguments.log))
    if log is None:
        raise RefusedError(f"{arguments.agency} has no log {arguments.log}")
    if log.closing:
        raise actions.ClosedError(log.origin)
    return ledger, log


def _last(arguments: argparse.Namespace, ledger: Ledger, log: Log) -> Last:
    """Return the last head that counts; raise what it cannot be."""
    folder, is_lost = Folder.of(ledger.slug, log.name), arguments.because == "lost"
    key = _key(arguments, log, folder)
    if arguments.head:
        with arguments.head.open("rb") as file:
            last = heads.given(file.read(LARGEST), origin=log.origin, key=key)
    elif key is None:
        raise heads.NoKeyError(log.origin)
    elif is_lost:
        last = heads.of_lost(log, folder, key=key)
    else:
        if reason := gate.compare(log, folder, key):
            raise heads.DamagedError(reason)
        last = heads.of_whole(log, key=key, now=clock.now())
    if not is_lost:
        heads.require_whole(log, folder, last)
    elif heads.standing(log, folder, last)[0] == last.head.size and not gate.inspect(log, folder):
        raise RefusedError(
            "nothing of this log is lost: it is here, whole and with its key. Nothing was changed"
        )
    return last


def _key(arguments: argparse.Namespace, log: Log, folder: Folder) -> notes.VerifierKey | None:
    """Return the log's public key: the one that is named, else the one that lies here."""
    if arguments.key:
        key = notes.parse_verifier_key(log_keys.named(arguments.key))
        if key.name != log.origin:
            raise RefusedError(f"this is the key of another log: {key.name}")
        return key
    if arguments.head and arguments.because == "lost":
        return None if _is_receipt(arguments.head) else _own(log, folder)
    return _own(log, folder)


def _confirm(arguments: argparse.Namespace, log: Log) -> None:
    if arguments.yes:
        return
    print("Type the name of the log to close it: ", end="", flush=True)
    if sys.stdin.readline().strip() != log.name:
        raise RefusedError("nothing was changed")


def _begin(sequencer: Sequencer) -> None:
    """Sign the new log's first head; the act is done, whatever happens to this."""
    try:
        while sequencer.step(clock.now()):
            pass
    except Exception:
        log_book.exception("the log is closed; the clerk signs the next one's first head when it starts")


def _is_receipt(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(1) == b"{"


def _own(log: Log, folder: Folder) -> notes.VerifierKey | None:
    try:
        return log_keys.verifier(log.origin, folder)
    except (log_keys.KeyMissingError, notes.MalformedKeyError):
        return None


def _tell(log: Log, folder: Folder, last: Last) -> None:
    kept, behind = heads.standing(log, folder, last)
    print(f"{log.origin}: will be closed at {last.head.size} entries, witnessed by {last.witnesses}")
    print(f"  its key has the fingerprint {last.key.fingerprint}")
    if last.head.size > kept:
        print(f"  {last.head.size - kept} of them are not here any more; that will be evidence, too")
    if behind:
        print(f"  {len(behind)} entries behind that head will be entered in the new log, with new receipts")


def _tell_made(ledger: Ledger, log: Log, made: Log) -> None:
    key = log_keys.verifier(made.origin, Folder.of(ledger.slug, made.name))
    print(f"{log.origin}: closed")
    print(f"{made.origin}: begun; its key is {key.text}")
    print(f"  fingerprint {key.fingerprint}")
    print(
        f"Give {Folder.of(ledger.slug, log.name).public / 'closing'} to every witness: congvu witness close FILE"
    )
