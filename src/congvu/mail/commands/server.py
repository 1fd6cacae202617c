"""congvu mail server configure: what the agency's own Postfix and Dovecot must be told, and whether they were."""

import argparse
import sys
from pathlib import Path

from django.conf import settings

from congvu.directory.models import Agency
from congvu.mail.hosts import dovecot, postfix
from congvu.mail.hosts.postfix import NotReadableError
from congvu.mail.hosts.requirements import Finding, Requirement, check
from congvu.mail.lmtp.endpoints import EndpointError, endpoint

GATE, DELIVERY, JOURNAL = (
    "127.0.0.1:2424",
    "127.0.0.1:2425",
    "127.0.0.1:2426",
)  # proposed while nothing is set


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb `server`."""
    server = verbs.add_parser("server", help="keep the agency's own Postfix and Dovecot")
    acts = server.add_subparsers(dest="act", required=True)
    one = acts.add_parser("configure", help="print what a server must be told, or check what it was told")
    one.add_argument("server", choices=("postfix", "dovecot"), help="which server")
    one.add_argument("--check", action="store_true", help="compare with the server's own configuration")
    one.add_argument(
        "--way",
        choices=("gate", "journal"),
        default="gate",
        help="Postfix hands all mail to the gate, or copies of it to the journal",
    )
    one.add_argument(
        "--configuration", type=Path, help="Postfix's folder, or Dovecot's file, when not in /etc"
    )
    one.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print or check; 0 when nothing is missing, 1 when something is, 2 when it cannot be told."""
    try:
        if arguments.server == "postfix":
            return _journal(arguments) if arguments.way == "journal" else _postfix(arguments)
        return _dovecot(arguments)
    except EndpointError as error:
        return _complain(f"{error} is neither host:port nor the path of a socket")
    except NotReadableError as error:
        return _complain(str(error))


def _postfix(arguments: argparse.Namespace) -> int:
    plan = postfix.Plan(
        gate=endpoint(settings.CONGVU_LMTP or GATE), message_limit=settings.CONGVU_MESSAGE_LIMIT
    )
    wanted = postfix.requirements(plan)
    if arguments.check:
        return _tell(check(wanted, postfix.settings(arguments.configuration)))
    _print(wanted, "CONGVU_LMTP", settings.CONGVU_LMTP or GATE)
    return 0


def _journal(arguments: argparse.Namespace) -> int:
    domains = tuple(Agency.objects.order_by("domain").values_list("domain", flat=True))
    if not domains:
        return _complain("there is no agency yet: congvu init")
    plan = postfix.JournalPlan(
        journal=endpoint(settings.CONGVU_JOURNAL or JOURNAL),
        domains=domains,
        message_limit=settings.CONGVU_MESSAGE_LIMIT,
    )
    wanted = postfix.journal_requirements(plan)
    if arguments.check:
        return _tell(check(wanted, postfix.settings(arguments.configuration)))
    _print(wanted, "CONGVU_JOURNAL", settings.CONGVU_JOURNAL or JOURNAL)
    return 0


def _print(wanted: list[Requirement], setting: str, value: str) -> None:
    print("# What Congvu needs of Postfix 3.7: lines for main.cf, and one for master.cf.")
    _environment(setting, value)
    for one in wanted:
        print(f"# {one.why}\n{one.line}")


def _dovecot(arguments: argparse.Namespace) -> int:
    plan = dovecot.Plan(
        delivery=endpoint(settings.CONGVU_DELIVERY_LMTP or DELIVERY),
        log=settings.CONGVU_DOVECOT_LOG or "/var/log/dovecot-congvu.log",
    )
    if arguments.check:
        return _tell(check(dovecot.requirements(plan), dovecot.settings(arguments.configuration)))
    _environment("CONGVU_DELIVERY_LMTP", str(plan.delivery))
    _environment("CONGVU_DOVECOT_LOG", plan.log)
    print(dovecot.configuration(plan))
    return 0


def _environment(name: str, value: str) -> None:
    """Say which setting of Congvu belongs to it."""
    if not getattr(settings, name):
        print(f"# Set for Congvu, too: {name}={value}")


def _tell(findings: list[Finding]) -> int:
    for one in findings:
        if one.is_met:
            print(f"ok       {one.requirement.name}")
        else:
            print(f"MISSING  {one.requirement.name}: is {one.value or 'not set'}")
            print(f"         write:   {one.requirement.line}")
            print(f"         because: {one.requirement.why}")
    missing = sum(not one.is_met for one in findings)
    print(f"{missing} missing" if missing else "nothing is missing")
    return 1 if missing else 0


def _complain(sentence: str) -> int:
    print(f"congvu: {sentence}", file=sys.stderr)
    return 2
