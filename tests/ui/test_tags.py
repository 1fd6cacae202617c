from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.paginator import Paginator
from django.template import engines
from django.utils import timezone, translation

from congvu.ui.templatetags.ui import UnknownToneError

NOW = datetime(2026, 11, 21, 2, 5, tzinfo=UTC)


def shown(source: str, language: str = "en", **context: object) -> str:
    template = engines["django"].from_string("{% load ui %}" + source)
    with translation.override(language), timezone.override("Asia/Ho_Chi_Minh"):
        return template.render(context)


def test_an_instant_is_told_to_machines_in_utc_and_to_people_in_their_zone():
    assert shown("{% when at %}", at=NOW) == '<time datetime="2026-11-21T02:05:00Z">21 Nov 2026, 09:05</time>'


def test_a_short_form_keeps_the_whole_in_its_title():
    assert shown('{% when at "time" %}', at=NOW) == (
        '<time datetime="2026-11-21T02:05:00Z" title="21 Nov 2026, 09:05">09:05</time>'
    )
    assert shown('{% when at "brief" %}', at=NOW, now=NOW + timedelta(days=1)) == (
        '<time datetime="2026-11-21T02:05:00Z" title="21 Nov 2026, 09:05">21 Nov 2026</time>'
    )


def test_a_legal_date_is_told_without_an_hour_and_nothing_is_told_of_nothing():
    assert shown("{% when on %}", on=date(2010, 1, 1)) == '<time datetime="2010-01-01">1 Jan 2010</time>'
    assert shown("{% when at %}{% due at %}", at=None) == ""


def test_time_left_stands_in_words_and_in_data_for_the_script():
    assert shown("{% due until now %}", "vi", until=NOW + timedelta(minutes=25), now=NOW) == (
        '<time class="cv-due cv-due--soon" datetime="2026-11-21T02:30:00Z" title="09:30 21/11/2026" data-cv-due'
        ' data-now="2026-11-21T02:05:00Z" data-left="còn %(span)s" data-over="quá hạn %(span)s"'
        ' data-minute="%(n)d phút" data-hour="%(n)d giờ" data-day="%(n)d ngày">còn 25 phút</time>'
    )


def test_time_left_counts_from_the_page_s_now():
    assert "2 days left" in shown("{% due until %}", until=NOW + timedelta(days=2), now=NOW)


def test_a_status_is_a_word_on_a_tone_and_the_word_is_escaped():
    assert shown('{% status "Late" "bad" %}') == '<span class="cv-tag cv-tag--bad">Late</span>'
    assert shown("{% status word %}", word="<b>") == '<span class="cv-tag">&lt;b&gt;</span>'


def test_an_unknown_tone_is_refused():
    with pytest.raises(UnknownToneError):
        shown('{% status "Late" "red" %}')


def test_an_icon_is_hidden_from_readers_unless_it_has_a_label():
    assert shown('{% icon "mail" %}') == (
        '<svg class="cv-icon" aria-hidden="true"><use href="/static/ui/icons.svg#mail"></use></svg>'
    )
    assert shown('{% icon "mail" "Mail" %}') == (
        '<svg class="cv-icon" role="img" aria-label="Mail"><use href="/static/ui/icons.svg#mail"></use></svg>'
    )


def test_initials_decorate_a_name():
    assert shown('{% avatar "<b> x" "large" %}').endswith('cv-avatar--large" aria-hidden="true">&lt;X</span>')


TITLE = {"vi": "Quy chế <thư>", "ru": "Положение"}


def test_a_legal_text_is_shown_in_the_reader_s_language_and_escaped():
    assert shown("{% texts title %}", "vi", title=TITLE) == "Quy chế &lt;thư&gt;"


def test_a_fallback_says_in_which_language_it_is():
    assert shown("{% texts title %}", "en", title=TITLE) == (
        '<span lang="vi">Quy chế &lt;thư&gt;</span>'
        ' <abbr class="cv-lang" title="Available only in Tiếng Việt">vi</abbr>'
    )


def test_a_plain_text_carries_no_mark():
    assert shown("{{ title|plain }}|{{ word|plain }}|{{ none|plain }}", title=TITLE, word="x", none=None) == (
        "Quy chế &lt;thư&gt;|x|"
    )


def test_long_paginations_are_elided():
    page = Paginator(range(95), 10).get_page(5)
    assert shown("{% for n in page|elided %}{{ n }} {% endfor %}", page=page) == "1 … 4 5 6 … 10 "
