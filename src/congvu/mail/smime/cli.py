"""congvu trust add | list | remove."""

import argparse
import sys
from pathlib import Path

from cryptography import x509
from cryptography.x509 import ocsp

from congvu.mail.smime import names, trust
from congvu.mail.smime.trust import Kept, NotThereError, NotUsableError

DIGITS = 16  # of a fingerprint, as it is listed


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `trust` and its verbs."""
    noun = subparsers.add_parser("trust", help="certificates by which signatures of mail are believed")
    verbs = noun.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("add", help="keep certificates, a revocation list or an OCSP answer (PEM or DER)")
    one.add_argument("path", type=Path, nargs="+")
    one.add_argument(
        "--intermediate",
        action="store_true",
        help="only to find a way to a root, also when it issued itself",
    )
    one.set_defaults(run=run_add)
    two = verbs.add_parser("list", help="show what is kept, with fingerprints")
    two.set_defaults(run=run_list)
    three = verbs.add_parser("remove", help="take something out by its fingerprint")
    three.add_argument("fingerprint", help="at least eight hexadecimal digits of it")
    three.set_defaults(run=run_remove)


def run_add(arguments: argparse.Namespace) -> int:
    """Keep what files hold; 0 when every file was usable."""
    status = 0
    for path in arguments.path:
        try:
            data = path.read_bytes()
            made = trust.add(
                trust.own_folder(), data, kind="intermediate" if arguments.intermediate else None
            )
        except OSError as error:
            status = _complain(f"{path}: {error.strerror}")
        except NotUsableError:
            status = _complain(
                f"{path} holds no certificate of an authority, no revocation list and no OCSP answer"
            )
        else:
            _show(made)
    return status


def run_list(arguments: argparse.Namespace) -> int:
    """List what is kept."""
    del arguments
    found = trust.kept(trust.own_folder())
    _show(found)
    print(f"{len(found)} in {trust.own_folder()}")
    return 0


def run_remove(arguments: argparse.Namespace) -> int:
    """Take out what has a fingerprint."""
    try:
        gone = trust.remove(trust.own_folder(), arguments.fingerprint)
    except NotThereError:
        return _complain(f"nothing has the fingerprint {arguments.fingerprint}")
    _show(gone)
    return 0


def _show(found: list[Kept]) -> None:
    for one in found:
        print(f"{one.kind:<12}  {one.fingerprint[:DIGITS]}  {until(one):<10}  {title(one)}")


def title(one: Kept) -> str:
    """Return what a kept thing is called."""
    value = one.value
    if isinstance(value, x509.Certificate):
        return names.distinguished(value.subject)
    if isinstance(value, x509.CertificateRevocationList):
        return names.distinguished(value.issuer)
    return one.path.name


def until(one: Kept) -> str:
    """Return until which day a kept thing is good, "" when it does not say."""
    value = one.value
    if isinstance(value, x509.Certificate):
        return value.not_valid_after_utc.date().isoformat()
    if isinstance(value, x509.CertificateRevocationList):
        return value.next_update_utc.date().isoformat() if value.next_update_utc else ""
    ends = (
        [said.next_update_utc for said in value.responses if said.next_update_utc] if _is_whole(value) else []
    )
    return min(ends).date().isoformat() if ends else ""


def _is_whole(value: ocsp.OCSPResponse) -> bool:
    return value.response_status == ocsp.OCSPResponseStatus.SUCCESSFUL


def _complain(sentence: str) -> int:
    print(f"congvu: {sentence}", file=sys.stderr)
    return 2
