"""`{% load ui %}`: instants, tags with words, icons, initials and texts in several languages."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.shortcuts import resolve_url
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from congvu.base import clock
from congvu.base.texts import pick
from congvu.ui import citations, words

register = template.Library()

register.filter("cited", citations.cited)
TONES = ("neutral", "good", "warning", "bad", "info")
LANGUAGES = {"vi": "Tiếng Việt", "kk": "Қазақша", "ru": "Русский", "en": "English"}


class UnknownToneError(ValueError):
    """A tag was asked for in a tone that has no color."""


def _machine(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _now(context: template.Context, now: datetime | None) -> datetime:
    given = now or context.get("now")
    return given if isinstance(given, datetime) else clock.now()


@register.simple_tag(takes_context=True)
def when(context: template.Context, value: date | datetime | None, form: str = "moment") -> SafeString | str:
    """Show an instant or a legal date as `<time>`: form moment, brief, day or time; None is empty."""
    if value is None:
        return ""
    if not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), words.day(value))
    shown = {
        "moment": lambda: words.moment(value),
        "brief": lambda: words.brief(value, _now(context, None)),
        "day": lambda: words.day(timezone.localtime(value)),
        "time": lambda: words.clock_time(value),
    }[form]()
    machine, full = _machine(value), words.moment(value)
    if shown == full:
        return format_html('<time datetime="{}">{}</time>', machine, shown)
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, full, shown)


@register.simple_tag(takes_context=True)
def due(context: template.Context, until: datetime | None, now: datetime | None = None) -> SafeString | str:
    """Show how much time is left until an instant, in words that relative.js keeps fresh; None is empty."""
    if until is None:
        return ""
    present = _now(context, now)
    text, tone = words.remaining(until, present)
    return format_html(
        '<time class="cv-due cv-due--{}" datetime="{}" title="{}" data-cv-due data-now="{}"'
        ' data-left="{}" data-over="{}" data-minute="{}" data-hour="{}" data-day="{}">{}</time>',
        tone,
        _machine(until),
        words.moment(until),
        _machine(present),
        gettext("%(span)s left"),
        gettext("%(span)s overdue"),
        *words.patterns().values(),
        text,
    )


@register.simple_tag
def status(word: object, tone: str = "neutral") -> SafeString:
    """Show a word on its tone; raises UnknownToneError."""
    if tone not in TONES:
        raise UnknownToneError(tone)
    suffix = "" if tone == "neutral" else f" cv-tag--{tone}"
    return format_html('<span class="cv-tag{}">{}</span>', suffix, word)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a symbol of icons.svg; without a label it is decoration and hidden from screen readers."""
    address = f"{static('ui/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="cv-icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address
        )
    return format_html('<svg class="cv-icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """Show a person's initials as decoration beside the name; size is empty or `large`."""
    extra = f" cv-avatar--{size}" if size else ""
    return format_html(
        '<span class="cv-avatar cv-avatar--{}{}" aria-hidden="true">{}</span>',
        words.hue(name),
        extra,
        words.initials(name),
    )


@register.simple_tag
def texts(value: Mapping[str, str] | str | None) -> SafeString | str:
    """Show a legal text in the reader's language, or the fallback with its language marked."""
    if not isinstance(value, Mapping):
        return value or ""
    text, found = pick(value, words.language())
    if found == words.language() or not text:
        return text
    title = gettext("Available only in %(language)s") % {"language": LANGUAGES.get(found, found)}
    return format_html(
        '<span lang="{}">{}</span> <abbr class="cv-lang" title="{}">{}</abbr>', found, text, title, found
    )


@register.filter
def plain(value: Mapping[str, str] | str | None) -> str:
    """Return the text of several languages without a mark, for titles and attributes."""
    if not isinstance(value, Mapping):
        return value or ""
    return pick(value, words.language())[0]


@register.filter
def is_required(field: Any) -> bool:
    """Return whether a form's field must be filled; the others are shown as optional."""
    return bool(field.field.required)


@register.filter
def first_id(field: Any) -> str:
    """Return the id of the element that an error leads to; a group leads to its first choice."""
    return str(field.id_for_label or f"{field.auto_id}_0")


@register.filter
def kind(field: Any) -> str:
    """Return how a field is laid out: `hidden`, `checkbox`, `choices` or `text`."""
    if field.is_hidden:
        return "hidden"
    if field.widget_type == "checkbox":
        return "checkbox"
    return "choices" if field.use_fieldset else "text"


@register.simple_tag
def language_names() -> list[tuple[str, str]]:
    """Return the interface languages, each with its name in itself."""
    return list(LANGUAGES.items())


@register.simple_tag
def error_prefix(form: Any = None) -> str:
    """Return the word that leads the page's title when the form was refused."""
    if form is None or not getattr(form, "errors", None):
        return ""
    return pgettext("start of a page title", "Error:") + " "


@register.filter
def elided(page: Page[Any]) -> Iterator[int | str]:
    """Return the page numbers around the present one, with an ellipsis for the others."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag(takes_context=True)
def turned(context: Context, number: int) -> str:
    """Return the query that shows a page of a list; `parameter` is the list's own, where a page has two."""
    query = context["request"].GET.copy()
    query[context.get("parameter", "page")] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag
def after_sign_in() -> str:
    """Return the address at which a signed-in person starts; empty when the project names none."""
    try:
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    except NoReverseMatch:
        return ""
