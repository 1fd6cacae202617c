"""Inside an installation: found an agency whose evidence takes a while to replay, and ask for replays of a draft."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "vn.binh-duong.mail-2009.yaml"
CHECKS = 25_000
ASKED_AT = datetime(2026, 3, 8, 2, tzinfo=UTC)


def found() -> None:
    """Found the agency of the bench, and let its officials look into their mailboxes all day long."""
    from bench import rules_live  # noqa: PLC0415 -- after setup
    from congvu.base.database import atomic  # noqa: PLC0415 -- after setup
    from congvu.ledger import actions, sequencer  # noqa: PLC0415 -- after setup
    from congvu.mail.events import MailboxChecked  # noqa: PLC0415 -- after setup

    rules_live.OFFICIALS = 20
    agency, people = rules_live._found()
    for begin in range(0, CHECKS, 5_000):
        with atomic():
            actions.record_many(
                [
                    actions.Record(
                        event=MailboxChecked(box="personal"),
                        agency=agency,
                        at=rules_live.MONDAY + timedelta(seconds=number),
                        disclosures={"actor": people[number % len(people)]},
                    )
                    for number in range(begin, begin + 5_000)
                ]
            )
        sequencer.settle()


def ask(count: int) -> list[str]:
    """Ask for so many replays of the book as it stands; return their handles."""
    from congvu.directory.models import Account, Agency  # noqa: PLC0415 -- after setup
    from congvu.directory.queries import seats  # noqa: PLC0415 -- after setup
    from congvu.rules import trial  # noqa: PLC0415 -- after setup
    from congvu.rules.replays import actions  # noqa: PLC0415 -- after setup

    text = (ROOT / "rulebook" / NAME).read_text()
    agency = Agency.objects.get()
    by = next(one for account in Account.objects.all() for one in seats(account, ASKED_AT) if one.has("head"))
    assert by.agency == agency
    draft = trial.read_draft(text, name=NAME)
    told = {"text": text, "name": NAME, "first": None, "last": None, "at": ASKED_AT}
    return [actions.ask(by=by, draft=draft, **told).handle for _ in range(count)]


def main(arguments: list[str]) -> None:
    """Found, then ask as often as the first argument says."""
    import django  # noqa: PLC0415 -- only here

    django.setup()
    found()
    sys.stdout.write(json.dumps(ask(int(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
