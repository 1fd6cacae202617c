"""A letter that waits for an authority's word."""

from congvu.mail import tasks
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Signature
from congvu.mail.revocations import tasks as revocations
from tests.mail.letters import incoming
from tests.mail.pki import NOW, Holder
from tests.mail.revocations.authority import Authority

DUNG = "dung@dan.example"


def arrive(authority: Authority, who: Holder, at=NOW) -> Signature:
    """Have a letter come that somebody signed, and check it for the first time."""
    raw = authority.make.letter(authority.make.sign(who), author=f"Dung <{DUNG}>").raw
    (verdict,) = accept([incoming("binh@ubnd.example", mail_from=DUNG, data=raw, at=at)])
    assert verdict.code == 250
    return check(Signature.objects.latest("pk"), at)


def check(row: Signature, now) -> Signature:
    while tasks.check_signatures(now):
        pass
    row.refresh_from_db()
    return row


def ask(row: Signature, now) -> Signature:
    """Let a round of questions pass, and the check after it."""
    revocations.ask(now)
    return check(row, now)


def told(row: Signature) -> tuple[str, str]:
    """Return the state of a signature and its first reason."""
    reasons = row.found["reasons"] if row.found else ["not said yet"]
    return row.state, next(iter(reasons), "none")
