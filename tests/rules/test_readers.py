"""The judge on a real ledger: what it writes, however it is fed."""

import pytest

from congvu.conduct.events import FindingConfirmed, FindingExcused
from congvu.ledger import readers
from congvu.mail.events import MailboxChecked, MessageAcknowledged, MessageDelivered, MessageRecalled
from congvu.rules import queries
from congvu.rules.actions import close_day, tick
from congvu.rules.models import Obligation, Standing
from congvu.rules.readers import Judge, digest
from tests.rules.conftest import tell
from tests.rules.worlds import at

LETTER, BOX = "letter".ljust(26, "a"), "boxbinh".ljust(26, "a")


def deliver(agency, person, moment, *, message=LETTER, box=BOX) -> str:
    event = MessageDelivered(
        direction="in", channel="mx", communication="other", automatic=False, box="personal"
    )
    return tell(agency, event, at(moment), message=message, mailbox=box, recipient=person.handle)


def of(agency, seat, *statuses):
    page = queries.obligations_of(
        seat.person.handle, agency=agency.handle, statuses=statuses or queries.STATUSES
    )
    return [(one.norm, one.status) for one in page.duties]


def live_a_day(agency, binh, chi, settle) -> None:
    """Two mails, one acknowledged in time in another batch, a missed window, a recall, a closed day."""
    deliver(agency, binh.person, "2026-03-02 07:40")
    settle()
    tell(agency, MessageAcknowledged(by="press"), at("2026-03-02 08:05"), message=LETTER, mailbox=BOX)
    settle()
    tell(
        agency, MailboxChecked(box="personal"), at("2026-03-02 08:10"), mailbox=BOX, actor=binh.person.handle
    )
    deliver(agency, binh.person, "2026-03-02 14:30", message="memo".ljust(26, "a"))
    deliver(agency, binh.person, "2026-03-02 16:50", message="note".ljust(26, "a"))
    settle()
    tell(agency, MessageRecalled(), at("2026-03-02 16:55"), message="note".ljust(26, "a"))
    tick(agency=agency, at=at("2026-03-02 18:00"))
    settle()
    close_day(
        by=chi, day=at("2026-03-03 12:00").date(), reason="Mất điện", number="", at=at("2026-03-03 08:30")
    )
    tick(agency=agency, at=at("2026-03-03 18:00"))
    settle()


def test_a_day_of_evidence_becomes_duties(bound, binh, chi, settle):
    live_a_day(bound, binh, chi, settle)
    # Books bind before posts are told of in this story: the address was given in 2010.
    assert sorted(of(bound, binh)) == [
        ("acknowledge", "annulled"),
        ("acknowledge", "breached"),
        ("acknowledge", "fulfilled"),
        ("check-mailbox", "annulled"),
        ("check-mailbox", "breached"),
        ("check-mailbox", "fulfilled"),
    ]


@pytest.mark.parametrize("limit", [1, 3, 500])
def test_rebuilt_in_any_batches_it_comes_to_the_same_bytes(bound, binh, chi, settle, limit):
    live_a_day(bound, binh, chi, settle)
    live = digest(agency=bound.handle)
    revision = Standing.objects.get(agency=bound).facts
    readers.rewind(Judge(), agency=bound.handle)
    assert not Obligation.objects.exists()
    settle(limit=limit)
    assert Standing.objects.get(agency=bound).facts == revision
    assert digest(agency=bound.handle) == live


def test_another_agency_s_duties_are_not_touched(bound, binh, chi, settle, akimat, ermek):
    settle(of=akimat)
    deliver(akimat, ermek.person, "2026-03-02 07:40")
    live_a_day(bound, binh, chi, settle)
    settle(of=akimat)
    readers.rewind(Judge(), agency=akimat.handle)
    assert Obligation.objects.filter(agency=bound).exists()
    assert queries.obligations_of(ermek.person.handle, agency=akimat.handle).total == 0


def test_decisions_of_people_reach_their_duty(bound, binh, chi, settle):
    deliver(bound, binh.person, "2026-03-02 07:40")
    tick(agency=bound, at=at("2026-03-02 11:00"))
    settle()
    (duty,) = queries.obligations_of(binh.person.handle, agency=bound.handle, statuses=["breached"]).duties[
        -1:
    ]
    told = {"obligation": duty.handle, "actor": chi.person.handle}
    tell(bound, FindingExcused(cause="leave"), at("2026-03-02 11:05"), **told)
    settle()
    assert queries.obligation(duty.handle, agency=bound.handle).status == "excused"
    tell(bound, FindingConfirmed(), at("2026-03-02 11:06"), **told)
    settle()
    assert queries.obligation(duty.handle, agency=bound.handle).status == "breached"


def test_a_failed_run_leaves_nothing_behind(bound, binh, settle, monkeypatch):
    deliver(bound, binh.person, "2026-03-02 07:40")
    before = digest(agency=bound.handle)

    class Falling(Judge):
        def apply(self, entries):
            super().apply(entries)
            raise ZeroDivisionError

    from congvu.ledger import sequencer  # noqa: PLC0415 -- one use

    sequencer.settle()
    with pytest.raises(ZeroDivisionError):
        readers.advance(Falling(), agency=bound.handle)
    assert digest(agency=bound.handle) == before
    settle()
    assert of(bound, binh, "pending") == [("acknowledge", "pending")]
