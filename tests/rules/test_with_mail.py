"""Real mail, laid in, opened, acknowledged and recalled by its own acts, becomes the duties that it should."""

from datetime import timedelta

import pytest

from congvu.mail.actions import acknowledging, opening, recalling
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Item
from congvu.mail.queries import places
from congvu.rules import queries
from congvu.rules.actions import tick
from tests.mail.letters import submitted
from tests.rules.worlds import at


def owed(agency, seat, norm):
    page = queries.obligations_of(seat.person.handle, agency=agency.handle, norms=[norm])
    return sorted((one.opened_at, one.status) for one in page.duties if one.box is None)


def send(sender, receiver, moment) -> Item:
    accept([submitted(sender, f"{receiver}@ubnd.example", at=at(moment))])
    return Item.objects.filter(folder="inbox").latest("id")


@pytest.fixture
def item(bound, an, binh) -> Item:
    return send(binh, "an", "2026-03-02 09:10")


def test_mail_between_two_officials_is_owed_an_acknowledgement_by_its_recipient_only(
    bound, an, binh, item, settle
):
    settle()
    assert owed(bound, an, "acknowledge") == [(at("2026-03-02 09:10"), "pending")]
    assert owed(bound, binh, "acknowledge") == []


def test_one_press_fulfils_and_the_short_reply_owes_nothing(bound, an, binh, item, settle):
    acknowledging.acknowledge(seat=an, item=item, now=at("2026-03-02 09:20"))
    tick(agency=bound, at=at("2026-03-02 17:00"))
    settle()
    assert owed(bound, an, "acknowledge") == [(at("2026-03-02 09:10"), "fulfilled")]
    assert owed(bound, binh, "acknowledge") == []


def test_a_recall_in_time_ends_the_duty(bound, an, binh, item, settle):
    recalling.recall(seat=binh, message=item.message, now=at("2026-03-02 09:20"))
    tick(agency=bound, at=at("2026-03-02 17:00"))
    settle()
    assert owed(bound, an, "acknowledge") == [(at("2026-03-02 09:10"), "annulled")]


@pytest.mark.parametrize(("moment", "expected"), [("08:59:59", "fulfilled"), ("09:00:00", "breached")])
def test_opening_the_own_inbox_in_the_window_is_the_check(bound, an, settle, moment, expected):
    tick(agency=bound, at=at("2026-03-02 08:00:01"))
    now = at(f"2026-03-02 {moment}")
    opening.check_mailbox(seat=an, place=places.own_place(an, now=now), now=now)
    tick(agency=bound, at=now + timedelta(minutes=5))
    settle()
    assert owed(bound, an, "check-mailbox") == [(at("2026-03-02 08:00"), expected)]


def test_a_glance_just_before_the_window_does_not_swallow_the_check_inside_it(bound, an, settle):
    for moment in ("07:59:40", "08:00:10"):
        now = at(f"2026-03-02 {moment}")
        opening.check_mailbox(seat=an, place=places.own_place(an, now=now), now=now)
    tick(agency=bound, at=at("2026-03-02 10:00"))
    settle()
    assert owed(bound, an, "check-mailbox") == [(at("2026-03-02 08:00"), "fulfilled")]


def test_the_clerk_answers_mail_to_the_unit(bound, an, binh, settle):
    item = send(binh, "vanphong", "2026-03-02 09:10")
    settle()
    (duty,) = queries.obligations_of(an.person.handle, agency=bound.handle, norms=["acknowledge"]).duties
    assert (duty.box, duty.bearer_unit, duty.status) == (
        item.mailbox.address.handle,
        an.unit.handle,
        "pending",
    )
    acknowledging.acknowledge(seat=an, item=item, now=at("2026-03-02 09:20"))
    settle()
    assert queries.obligation(duty.handle, agency=bound.handle).status == "fulfilled"
