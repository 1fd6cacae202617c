"""`congvu rules replay`: try a draft on the evidence of an agency, from the command line."""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import translation

from congvu.base import clock
from congvu.base.texts import pick
from congvu.directory.models import Agency
from congvu.directory.policies import OPERATOR
from congvu.rules import trial
from congvu.rules.assumption import OutOfBoundsError, UnknownParameterError
from congvu.rules.book import Book
from congvu.rules.replay import Replay, Summary, run, scratch
from congvu.rules.replays import actions, export
from congvu.rules.replays.bodies import body
from congvu.rules.replays.bodies import figures as figures_of
from congvu.rules.replays.figures import assumed_words, promise, shown
from congvu.rules.replays.report import Line, Report
from congvu.rules.shelf import BrokenRulebookError

WIDTH = 40  # of the bar
DIGITS = 9  # of the value of a parameter


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    replay = verbs.add_parser(
        "replay", help="show what a draft of a book would have judged otherwise; it changes nothing"
    )
    replay.add_argument("draft", type=Path, help="the draft: a file of one version of one book")
    replay.add_argument("--agency", help="the agency's slug (default: the only one)")
    replay.add_argument(
        "--from", dest="first", type=_day, metavar="DAY", help="first legal day, YYYY-MM-DD (default: all)"
    )
    replay.add_argument("--to", dest="last", type=_day, metavar="DAY", help="last legal day (default: all)")
    replay.add_argument(
        "--adopted-from",
        dest="assumed_from",
        type=_day,
        metavar="DAY",
        help="assume a book that does not bind the agency to be adopted from this day (default: the first one)",
    )
    replay.add_argument(
        "--parameter",
        dest="values",
        type=_parameter,
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="assume a parameter of such a book to be decided so (default: the least that it allows); repeatable",
    )
    replay.add_argument("--csv", type=Path, metavar="FILE", help="write the differences as CSV")
    replay.add_argument("--xlsx", type=Path, metavar="FILE", help="write figures and differences as XLSX")
    replay.set_defaults(run=run_replay)


def run_replay(arguments: argparse.Namespace) -> int:
    """Try a draft; 0 when nothing would differ, 1 when something would, 2 when it cannot be tried."""
    agency = _agency(arguments.agency)
    if agency is None:
        slugs = ", ".join(Agency.objects.order_by("slug").values_list("slug", flat=True)) or "none"
        return _refuse(f"Name the agency with --agency. There are: {slugs}.")
    try:
        draft = trial.read_draft(_text(arguments.draft), name=arguments.draft.name)
        ready = trial.prepare(
            agency=agency,
            draft=draft,
            first=arguments.first,
            last=arguments.last,
            assumed_from=arguments.assumed_from,
            values=dict(arguments.values),
        )
    except (OSError, UnicodeDecodeError, BrokenRulebookError, *trial.REFUSALS) as error:
        return _refuse(_words(error, agency, arguments.draft))
    actions.note(by=OPERATOR, agency=agency, draft=draft, at=clock.now())
    return _replay(arguments, ready)


def _words(error: Exception, agency: Agency, path: Path) -> str:
    """Return why a draft cannot be tried, and what to do."""
    said = {
        UnicodeDecodeError: f"{path}:1: the file is not UTF-8. Save it as UTF-8.",
        BrokenRulebookError: f"{error}\nMend the rulebook first: congvu rules check",
        trial.DraftProblemsError: str(error),
        trial.BoundAlreadyError: f"`{error}` binds {agency.slug}: its own decisions count. Drop --adopted-from and "
        "--parameter.",
        trial.AssumedTooLateError: f"{error} lies after the period. Choose an earlier --adopted-from.",
        trial.BeforeFirstBookError: f"No book bound {agency.slug} before {error}. Choose a later --to.",
        trial.EmptyPeriodError: "Nothing was recorded in this period. Choose other days.",
    }
    if isinstance(error, UnknownParameterError):
        return f"The book has no parameter `{error}`. It has: {', '.join(error.known) or 'none'}."
    if isinstance(error, OutOfBoundsError):
        bounds = error.parameter
        return f"`{error}` lies outside its bounds. Choose from {bounds.at_least} to {bounds.at_most} ({bounds.unit})."
    return said.get(type(error), f"{path}: the file cannot be read ({error}).")


def _replay(arguments: argparse.Namespace, ready: trial.Trial) -> int:
    with scratch() as file:
        twice = trial.replay(ready, file)
        bar = _Bar(trial.total(ready.agency))
        summary = run(twice, trial.runs(ready.agency), progress=bar)
        bar.end()
        with translation.override(ready.agency.language):
            _write(arguments, ready, twice, summary)
    for sentence in sentences(ready):
        print(sentence)
    print(
        f"{summary.entries:,} entries read, {summary.duties_old:,} duties, {summary.duties_new:,} with the draft"
    )
    for kind in ("new", "gone", "changed"):
        print(f"{kind + ':':9}{summary.kinds[kind]:>9,}")
    print(f"{'worse:':9}{summary.worse:>9,}\n{'better:':9}{summary.better:>9,}")
    for (book, norm, kind), count in sorted(summary.norms.items()):
        print(f"  {book} {norm}: {kind} {count:,}")
    return 1 if summary.kinds else 0


def sentences(ready: trial.Trial) -> list[str]:
    """Return what a replay is, and what this one assumes, in the language of the commands."""
    with translation.override("en"):
        return [promise(), *([assumed_words(ready.assumed.plain())] if ready.assumed else [])]


def _write(arguments: argparse.Namespace, ready: trial.Trial, twice: Replay, summary: Summary) -> None:
    zone, figures = ZoneInfo(ready.agency.zone), figures_of(summary)
    report = Report(ready.agency, figures=figures)
    if arguments.csv:
        with arguments.csv.open("w", encoding="utf-8", newline="") as target:
            target.writelines(export.csv_rows(_lines(twice, report), zone=zone))
    if arguments.xlsx:
        rows = shown(
            figures,
            report,
            book=_title(ready.draft),
            draft=arguments.draft.name,
            first=arguments.first,
            last=arguments.last,
            assumed=ready.assumed.plain() if ready.assumed else {},
        )
        export.write_xlsx(arguments.xlsx, lines=_lines(twice, report), figures=rows, zone=zone)


def _lines(twice: Replay, report: Report) -> Iterator[Line]:
    return report.lines(body(one) for one in twice.differences())


def _title(draft: Book) -> str:
    return f"{pick(draft.title, translation.get_language() or 'vi')[0]} ({draft.source.number})"


def _agency(slug: str | None) -> Agency | None:
    found = list(Agency.objects.filter(slug=slug) if slug else Agency.objects.all()[:2])
    return found[0] if len(found) == 1 else None


def _text(path: Path) -> str:
    return path.read_bytes().decode()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-01-31") from error


def _parameter(text: str) -> tuple[str, int]:
    name, _separator, number = text.partition("=")
    if not number.isdecimal() or len(number) > DIGITS:
        raise argparse.ArgumentTypeError(f"{text} is no parameter; write it as acknowledge_within=30")
    return name, int(number)


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


class _Bar:
    """Draws how far the work is, on a terminal only."""

    def __init__(self, total: int) -> None:
        self.total, self.shown = total, sys.stderr.isatty()

    def __call__(self, done: int) -> None:
        if self.shown and self.total:
            filled = min(WIDTH, WIDTH * done // self.total)
            bar = "#" * filled + "." * (WIDTH - filled)
            print(f"\r[{bar}] {done:,} of {self.total:,} entries", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line."""
        if self.shown:
            print(file=sys.stderr)
