"""congvu mail outcomes check."""

import argparse
from datetime import date, timedelta

from congvu.base import clock
from congvu.directory.models import Agency
from congvu.directory.queries import legal_day
from congvu.mail.commands import choosing
from congvu.mail.outcomes import queries
from congvu.mail.outcomes.models import MailDay


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `outcomes` and its verb."""
    noun = subparsers.add_parser("outcomes", help="whether every message has one outcome for each recipient")
    verbs = noun.add_subparsers(dest="act", required=True)
    one = verbs.add_parser("check", help="count a day: what is missing, what stands twice, and the root")
    one.add_argument(
        "--day", type=date.fromisoformat, help="YYYY-MM-DD in the agency's zone (default: yesterday)"
    )
    choosing.run_for_agency(one, run_check)


def run_check(arguments: argparse.Namespace, agency: Agency) -> int:
    """Print a day's figures and every fault; 0 when there is none and the root is as recorded, else 1."""
    now = clock.now()
    day = arguments.day or legal_day(agency, now) - timedelta(days=1)
    if queries.bounds(agency, day)[0] > now:
        return choosing.complain(f"{day} has not begun")
    found = queries.count(agency, day, now=now)
    print(f"{day}  {found.submissions} messages, {found.outcomes} outcomes, {found.awaited} still in time")
    print(f"missing {found.missing}, doubled {found.doubled}")
    for one in found.faults:
        print(f"{one.kind}  {one.what}  {one.message}  {one.recipient}".rstrip())
    print(f"root {found.root}")
    return 1 if found.faults or not _is_as_recorded(agency, day) else 0


def _is_as_recorded(agency: Agency, day: date) -> bool:
    """Say how a closed day compares with what was recorded when it was closed."""
    row = MailDay.objects.filter(agency=agency, day=day, closed_at__isnull=False).first()
    if row is None or row.closed_at is None:
        print("The day is not closed yet.")
        return True
    root = queries.count(agency, day, now=row.closed_at).root
    if root == row.root:
        print(f"As recorded when the day was closed ({row.closed_at:%Y-%m-%d %H:%M}Z, entry {row.entry}).")
        return True
    print(f"Not as recorded when the day was closed: {row.root} then, {root} of the same instant now.")
    return False
