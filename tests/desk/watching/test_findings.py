"""What an operator must look at, in good times and in bad ones."""

import dataclasses
import os
from datetime import UTC, date, datetime, timedelta

import pytest

from congvu.base import clock
from congvu.base.database import atomic
from congvu.desk.watching import disks
from congvu.desk.watching.disks import GIGABYTE, Disk
from congvu.desk.watching.facts import facts
from congvu.desk.watching.findings import findings, verdict
from congvu.desk.watching.models import DiskDay
from congvu.ledger import chores, full_checks, sequencer
from congvu.ledger.gossip.models import LogConflict, OpenQuestion
from congvu.ledger.models import Chore, Ledger, Log, Outbox
from congvu.ledger.neighbors.models import Neighbor
from congvu.ledger.store import Folder
from congvu.ledger.witnesses.models import WitnessState
from congvu.ledger.witnesses.queries import Attendance
from congvu.mail.outcomes.models import MailDay
from congvu.standards import cosignatures, notes
from tests.desk.watching.conftest import later


def seen(agency, now=None) -> list[tuple[str, str]]:
    return [(one.sort, one.about) for one in findings(facts(agency, now or clock.now()))]


def log_of(agency) -> Log:
    return Log.objects.get(agency=agency.handle)


def test_in_good_times_there_is_nothing(watched):
    assert seen(watched) == []
    assert verdict(iter([])) == "holds"


def test_an_agency_without_a_ledger_has_nothing_to_look_at(agency):
    Ledger.objects.filter(agency=agency.handle).delete()
    Outbox.objects.filter(agency=agency.handle).delete()
    assert seen(agency) == []


def test_a_sealed_ledger_a_silent_clerk_and_entries_that_wait_say_stop(watched, sealed, seat_of):
    sealed("forked")
    chores.done(watched.handle, "watch", now=later(minutes=-6))
    assert seen(watched) == [("sealed", ""), ("clerk_silent", "")]
    sealed("")
    seat_of("Vũ Thị Hoa", unit="vp", title={"vi": "Chuyên viên"})
    ahead = later(minutes=11)
    chores.done(watched.handle, "watch", now=ahead)
    assert seen(watched, ahead) == [("waiting", "")]
    assert verdict(iter(["disk_low", "waiting"])) == "stop"


def test_what_the_last_full_check_found_is_told_until_one_finds_the_log_whole(watched):
    log = log_of(watched)
    full_checks.note(log, ["tile/0/000, entry 3: changed", "more"], now=clock.now())
    found = findings(facts(watched, clock.now()))
    assert [(one.sort, one.about, one.fact) for one in found] == [
        ("damage", log.origin, "tile/0/000, entry 3: changed (and 1 more)")
    ]
    full_checks.note_end(log, -9, now=clock.now())
    assert seen(watched) == [("check_failed", log.origin)]
    full_checks.note(log, [], now=clock.now())
    assert seen(watched) == []
    ahead = later(days=4)
    chores.done(watched.handle, "watch", now=ahead)
    assert seen(watched, ahead) == [("check_overdue", log.origin)]


def witness(name="archive", **told) -> Attendance:
    blank = {one.name: None for one in dataclasses.fields(Attendance)}
    said = {"name": name, "witness": f"{name}+00", "url": "http://w.example/", "size": 0, "lag": 3}
    return Attendance(**(blank | said | {"failures": 0, "error": ""} | told))


def test_a_witness_is_silent_after_many_tries_and_not_while_nothing_is_new(watched):
    found = facts(watched, clock.now())
    for told, expected in (
        ({"failures": 7, "error": "slow"}, []),
        ({"failures": 8, "error": "slow"}, ["witness_silent"]),
        ({"failures": 99, "lag": 0}, []),
        ({"failures": 99, "url": ""}, []),
    ):
        asked = dataclasses.replace(found, attendances=[witness(**told)])
        assert [one.sort for one in findings(asked)] == expected


def test_a_witness_that_was_never_asked_is_silent_half_an_hour_after_the_signature(watched):
    asked = dataclasses.replace(facts(watched, later(minutes=31)), attendances=[witness()])
    assert "witness_silent" in [one.sort for one in findings(asked)]
    assert [one.sort for one in findings(dataclasses.replace(asked, now=clock.now()))] == []


def test_a_policy_that_the_others_cannot_meet_is_unmet(watched, settings, tmp_path):
    keys = [cosignatures.generate(f"{name}.example", cosignatures.ED25519) for name in ("one", "two")]
    lines = [f"witness w{n} {one.key.text} http://127.0.0.1:9/{n}/\n" for n, one in enumerate(keys)]
    policy = tmp_path / "w.policy"
    settings.CONGVU_WITNESS_POLICY = str(policy)
    log = log_of(watched)
    for needed, expected in ((1, ["witness_silent"]), (2, ["policy_unmet", "witness_silent"])):
        policy.write_text("".join(lines) + f"group g {needed} w0 w1\nquorum g\n")
        WitnessState.objects.all().delete()
        WitnessState.objects.create(
            agency=watched.handle,
            log=log,
            witness=f"{keys[0].key.name}+{keys[0].key.id.hex()}",
            asked_at=clock.now(),
            failures=30,
            error="unreachable",
        )
        assert [one for one, _ in seen(watched)] == expected
    policy.write_text("witness ???\n")
    assert seen(watched) == [("policy_unreadable", "")]


def conflict(origin: str) -> None:
    count = LogConflict.objects.count()
    LogConflict.objects.create(
        handle=f"{count:026}",
        origin=origin,
        sort="same_size",
        proof=b"",
        digest=str(count),
        told_by="press",
        found_at=clock.now(),
    )


def test_conflicts_are_told_to_whom_they_concern(watched, akimat):
    sequencer.settle()
    conflict(log_of(watched).origin)
    conflict("stranger.example/log/x/2026")
    chores.done(akimat.handle, "watch", now=clock.now())
    assert seen(watched) == [
        ("own_conflict", log_of(watched).origin),
        ("neighbor_conflict", "stranger.example/log/x/2026"),
    ]
    assert seen(akimat) == [("neighbor_conflict", "stranger.example/log/x/2026")]


def test_two_histories_of_a_log_that_was_closed_are_no_news(watched, akimat):
    sequencer.settle()
    stranger = "stranger.example/log/x/2026"
    key = notes.generate(stranger).verifier.text
    Neighbor.objects.create(origin=stranger, key=key, added_at=clock.now(), closing="closed")
    for origin in (log_of(watched).origin, stranger):
        conflict(origin)
    Log.objects.filter(agency=watched.handle).update(closing="closed")
    chores.done(akimat.handle, "watch", now=clock.now())
    assert (seen(watched), seen(akimat)) == ([], [])


def test_heads_that_were_not_compared_for_a_day_failed_chores_and_the_clock(watched):
    now = clock.now()
    for hours in (23, 25):
        at = now - timedelta(hours=hours)
        OpenQuestion.objects.create(
            origin=f"o{hours}", size=1, note="", told_by="press", asked_at=at, tried_at=at
        )
    chores.failed(watched.handle, "stamp", "refused", now=now)
    chores.failed(watched.handle, "clock", "3600", now=now)
    assert seen(watched) == [("head_uncompared", "o25 (press)"), ("chore_failed", "stamp"), ("clock", "")]
    Chore.objects.filter(name="clock").update(tried_at=now - timedelta(days=2))
    chores.done(watched.handle, "stamp", now=now)
    assert seen(watched) == [("head_uncompared", "o25 (press)")]


def test_a_clock_that_stepped_back_is_noted(watched):
    assert sequencer.watch_clock(watched.handle, clock.now(), later(hours=1))
    sequencer.settle()
    assert seen(watched) == [("clock", "")]


def test_a_day_of_mail_that_does_not_come_out_even(watched):
    MailDay.objects.create(
        agency=watched,
        day=date(2026, 1, 5),
        submissions=3,
        outcomes=2,
        awaited=0,
        missing=1,
        doubled=0,
        root="",
        counted_at=clock.now(),
    )
    assert seen(watched) == [("outcomes_missing", "2026-01-05")]


def test_two_agencies_see_only_their_own(watched, akimat, sealed):
    sequencer.settle()
    sealed("forked")
    chores.failed(watched.handle, "stamp", "refused", now=clock.now())
    chores.done(akimat.handle, "watch", now=clock.now())
    assert seen(akimat) == []
    assert seen(watched) == [("sealed", ""), ("chore_failed", "stamp")]


def test_the_newest_time_is_unknown_when_the_bundle_is_gone_and_the_rest_is_still_told(watched):
    log, ledger = log_of(watched), Ledger.objects.get(agency=watched.handle)
    for path in Folder.of(ledger.slug, log.year).entries.rglob("*"):
        path.unlink() if path.is_file() else None
    found = facts(watched, clock.now())
    assert (found.newest_entry_at, found.newest.log.size > 0) == (None, True)


MUCH = 500 * GIGABYTE


@pytest.mark.parametrize(
    ("disk", "is_full", "is_low"),
    [
        (Disk(places=("data",), free=MUCH, size=2 * MUCH), False, False),
        (Disk(places=("data",), free=0, size=MUCH), True, True),
        (Disk(places=("data",)), True, True),
        (Disk(places=("data",), free=GIGABYTE, size=MUCH), False, True),
        (Disk(places=("data",), free=MUCH, size=2 * MUCH, free_inodes=0, inodes=10**6), True, True),
        (Disk(places=("data",), free=MUCH, size=2 * MUCH, free_inodes=40_000, inodes=10**6), False, True),
        (Disk(places=("data",), free=MUCH, size=2 * MUCH, per_day=MUCH / 13.5), False, True),
        (Disk(places=("data",), free=MUCH, size=2 * MUCH, per_day=MUCH / 14.5), False, False),
        (Disk(places=("data",), free=MUCH, size=2 * MUCH, per_day=-9.0), False, False),
    ],
)
def test_when_a_disk_is_full_or_low(disk, is_full, is_low):
    assert (disk.is_full, disk.is_low) == (is_full, is_low)


def test_a_disk_is_told_as_full_or_low(watched):
    found = facts(watched, clock.now())
    for free, expected in ((0, ["disk_full"]), (GIGABYTE, ["disk_low"]), (MUCH, [])):
        disk = Disk(places=("data", "keys"), free=free, size=2 * MUCH)
        told = findings(dataclasses.replace(found, disks=[disk]))
        assert [one.sort for one in told] == expected
        assert [one.about for one in told] == ["data, keys"] * len(expected)


def test_growth_is_measured_from_the_oldest_day_of_a_month(watched):
    today = date(2026, 11, 22)
    (disk,) = disks.disks(today)
    assert (disk.places, disk.per_day) == (("data", "copy", "keys"), None)
    for days, less in ((40, 99), (10, 10), (2, 9)):
        day = today - timedelta(days=days)
        DiskDay.objects.create(place="data", day=day, used=disk.used - less * GIGABYTE)
    (again,) = disks.disks(today)
    moved = again.used - disk.used  # others write to this disk meanwhile
    assert again.per_day == pytest.approx(GIGABYTE + moved / 10)
    assert again.days_left == int(again.free / again.per_day)


def test_a_disk_that_does_not_answer_is_told_as_full(watched, monkeypatch):
    def broken(path):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "statvfs", broken)
    assert {one for one, _ in seen(watched)} == {"disk_full"}


def test_a_log_is_checked_at_night_or_late_by_day(watched):
    for hour, after, is_due in (
        (18, timedelta(hours=21), True),  # 01:00 in Vietnam
        (18, timedelta(hours=19), False),
        (5, timedelta(hours=21), False),
        (5, timedelta(hours=41), True),  # the machine was off at night
        (18, -timedelta(hours=21), True),  # the clock was set back
    ):
        now = datetime(2026, 11, 22, hour, 5, tzinfo=UTC)
        full_checks.note(log_of(watched), [], now=now - after)
        assert bool(list(full_checks.due(now))) is is_due


def test_large_logs_and_old_ones_are_checked_each_week(watched):
    log = log_of(watched)
    assert full_checks.pause(log, is_newest=True) == full_checks.DAILY
    assert full_checks.pause(log, is_newest=False) == full_checks.WEEKLY
    log.size = full_checks.LARGE
    assert full_checks.pause(log, is_newest=True) == full_checks.WEEKLY


def test_a_log_that_was_never_checked_is_due_at_once(watched):
    assert [log.pk for _, log in full_checks.due(clock.now())] == [log_of(watched).pk]
    with atomic():
        full_checks.note_end(log_of(watched), -15, now=clock.now())
    assert list(full_checks.due(clock.now())) == []
