"""congvu directory import | list | appoint | give-password | due | withdraw-due."""

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import override

from congvu.base import clock
from congvu.base.database import atomic
from congvu.directory import importing, queries, sheets, words
from congvu.directory.actions.accounts import give_password
from congvu.directory.actions.addresses import withdraw_address
from congvu.directory.actions.appointments import appoint
from congvu.directory.actions.imports import AgencyChangedError, import_people
from congvu.directory.actions.people import register_person
from congvu.directory.models import Agency
from congvu.directory.policies import OPERATOR
from congvu.directory.refusals import REFUSALS, SENTENCES


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `directory` and its verbs."""
    noun = subparsers.add_parser("directory", help="agencies, units, people: import and list them")
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    one = verbs.add_parser("import", help="appoint the people of a table (CSV); says every bad line")
    one.add_argument("file", type=Path, help="the table: UTF-8, UTF-16, Windows-1258 or Windows-1251")
    one.add_argument("--agency", help="the agency's slug (not needed when there is only one)")
    one.add_argument("--dry-run", action="store_true", help="check every line and appoint nobody")
    one.add_argument("--skip-bad", action="store_true", help="appoint the good lines though others are bad")
    one.add_argument("--encoding", default="", help="the table's encoding, when it is not found out")
    one.add_argument("--report", type=Path, help="write the bad lines as a table")
    one.add_argument("--passwords", type=Path, help="write names and one-time passwords as a table")
    one.set_defaults(run=run_import)
    two = verbs.add_parser("list", help="list the people who hold a post today, with their addresses")
    two.add_argument("--agency", help="the agency's slug (not needed when there is only one)")
    two.set_defaults(run=run_list)
    three = verbs.add_parser("due", help="list the addresses that are due to be withdrawn")
    three.add_argument("--agency", help="the agency's slug (not needed when there is only one)")
    three.set_defaults(run=run_due)
    four = verbs.add_parser("withdraw-due", help="withdraw the addresses that are due")
    four.add_argument("--agency", help="the agency's slug (not needed when there is only one)")
    four.set_defaults(run=run_withdraw_due)
    _register_appoint(verbs)
    _register_give_password(verbs)


def _register_appoint(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser("appoint", help="appoint one person; prints the one-time password")
    parser.add_argument("--agency", help="the agency's slug (not needed when there is only one)")
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--name", help="the full name of somebody new")
    who.add_argument("--sign-in", help="the sign-in name of somebody who has an account, in any agency")
    parser.add_argument("--post", required=True, help="the code of the post")
    parser.add_argument("--from", dest="valid_from", type=date.fromisoformat, help="first day (today)")
    parser.add_argument("--local-part", default="", help="the address before the @ (made from the name)")
    parser.set_defaults(run=run_appoint)


def _register_give_password(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser("give-password", help="give somebody a one-time password, and print it")
    parser.add_argument("--agency", help="the agency's slug (not needed when there is only one)")
    parser.add_argument("--sign-in", required=True, help="the person's sign-in name")
    parser.add_argument(
        "--without-second-factor", action="store_true", help="remove a second factor that was lost too"
    )
    parser.set_defaults(run=run_give_password)


def run_import(arguments: argparse.Namespace) -> int:
    """Check a table and appoint its people; 0 when all were appointed or all lines are good, 1 otherwise."""
    agency = _agency(arguments.agency)
    if agency is None:
        return 2
    now = clock.now()
    try:
        data = arguments.file.read_bytes()
        plan = importing.plan(
            data, agency=agency, on=queries.legal_day(agency, now), encoding=arguments.encoding
        )
    except OSError as error:
        return _say(f"{arguments.file}: {error.strerror}", 2)
    except sheets.SheetError as error:
        with override("en"):
            return _say(words.sheet_sentence(error), 1)
    _tell(plan, arguments.report)
    if arguments.dry_run or (plan.faults and not arguments.skip_bad):
        print("Nobody was appointed.")
        return 1 if plan.faults else 0
    return _appoint_all(agency, plan, arguments.passwords)


def _appoint_all(agency: Agency, plan: importing.Plan, passwords: Path | None) -> int:
    """Appoint the good lines; the file for the passwords is made first, so that none can be lost."""
    try:
        file = _private(passwords) if passwords else None
    except OSError as error:
        return _say(f"{passwords}: {error.strerror}; nobody was appointed", 2)
    try:
        imported = import_people(agency=agency, appointees=plan.appointees, by=OPERATOR, now=clock.now())
    except AgencyChangedError:
        return _say("the directory changed meanwhile; nobody was appointed, try again", 1)
    rows = [(one.full_name, one.unit_code, one.username, one.initial_password) for one in imported]
    if file:
        with file:
            file.write(sheets.write([("name", "unit", "sign-in", "password"), *rows]))
    else:
        for row in rows:
            print("\t".join(row))
    print(f"{len(imported)} people were appointed.")
    return 1 if plan.faults else 0


def _private(path: Path) -> BinaryIO:
    """Make a file that only its owner reads, and that was not there before."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def run_appoint(arguments: argparse.Namespace) -> int:
    """Appoint one person to an existing post."""
    agency = _agency(arguments.agency)
    if agency is None:
        return 2
    now = clock.now()
    post = queries.posts(agency).filter(code=arguments.post.lower()).first()
    if post is None:
        return _say(f"there is no post {arguments.post}", 2)
    account = queries.account_of((arguments.sign_in or "").lower()) if arguments.sign_in else None
    if arguments.sign_in and account is None:
        return _say(f"nobody signs in as {arguments.sign_in}", 2)
    try:
        with atomic():  # a new person and the appointment come together or not at all
            person = account.person if account else None
            made = appoint(
                person=person
                or register_person(agency=agency, full_name=arguments.name, by=OPERATOR, now=now),
                post=post,
                valid_from=arguments.valid_from or queries.legal_day(agency, now),
                local_part=arguments.local_part,
                by=OPERATOR,
                now=now,
            )
    except REFUSALS as error:
        with override("en"):
            return _say(f"{SENTENCES[type(error)]} Nothing was changed.", 1)
    print(f"{queries.email(made.address)} from {made.membership.valid_from}")
    if made.initial_password:
        print(f"Sign in as {made.account.username} with the one-time password {made.initial_password}")
    return 0


def run_give_password(arguments: argparse.Namespace) -> int:
    """Give a one-time password where no administrator can: to the last one, or to who serves several agencies."""
    agency = _agency(arguments.agency)
    if agency is None:
        return 2
    account = queries.account_of(arguments.sign_in.strip().lower())
    if account is None or not queries.is_known_to(account.person, agency):
        return _say(f"nobody of the agency signs in as {arguments.sign_in}", 2)
    secret = give_password(
        agency=agency,
        account=account,
        by=OPERATOR,
        now=clock.now(),
        without_second_factor=arguments.without_second_factor,
    )
    print(f"Sign in as {account.username} with the one-time password {secret}")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """List who holds which post today."""
    agency = _agency(arguments.agency)
    if agency is None:
        return 2
    today = queries.current(queries.legal_day(agency, clock.now()))
    held = {one.person_id: queries.email(one) for one in queries.addresses(agency) if one.person_id}
    for one in queries.memberships(agency).filter(today).order_by("person__sorted_as", "id"):
        print(f"{one.person.full_name}\t{one.post.code}\t{held.get(one.person_id, '')}")
    return 0


def run_due(arguments: argparse.Namespace) -> int:
    """List the addresses whose hand-over time is over."""
    agency = _agency(arguments.agency)
    if agency is None:
        return 2
    for one in queries.due_for_withdrawal(agency, queries.legal_day(agency, clock.now())):
        print(f"{queries.email(one)}\t{one.withdraw_on}")
    return 0


def run_withdraw_due(arguments: argparse.Namespace) -> int:
    """Withdraw the addresses whose hand-over time is over."""
    agency = _agency(arguments.agency)
    if agency is None:
        return 2
    now = clock.now()
    due = list(queries.due_for_withdrawal(agency, queries.legal_day(agency, now)))
    for one in due:
        withdraw_address(address=one, by=OPERATOR, now=now)
        print(queries.email(one))
    print(f"{len(due)} addresses were withdrawn.")
    return 0


def _tell(plan: importing.Plan, report: Path | None) -> None:
    with override("en"):  # as every other sentence of this command
        for fault in plan.faults:
            line, column, value, wrong, mend = words.fault_row(fault)
            print(f"line {line}, {column} {value!r}: {wrong} {mend}", file=sys.stderr)
        if report:
            report.write_bytes(sheets.write(words.report_rows(list(plan.faults))))
    print(f"{len(plan.appointees)} good lines, {len({one.line for one in plan.faults})} bad lines.")


def _agency(slug: str | None) -> Agency | None:
    found = list(queries.agencies().filter(slug=slug) if slug else queries.agencies()[:2])
    if len(found) == 1:
        return found[0]
    known = ", ".join(queries.agencies().values_list("slug", flat=True))
    _say(
        f"there is no agency {slug}"
        if slug
        else f"say which agency with --agency: {known or 'there is none'}",
        2,
    )
    return None


def _say(sentence: str, status: int) -> int:
    print(f"congvu: {sentence}", file=sys.stderr)
    return status
