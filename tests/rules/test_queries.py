"""What a reader is told about duties."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from congvu.mail.events import MailboxChecked, MessageAccepted, MessageAcknowledged
from congvu.rules import queries
from congvu.rules.actions import close_day, tick
from congvu.rules.duties import STATUSES, status
from congvu.rules.models import Obligation
from tests.rules.conftest import tell
from tests.rules.test_readers import BOX, LETTER, deliver, live_a_day
from tests.rules.worlds import BOOK, at


def test_a_person_s_duties_come_with_article_and_due_time(bound, binh, settle):
    deliver(bound, binh.person, "2026-03-02 07:40")
    settle()
    (duty,) = queries.obligations_of(binh.person.handle, agency=bound.handle).duties
    assert (duty.title["en"], duty.cite, duty.status) == ("Acknowledge mail", "82/2009/QĐ-UBND", "pending")
    assert (duty.due_at, duty.window, duty.trigger_subject) == (at("2026-03-02 08:10"), None, LETTER)
    assert (duty.bearer_unit, duty.bearer_membership) == (binh.unit.handle, binh.membership.handle)
    assert queries.obligation(duty.handle, agency=bound.handle) == duty
    assert queries.obligation(duty.handle, agency="nobody") is None


def test_a_unit_s_duties_are_filtered_and_paged(bound, binh, chi, settle):
    live_a_day(bound, binh, chi, settle)
    units = [binh.unit.handle]
    page = queries.obligations_of_unit(units, agency=bound.handle, limit=2)
    assert len(page.duties) == 2 < page.total
    assert [one.opened_at for one in page.duties] == sorted(
        (one.opened_at for one in page.duties), reverse=True
    )
    only = queries.obligations_of_unit(
        units, agency=bound.handle, statuses=["fulfilled"], norms=["acknowledge"]
    )
    assert [(one.norm, one.status) for one in only.duties] == [("acknowledge", "fulfilled")]
    assert queries.obligations_of_unit(["elsewhere"], agency=bound.handle).total == 0
    assert queries.obligations_of_unit(units, agency=bound.handle, since=at("2026-03-04 00:00")).total == 0


def test_counts_are_the_statuses_of_all(bound, binh, chi, settle):
    live_a_day(bound, binh, chi, settle)
    seen = queries.as_of(agency=bound.handle)
    told = [status(row, seen) for row in Obligation.objects.filter(agency=bound)]
    assert queries.counts(agency=bound.handle) == {name: told.count(name) for name in STATUSES}
    assert queries.counts(agency="nobody") == dict.fromkeys(STATUSES, 0)
    assert queries.counts(agency=bound.handle, person=binh.person.handle)["fulfilled"] == 2


def test_an_explanation_names_article_parameter_and_the_time_counted(bound, binh, settle):
    trigger = deliver(bound, binh.person, "2026-03-02 11:20")
    done = tell(bound, MessageAcknowledged(by="press"), at("2026-03-02 13:05"), message=LETTER, mailbox=BOX)
    settle()
    (duty,) = queries.obligations_of(binh.person.handle, agency=bound.handle, norms=["acknowledge"]).duties
    why = queries.explanation(duty.handle, agency=bound.handle)
    assert (why.number, why.article, why.wording, why.checked) == (
        "82/2009/QĐ-UBND",
        "not-established",
        "press",
        "press",
    )
    assert why.segments == (
        (at("2026-03-02 11:20"), at("2026-03-02 11:30")),
        (at("2026-03-02 13:00"), at("2026-03-02 13:20")),
    )
    assert (why.parameter.value, why.parameter.decided_by, why.parameter.number) == (
        30,
        "Lê Kim Chi",
        "12/QĐ-VP",
    )
    assert (why.trigger_entry, why.fulfilled_by, why.undecided_parameter) == (trigger, done, "")
    assert why.calendar == "vn (holidays 0.109)"


def test_an_explanation_counts_with_the_days_known_when_it_was_reckoned(bound, binh, chi, settle):
    deliver(bound, binh.person, "2026-03-02 16:50")
    close_day(by=chi, day=at("2026-03-03 12:00").date(), reason="Bão", number="", at=at("2026-03-02 16:55"))
    settle()
    (duty,) = queries.obligations_of(binh.person.handle, agency=bound.handle, norms=["acknowledge"]).duties
    why = queries.explanation(duty.handle, agency=bound.handle)
    assert why.segments[-1] == (at("2026-03-04 07:30"), at("2026-03-04 07:50"))
    assert sum((b - a for a, b in why.segments), timedelta()) == timedelta(minutes=30)


def test_the_windows_of_today_and_where_they_stand(bound, settle):
    assert [one.state for one in queries.windows_today(bound, at("2026-03-02 08:00"))] == ["open", "ahead"]
    assert [one.state for one in queries.windows_today(bound, at("2026-03-02 09:00"))] == ["over", "ahead"]
    assert queries.windows_today(bound, at("2026-03-07 08:00")) == ()


def test_what_is_only_counted_is_shown_by_month(bound, settle):
    for moment in ("2026-03-02 09:00", "2026-03-31 23:30", "2026-04-01 00:30"):
        event = MessageAccepted(
            channel="web", direction="internal", communication="invitation", automatic=False
        )
        tell(bound, event, at(moment), message=LETTER, actor="an")
    settle()
    assert [(one.norm, one.month, one.value, one.count) for one in queries.frequencies(agency=bound)] == [
        ("encouraged-by-mail", "2026-03", "invitation", 2),
        ("encouraged-by-mail", "2026-04", "invitation", 1),
    ]


def test_lists_take_the_same_queries_however_long_they_are(bound, binh, settle, django_assert_num_queries):
    for turn in range(2):
        deliver(bound, binh.person, f"2026-03-02 07:4{turn}", message=f"message{turn}".ljust(26, "a"))
        settle()
        with django_assert_num_queries(3):
            queries.obligations_of(binh.person.handle, agency=bound.handle)


MOMENTS = st.none() | st.integers(0, 4).map(lambda hour: at("2026-03-02 08:00") + timedelta(hours=hour))


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_database_finds_by_status_what_the_function_says(db, agency, data):
    moments = {
        name: data.draw(MOMENTS, label=name)
        for name in ("due_at", "fulfilled_at", "annulled_at", "excused_at", "confirmed_at", "compensated_at")
    }
    Obligation.objects.all().delete()
    row = Obligation.objects.create(
        agency=agency,
        handle="h",
        book=BOOK,
        version=1,
        norm="acknowledge",
        bearer="b",
        trigger="t",
        opened_at=at("2026-03-02 08:00"),
        computed_at=at("2026-03-02 08:00"),
        is_window=data.draw(st.booleans()),
        is_reported=data.draw(st.booleans()),
        **moments,
    )
    seen = data.draw(MOMENTS.filter(bool))
    found = [name for name in STATUSES if Obligation.objects.filter(queries.in_status(name, seen)).exists()]
    assert found == [status(row, seen)]


@pytest.mark.parametrize("hour", ["08:30", "10:00"])
def test_the_clerk_answers_for_the_mailbox_of_the_unit(bound, an, settle, hour):
    tick(agency=bound, at=at("2026-03-02 08:01"))
    tell(
        bound,
        MailboxChecked(box="unit"),
        at(f"2026-03-02 {hour}"),
        mailbox=BOX,
        unit=an.unit.handle,
        actor=an.person.handle,
    )
    tick(agency=bound, at=at("2026-03-02 11:00"))
    settle()
    page = queries.obligations_of(an.person.handle, agency=bound.handle)
    boxes = {one.status for one in page.duties if one.box and one.window}
    assert boxes == ({"fulfilled", "breached"} if hour == "08:30" else {"breached"})
