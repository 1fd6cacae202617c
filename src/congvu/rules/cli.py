"""`congvu rules`: check the rulebook, list it, seed a calendar, try a draft, take a finding away."""

import argparse
import os
import sys
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from congvu.base import languages
from congvu.base.texts import pick
from congvu.ledger.queries import PendingError
from congvu.rules import bundle, shelf
from congvu.rules.calendars import seed_lines
from congvu.rules.models import Obligation
from congvu.rules.replays import cli as replays


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `rules` with its verbs."""
    rules = subparsers.add_parser(
        "rules", help="the rulebook: check it, list it, seed a calendar, try a draft"
    )
    verbs = rules.add_subparsers(dest="verb", required=True, metavar="VERB")
    check = verbs.add_parser(
        "check", help="name every problem of the rulebook with file and line, run its examples"
    )
    check.add_argument("folder", nargs="?", type=Path, help="a rulebook folder (default: the installation's)")
    check.add_argument("--lang", choices=languages.LANGUAGES, help="language of the answer (else by LANG)")
    check.set_defaults(run=_check)
    listing = verbs.add_parser("list", help="list books and norms, and what makes each norm apply")
    listing.set_defaults(run=_list)
    seed = verbs.add_parser(
        "seed", help="print the days of a calendar file as the holidays library knows them"
    )
    seed.add_argument("country", help="two letters, such as VN or KZ")
    seed.add_argument("first", type=int, help="first year")
    seed.add_argument("last", type=int, help="last year")
    seed.set_defaults(run=_seed)
    taken = verbs.add_parser(
        "export-finding", help="write a finding with all that it rests on, for congvu-recheck"
    )
    taken.add_argument("handle", help="the duty's handle, as its page's address shows it")
    taken.add_argument("--output", type=Path, help="the file to write (standard output when not given)")
    taken.set_defaults(run=_export_finding)
    replays.add(verbs)


def _check(arguments: argparse.Namespace) -> int:
    with translation.override(arguments.lang or languages.asked(os.environ)):
        return _checked(arguments)


def _checked(arguments: argparse.Namespace) -> int:
    folder = arguments.folder or settings.CONGVU_RULEBOOK
    published = None if arguments.folder else shelf.published_folder()
    if not folder.is_dir():
        said = _("there is no such folder. Name the folder that holds the books.")
        print(f"{folder}: {said}", file=sys.stderr)
        return 2
    found = shelf.shelve(folder, published=published)
    for problem in found.problems:
        print(problem.line_told, file=sys.stderr)
    norms = sum(len(book.norms) for book in found.books)
    ran = sum(len(book.examples) for book in found.books)
    figures = {"books": len(found.books), "norms": norms, "examples": ran, "problems": len(found.problems)}
    print(_("%(books)d books, %(norms)d norms, %(examples)d examples, %(problems)d problems") % figures)
    return 1 if found.problems else 0


def _list(arguments: argparse.Namespace) -> int:
    del arguments
    try:
        books = shelf.shelf().books
    except shelf.BrokenRulebookError as error:
        print(error, file=sys.stderr)
        return 1
    for book in books:
        print(f"{book.id} version {book.version}: {pick(book.title, 'en')[0]} ({book.source.number})")
        for norm in book.norms:
            print(f"  {norm.id:28} {norm.kind:15} {norm.feed:9} {pick(norm.title, 'en')[0]}")
    return 0


def _export_finding(arguments: argparse.Namespace) -> int:
    row = Obligation.objects.filter(handle=arguments.handle).select_related("agency").first()
    try:
        found = row and bundle.export(row.handle, agency=row.agency, shown=bundle.without_reporter)
    except PendingError:
        print("congvu: an entry is recorded; its proof is pending until the next checkpoint", file=sys.stderr)
        return 1
    if not found:
        print(f"congvu: there is no finding {arguments.handle}", file=sys.stderr)
        return 1
    if arguments.output:
        arguments.output.write_bytes(found)
    else:
        sys.stdout.buffer.write(found)
    return 0


def _seed(arguments: argparse.Namespace) -> int:
    try:
        for line in seed_lines(arguments.country.upper(), range(arguments.first, arguments.last + 1)):
            print(line)
    except NotImplementedError:
        print(f"{arguments.country}: the library knows no such country. Use two letters.", file=sys.stderr)
        return 2
    return 0
