"""congvu witness make | key | add | close | remove | list | policy | status | compare | conflicts."""

import argparse
import sys
from pathlib import Path

from django.conf import settings

from congvu.base import clock
from congvu.ledger import log_keys
from congvu.ledger.gossip import queries as gossip
from congvu.ledger.gossip import tasks as comparing
from congvu.ledger.neighbors import actions as neighbors
from congvu.ledger.neighbors import queries, witness_keys
from congvu.ledger.witnesses import actions as witnesses
from congvu.ledger.witnesses import policy as policies
from congvu.ledger.witnesses import queries as standing
from congvu.standards import closings, notes, quorums

_LARGEST = 1 << 20  # octets of a file that is named
SENTENCES: dict[type[Exception], str] = {
    neighbors.WitnessExistsError: "this installation has keys of a witness; --replace makes new ones in their place",
    neighbors.NeighborExistsError: "this log is witnessed already; remove it first",
    neighbors.OwnLogError: "this log is ours; who witnesses himself says nothing",
    neighbors.BadAddressError: "the address of a log begins with https:// or http://",
    neighbors.NoNeighborError: "no log of this origin is witnessed here",
    neighbors.OtherKeyError: "the closing names another key than we witness its log, or the next, under",
    neighbors.OtherHeadError: "the closing names another head than the one of that size that we have cosigned",
    neighbors.NeighborClosedError: "this log is closed already",
    closings.MalformedClosingError: "this is not a closing that the next log's key has signed",
    notes.MalformedKeyError: "this is not a log's verifier key: <origin>+<id>+<base64>",
    witnesses.UnaskableError: "the quorum cannot be met: witnesses that count need an address, last in their line",
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `witness` and its verbs."""
    noun = subparsers.add_parser("witness", help="witness neighbors' logs, and be witnessed by them")
    verbs = noun.add_subparsers(dest="verb", required=True)
    make = verbs.add_parser("make", help="make this installation a witness: keys to cosign with")
    make.add_argument("--name", help="its name for others (default: the host, and /witness)")
    make.add_argument("--replace", action="store_true", help="make new keys in place of those that are there")
    make.set_defaults(run=run_make)
    verbs.add_parser("key", help="print our verifier keys, for the policies of others").set_defaults(
        run=run_key
    )
    add = verbs.add_parser("add", help="witness a neighbor's log from now on")
    add.add_argument("key", help="the log's verifier key, or a file that holds it")
    add.add_argument(
        "--url", default="", help="where its public files are, to compare heads: https://…/log/…"
    )
    add.set_defaults(run=run_add)
    close = verbs.add_parser(
        "close", help="cosign a neighbor's log no more: its agency closed it, and began another"
    )
    close.add_argument(
        "file", type=Path, help="the closing that the agency gave you by a way that a thief has not"
    )
    close.set_defaults(run=run_close)
    remove = verbs.add_parser("remove", help="witness a log no longer; what was cosigned stays known")
    remove.add_argument("origin", help="the log's origin")
    remove.set_defaults(run=run_remove)
    verbs.add_parser("list", help="show the logs that are witnessed here").set_defaults(run=run_list)
    policy = verbs.add_parser("policy", help="put a policy in force, or show the one in force")
    policy.add_argument("file", nargs="?", type=Path, help="the policy (C2SP tlog-policy)")
    policy.set_defaults(run=run_policy)
    verbs.add_parser("status", help="show how far each witness has come").set_defaults(run=run_status)
    verbs.add_parser("compare", help="compare heads with every witness now").set_defaults(run=run_compare)
    proofs = verbs.add_parser("conflicts", help="list proofs that logs misbehaved, or write one")
    proofs.add_argument("handle", nargs="?", help="the proof's code, as listed")
    proofs.add_argument("--output", type=Path, help="the file to write (standard output when not given)")
    proofs.set_defaults(run=run_conflicts)


def run_make(arguments: argparse.Namespace) -> int:
    """Make the witness's keys and print their public halves."""
    name = arguments.name or f"{settings.CONGVU_HOST}/witness"
    try:
        neighbors.open_witness(name=name, now=clock.now(), replace=arguments.replace)
    except neighbors.WitnessExistsError as error:
        return _refused(error)
    except notes.MalformedKeyError:
        print("congvu: the name of a witness holds neither spaces nor +", file=sys.stderr)
        return 1
    return run_key(arguments)


def run_key(arguments: argparse.Namespace) -> int:
    """Print the public keys."""
    del arguments
    keys = witness_keys.verifiers()
    for key in keys:
        print(key.text)
    return 0 if keys else _none("this installation is no witness yet: congvu witness make", status=1)


def run_add(arguments: argparse.Namespace) -> int:
    """Witness a log."""
    try:
        origin = neighbors.add_neighbor(log_keys.named(arguments.key), url=arguments.url, now=clock.now())
    except (
        notes.MalformedKeyError,
        neighbors.BadAddressError,
        neighbors.NeighborExistsError,
        neighbors.OwnLogError,
    ) as error:
        return _refused(error)
    print(f"{origin}: witnessed from now on; it asks at {settings.CONGVU_URL}witness/")
    return 0


def run_close(arguments: argparse.Namespace) -> int:
    """Cosign a closed log no more, and witness the one in its place."""
    try:
        with arguments.file.open("rb") as file:
            closing = neighbors.close_neighbor(file.read(_LARGEST).decode(), now=clock.now())
    except OSError as error:
        print(f"congvu: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    except tuple(SENTENCES) as error:
        return _refused(error)
    except ValueError:
        return _refused(closings.MalformedClosingError())
    print(f"{closing.closed.name}: cosigned no more; it ends at {closing.size} entries ({closing.reason})")
    print(
        f"{closing.next.name}: witnessed from now on; compare its key with the agency by telephone or on paper:"
    )
    print(f"  fingerprint {closing.next.fingerprint}")
    return 0


def run_remove(arguments: argparse.Namespace) -> int:
    """Witness a log no longer."""
    try:
        neighbors.remove_neighbor(arguments.origin, now=clock.now())
    except neighbors.NoNeighborError as error:
        return _refused(error)
    print("removed")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """Show the logs that are witnessed here."""
    del arguments
    known = queries.neighbors()
    for one in known:
        at = one.cosigned_at.isoformat(timespec="seconds") if one.cosigned_at else "never asked"
        print(f"{one.origin}  {one.size} entries  {at}{_state(one)}")
    return 0 if known else _none("no log is witnessed here: congvu witness add")


def run_policy(arguments: argparse.Namespace) -> int:
    """Put a policy in force, or show the one in force."""
    try:
        if arguments.file is None:
            print(policies.current().format(), end="")
            return 0
        policy = quorums.parse_octets(arguments.file.read_bytes())
        witnesses.adopt_policy(policy, now=clock.now())
    except OSError as error:
        print(f"congvu: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    except quorums.MalformedPolicyError as error:
        print(f"congvu: the policy cannot be read: {error}", file=sys.stderr)
        return 1
    except witnesses.UnaskableError as error:
        return _refused(error)
    print(f"in force: {len(policy.witnesses)} witnesses, quorum {policy.quorum}; kept in {policies.path()}")
    return 0


def run_status(arguments: argparse.Namespace) -> int:
    """Show how our logs stand with their witnesses; 1 when a policy is not met."""
    del arguments
    if fault := standing.policy_fault():
        print(f"congvu: the policy cannot be read: {fault}", file=sys.stderr)
        return 1
    if not policies.current().witnesses:
        return _none("no policy names a witness, and nobody is asked to cosign: congvu witness policy FILE")
    late = False
    for log in standing.standings():
        late = late or not log.is_met
        print(
            f"{log.origin}: {log.signed_size} entries signed, {log.witnessed_size} witnessed as the policy asks"
        )
    for one in standing.attendances():
        what = one.error or ("well" if one.cosigned_at else "not asked yet")
        claims = f", claims {one.claimed}" if one.claimed is not None else ""
        print(f"  {one.name}  {one.size} entries, {one.lag} behind  {what}{claims}")
    return 1 if late else 0


def run_compare(arguments: argparse.Namespace) -> int:
    """Compare heads with every witness; 1 when two histories of a log are proven."""
    del arguments
    proven = 0
    outcomes = comparing.compare(clock.now())
    if not outcomes:
        return _none("the policy names no witness to compare with")
    for name, outcome in outcomes.items():
        if outcome is None:
            print(f"{name}: no answer")
            continue
        proven += outcome.proven
        print(
            f"{name}: {outcome.compared} compared, {outcome.proven} proven to conflict, {outcome.open} open"
        )
    return 1 if proven else 0


def run_conflicts(arguments: argparse.Namespace) -> int:
    """List the proofs, or write one, for congvu-verify."""
    if arguments.handle is None:
        known = gossip.conflicts()
        for one in known:
            print(f"{one.handle}  {one.origin}  {one.sort}  {one.found_at.isoformat(timespec='seconds')}")
        return 0 if known else _none("nothing is proven against any log")
    data = gossip.proof(arguments.handle)
    if data is None:
        print(f"congvu: there is no proof {arguments.handle}", file=sys.stderr)
        return 1
    if arguments.output:
        arguments.output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
    return 0


def _state(one: queries.Known) -> str:
    if one.closing:
        return "  CLOSED"
    return "  TWO HISTORIES" if one.distrusted_at else ""


def _none(why: str, *, status: int = 0) -> int:
    print(f"congvu: {why}", file=sys.stderr)
    return status


def _refused(error: Exception) -> int:
    print(f"congvu: {SENTENCES[type(error)]}", file=sys.stderr)
    return 1
