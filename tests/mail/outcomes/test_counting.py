"""Every message that was taken over has one submission and one outcome for each recipient."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from congvu.base import blobs
from congvu.base.database import atomic
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail import events, messages, relay, timeouts
from congvu.mail.actions import evidence, transferring
from congvu.mail.actions.accepting import accept
from congvu.mail.actions.evidence import Step
from congvu.mail.models import Item, Message, Receipt, Transfer
from congvu.mail.outcomes import actions, queries, tasks
from congvu.mail.outcomes.models import MailDay
from congvu.mail.outcomes.queries import count
from congvu.mail.outcomes.tracks import Fault, is_one
from congvu.mail.queries import transfers
from tests.mail.letters import NOW, bounce, incoming, submitted

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 11, 23)
NEXT = NOW + timedelta(days=1)


def relayed(*recipients):
    """Say that the relay took over what waits for these recipients."""
    rows = list(Transfer.objects.filter(recipient__in=recipients).select_related("message__agency"))
    said = [
        relay.Outcome(recipient=row.recipient, state="relayed", code=250, status="2.0.0", text="")
        for row in rows
    ]
    transferring.note_outcomes(rows[0].message, rows, said, now=NOW)


def figures(found):
    return found.submissions, found.outcomes, found.awaited, found.missing, found.doubled


def test_mail_from_outside_has_one_outcome_for_each_recipient(agency, an, binh, data_folder):
    accept([incoming("an@ubnd.example", "binh@ubnd.example"), incoming("binh@ubnd.example", message_id="m2")])
    assert figures(count(agency, DAY, now=NEXT)) == (2, 3, 0, 0, 0)
    assert figures(count(agency, DAY - timedelta(days=1), now=NEXT)) == (0, 0, 0, 0, 0)


def test_a_letter_within_the_house_and_to_others_is_counted_whole(agency, an, binh, data_folder):
    accept([submitted(binh, "an@ubnd.example", "dung@dan.example")])
    assert figures(count(agency, DAY, now=NEXT)) == (1, 1, 1, 0, 0)
    relayed("dung@dan.example")
    assert figures(count(agency, DAY, now=NEXT)) == (1, 2, 1, 0, 0)


def test_what_waits_longer_than_its_time_is_missing(agency, binh, data_folder):
    accept([submitted(binh, "dung@dan.example")])
    message = Message.objects.get().handle
    assert count(agency, DAY, now=NOW + timeouts.QUEUE - timedelta(seconds=1)).faults == []
    assert count(agency, DAY, now=NOW + timeouts.QUEUE).faults == [
        Fault(kind="missing", what="outcome", message=message, recipient="dung@dan.example")
    ]


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (lambda: Receipt.objects.filter(step="accepted").delete(), {"submission", "row"}),
        (lambda: Receipt.objects.filter(step="delivered").delete(), {"outcome", "row"}),
        (lambda: Item.objects.all().delete(), {"recipient", "item"}),
        (lambda: blobs.destroy(Message.objects.get().blob), {"bytes"}),
        (lambda: Receipt.objects.filter(step="delivered").update(entry="a" * 26), {"entry", "row"}),
        (lambda: [table.objects.all().delete() for table in (Receipt, Item, Message)], {"row"}),
    ],
    ids=["submission", "outcome", "item", "bytes", "entry", "message"],
)
def test_whatever_is_lost_is_found(agency, binh, data_folder, damage, what):
    accept([incoming("binh@ubnd.example")])
    sequencer.settle()
    handle = Message.objects.get().handle
    assert count(agency, DAY, now=NEXT).faults == []
    damage()
    found = count(agency, DAY, now=NEXT).faults
    assert {(one.kind, one.what, one.message) for one in found} == {("missing", one, handle) for one in what}


def test_a_step_that_was_recorded_twice_is_found(agency, binh, data_folder):
    accept([incoming("binh@ubnd.example")])
    message = Message.objects.select_related("agency").get()
    with atomic():
        evidence.keep(
            [
                Step(
                    message=message,
                    step=Receipt.Step.FAILED,
                    event=events.MessageFailed(reason="other"),
                    at=NOW,
                    recipient="binh@ubnd.example",
                )
            ]
        )
    assert count(agency, DAY, now=NEXT).faults == [
        Fault(kind="doubled", what="outcome", message=message.handle, recipient="binh@ubnd.example")
    ]


@pytest.mark.parametrize(
    ("steps", "is_good"),
    [
        ("delivered", True),
        ("failed", True),
        ("relayed confirmed", True),
        ("relayed unanswered failed", True),
        ("relayed passed failed", True),
        ("failed relayed confirmed", True),  # recalled while the relay took it
        ("delivered delivered", False),
        ("delivered failed", False),
        ("relayed relayed", False),
        ("relayed confirmed failed", False),
        ("relayed failed failed", False),
        ("confirmed", False),
        ("failed delivered", False),
    ],
)
def test_one_outcome_is_one(steps, is_good):
    assert is_one(steps.split()) is is_good


def test_relayed_mail_without_a_report_is_called_so_after_three_days(agency, binh, data_folder):
    accept([submitted(binh, "dung@dan.example")])
    relayed("dung@dan.example")
    late = NOW + timeouts.answer_within()
    assert actions.note_unanswered(now=late - timedelta(seconds=1)) == 0
    assert actions.note_unanswered(now=late) == 1
    assert actions.note_unanswered(now=late) == 0
    sequencer.settle()
    entry = ledger.entries_from(agency.handle, 0, 0, 1000)[-1]
    assert (entry.kind, entry.disclosures["recipient_address"]) == (
        "mail.message.unanswered",
        "dung@dan.example",
    )
    assert figures(count(agency, DAY, now=late)) == (1, 1, 0, 0, 0)


def test_a_wait_that_nobody_ended_is_missing(agency, binh, data_folder):
    accept([submitted(binh, "dung@dan.example")])
    relayed("dung@dan.example")
    found = count(agency, DAY, now=NOW + timeouts.answer_within() + timeouts.LATE)
    assert [one.what for one in found.faults] == ["outcome"]


def test_about_automatic_mail_no_report_is_awaited(agency, binh, data_folder):
    accept([submitted(binh, "dung@dan.example", extra="Auto-Submitted: auto-replied")])
    relayed("dung@dan.example")
    assert figures(count(agency, DAY, now=NEXT)) == (1, 1, 0, 0, 0)


def test_a_late_report_still_counts_once(agency, binh, data_folder):
    accept([submitted(binh, "dung@dan.example")])
    relayed("dung@dan.example")
    late = NOW + timedelta(days=4)
    actions.note_unanswered(now=late)
    report = _at(bounce(envelope_id=Transfer.objects.get().handle), late)
    accept([report, report])
    assert list(
        Receipt.objects.filter(recipient="dung@dan.example").order_by("id").values_list("step", flat=True)
    ) == [
        "relayed",
        "unanswered",
        "failed",
    ]
    assert count(agency, DAY, now=late).faults == []


def test_a_report_may_come_before_what_the_relay_said_and_the_letter_is_not_sent_again(
    agency, binh, data_folder
):
    accept([submitted(binh, "dung@dan.example")])
    transfer = Transfer.objects.get()
    report = bounce(envelope_id=transfer.handle)
    accept([replace(report, raw=report.raw.replace(b"Action: failed", b"Action: delivered"))])
    assert (list(transfers.due(NOW + timedelta(days=1))), Transfer.objects.get().state) == ([], "confirmed")
    relayed("dung@dan.example")  # what the relay said is written now
    told = Receipt.objects.filter(recipient="dung@dan.example").order_by("id")
    assert list(told.values_list("step", flat=True)) == ["relayed", "confirmed"]
    assert figures(count(agency, DAY, now=NOW + timedelta(days=20))) == (2, 2, 0, 0, 0)


def test_a_day_is_closed_once_nothing_is_awaited(agency, binh, data_folder):
    accept([incoming("binh@ubnd.example"), submitted(binh, "dung@dan.example")])
    relayed("dung@dan.example")
    tasks.settle(NEXT)
    row = MailDay.objects.get()
    assert (row.day, row.submissions, row.outcomes, row.awaited, row.closed_at) == (DAY, 2, 2, 1, None)
    assert tasks.settle(NEXT) == 0
    closing = NOW + timedelta(days=3, hours=1)
    tasks.settle(closing)
    row = MailDay.objects.get(day=DAY)
    assert (row.awaited, row.closed_at) == (0, closing)
    sequencer.settle()
    entry = ledger.entry(row.entry, agency=agency.handle)
    assert (entry.kind, entry.attributes) == (
        "mail.day.closed",
        {"submissions": 2, "outcomes": 2, "missing": 0, "doubled": 0},
    )
    assert entry.disclosures == {"day": "2026-11-23", "root": row.root}


def test_today_is_not_counted(agency, binh, data_folder):
    accept([incoming("binh@ubnd.example")])
    assert tasks.settle(NOW + timedelta(hours=1)) == 0
    assert not MailDay.objects.exists()


def test_the_root_stays_what_later_steps_do(agency, binh, data_folder):
    accept([submitted(binh, "dung@dan.example")])
    relayed("dung@dan.example")
    late = NOW + timedelta(days=4)
    actions.note_unanswered(now=late)
    row = actions.count_day(agency, DAY, now=late)
    accept([_at(bounce(envelope_id=Transfer.objects.get().handle), late + timedelta(days=1))])
    assert row.closed_at == late
    assert count(agency, DAY, now=late).root == row.root
    assert count(agency, DAY, now=late + timedelta(days=2)).root != row.root
    assert actions.count_day(agency, DAY, now=late + timedelta(days=2)).root == row.root


def test_the_root_tells_two_copies_apart(agency, an, binh, data_folder):
    accept([incoming("an@ubnd.example", "binh@ubnd.example")])
    whole = count(agency, DAY, now=NEXT).root
    assert count(agency, DAY, now=NEXT + timedelta(days=300)).root == whole
    Message.objects.update(digest="0" * 64)
    assert count(agency, DAY, now=NEXT).root != whole


@pytest.fixture
def stalled(data_folder, settings):
    """A relay is set, and nothing works off the queue."""
    settings.CONGVU_RELAY_HOST = "127.0.0.1"


def test_administrators_are_told_once_of_what_is_missing(agency, binh, ngoc, stalled):
    accept([submitted(binh, "dung@dan.example")])
    gone = Message.objects.get().handle
    tasks.settle(NOW + timeouts.QUEUE)
    notice = Item.objects.select_related("message").get(mailbox__person=ngoc.person)
    assert (notice.message.channel, notice.message.automatic, notice.owes_acknowledgement) == (
        "system",
        True,
        False,
    )
    assert gone in _text(notice.message)
    tasks.settle(NOW + timeouts.QUEUE + timedelta(days=1))
    assert Item.objects.filter(mailbox__person=ngoc.person).count() == 1


def test_without_an_administrator_the_day_is_counted_all_the_same(agency, binh, stalled):
    accept([submitted(binh, "dung@dan.example")])
    tasks.settle(NOW + timeouts.QUEUE)
    assert [(one.day, one.missing) for one in queries.troubled(agency)] == [(DAY, 1)]


def _at(envelope, at):
    return replace(envelope, received_at=at)


def _text(message):
    return messages.read(blobs.get(message.blob)).text + json.dumps(message.recipients)
