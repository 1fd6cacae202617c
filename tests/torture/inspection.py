"""What an installation holds, told from inside it: `python -m tests.torture.inspection` prints one line of JSON."""

import collections
import hashlib
import json
import re

RECEIVED = re.compile(
    rb"\A(?:(?:Received|Return-Path|Delivered-To):[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*)+"
)  # the servers' traces, before what was sent


def report() -> dict:
    """Return messages with their boxes, bytes and entries; what waits; the key of the last log; stray blobs."""
    from django.conf import settings  # noqa: PLC0415 -- after setup

    from congvu.ledger.models import Log, Outbox  # noqa: PLC0415 -- after setup
    from congvu.ledger.store import Folder  # noqa: PLC0415 -- after setup
    from congvu.mail.models import Message  # noqa: PLC0415 -- after setup

    if waiting := Outbox.objects.count():
        return {"waiting": waiting}
    entries, boxes, again = _entries(), _boxes(), _asked_again()
    rows = [_message(one, entries, boxes, again) for one in Message.objects.order_by("id")]
    files = {path.name for path in (settings.CONGVU_DATA / "blobs").glob("*/*")}
    log = Log.objects.order_by("-name").first()
    return {
        "messages": rows,
        "entries": sum(entries.values()),
        "kinds": _kinds(entries),
        "strangers": _strangers(entries),
        "waiting": 0,
        "stray_blobs": len(files - set(Message.objects.values_list("blob", flat=True))),
        "vkey": _key(log, Folder) if log else "",
        "year": log.year if log else 0,
    }


def _message(one, entries, boxes, again) -> dict:
    from congvu.base import blobs  # noqa: PLC0415 -- after setup

    raw = blobs.get(one.blob)
    return {
        "id": one.message_id,
        "handle": one.handle,
        "channel": one.channel,
        "sha256": hashlib.sha256(RECEIVED.sub(b"", raw, count=1)).hexdigest(),
        "is_digest_right": hashlib.sha256(raw).hexdigest() == one.digest,
        "boxes": sorted(boxes[one.pk]),
        "asked_again": sorted(again[one.pk]),
        "accepted": entries["mail.message.accepted", one.handle],
        "delivered": entries["mail.message.delivered", one.handle],
        "journaled": entries["mail.message.journaled", one.handle],
    }


def _boxes() -> dict[int, list[str]]:
    """Return the addresses in whose boxes each message lies, but for its sender's."""
    from congvu.directory.queries import email  # noqa: PLC0415 -- after setup
    from congvu.mail.models import Item  # noqa: PLC0415 -- after setup

    found = collections.defaultdict(list)
    items = Item.objects.exclude(folder=Item.Folder.SENT).select_related("mailbox__address__agency")
    for item in items.iterator():
        found[item.message_id].append(email(item.mailbox.address))
    return found


def _asked_again() -> dict[int, set[str]]:
    """Return for whom the mail server was asked again after a question without an answer (RFC 1047), by message."""
    from congvu.mail.models import Receipt  # noqa: PLC0415 -- after setup

    found = collections.defaultdict(set)
    for message, recipient in Receipt.objects.filter(step="parked").values_list("message", "recipient"):
        found[message].add(recipient)
    return found


def _entries() -> collections.Counter[tuple[str, str]]:
    """Count the signed entries by kind and by the message that they disclose."""
    from congvu.ledger.models import Ledger  # noqa: PLC0415 -- after setup
    from congvu.ledger.queries import runs  # noqa: PLC0415 -- after setup

    found: collections.Counter[tuple[str, str]] = collections.Counter()
    for agency in Ledger.objects.values_list("agency", flat=True):
        for some in runs(agency, size=1_000):
            found.update((one.kind, one.disclosures.get("message", "")) for one in some)
    return found


def _kinds(entries: collections.Counter[tuple[str, str]]) -> dict[str, int]:
    kinds: collections.Counter[str] = collections.Counter()
    for (kind, _), count in entries.items():
        kinds[kind] += count
    return dict(kinds)


def _strangers(entries: collections.Counter[tuple[str, str]]) -> int:
    """Count entries about messages that are not there."""
    from congvu.mail.models import Message  # noqa: PLC0415 -- after setup

    known = set(Message.objects.values_list("handle", flat=True))
    return sum(count for (_, message), count in entries.items() if message and message not in known)


def _key(log, folder) -> str:
    from congvu.ledger.log_keys import verifier  # noqa: PLC0415 -- after setup
    from congvu.ledger.queries import agency_slug  # noqa: PLC0415 -- after setup

    return verifier(log.origin, folder.of(agency_slug(log.agency), log.year)).text


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(report()))  # noqa: T201 -- read by the test
