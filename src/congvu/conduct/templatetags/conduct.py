"""`{% load conduct %}`: a duty's status and the words of its evidence."""

from collections.abc import Collection

from django import template
from django.utils.safestring import SafeString

from congvu.conduct.policies import reach
from congvu.conduct.queries import Card
from congvu.conduct.web import words
from congvu.rules.duties import Duty
from congvu.ui.templatetags import ui

register = template.Library()

_WORDS = {
    "cause": words.CAUSES,
    "matter": words.MATTERS,
    "communication": words.COMMUNICATIONS,
    "statement": words.STATEMENTS,
    "entry": words.ENTRIES,
    "checked": words.CHECKED,
    "wording": words.WORDING,
    "unit": words.UNITS,
    "figure": words.FIGURES,
}


@register.simple_tag
def duty_status(card: Card) -> SafeString:
    """Show a duty's status as a tag with its word."""
    return ui.status(*words.status(card))


@register.simple_tag(takes_context=True)
def readable_duties(context: template.Context, duties: Collection[Duty]) -> frozenset[str]:
    """Return the handles of those duties whose pages the seat in the context may open."""
    if not duties:
        return frozenset()
    power = reach(context["seat"])
    return frozenset(one.handle for one in duties if power.may_read(one.bearer_person, one.bearer_unit))


@register.simple_tag
def report_status(state: str) -> SafeString:
    """Show how far a report has come."""
    return ui.status(*words.REPORT_STATES[state])


@register.filter
def worded(value: str, table: str) -> str:
    """Return the word for a term of a closed list, or the term itself when the list has none."""
    return str(_WORDS[table].get(value, value))
