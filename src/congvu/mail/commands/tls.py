"""congvu mail tls require | release | list."""

import argparse

from congvu.base import clock
from congvu.directory.models import Agency
from congvu.mail.actions import tls
from congvu.mail.commands import choosing
from congvu.mail.models import TlsRule


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `tls` and its verbs."""
    noun = subparsers.add_parser("tls", help="domains to which mail goes encrypted or not at all")
    verbs = noun.add_subparsers(dest="act", required=True)
    one = verbs.add_parser("require", help="write to a domain under TLS only")
    one.add_argument("domain")
    one.add_argument(
        "--onward",
        action="store_true",
        help="wait until the relay promises it for the whole way (REQUIRETLS)",
    )
    choosing.run_for_agency(one, run_require)
    two = verbs.add_parser("release", help="require it no more")
    two.add_argument("domain")
    choosing.run_for_agency(two, run_release)
    three = verbs.add_parser("list", help="list the domains")
    choosing.run_for_agency(three, run_list)


def run_require(arguments: argparse.Namespace, agency: Agency) -> int:
    """Require TLS for a domain and say how far that reaches."""
    try:
        rule = tls.require(agency=agency, domain=arguments.domain, onward=arguments.onward, now=clock.now())
    except tls.NotADomainError:
        return choosing.complain(f"{arguments.domain} is no domain")
    print(
        f"Mail to {rule.domain} leaves this machine under TLS, with a certificate that is trusted, or waits."
    )
    if rule.onward:
        print("It also waits until the relay offers REQUIRETLS (RFC 8689), which few relays do.")
    else:
        print(
            "How it goes on from the relay is the relay's affair: REQUIRETLS is asked for where it is offered."
        )
    return 0


def run_release(arguments: argparse.Namespace, agency: Agency) -> int:
    """Require TLS no more."""
    try:
        tls.release(agency=agency, domain=arguments.domain, now=clock.now())
    except tls.NoRuleError:
        return choosing.complain(f"TLS is not required for {arguments.domain}")
    print(f"TLS is no longer required for {arguments.domain}.")
    return 0


def run_list(_arguments: argparse.Namespace, agency: Agency) -> int:
    """List the domains."""
    for one in TlsRule.objects.filter(agency=agency).order_by("domain"):
        print(f"{one.domain}  {'onward' if one.onward else 'to the relay'}  since {one.decided_at:%Y-%m-%d}")
    return 0
