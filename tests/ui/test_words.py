from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

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
