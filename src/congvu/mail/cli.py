"""congvu mail import | queue | dkim | outcomes | poll | tls | server."""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from congvu.base import clock
from congvu.mail import archives
from congvu.mail.actions.importing import Imported, import_messages
from congvu.mail.archives import Difficulty, Found
from congvu.mail.commands import dkim, outcomes, poll, server, tls
from congvu.mail.queries.routes import Route, routes
from congvu.mail.queries.transfers import waiting
from congvu.mail.tasks import relay_settings

BATCH = 50
WIDTH = 30  # of the bar
PACKED = {".gz", ".tgz", ".tar", ".bz2", ".xz"}
OCTETS = 8_000_000  # of one batch


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `mail` and its verbs."""
    noun = subparsers.add_parser("mail", help="mailboxes: take over old mail, look at the queue")
    verbs = noun.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("import", help="take over an mbox, a Maildir, .eml files or a tar.gz of these")
    one.add_argument("path", type=Path)
    one.add_argument("--mailbox", required=True, help="the official address whose box takes the mail")
    one.add_argument("--resume", action="store_true", help="go on where the report ends")
    one.add_argument("--report", type=Path, help="where to write what became of each message (JSON lines)")
    one.add_argument("--under", help="the heading under which it is filed (the archive's name)")
    one.set_defaults(run=run_import)
    two = verbs.add_parser("queue", help="list the mail that waits for the relay")
    two.set_defaults(run=run_queue)
    dkim.register(verbs)
    outcomes.register(verbs)
    poll.register(verbs)
    server.register(verbs)
    tls.register(verbs)


def run_import(arguments: argparse.Namespace) -> int:
    """Import an archive; 0 when every message was taken over, 1 when some were refused or unreadable."""
    place = routes([arguments.mailbox], now=clock.now()).get(arguments.mailbox)
    if place is None:
        return _complain(f"{arguments.mailbox} is no address of this installation")
    if not arguments.path.exists():
        return _complain(f"there is no {arguments.path}")
    report = arguments.report or Path(f"{arguments.path.name}.report.jsonl")
    if report.exists() and not arguments.resume:
        return _complain(f"{report} exists; give --resume to go on, or another --report")
    done = _done(report)
    under = arguments.under or arguments.path.name
    with report.open("a", encoding="utf-8") as lines:
        counts = _import(arguments.path, place, under, done, lines)
    _summary(counts, report)
    return 1 if counts["refused"] or counts["difficult"] else 0


def run_queue(arguments: argparse.Namespace) -> int:
    """List what waits for the relay."""
    del arguments
    if relay_settings() is None:
        print("No relay is configured (CONGVU_RELAY_HOST): mail to others waits.")
    rows = list(waiting().order_by("next_at"))
    for row in rows:
        due = row.next_at.isoformat(timespec="seconds") if row.next_at else "-"
        print(
            f"{due}  {row.attempts} attempts  {row.recipient}  {row.message.subject[:60]}  {row.answer[:80]}"
        )
    print(f"{len(rows)} waiting")
    return 0


def _import(path: Path, place: Route, under: str, done: set[tuple[str, int]], lines: TextIO) -> Counter[str]:
    counts: Counter[str] = Counter(before=len(done))
    progress = Progress(path, len(done))
    fresh = (one for one in archives.messages(path) if (one.source, one.offset) not in done)
    for batch in _batches(fresh):
        found = [one for one in batch if isinstance(one, Found)]
        results = import_messages(place=place, found=found, under=under, at=clock.now()) if found else []
        lost = [one for one in batch if isinstance(one, Difficulty)]
        rows = [*map(_row, results), *map(_lost, lost)]
        _append(lines, rows)
        counts.update(row["result"] for row in rows)
        counts["marked"] += sum(bool(row.get("defects")) for row in rows)
        progress.show(batch)
    progress.end()
    return counts


def _batches(found: Iterable[Found | Difficulty]) -> Iterator[list[Found | Difficulty]]:
    """Yield batches of at most so many messages and about so many octets."""
    batch: list[Found | Difficulty] = []
    size = 0
    for one in found:
        batch.append(one)
        size += len(one.raw) if isinstance(one, Found) else 0
        if len(batch) >= BATCH or size >= OCTETS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _row(one: Imported) -> dict[str, Any]:
    row: dict[str, Any] = {"source": one.source, "offset": one.offset, "result": one.result}
    if one.message:
        row["message"] = one.message
    if one.mark:
        row["mark"] = one.mark
    if one.defects:
        row["defects"] = list(one.defects)
    return row


def _lost(one: Difficulty) -> dict[str, Any]:
    return {"source": one.source, "offset": one.offset, "result": "difficult", "reason": one.reason}


def _append(lines: TextIO, rows: Iterable[dict[str, Any]]) -> None:
    """Write lines to the report and put them on disk, after the messages themselves are there."""
    lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    lines.flush()
    os.fsync(lines.fileno())


def _done(report: Path) -> set[tuple[str, int]]:
    """Return the places that a report has; a line that was cut short by a crash does not count."""
    done: set[tuple[str, int]] = set()
    if not report.exists():
        return done
    whole = report.read_bytes()
    kept = whole[: whole.rfind(b"\n") + 1]
    if kept != whole:
        report.write_bytes(kept)
    for line in kept.decode().splitlines():
        row = json.loads(line)
        done.add((row["source"], row["offset"]))
    return done


class Progress:
    """How far an import has come, on one line of standard error when a person watches."""

    def __init__(self, path: Path, count: int) -> None:
        files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
        is_packed = any(one.suffix in PACKED for one in files)
        self._total = 0 if is_packed else sum(one.stat().st_size for one in files)
        self._octets = 0
        self._count = count
        self._watched = sys.stderr.isatty()

    def show(self, batch: Iterable[Found | Difficulty]) -> None:
        """Show that a batch has passed; the bar follows the octets, where these are known."""
        for one in batch:
            self._count += 1
            self._octets += len(one.raw) if isinstance(one, Found) else 0
        if not self._watched:
            return
        bar = ""
        if self._total:
            share = min(1.0, self._octets / self._total)
            bar = f"[{'#' * int(share * WIDTH):<{WIDTH}}] {share:4.0%} "
        print(f"\r{bar}{self._count} messages", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Finish the line."""
        if self._watched:
            print(file=sys.stderr)


def _summary(counts: Counter[str], report: Path) -> None:
    words = {
        "before": "done before",
        "imported": "imported",
        "present": "already there",
        "refused": "refused for a mark of state secrecy (the refusal is evidence)",
        "difficult": "could not be read from the archive",
        "marked": "read with difficulty (see `defects`)",
    }
    for key, word in words.items():
        if counts[key]:
            print(f"{counts[key]:>8}  {word}")
    print(f"Report: {report}")


def _complain(sentence: str) -> int:
    print(f"congvu: {sentence}", file=sys.stderr)
    return 2
