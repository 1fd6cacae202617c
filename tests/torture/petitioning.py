"""Petitions inside an installation: `python -m tests.torture.petitioning found | report` prints one line of JSON."""

import collections
import json
import sys
from typing import Any

ADDRESS = "1022@ubnd.example"


def found() -> dict[str, str]:
    """Found an agency that answers, with one service and an address whose letters become petitions."""
    from bench import inside  # noqa: PLC0415 -- after setup
    from congvu.base import clock, handles  # noqa: PLC0415 -- after setup
    from congvu.directory import queries  # noqa: PLC0415 -- after setup
    from congvu.directory.actions.addresses import give_unit_address  # noqa: PLC0415 -- after setup
    from congvu.directory.models import Agency  # noqa: PLC0415 -- after setup
    from congvu.directory.policies import OPERATOR  # noqa: PLC0415 -- after setup
    from congvu.petitions.intake.actions import open_intake  # noqa: PLC0415 -- after setup
    from congvu.petitions.models import Service  # noqa: PLC0415 -- after setup

    inside.found(1)
    agency, now = Agency.objects.get(), clock.now()
    unit = queries.root_unit(agency)
    service = Service.objects.create(
        agency=agency, handle=handles.new(), code="lamp", name={"en": "Lamp"}, unit=unit
    )
    address = give_unit_address(unit=unit, local_part="1022", by=OPERATOR, now=now)
    open_intake(address, service=service, by=OPERATOR, at=now)
    return {"address": ADDRESS}


def report() -> dict[str, Any]:
    """Return petitions with their steps, evidence and letters; or only what is still to be done."""
    from congvu.ledger.models import Outbox  # noqa: PLC0415 -- after setup
    from congvu.mail.models import Message  # noqa: PLC0415 -- after setup
    from congvu.petitions.models import Petition, Step  # noqa: PLC0415 -- after setup
    from congvu.petitions.post import Letter  # noqa: PLC0415 -- after setup

    waiting = {
        "entries": Outbox.objects.count(),
        "letters": Letter.objects.filter(state="waiting").count(),
        "unread": Message.objects.filter(direction_in()).count() - Letter.objects.count(),
        "untold": Step.objects.filter(tells=True, told_at=None).count(),
    }
    if any(waiting.values()):
        return {"waiting": waiting}
    entries, about = _entries()
    subjects = collections.Counter(
        Message.objects.filter(sender_address=ADDRESS).values_list("subject", flat=True)
    )
    rows = [
        _petition(one, entries, subjects) for one in Petition.objects.select_related("agency").order_by("id")
    ]
    return {
        "waiting": {},
        "petitions": rows,
        "strangers": about - Step.objects.count(),
        "letters": sum(subjects.values()),
        "letter_states": dict(collections.Counter(Letter.objects.values_list("state", flat=True))),
    }


def direction_in() -> Any:
    """Return the condition of letters from outside."""
    from django.db.models import Q  # noqa: PLC0415 -- after setup

    return Q(channel="mx")


def _petition(
    one: Any, entries: collections.Counter[str], subjects: collections.Counter[str]
) -> dict[str, Any]:
    from congvu.petitions.models import Step  # noqa: PLC0415 -- after setup
    from congvu.petitions.queries.petitions import reporter, secret  # noqa: PLC0415 -- after setup

    steps = list(Step.objects.filter(petition=one).order_by("id"))
    who = reporter(one)
    return {
        "number": one.number,
        "content": one.content.splitlines()[0],
        "who": who.name if who and secret(one) else "",
        "kinds": [step.kind for step in steps],
        "evidenced": [entries[step.entry] for step in steps],
        "letters": sum(count for subject, count in subjects.items() if one.number in subject),
    }


def _entries() -> tuple[collections.Counter[str], int]:
    """Count the signed entries by id, and all that are about petitions."""
    from congvu.ledger.models import Ledger  # noqa: PLC0415 -- after setup
    from congvu.ledger.queries import runs  # noqa: PLC0415 -- after setup

    found: collections.Counter[str] = collections.Counter()
    about = 0
    for agency in Ledger.objects.values_list("agency", flat=True):
        for some in runs(agency, size=1_000):
            found.update(one.id for one in some)
            about += sum("petition" in one.disclosures for one in some)
    return found, about


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"found": found, "report": report}[sys.argv[1]]()))  # noqa: T201 -- read by the test
