"""`{% load petitions %}`: states, steps, terms and due times of petitions in words."""

from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from congvu.petitions.models import Petition, Step
from congvu.petitions.web import due, words
from congvu.ui.templatetags import ui

register = template.Library()

_WORDS = {
    "sort": words.SORTS,
    "channel": words.CHANNELS,
    "datatype": words.DATATYPES,
    "competence": words.COMPETENCES,
    "complexity": words.COMPLEXITIES,
    "about": words.ABOUT,
    "instance": words.INSTANCES,
    "ground": words.GROUNDS,
    "outcome": words.OUTCOMES,
}
_TAGS = {"state": words.STATES, "urgency": words.URGENCIES, "standing": words.STANDINGS}


@register.filter
def said(value: str, table: str) -> str:
    """Return the word for a term of a closed list, or the term itself when the list has none."""
    if table in _TAGS:
        return str(_TAGS[table].get(value, (value, ""))[0])
    return str(_WORDS[table].get(value, value))


@register.simple_tag
def tagged(value: str, table: str) -> SafeString:
    """Show a state, an urgency or a standing on its tone."""
    return ui.status(*_TAGS[table][value])


@register.simple_tag
def step_name(step: Step) -> str:
    """Return what a step is called."""
    return str(words.step(step.kind, step.data.get("outcome", "")))


@register.simple_tag(takes_context=True)
def due_tag(context: template.Context, petition: Petition, *, undecided: bool = False) -> SafeString | str:
    """Show how much time is left for what is owed next; without a due time whether one is undecided.

    `now` stands in the context.
    """
    if petition.due_at is None:
        return ui.status(_("no time limit decided")) if undecided else ""
    return until(context, petition.due_at)


@register.simple_tag(takes_context=True)
def until(context: template.Context, due_at: datetime) -> SafeString:
    """Show how much time is left until a due time, with its last day."""
    found = due.due(due_at, context["now"])
    tag = ui.status(found.word, found.tone)
    return tag if found.says_hour else format_html("{} {}", tag, ui.when(context, found.last_day))


@register.simple_tag(takes_context=True)
def last_day(context: template.Context, due_at: datetime) -> SafeString | str:
    """Show the last day of a term."""
    return ui.when(context, due.last_day(due_at))


@register.simple_tag(takes_context=True)
def promised(context: template.Context, step: Step) -> SafeString | str:
    """Show the day that an answer promises."""
    return ui.when(context, date.fromisoformat(step.data["promised_on"]))
