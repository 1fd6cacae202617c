"""Replay: twice the same evidence, by two laws, in bounded memory; without a draft it is what the reader wrote."""

import copy
from dataclasses import asdict, replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from congvu.ledger import queries as ledger
from congvu.rules import replay as replaying
from congvu.rules.book import Window
from congvu.rules.course import NAMES, Course
from congvu.rules.duties import status
from congvu.rules.law import Law
from congvu.rules.models import Obligation, Occurrence, Standing, Unmatched
from congvu.rules.replay import CanceledError, Period, Replay, in_place, run, scratch
from congvu.rules.standing import law_of
from tests.rules.test_judge_properties import EVENTS, LIVED, events, whole
from tests.rules.test_readers import live_a_day
from tests.rules.worlds import BOOK, CALENDAR, LAW, SHELF, at, judged, office, outcome

OLD = next(book for book in SHELF.books if book.id == BOOK)
SIZES = st.lists(st.integers(1, 7), min_size=1)


def runs(told, sizes):
    rest, turn = list(told), 0
    while rest:
        size = sizes[turn % len(sizes)]
        yield rest[:size]
        rest, turn = rest[size:], turn + 1


def changed(name=None, *, book=OLD, **fields):
    """The book with one norm changed, or without it."""
    norms = tuple(
        replace(norm, **fields) if norm.id == name else norm
        for norm in book.norms
        if norm.id != name or fields
    )
    return replace(book, norms=norms)


def law(draft, since=None):
    return Law(in_place(SHELF.books, draft, since=since), CALENDAR)


def compared(told, draft, *, since=None, period=replaying.ALL, sizes=(500,), hot=1_000):
    with scratch() as file:
        one = Replay(agency="agency", old=LAW, new=law(draft, since), file=file, period=period, hot=hot)
        summary = run(one, runs(told, sizes))
        return summary, list(one.differences())


def everything(course):
    duties = sorted((asdict(one) for _, one in course.duties.all()), key=lambda one: one["handle"])
    counted = sorted((one.norm, one.entry, one.value) for one in course.occurrences())
    return course.state.as_of, duties, counted, course.state.facts.dump()


@settings(max_examples=100)
@given(LIVED, SIZES, st.integers(1, 6))
def test_a_course_comes_to_what_the_judge_says_with_however_little_memory(drawn, sizes, hot):
    told = whole(sorted(events(drawn), key=lambda one: one.at))
    with scratch() as file:
        course = Course(agency="agency", law=LAW, file=file, hot=hot)
        for some in runs(told, sizes):
            course.read(some)
        waiting = dict(course.waiting.all())
        assert everything(course) == outcome(judged(told))
        assert waiting == judged(told).unmatched


@settings(max_examples=30)
@given(LIVED, SIZES, st.randoms(use_true_random=False))
def test_without_a_draft_nothing_differs_whatever_is_late_or_doubled(drawn, sizes, random):
    told = whole(events(drawn))
    told = [again for one in told for again in ([one, copy.copy(one)] if random.random() < 0.3 else [one])]
    summary, found = compared(told, OLD, sizes=sizes, hot=2)
    assert found == []
    assert summary.duties_old == summary.duties_new == len(judged(told).obligations)


def naive(told, draft):
    """Judge everything twice in memory and hold every duty against its other."""
    old, new = judged(told), judged(told, law=law(draft))
    found = set()
    for handle in old.obligations.keys() | new.obligations.keys():
        before, after = old.obligations.get(handle), new.obligations.get(handle)
        said = [one and (status(one, old.as_of), one.due_at) for one in (before, after)]
        if said[0] != said[1]:
            kind = "changed" if before and after else "new" if after else "gone"
            found.add((kind, handle, *said))
    return found


DRAFTS = {
    "an hour later": changed("check-mailbox", windows=(Window(opens=time(9), closes=time(10)),)),
    "a longer window": changed("check-mailbox", windows=(Window(opens=time(8), closes=time(11)),)),
    "no acknowledgement": changed("acknowledge"),
    "same day": changed(
        "acknowledge", deadline=replace(OLD.norm("acknowledge").deadline, parameter="", same_day=True)
    ),
}


@settings(max_examples=30)
@given(EVENTS, SIZES, st.sampled_from(sorted(DRAFTS)))
def test_the_differences_are_those_of_the_naive_comparison(drawn, sizes, name):
    told = whole(sorted(events(drawn), key=lambda one: one.at))
    _, found = compared(told, DRAFTS[name], sizes=sizes, hot=3)
    assert set(parts(found)) == naive(told, DRAFTS[name])


def parts(found):
    """Take apart what was put together: a duty at other hours is to the naive reading a gone and a new one."""
    for one in found:
        old, new = ((side.status, side.due_at) if side else None for side in (one.old, one.new))
        if one.old and one.new and one.old.handle != one.new.handle:
            yield "gone", one.old.handle, old, None
            yield "new", one.new.handle, None, new
        elif old != new:
            yield one.kind, one.shown.handle, old, new


def letters():
    """A week: one letter answered in time, one an hour late, one never."""
    story = office()
    story.deliver("2026-03-02 08:00", "first", "binh").acknowledge("2026-03-02 08:10", "first", "binh")
    story.deliver("2026-03-03 08:00", "second", "binh").acknowledge("2026-03-03 09:00", "second", "binh")
    story.deliver("2026-03-04 08:00", "third", "an")
    return story.tick("2026-03-07 00:00").told


def of(found, norm="acknowledge"):
    return [one for one in found if one.norm == norm]


def test_a_longer_deadline_shows_what_would_be_better():
    draft = DRAFTS["same day"]
    summary, found = compared(letters(), draft)
    second = [one for one in of(found) if one.changes == ("status", "due")]
    assert [(one.old.status, one.new.status, one.is_better) for one in second] == [
        ("late", "fulfilled", True)
    ]
    assert (summary.worse, summary.better, summary.kinds) == (0, 1, {"changed": 3})


def test_a_shorter_window_flags_what_would_be_worse():
    story = office().check("2026-03-02 08:45", "binh").tick("2026-03-02 12:00")
    draft = changed("check-mailbox", windows=(Window(opens=time(8), closes=time(8, 30)), Window(opens=time(14), closes=time(15))))  # fmt: skip
    summary, found = compared(story.told, draft)
    own = [one for one in found if one.shown.person == "binh"]
    assert [(one.old.status, one.new.status, one.is_worse) for one in own] == [
        ("fulfilled", "breached", True)
    ]
    assert summary.worse == 1


def test_another_article_alone_is_a_change_with_the_old_article_beside_the_new():
    cite = replace(OLD.norm("acknowledge").cite, article="Điều 99")
    _, found = compared(letters(), changed("acknowledge", cite=cite))
    assert {one.changes for one in found} == {("article",)}
    assert {(one.old.article.endswith("99"), one.new.article.endswith("Điều 99")) for one in found} == {
        (False, True)
    }
    assert len(found) == 3


def test_another_bearer_is_a_changed_duty_and_no_new_one():
    _, found = compared(letters(), changed("acknowledge", bearer=("agency",)))
    assert {(one.kind, "bearer" in one.changes) for one in found} == {("changed", True)}
    assert {(one.old.bearer, one.new.bearer) for one in found} == {("binh", "agency"), ("an", "agency")}


def test_a_norm_taken_away_leaves_duties_that_are_gone():
    summary, found = compared(letters(), changed("acknowledge"))
    assert summary.kinds == {"gone": 3}
    assert {one.norm for one in found} == {"acknowledge"}


def test_before_the_beginning_the_old_text_judges_and_nothing_is_shown():
    period = Period(begin=at("2026-03-03 00:00"), end=at("2026-03-04 00:00"))
    summary, found = compared(letters(), changed("acknowledge"), since=date(2026, 3, 3), period=period)
    assert [one.old.opened_at for one in found] == [at("2026-03-03 08:00")]
    assert summary.seen == at("2026-03-04 00:00")


def test_the_end_of_the_period_is_what_the_statuses_are_seen_from():
    period = Period(end=at("2026-03-03 08:20"))
    _, found = compared(letters(), changed("acknowledge"), period=period)
    assert [one.old.status for one in found] == ["fulfilled", "pending"]


def test_a_draft_takes_the_number_and_the_days_of_what_it_replaces():
    first = replace(OLD, in_force_to=date(2020, 1, 1))
    second = replace(OLD, version=2, in_force_from=date(2020, 1, 1))
    draft = replace(OLD, version=3, in_force_from=date(2030, 1, 1), file="draft.yaml")
    found = in_place([first, second], draft, since=date(2026, 1, 1))
    assert [(one.version, one.in_force_from, one.in_force_to, one.file) for one in found] == [
        (1, OLD.in_force_from, date(2020, 1, 1), OLD.file),
        (2, date(2020, 1, 1), date(2026, 1, 1), OLD.file),
        (2, date(2026, 1, 1), None, "draft.yaml"),
    ]


def test_whoever_watches_can_cancel():
    def stop(done):
        raise CanceledError

    with scratch() as file, pytest.raises(CanceledError):
        run(Replay(agency="agency", old=LAW, new=LAW, file=file), [letters()], progress=stop)


@pytest.mark.parametrize("limit", [3, 500])
@pytest.mark.django_db(transaction=True)
def test_a_course_over_the_log_comes_to_the_rows_that_the_reader_wrote(bound, settle, binh, chi, limit):
    live_a_day(bound, binh, chi, settle)
    entries = ledger.entries_from(bound.handle, 0, 0, 10_000)
    with scratch() as file:
        course = Course(agency=bound.handle, law=law_of(bound), file=file, hot=2)
        for some in runs(entries, (limit,)):
            course.read(some)
        rows = list(Obligation.objects.filter(agency=bound).order_by("handle").values_list(*NAMES))
        assert [tuple(getattr(one, name) for name in NAMES) for _, one in course.duties.all()] == rows
        waits = sorted(
            (key, entry, when) for key, some in course.waiting.all() for entry, when in some.items()
        )
        assert waits == sorted(Unmatched.objects.filter(agency=bound).values_list("key", "entry", "at"))
        counted = [(one.book, one.norm, one.entry, one.at, one.value) for one in course.occurrences()]
        assert sorted(counted) == sorted(
            Occurrence.objects.filter(agency=bound).values_list("book", "norm", "entry", "at", "value")
        )
        standing = Standing.objects.get(agency=bound)
        assert (course.state.as_of, course.state.facts.dump()) == (standing.as_of, standing.facts)
