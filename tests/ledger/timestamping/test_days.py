"""Each day's last checkpoint is stamped once, what was stamped is renewed in time, and openssl follows every step."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from congvu.base import clock
from congvu.ledger import queries as ledger_queries
from congvu.ledger import sequencer
from congvu.ledger.models import Chore, Log, TimeStamp
from congvu.ledger.store import Folder
from congvu.ledger.timestamping import actions, asking, queries, records, tasks
from congvu.ledger.timestamping.asking import NotAStampError
from congvu.standards import evidence_records as ers
from tests.base.websites import page
from tests.ledger.conftest import found, mend
from tests.ledger.timestamping.authority import TIME_STAMPING


@pytest.fixture
def log(ledger, data_folder) -> Log:
    mend(ledger, 3)
    sequencer.settle()
    return Log.objects.get(agency=ledger.agency)


def grow(ledger, count: int = 2) -> None:
    mend(ledger, count)
    sequencer.settle()


def all_kept(ledger, log) -> list[records.Kept]:
    folder = Folder.of(ledger.slug, log.year)
    return [records.read(folder, size) for size in records.sizes(folder)]


def followed(authority, kept: records.Kept) -> list[bool]:
    """Return what openssl says of each step of a record."""
    return [authority.believes(one.data, one.token) for one in ers.steps(kept.record, kept.note)]


def test_a_checkpoint_is_stamped_each_day_that_the_log_grew(ledger, log, authority) -> None:
    now = clock.now()
    assert [tasks.tend(now), tasks.tend(now)] == [1, 0]
    sequencer.settle()
    assert tasks.tend(now + timedelta(days=2)) == 0, "its own entry is no growth"
    grow(ledger)
    assert [tasks.tend(now + timedelta(hours=23)), tasks.tend(now + timedelta(hours=25))] == [0, 1]
    kept = all_kept(ledger, log)
    assert [one.size for one in kept] == [4, 7]
    assert [followed(authority, one) for one in kept] == [[True], [True]]
    assert kept[0].note.decode() == log.checkpoint
    sequencer.settle()
    told = [one for one in ledger_queries.entries_from(ledger.agency, 0, 0, 99) if "stamped" in one.kind]
    assert [one.attributes["size"] for one in told] == [4, 7]
    assert [one.disclosures for one in told] == [{}, {}]


def test_a_stamp_whose_certificate_ends_soon_is_renewed_by_one_token_for_all(ledger, log, authority) -> None:
    other = found()
    mend(other)
    sequencer.settle()
    now = clock.now()
    authority.signer = authority.holder("short", days=30)
    assert tasks.tend(now) == 2
    grow(ledger)
    assert tasks.tend(now + timedelta(days=2)) == 1
    authority.signer = authority.holder("long", days=3_000)
    asked = authority.folder / "query.tsq"
    asked.unlink()
    assert tasks.tend(now) == 3
    kept = all_kept(ledger, log)
    assert [followed(authority, one) for one in kept] == [[True, True], [True, True]]
    assert kept[0].record.last.token == kept[1].record.last.token, "one question for all of an agency"
    assert tasks.tend(now) == 0
    until = authority.signer.certificate.not_valid_after_utc
    assert set(TimeStamp.objects.values_list("until", "stamps")) == {(until, 2)}


def test_another_digest_gives_every_record_a_new_chain(ledger, log, authority, settings) -> None:
    now = clock.now()
    tasks.tend(now)
    settings.CONGVU_TIME_AUTHORITY_DIGEST = "sha512"
    assert [tasks.tend(now), tasks.tend(now)] == [1, 0]
    (kept,) = all_kept(ledger, log)
    assert [[one.digest for one in chain] for chain in kept.record.chains] == [["sha256"], ["sha512"]]
    assert followed(authority, kept) == [True, True]


def test_an_authority_that_ends_no_later_is_not_asked_for_ever(ledger, log, authority, web) -> None:
    now = clock.now()
    authority.signer = authority.holder("short", days=30)
    assert [tasks.tend(now), tasks.tend(now)] == [1, 0]
    count = len(web.asked)
    assert tasks.tend(now + timedelta(hours=1)) == 0
    assert len(web.asked) == count
    assert "ends no later" in Chore.objects.get(name="renew_stamps").failure
    assert len(all_kept(ledger, log)[0].record.chains[0]) == 1


def test_a_record_that_does_not_hold_keeps_no_other_from_its_stamp(ledger, log, authority) -> None:
    now = clock.now()
    tasks.tend(now)
    records.path(Folder.of_log(log), "4.note").write_bytes(b"no note")
    TimeStamp.objects.all().delete()
    mend(found())
    sequencer.settle()
    assert tasks.tend(now) == 2
    assert "has not signed the note" in Chore.objects.get(agency=ledger.agency, name="register").failure


def test_an_authority_that_is_away_is_asked_again_later(ledger, log, authority, web) -> None:
    now = clock.now()
    web.pages["/time"] = page(b"", status=503)
    assert [tasks.tend(now), tasks.tend(now + timedelta(minutes=9))] == [0, 0]
    assert len(web.asked) == 1
    chore = Chore.objects.get(agency=ledger.agency, name="stamp")
    assert (chore.done_at, "status" in chore.failure) == (None, True)
    web.pages["/time"] = authority.page()
    assert tasks.tend(now + timedelta(minutes=11)) == 1
    chore.refresh_from_db()
    assert chore.failure == ""


def test_a_file_that_a_crash_left_without_its_row_is_taken_in(ledger, log, authority) -> None:
    now = clock.now()
    tasks.tend(now)
    TimeStamp.objects.all().delete()
    authority.signer = authority.holder("another", days=900)
    assert tasks.tend(now) == 1
    row = TimeStamp.objects.get()
    assert (row.size, row.stamps) == (4, 1)
    assert row.until != authority.signer.certificate.not_valid_after_utc, "nobody was asked again"


def test_a_record_that_no_longer_holds_is_not_covered_up_by_a_renewal(ledger, log, authority) -> None:
    now = clock.now()
    authority.signer = authority.holder("short", days=30)
    tasks.tend(now)
    folder = Folder.of(ledger.slug, log.year)
    place = records.path(folder, "4.ers")
    whole = bytearray(place.read_bytes())
    whole[len(whole) - 5] ^= 1  # inside the token's signature
    place.write_bytes(whole)
    authority.signer = authority.holder("long", days=3_000)
    assert tasks.tend(now) == 0
    assert place.read_bytes() == bytes(whole)
    assert Chore.objects.get(name="renew_stamps").failure != ""


def test_a_note_of_another_size_or_key_is_refused(ledger, log, authority) -> None:
    tasks.tend(clock.now())
    (kept,) = all_kept(ledger, log)
    folder = Folder.of(ledger.slug, log.year)
    records.write(folder, records.Kept(size=3, note=kept.note, record=kept.record))
    with pytest.raises(NotAStampError):
        actions.register(log, 3, now=clock.now())


def test_a_renewal_that_came_too_late_does_not_hold(ledger, log, authority) -> None:
    """The certificate of the first stamp had ended when the second was made: nobody can tell what it was worth."""
    now = clock.now()
    end = (now + timedelta(seconds=3)).replace(microsecond=0)
    authority.signer = authority.pki.holder("ending", issuer=authority.root, until=end, **TIME_STAMPING)
    tasks.tend(now)
    (kept,) = all_kept(ledger, log)
    time.sleep(max(0.0, (end - clock.now()).total_seconds()) + 1.1)
    authority.signer = authority.holder("long", days=3_000)
    believed = asking.certificates()
    second = asking.stamp(kept.record.last.token, digest="sha256", believed=believed)
    late = ers.Stamp(digest="sha256", way=(), token=second.data)
    with pytest.raises(NotAStampError, match="in its time"):
        queries.verified(
            log, replace(kept, record=ers.Record(chains=((kept.record.last, late),))), believed=believed
        )


def test_without_an_authority_nothing_is_done(ledger, log, settings) -> None:
    settings.CONGVU_TIME_AUTHORITY = ""
    assert tasks.tend(clock.now()) == 0
    assert not Chore.objects.exists()
