from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import formats, timezone, translation

from congvu.ui import words

NOW = datetime(2026, 11, 21, 2, 5, tzinfo=UTC)  # 09:05 in Hanoi


@pytest.fixture(autouse=True)
def _hanoi():
    with timezone.override("Asia/Ho_Chi_Minh"):
        yield


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("vi", "09:05 21/11/2026"),
        ("en", "21 Nov 2026, 09:05"),
        ("ru", "21.11.2026, 09:05"),
        ("kk", "21.11.2026, 09:05"),
    ],
)
def test_a_moment_is_written_as_the_language_orders_it(language, shown):
    with translation.override(language):
        assert words.moment(NOW) == shown


@pytest.mark.parametrize(
    ("language", "month", "day", "number"),
    [
        ("vi", "tháng 11 năm 2026", "ngày 04 tháng 11 năm 2026", "1.234.567,5"),
        ("kk", "2026 жылғы қараша", "04.11.2026", "1\xa0234\xa0567,5"),
        ("ru", "Ноябрь 2026 г.", "4 ноября 2026 г.", "1\xa0234\xa0567,5"),
        ("en", "November 2026", "4 November 2026", "1,234,567.5"),
    ],
)
def test_months_days_and_numbers_are_written_as_in_letters(language, month, day, number):
    with translation.override(language):
        named = date(2026, 11, 4)
        assert (formats.date_format(named, "YEAR_MONTH_FORMAT"), formats.date_format(named)) == (month, day)
        assert intcomma(1234567.5) == number


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("vi", "4/11/2026"),
        ("kk", "04.11.2026"),
        ("ru", "04.11.2026"),
        ("en", "4/11/2026"),
        ("en", "4 Nov 2026"),
    ],
)
def test_a_day_that_is_typed_is_read_day_first(language, typed):
    with translation.override(language):
        assert forms.DateField().clean(typed) == forms.DateField().clean("2026-11-04") == date(2026, 11, 4)


def test_a_legal_date_has_no_zone():
    with translation.override("vi"), timezone.override("America/New_York"):
        assert words.day(date(2010, 1, 1)) == "01/01/2010"


def test_a_brief_time_is_the_clock_today_and_the_day_before():
    with translation.override("vi"):
        assert words.brief(NOW, NOW + timedelta(hours=5)) == "09:05"
        assert words.brief(NOW, NOW + timedelta(hours=15)) == "21/11/2026"


@pytest.mark.parametrize(
    ("seconds", "language", "shown"),
    [
        (20, "en", "1 minute"),
        (61, "en", "1 minute"),
        (-125, "en", "2 minutes"),
        (59 * 60, "vi", "59 phút"),
        (60 * 60, "en", "1 hour"),
        (47 * 3600 + 3540, "en", "47 hours"),
        (48 * 3600, "vi", "2 ngày"),
        (5 * 86400, "ru", "5 дней"),
        (2 * 60, "ru", "2 минуты"),
        (21 * 60, "ru", "21 минута"),
        (3 * 3600, "kk", "3 сағат"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(seconds, language, shown):
    with translation.override(language):
        assert words.span(timedelta(seconds=seconds)) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (61, ("1 hour left", "calm")),
        (60, ("1 hour left", "soon")),
        (1, ("1 minute left", "soon")),
        (0, ("1 minute overdue", "over")),
        (-180, ("3 hours overdue", "over")),
    ],
)
def test_a_deadline_is_half_open(minutes, shown):
    with translation.override("en"):
        assert words.remaining(NOW + timedelta(minutes=minutes), NOW) == shown


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Nguyễn Văn Bình", "NB"), ("đặng an", "ĐA"), ("Ермек Нұрланұлы", "ЕН"), ("Chi", "C"), ("", "")],
)
def test_initials_are_the_first_and_the_last_word(name, letters):
    assert words.initials(name) == letters


def test_a_name_keeps_its_color():
    assert words.hue("Nguyễn Văn Bình") == words.hue("Nguyễn Văn Bình")
    assert {words.hue(str(number)) for number in range(100)} == set(range(words.AVATARS))
