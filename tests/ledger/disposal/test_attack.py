"""After a disposal nobody who has all files, the directory and time learns anything of what was destroyed."""

import pytest
from django.db import connection

from congvu.base import derived, keys
from congvu.ledger import queries as ledger
from congvu.ledger.disposal import queries
from congvu.ledger.disposal.models import Disposal
from congvu.ledger.sequencer import settle
from congvu.mail import holder
from congvu.mail.models import Message
from congvu.mail.queries.found import search
from tests.ledger.disposal.conftest import STAYS

pytestmark = pytest.mark.django_db(transaction=True)


def test_before_the_disposal_the_attacker_finds_much(attacker, candidates):
    found = attacker.attack(candidates)
    ways = {one.split(" in ")[0].split(" ")[0] for one in found}
    assert {"key", "salt", "sealed", "guessed", "still", "tố"} <= ways
    assert any("keys.sqlite3" in one for one in found)
    assert any(", opened" in one for one in found)


def test_afterwards_the_attacker_recovers_nothing(story, attacker, candidates):
    done = story.destroy()
    assert (done.state, done.step, done.is_held) == (Disposal.State.EXECUTED, "", False)
    assert {row.holder: row.places for row in queries.answers(done)} == {
        name: []
        for name in (
            *("mail.letters", "petitions", "rules", "conduct", "desk", "mail.search", "petitions.search"),
            *("ledger.disclosures", "files"),
        )
    }
    connection.close()
    assert attacker.attack(candidates) == []


def test_what_stays_is_read_found_and_proven_as_before(story):
    kept = Message.objects.get(subject=STAYS)
    story.destroy()
    settle()
    assert Message.objects.filter(pk=kept.pk).exists()
    assert search(story.official, "giao ban", now=kept.accepted_at).total == 1
    assert search(story.official, "kim lien", now=kept.accepted_at).total == 0


def test_every_entry_about_the_letter_is_a_tombstone_that_verifies(story):
    from congvu_verify import verify  # noqa: PLC0415 -- the stranger's tool

    entries = story.entries()
    before = {one: ledger.prove(one, agency=story.agency) for one in entries}
    story.destroy()
    settle()
    for one in entries:
        stone = ledger.entry(one, agency=story.agency)
        assert (stone.destroyed, stone.disclosures) == (True, {})
        assert verify(ledger.prove(one, agency=story.agency)) is not None
        assert verify(before[one]) is not None  # what its holder has cannot be called back


@pytest.mark.parametrize("left", ["preview", "key", "row", "index"])
def test_a_leftover_is_found_and_keeps_the_disposal_open(story, attacker, candidates, monkeypatch, left):
    blob, entry = story.letter.blob, story.entry()
    with monkeypatch.context() as patch:
        if left == "preview":
            patch.setattr(derived, "forget", lambda _: None)
        if left == "key":
            whole = keys.destroy_many
            patch.setattr(
                keys, "destroy_many", lambda some: whole([one for one in some if one not in {entry, blob}])
            )
        if left == "row":
            patch.setattr("congvu.ledger.disposal.own.database.compact", lambda: _freed(story))
        if left == "index":
            patch.setattr(holder.SearchIndex, "write_anew", lambda _: _removed(story))
        done = story.destroy()
    answers = {row.holder: row.traces for row in queries.answers(done) if row.traces}
    assert (
        sorted(answers)
        == {
            "preview": ["files"],
            "key": ["files", "ledger.disclosures"],
            "row": ["files"],
            "index": ["mail.search"],
        }[left]
    )
    if left != "preview":  # its key is gone: the file alone tells nothing, and is named all the same
        connection.close()
        assert attacker.attack(candidates) != []
    from congvu.ledger.disposal.actions import deciding  # noqa: PLC0415 -- after the patch

    deciding.ask_again(done.handle, agency=story.agency)
    again = story.finish(done)
    assert not any(row.traces for row in queries.answers(again))
    connection.close()
    assert attacker.attack(candidates) == []


def _freed(story) -> bool:
    """Leave a freed row in the file, as SQLite does where zeros are not asked for."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete=OFF")
        cursor.execute("CREATE TABLE planted (x TEXT)")
        cursor.execute("INSERT INTO planted VALUES (%s)", [f"{story.letter.handle} {story.letter.subject}"])
        cursor.execute("DELETE FROM planted")
        cursor.execute("DROP TABLE planted")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA secure_delete=FAST")
    return True


def _removed(story) -> None:
    from congvu.base.search import Index  # noqa: PLC0415 -- one planted fault

    with Index().writing() as writer:
        writer.remove(story.letter.handle)
