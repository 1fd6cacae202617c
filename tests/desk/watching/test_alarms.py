"""Incidents are kept, told once, and never vanish without a person."""

import email
from email import policy

import pytest

from congvu.base import blobs, clock
from congvu.desk.events import IncidentAcknowledged
from congvu.desk.watching import actions, disks, queries
from congvu.desk.watching.disks import GIGABYTE
from congvu.desk.watching.models import DiskDay, Incident
from congvu.directory.policies import NotAllowedError
from congvu.ledger import chores, sequencer
from congvu.ledger import queries as ledger
from congvu.ledger.actions import ReadOnlyError
from congvu.mail.models import Message
from tests.desk.watching.conftest import later, look, sorts
from tests.mail.test_transfers import peer

__all__ = ["peer"]
OUTSIDE = "duty@elsewhere.example"


def letters(agency) -> list[str]:
    rows = Message.objects.filter(agency=agency, channel="system").order_by("pk")
    return [read(blobs.get(one.blob)) for one in rows]


def read(raw: bytes) -> str:
    found = email.message_from_bytes(raw, policy=policy.default)
    return f"{found['Subject']}\n{found.get_body().get_content()}"


@pytest.fixture
def broken(watched):
    """Let the stamp fail, or with no text let it be had."""

    def fail(text: str, **span: int) -> None:
        if text:
            chores.failed(watched.handle, "stamp", text, now=later(**span))
        else:
            chores.done(watched.handle, "stamp", now=later(**span))

    return fail


def test_an_incident_is_told_once_reminded_daily_and_told_when_it_is_over(watched, broken):
    broken("refused")
    for minutes in (0, 1, 60, 23 * 60):
        look(minutes=minutes)
    assert (sorts(watched), len(letters(watched))) == (["chore_failed"], 1)
    look(hours=25)
    look(hours=26)
    assert len(letters(watched)) == 2
    broken("", hours=27)
    look(hours=27)
    assert (sorts(watched), len(letters(watched))) == ([], 2)  # it may come back
    look(hours=29)
    look(hours=60)
    first, second, third = letters(watched)
    assert "xin dấu thời gian" in first
    assert ("refused" in first, "refused" in second, "refused" in third) == (True, True, False)


def test_what_comes_and_goes_is_one_incident_and_no_storm(watched, broken):
    for minutes in range(0, 120, 2):
        broken("slow" if minutes % 4 else "", minutes=minutes)
        look(minutes=minutes)
    assert (Incident.objects.count(), len(letters(watched))) == (1, 1)


def test_many_incidents_are_one_letter(watched):
    for name in ("one", "two", "three"):
        chores.failed(watched.handle, name, "no", now=clock.now())
    look()
    chores.failed(watched.handle, "four", "no", now=clock.now())
    look(minutes=5)
    assert (len(sorts(watched)), len(letters(watched))) == (4, 1)
    look(minutes=11)
    assert len(letters(watched)) == 2


@pytest.mark.django_db(transaction=True)
def test_acknowledging_leaves_evidence_ends_nothing_and_stops_reminders(watched, broken, ngoc):
    broken("refused")
    look()
    (row,) = Incident.objects.all()
    actions.acknowledge(by=ngoc, incident=row.handle, note=" The authority moved. ", now=clock.now())
    row.refresh_from_db()
    assert (row.note, row.acknowledged_by, row.ended_at) == ("The authority moved.", ngoc.person, None)
    sequencer.settle()
    year, size = next(iter(ledger.sizes(watched.handle).items()))
    entries = ledger.entries_of(watched.handle, year, range(size))
    (entry,) = [one for one in entries if one.kind == IncidentAcknowledged.kind]
    assert entry.attributes == {"sort": "chore_failed", "is_over": False}
    assert set(entry.disclosures) == {"actor", "incident", "note"}
    assert "authority" not in str(entry.disclosures)
    look(hours=30)
    assert (sorts(watched), len(letters(watched))) == (["chore_failed"], 1)
    with pytest.raises(actions.AlreadyAcknowledgedError):
        actions.acknowledge(by=ngoc, incident=row.handle, note="again", now=clock.now())


def test_an_acknowledgement_without_a_sentence_is_none(watched, broken, ngoc):
    broken("refused")
    look()
    handle = Incident.objects.get().handle
    for note in ("", "  \n", "x" * 1_001):
        with pytest.raises(actions.NoNoteError):
            actions.acknowledge(by=ngoc, incident=handle, note=note, now=clock.now())
    assert Incident.objects.get().acknowledged_at is None


@pytest.mark.django_db(transaction=True)
def test_nobody_acknowledges_for_another_agency_nor_without_the_office(watched, broken, binh, ermek, seat_of):
    broken("refused")
    look()
    handle = Incident.objects.get(agency=watched, sort="chore_failed").handle
    with pytest.raises(NotAllowedError):
        actions.acknowledge(by=binh, incident=handle, note="mine", now=clock.now())
    foreign = seat_of(
        "Асель", unit="akimat", title={"kk": "Әкімші"}, functions=("administrator",), at=ermek.agency
    )
    with pytest.raises(actions.NoIncidentError):
        actions.acknowledge(by=foreign, incident=handle, note="mine", now=clock.now())


def test_what_is_over_stays_until_somebody_acknowledges_it(watched, broken, ngoc):
    broken("refused")
    look()
    broken("", minutes=1)
    look(minutes=1)
    (shown,) = queries.present(watched, [])
    assert (shown.is_over, queries.past(watched)) == (True, [])
    actions.acknowledge(by=ngoc, incident=shown.row.handle, note="seen", now=later(minutes=2))
    assert (queries.present(watched, []), len(queries.past(watched))) == ([], 1)


@pytest.mark.django_db(transaction=True)
def test_a_sealed_ledger_is_told_outside_past_queue_and_ledger(watched, sealed, settings, peer, ngoc):
    settings.CONGVU_OPERATOR_ADDRESS = f" {OUTSIDE} ,"
    sealed("forked")
    look()
    look(minutes=30)
    ((sender, to, raw),) = peer.kept
    assert (sender, to, letters(watched)) == ("<>", [OUTSIDE], [])
    assert "khẩn" in read(raw).lower()
    with pytest.raises(ReadOnlyError):
        actions.acknowledge(by=ngoc, incident=Incident.objects.get().handle, note="x", now=clock.now())
    assert Incident.objects.get().acknowledged_at is None
    sealed("")
    look(minutes=31)
    look(minutes=100)
    assert (len(peer.kept), len(letters(watched))) == (2, 1)


def test_a_sealed_ledger_without_an_address_outside_is_told_inside_afterwards(watched, sealed):
    sealed("forked")
    look()
    assert (sorts(watched), letters(watched)) == (["sealed"], [])
    sealed("")
    look(minutes=5)
    (letter,) = letters(watched)
    assert Incident.objects.get().ended_at is not None
    look(hours=5)
    assert letters(watched) == [letter]


def test_without_a_relay_the_failure_is_an_incident_of_its_own(watched, broken, settings):
    settings.CONGVU_OPERATOR_ADDRESS = OUTSIDE
    broken("refused")
    look()
    look(minutes=1)
    assert [one.about for one in queries.open_incidents(watched).order_by("about")] == ["alarm", "stamp"]


def test_where_nobody_can_be_told_the_machine_is_told_once(agency, caplog):
    sequencer.settle()
    chores.failed(agency.handle, "stamp", "refused", now=clock.now())
    for minutes in range(3):
        look(minutes=minutes)
    assert [one.message for one in caplog.records if "nobody can be told" in one.message] == [
        "nobody can be told of 1 incidents of agency ubnd"
    ]


def test_how_full_the_disks_are_is_kept_once_a_day(watched):
    for hours in (0, 1, 24, 25):
        look(hours=hours)
    assert DiskDay.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_all_agencies_share_is_told_outside_once(watched, akimat, settings, peer, monkeypatch):
    settings.CONGVU_OPERATOR_ADDRESS = OUTSIDE
    full = disks.Disk(places=("data",), free=0, size=GIGABYTE)
    monkeypatch.setattr(disks, "disks", lambda *_: [full])
    sequencer.settle()
    look()
    look(minutes=1)
    assert len(peer.kept) == 1
    assert {one.agency.slug for one in Incident.objects.filter(sort="disk_full")} == {"ubnd", "akimat"}
    assert Incident.objects.filter(told_at=None).count() == 0
