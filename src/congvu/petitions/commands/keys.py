"""congvu petitions key give | list | withdraw: with which keys programs hand in petitions (Open311)."""

import argparse

from congvu.base import clock
from congvu.directory.models import Agency
from congvu.directory.policies import OPERATOR
from congvu.directory.queries import legal_day
from congvu.mail.commands import choosing
from congvu.petitions.actions.api_keys import LONGEST, LabelError, WithdrawnError, give_key, withdraw_key
from congvu.petitions.queries import api_keys


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb `key`."""
    key = verbs.add_parser("key", help="keys of programs that hand petitions in (Open311)")
    acts = key.add_subparsers(dest="act", required=True, metavar="ACT")
    for name, run, said in [
        ("give", run_give, "give a program a key, and print it this once"),
        ("list", run_list, "list the keys: whose they are, and when they were last used"),
        ("withdraw", run_withdraw, "withdraw a key; what was handed in with it stays"),
    ]:
        one = acts.add_parser(name, help=said)
        if name == "give":
            one.add_argument("label", help="whose key it is, as the list shall show it")
        if name == "withdraw":
            one.add_argument("handle", help="the key's name in the list")
        choosing.run_for_agency(one, run)


def run_give(arguments: argparse.Namespace, agency: Agency) -> int:
    """Give a key."""
    try:
        given = give_key(agency=agency, label=arguments.label, by=OPERATOR, at=clock.now())
    except LabelError:
        return choosing.complain(f"say whose key it is, in {LONGEST} characters at most")
    print(f"api_key of {given.row.label}, shown this once: {given.secret}")
    return 0


def run_list(_arguments: argparse.Namespace, agency: Agency) -> int:
    """List the keys."""
    rows = api_keys.keys(agency)
    if not rows:
        print("There is no key. `congvu petitions key give` makes one.")
    for row in rows:
        used = f"last used on {row.last_used_on}" if row.last_used_on else "not used yet"
        since = legal_day(agency, row.created_at)
        over = f", withdrawn on {legal_day(agency, row.revoked_at)}" if row.revoked_at else ""
        print(f"{row.handle}  {row.label}: given on {since}, {used}{over}")
    return 0


def run_withdraw(arguments: argparse.Namespace, agency: Agency) -> int:
    """Withdraw a key."""
    row = next((one for one in api_keys.keys(agency) if one.handle == arguments.handle), None)
    if row is None:
        return choosing.complain(
            f"there is no key {arguments.handle}; `congvu petitions key list` names them"
        )
    try:
        withdraw_key(row, by=OPERATOR, at=clock.now())
    except WithdrawnError:
        return choosing.complain(f"the key of {row.label} was withdrawn already")
    print(f"The key of {row.label} opens nothing any more.")
    return 0
