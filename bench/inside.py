"""What a measurement does inside an installation: `python -m bench.inside found N | clients | count | behind`.

Founding goes through the same acts as the product; counting reads tables, log and blobs. Both print one line of JSON.
"""

import collections
import json
import sys

DOMAIN = "ubnd.example"


def found(mailboxes: int) -> dict[str, list[str]]:
    """Make the tables, found an agency and appoint so many officials; return their addresses."""
    from django.core.management import call_command  # noqa: PLC0415 -- after setup

    from congvu.base import clock  # noqa: PLC0415 -- after setup
    from congvu.base.database import atomic  # noqa: PLC0415 -- after setup
    from congvu.directory import queries  # noqa: PLC0415 -- after setup
    from congvu.directory.actions import agencies, appointments, people, posts  # noqa: PLC0415 -- after setup
    from congvu.directory.policies import OPERATOR  # noqa: PLC0415 -- after setup

    call_command("migrate", verbosity=0, interactive=False)
    now, addresses = clock.now(), []
    with atomic():
        agency = agencies.found_agency(
            slug="ubnd", name={"vi": "Ủy ban", "en": "Committee"}, domain=DOMAIN, by=OPERATOR, now=now
        )
        unit, day = queries.root_unit(agency), queries.legal_day(agency, now)
        for number in range(mailboxes):
            title = {"vi": f"Chuyên viên {number}", "en": f"Official {number}"}
            post = posts.create_post(unit=unit, title=title, by=OPERATOR, now=now)
            person = people.register_person(
                agency=agency, full_name=f"Nguyễn Văn {_letters(number)}", by=OPERATOR, now=now
            )
            local_part = f"official-{number}"
            appointments.appoint(
                person=person, post=post, valid_from=day, local_part=local_part, by=OPERATOR, now=now
            )
            addresses.append(f"{local_part}@{DOMAIN}")
    return {"addresses": addresses}


def clients() -> dict[str, int]:
    """Tell how many clients Postfix is to have for the gate."""
    from congvu.mail.hosts.postfix import CLIENTS  # noqa: PLC0415 -- after setup

    return {"clients": CLIENTS}


def count() -> dict[str, int]:
    """Count messages, items and blobs, and the signed entries by kind; first waits until nothing is in the outbox."""
    from congvu.base import blobs  # noqa: PLC0415 -- after setup
    from congvu.ledger.models import Ledger, Outbox  # noqa: PLC0415 -- after setup
    from congvu.ledger.queries import runs  # noqa: PLC0415 -- after setup
    from congvu.mail.models import Item, Message, Receipt  # noqa: PLC0415 -- after setup

    kinds: collections.Counter[str] = collections.Counter()
    for agency in Ledger.objects.values_list("agency", flat=True):
        for some in runs(agency, size=1_000):
            kinds.update(one.kind for one in some)
    sizes = dict(Message.objects.values_list("blob", "size"))
    return {
        "waiting": Outbox.objects.count(),
        "messages": len(sizes),
        "items": Item.objects.count(),
        "receipts": Receipt.objects.count(),
        "blobs": sum(len(blobs.get(blob)) == size for blob, size in sizes.items()),
        **kinds,
    }


def behind() -> dict[str, bool]:
    """Tell whether entries wait for the sequencer, or signed ones for a reader."""
    from congvu.config.readers import readers  # noqa: PLC0415 -- after setup
    from congvu.ledger.models import Ledger, Outbox  # noqa: PLC0415 -- after setup
    from congvu.ledger.readers import is_behind  # noqa: PLC0415 -- after setup

    agencies = list(Ledger.objects.values_list("agency", flat=True))
    late = [is_behind(reader, agency=agency) for reader in readers() for agency in agencies]
    return {"behind": Outbox.objects.exists() or any(late)}


def _letters(number: int) -> str:
    """Return a number as letters, for names hold no figures."""
    return "".join(chr(ord("A") + int(figure)) for figure in str(number))


def main(arguments: list[str]) -> None:
    """Do what the first argument names."""
    import django  # noqa: PLC0415 -- only here

    django.setup()
    acts = {"found": lambda: found(int(arguments[1])), "clients": clients, "count": count, "behind": behind}
    print(json.dumps(acts[arguments[0]]()))


if __name__ == "__main__":
    main(sys.argv[1:])
