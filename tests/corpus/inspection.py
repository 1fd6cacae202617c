"""Whether every message of an installation can be read, found by its owner, and proven; told from inside it.

`python -m tests.corpus.inspection` prints one line of JSON. It lets the clerk's readers catch up first.
"""

import json

import congvu_verify

MANY_WORDS = 8
SHORTEST, LONGEST = 3, 30  # letters of a word that is searched by
MANY_HITS = 5_000


def report() -> dict:
    """Return counts, and for every message that was difficult anywhere what was."""
    from congvu.mail.models import Message  # noqa: PLC0415 -- after setup

    _catch_up()
    found: dict = {"messages": 0, "proofs": 0, "trouble": [], "defects": {}, "marked": []}
    for message in Message.objects.select_related("agency").order_by("id"):
        found["messages"] += 1
        try:
            proofs, defects = _check(message)
        except Exception as error:  # noqa: BLE001 -- each is told with its message
            found["trouble"].append(
                [message.handle, message.message_id[:80], f"{type(error).__name__}: {error}"]
            )
        else:
            found["proofs"] += proofs
            found["marked"] += [[message.message_id[:80], *defects]] if defects else []
            for one in defects:
                found["defects"][one] = found["defects"].get(one, 0) + 1
    return found


def _catch_up() -> None:
    from congvu.config.readers import readers  # noqa: PLC0415 -- after setup
    from congvu.ledger.models import Ledger  # noqa: PLC0415 -- after setup
    from congvu.ledger.readers import advance  # noqa: PLC0415 -- after setup
    from congvu.ledger.sequencer import settle  # noqa: PLC0415 -- after setup

    settle()
    for agency in Ledger.objects.values_list("agency", flat=True):
        for reader in readers():
            while advance(reader, agency=agency):
                pass


def _check(message) -> tuple[int, tuple[str, ...]]:
    from congvu.base import blobs  # noqa: PLC0415 -- after setup
    from congvu.mail import messages  # noqa: PLC0415 -- after setup

    reading = messages.read(blobs.get(message.blob))
    if words := _words(message, reading):
        assert message.handle in _hits(message, words), f"not found by {words!r}"
    else:
        raise LookupError("has no word to be found by")
    return _proofs(message), reading.defects


def _words(message, reading) -> str:
    """Return some words of a message, the longest ones first."""
    text = " ".join([message.subject, reading.text[:20_000], message.sender_name, message.sender_address])
    letters = "".join(one if one.isalnum() else " " for one in text)
    words = {word for word in letters.split() if SHORTEST <= len(word) <= LONGEST and word.isascii()}
    words = words or {word for word in letters.split() if len(word) <= LONGEST}
    return " ".join(sorted(words, key=lambda word: (-len(word), word))[:MANY_WORDS])


def _hits(message, words: str) -> list[str]:
    from congvu.base.search import Index  # noqa: PLC0415 -- after setup
    from congvu.mail.models import Item  # noqa: PLC0415 -- after setup
    from congvu.mail.queries.found import KIND  # noqa: PLC0415 -- after setup

    boxes = Item.objects.filter(message=message).values_list("mailbox__handle", flat=True)
    found = Index().search(
        kind=KIND, agency=message.agency.handle, readers=list(boxes), words=words, limit=MANY_HITS
    )
    return found.keys


def _proofs(message) -> int:
    """Prove every receipt of a message with the verifier that knows nothing of us; return how many there are."""
    from congvu.ledger import queries  # noqa: PLC0415 -- after setup
    from congvu.mail.models import Receipt  # noqa: PLC0415 -- after setup

    entries = list(Receipt.objects.filter(message=message).values_list("entry", flat=True))
    assert entries, "no receipt"
    for entry in entries:
        verdict = congvu_verify.verify(queries.prove(entry, agency=message.agency.handle))
        assert verdict.ok, verdict
    return len(entries)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(report()))  # noqa: T201 -- read by the test
