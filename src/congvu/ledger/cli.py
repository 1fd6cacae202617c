"""congvu ledger check | repair | prove | rebuild | close."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import translation

from congvu.base import clock
from congvu.base.processes import end_with_parent, is_orphan
from congvu.ledger import (
    check,
    full_checks,
    gate,
    log_keys,
    memories,
    queries,
    rebuild,
    repair,
    sources,
    wording,
)
from congvu.ledger.closing import cli as closing
from congvu.ledger.fence import SequencerRunningError
from congvu.ledger.models import Entry, Ledger, Log
from congvu.ledger.sequencer import Sequencer, origin
from congvu.ledger.store import Folder
from congvu.standards import closings, cose, notes

WHAT = {
    "missing": "the file is missing",
    "unreadable": "the disk does not give the file back",
    "cut": "the file is not as long as it must be",
    "entries": "this entry is not the one that was signed",
    "hashes": "these hashes are not those that were signed",
    "root": "all files agree with each other, but not with the signed checkpoint: this may be a second history",
    "signature": "this is not what the log's key has signed",
    "key": "this is not the log's key",
}
GENTLY = 19  # the lowest priority, for the disk as well where its scheduler heeds it
LOOKS, LOOK_AGAIN = 3, 0.5  # seconds
UNSIGNED = (
    "congvu: a COSE receipt does not sign the size of the log, and names no witnesses; "
    "keep the receipt of Congvu beside it, in which the entry lies, too"
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `ledger` and its verbs."""
    noun = subparsers.add_parser("ledger", help="the log of evidence: check, prove, rebuild")
    verbs = noun.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser(
        "check", help="hash every entry and tile again and compare all memories of the head"
    )
    one.add_argument("--agency", help="only this agency (slug)")
    one.add_argument("--year", help="only this log: its year, or 2026-2 for the second of a year")
    one.add_argument(
        "--gently", action="store_true", help="at the lowest priority and on one core, as each night"
    )
    one.add_argument("--under", type=int, help=argparse.SUPPRESS)  # the id of the clerk to end with
    one.set_defaults(run=run_check)
    mend = verbs.add_parser(
        "repair",
        help="restore damaged files from copies and receipts, as far as the signed root vouches for them",
    )
    mend.add_argument("--agency", help="only this agency (slug)")
    mend.add_argument(
        "--from",
        dest="places",
        metavar="PLACE",
        action="append",
        default=[],
        help="another copy of the log (a folder or an address), a receipt, or a folder of receipts; may be repeated",
    )
    mend.set_defaults(run=run_repair)
    two = verbs.add_parser("prove", help="write the bundle of an entry, for congvu-verify")
    two.add_argument("entry", help="the entry's id")
    two.add_argument("--disclose", action="append", help="a disclosure to show (all when not given)")
    two.add_argument(
        "--format",
        choices=("congvu", "cose"),
        default="congvu",
        help="congvu: the receipt, for congvu-verify; cose: a COSE receipt (RFC 9942) without entry and witnesses",
    )
    two.add_argument("--output", type=Path, help="the file to write (standard output when not given)")
    two.set_defaults(run=run_prove)
    three = verbs.add_parser("rebuild", help="restore the database's cache of the log from its bundles")
    three.add_argument("--agency", help="only this agency (slug)")
    three.set_defaults(run=run_rebuild)
    closing.register(verbs)


def run_check(arguments: argparse.Namespace) -> int:
    """Check every log; 0 when all are whole, 1 when something is damaged."""
    bad = 0
    if arguments.under:
        end_with_parent()
        if is_orphan(arguments.under):
            return 0
    if arguments.gently:
        os.nice(GENTLY)
    chosen = [
        (log, Folder.of(ledger.slug, log.name))
        for ledger in queries.ledgers(arguments.agency)
        for log in Log.objects.filter(agency=ledger.agency).order_by("name")
        if arguments.year in {None, log.name}
    ]
    if arguments.year and not chosen:
        print(f"congvu: there is no log {arguments.year}; nothing was checked", file=sys.stderr)
        return 1
    for log, folder in chosen:
        bad += _check_log(log, folder, 1 if arguments.gently else _processes())
    return 1 if bad else 0


def run_prove(arguments: argparse.Namespace) -> int:
    """Write the bundle of an entry."""
    agency = _agency_of(arguments.entry)
    if agency is None:
        print(f"congvu: there is no entry {arguments.entry}", file=sys.stderr)
        return 1
    try:
        if unknown := _unknown(arguments, agency):
            print(f"congvu: the entry discloses no {', no '.join(unknown)}", file=sys.stderr)
            return 1
        if arguments.format == "cose":
            data = queries.prove_by_cose(arguments.entry, agency=agency)
            print(UNSIGNED, file=sys.stderr)
        else:
            data = queries.prove(arguments.entry, agency=agency, disclose=arguments.disclose)
    except queries.PendingError:
        print(
            "congvu: the entry is recorded; its proof is pending until the next checkpoint", file=sys.stderr
        )
        return 1
    except cose.SingleEntryError:
        print("congvu: a log of one entry has no COSE receipts; wait for the next entry", file=sys.stderr)
        return 1
    except log_keys.KeyMissingError:
        print("congvu: the key of this log is gone, and no COSE receipt can be signed", file=sys.stderr)
        return 1
    if arguments.output:
        arguments.output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
    return 0


def _unknown(arguments: argparse.Namespace, agency: str) -> list[str]:
    """Return what is to be disclosed and is not there."""
    asked = set(arguments.disclose or ())
    return sorted(asked - set(queries.entry(arguments.entry, agency=agency).disclosures)) if asked else []


def run_rebuild(arguments: argparse.Namespace) -> int:
    """Rebuild every log from its files; afterwards `congvu readers rewind` feeds the readers again."""
    for ledger in queries.ledgers(arguments.agency):
        for name in rebuild.names(ledger):
            try:
                done = rebuild.rebuild(ledger, name, _progress, now=clock.now())
            except rebuild.DamagedLogError as error:
                damage: check.Damage = error.args[0]
                print(f"\ncongvu: {file_and_entry(damage)}: {WHAT[damage.what]}; nothing was rebuilt")
                print("Run congvu ledger repair first, with --from and another copy if you have one.")
                return 1
            except rebuild.NothingToRebuildError as error:
                print(f"congvu: {error}: no signed checkpoint")
                continue
            print(f"\n{done.origin}: {done.size} entries")
            if done.unknown_holds:
                print(
                    f"  {done.unknown_holds} holds in it are unknown to this database. Nothing can be destroyed now,"
                    " until they are placed again and the hold on everything is lifted."
                )
    print("Now run: congvu readers rewind")
    return 0


def run_repair(arguments: argparse.Namespace) -> int:
    """Repair every log whose files are damaged; 0 when all are whole afterwards."""
    bad = 0
    try:
        with Sequencer():
            for ledger in queries.ledgers(arguments.agency):
                for one in rebuild.names(ledger):
                    bad += not _repair_log(ledger, one, arguments.places)
    except SequencerRunningError:
        print(
            "congvu: a clerk is running, and nobody may write the log meanwhile; stop it (systemctl stop congvu)"
            " and try again. Nothing was changed.",
            file=sys.stderr,
        )
        return 1
    return 1 if bad else 0


def _repair_log(ledger: Ledger, called: str, places: list[str]) -> bool:
    """Return whether nothing remains to be done for a log."""
    folder, name = Folder.of(ledger.slug, called), origin(ledger, called)
    log = Log.objects.filter(agency=ledger.agency, name=called).first()
    if log is not None and log.closing:
        is_whole = closings.read(log.closing).size == log.size
        folder.close(log.closing, log.checkpoint if is_whole else "")
        if not log.size:
            return True
    try:
        key = memories.public_key(name, folder)
        found = sources.opened(places, slug=ledger.slug, name=called, key=key)
        head, note = repair.head_of(name, folder, log.checkpoint if log else "", found)
    except tuple(_REFUSALS) as error:
        print(f"{name}: nothing was changed: {_REFUSALS[type(error)].format(error=error)}")
        return False
    aside = Path(settings.CONGVU_DATA) / "ledger" / "damaged" / ledger.slug / called
    done = repair.repair(folder, head, found, aside=aside, processes=_processes(), progress=_progress)
    small = repair.restore_memories(name, folder, note)
    whole = repair.Outcome([*done.restored, *small.restored], [*done.lost, *small.lost])
    for file in whole.restored:
        print(f"\n{name}: {file}: restored", end="")
    for damage in whole.lost:
        print(f"\n{name}: {file_and_entry(damage)}: still lost: {WHAT[damage.what]}", end="")
    if done.restored:
        print(f"\n{name}: what was damaged is kept in {aside}", end="")
    reason = repair.conclude(ledger, log, whole, clock.now()) if log else gate.DATABASE_BEHIND
    print(f"\n{name}: {len(whole.restored)} files restored, {len(whole.lost)} pieces lost")
    if reason:
        why, steps = _reason(reason)
        print(f"{name}: {' '.join([why, *steps])}")
    return not whole.lost and not reason


_REFUSALS: dict[type[Exception], str] = {
    log_keys.KeyMissingError: "neither of the log's keys can be read; bring them back from the backup of the keys",
    repair.NoHeadError: "there is no genuine checkpoint left; name a copy that has one with --from",
    repair.ForkedError: (
        "the copy holds another history under the same key; keep both, and ask who may sign with it"
    ),
    sources.UnreachableSourceError: "nobody answers at {error}",
    sources.BadSourceError: "{error} is no copy of a log and no receipt",
}


def _check_log(log: Log, folder: Folder, processes: int) -> int:
    """Check one log, keep the result for the operator's page, and return how much was found."""
    found: list[str] = []
    if log.closing:
        print(f"{log.origin}: {_closed(log)}")
    for sentence, steps in _faults(log, folder, processes):
        found.append(sentence)
        print(f"\n{log.origin}: {' '.join([sentence, *steps])}", end="")
    missing = log.signed_size - Entry.objects.filter(log=log, index__lt=log.signed_size).count()
    if missing:
        lacking = f"the database lacks {missing} entries; run: congvu ledger rebuild"
        print(f"\n{log.origin}: {lacking}", end="")
    print(f"\n{log.origin}: {log.size} entries, {'DAMAGED' if found or missing else 'whole'}")
    if found:
        print(f"{log.origin}: run congvu ledger repair, with --from and another copy if you have one")
    full_checks.note(log, [*found, *([lacking] if missing else [])], now=clock.now())
    return len(found) + bool(missing)


def _faults(log: Log, folder: Folder, processes: int) -> Iterator[tuple[str, list[str]]]:
    """Yield what is wrong, and what is to be done where that differs from a repair."""
    for damage in _memory_faults(log, folder):
        yield f"{damage.file}: {WHAT[damage.what]}", []
    root = notes.decode_base64(log.root) if log.size else None
    for damage in check.damages(folder, log.size, root=root, processes=processes, progress=_progress):
        yield f"{file_and_entry(damage)}: {WHAT[damage.what]}", []
    if reason := _disagreement(log, folder):
        yield _reason(reason)


def _memory_faults(log: Log, folder: Folder) -> Iterator[check.Damage]:
    """Yield what is wrong with the small files; of a closed log the note matters, and its key may be gone."""
    if not log.closing:
        yield from memories.faults(log.origin, folder)
        return
    if set(folder.closings()) != {log.closing}:
        yield check.Damage("closing", 0, "signature")


def _closed(log: Log) -> str:
    """Return why and where a log was closed, and what of it is not here any more."""
    closing = closings.read(log.closing)
    gone = f", of which {closing.size - log.size} are not here any more" if closing.size > log.size else ""
    return f"closed ({closing.reason}) at {closing.size} entries{gone}; it goes on in {closing.next.name}"


def _disagreement(log: Log, folder: Folder) -> str:
    """Compare all memories of the head; a clerk that signs meanwhile is one ahead for a moment."""
    reason = ""
    for _ in range(LOOKS):
        reason = gate.inspect(Log.objects.get(pk=log.pk), folder)
        if not reason:
            break
        time.sleep(LOOK_AGAIN)
    return reason


def _reason(reason: str) -> tuple[str, list[str]]:
    """Return why the gate seals a log, and what is to be done."""
    with translation.override("en"):
        return str(wording.why(reason)), [str(step) for step in wording.steps(reason)]


def file_and_entry(damage: check.Damage) -> str:
    """Return where a damage is, for people: the entry counts from 0, as in receipts."""
    return f"{damage.file}, entry {damage.index}" if damage.file.startswith("tile/") else damage.file


def _processes() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _agency_of(entry: str) -> str | None:
    return Entry.objects.filter(entry=entry).values_list("agency", flat=True).first()


def _progress(done: int, whole: int) -> None:
    if sys.stderr.isatty() or done == whole:
        print(f"\r{done:>12,} of {whole:,} entries", end="", file=sys.stderr, flush=True)
