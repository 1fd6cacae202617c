"""What a citizen answered, as it is shown before it is sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from congvu.base.texts import pick
from congvu.petitions import attributes
from congvu.petitions.models import Service, ServiceAttribute
from congvu.ui.words import language

WHO = ("name", "email", "phone", "address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A question, what was answered, and the page on which it was asked."""

    label: str
    value: str
    step: str


def answered(service: Service, said: Mapping[str, Any]) -> list[Answer]:
    """Return all answers in the order in which they were asked."""
    lines = []
    if service.needs_place:
        lines.append(Answer(label=_("Where"), value=place(said), step="place"))
    if said.get("subject"):
        lines.append(Answer(label=_("In a few words"), value=said["subject"], step="what"))
    lines.append(Answer(label=_("What"), value=said.get("content", ""), step="what"))
    for label, value in own(service, said.get("answers", {})):
        lines.append(Answer(label=label, value=value, step="what"))
    who = "\n".join(said[name] for name in WHO if said.get(name))
    lines.append(Answer(label=_("About you"), value=who or _("You did not give your name."), step="who"))
    return lines


def place(said: Mapping[str, Any]) -> str:
    """Return a place in words, and its numbers below."""
    point = [f"{said[name]:.5f}" for name in ("latitude", "longitude") if said.get(name) is not None]
    return "\n".join(one for one in (said.get("place", ""), ", ".join(point)) if one)


def own(service: Service, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield a service's own questions that were answered, with the answers as people read them."""
    for one in attributes.of(service):
        if answers.get(one.code):
            yield pick(one.description, language())[0] or one.code, _named(one, answers[one.code])


def _named(one: ServiceAttribute, value: str | list[str]) -> str:
    names = {each["key"]: pick(each["name"], language())[0] for each in one.values}
    chosen = value if isinstance(value, list) else [value]
    return ", ".join(names.get(each, each) for each in chosen)
