"""congvu init: an empty installation with one agency and its first administrator, no demonstration account."""

import argparse
import sys
from zoneinfo import available_timezones

from django.core.management import call_command

from congvu.base import clock
from congvu.base.database import atomic
from congvu.directory import naming, queries
from congvu.directory.actions import agencies, appointments, people, posts
from congvu.directory.models import Agency, Unit
from congvu.directory.policies import Operator

TITLE = {
    "vi": "Quản trị hệ thống",
    "en": "System administrator",
    "ru": "Администратор системы",
    "kk": "Жүйе әкімшісі",
}

SENTENCES: dict[type[Exception], str] = {
    naming.BlankTextError: "a name is empty",
    naming.LongTextError: "a name is too long",
    naming.ControlCharacterError: "a name holds characters that cannot be shown",
    naming.BadSlugError: "the short name (--slug) is 2 to 40 lowercase letters and digits, with hyphens between them",
    naming.BadDomainError: "the mail domain is not a domain name",
    agencies.AgencyExistsError: "an agency has this short name or this mail domain already",
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `init`."""
    parser = subparsers.add_parser("init", help="make an empty installation: one agency, one administrator")
    parser.add_argument("--agency", required=True, help="the agency's name")
    parser.add_argument(
        "--slug", required=True, help="its short name in addresses: lowercase letters, digits, hyphens"
    )
    parser.add_argument("--domain", required=True, help="its mail domain")
    parser.add_argument("--administrator", required=True, help="the first administrator's full name")
    parser.add_argument("--zone", default="Asia/Ho_Chi_Minh", help="its time zone (default %(default)s)")
    parser.add_argument(
        "--calendar", default="vn", help="its calendar in the rulebook: vn, kz or one of your own"
    )
    parser.add_argument(
        "--language", default="vi", choices=["vi", "kk", "ru", "en"], help="its first language"
    )
    parser.add_argument("--another", action="store_true", help="found a further agency in this installation")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the tables, found the agency and appoint its administrator; prints the one-time password."""
    call_command("migrate", verbosity=0, interactive=False)
    if arguments.zone not in available_timezones():
        print(f"congvu: there is no time zone {arguments.zone}", file=sys.stderr)
        return 2
    if Agency.objects.exists() and not arguments.another:
        sentence = "this installation has an agency already; nothing was changed (a further one: --another)"
        print(f"congvu: {sentence}", file=sys.stderr)
        return 1
    try:
        appointed = _found(arguments)
    except agencies.UnknownCalendarError as error:
        known = ", ".join(error.known) or "none"
        print(
            f"congvu: the rulebook has no calendar {error}, only {known}; nothing was changed",
            file=sys.stderr,
        )
        return 2
    except tuple(SENTENCES) as error:
        print(f"congvu: {SENTENCES[type(error)]}; nothing was changed", file=sys.stderr)
        return 2
    print(f"Founded {arguments.agency}.")
    print(f"Sign in as {appointed.account.username} with the one-time password {appointed.initial_password}")
    return 0


def _found(arguments: argparse.Namespace) -> appointments.Appointed:
    now, operator = clock.now(), Operator()
    with atomic():
        agency = agencies.found_agency(
            slug=arguments.slug,
            name={arguments.language: arguments.agency},
            domain=arguments.domain,
            zone=arguments.zone,
            calendar=arguments.calendar,
            language=arguments.language,
            by=operator,
            now=now,
        )
        post = posts.create_post(
            unit=Unit.objects.get(agency=agency, parent=None),
            title=TITLE,
            by=operator,
            now=now,
            functions=["administrator", "mail_administrator"],
        )
        person = people.register_person(
            agency=agency, full_name=arguments.administrator, by=operator, now=now
        )
        day = queries.legal_day(agency, now)
        return appointments.appoint(person=person, post=post, valid_from=day, by=operator, now=now)
