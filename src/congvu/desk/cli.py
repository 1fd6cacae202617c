"""congvu status: does the evidence hold? For people, for cron and for monitoring systems."""

import argparse
import sys

from django.db import Error
from django.utils import translation

from congvu.base import clock
from congvu.desk.watching import wording
from congvu.desk.watching.facts import facts
from congvu.desk.watching.findings import CODES, STOP, Finding, findings, verdict
from congvu.directory.queries import agencies


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `status`."""
    parser = subparsers.add_parser(
        "status", help="say whether the evidence holds: exit status 0, 1 (look at it) or 2 (stop)"
    )
    parser.add_argument("--agency", help="only this agency (slug)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print one line for each incident, the gravest first; it reads only, also while the ledger is sealed."""
    try:
        return _told(arguments.agency)
    except Error as error:
        print(f"STOP database: {error}".strip())
        return CODES["stop"]


def _told(slug: str | None) -> int:
    chosen = agencies().filter(slug=slug) if slug else agencies()
    if slug and not chosen:
        print(f"congvu: there is no agency {slug}", file=sys.stderr)
        return 2
    sorts: list[str] = []
    with translation.override("en"):
        for agency in chosen:
            found = findings(facts(agency, clock.now()))
            sorts += [one.sort for one in found]
            for one in found:
                print(_line(agency.slug, one))
    if not sorts:
        print("all of the evidence holds" if chosen else "there is no agency yet")
    return CODES[verdict(iter(sorts))]


def _line(slug: str, one: Finding) -> str:
    said = wording.words(one.sort, one.fact)
    parts = [
        "STOP" if one.sort in STOP else "LOOK",
        slug,
        one.sort,
        str(wording.subject(one.sort, one.about)),
        f"since {one.since:%Y-%m-%d %H:%M} UTC" if one.since else "",
        f"{said.title}.",
        str(wording.detail(one.sort, one.fact) or said.meaning),
    ]
    return " ".join(" ".join(part.split()) for part in parts if part)
