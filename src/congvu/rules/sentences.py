"""Sentences about a book, kept as a template with its values, so that one is said in any language when it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence whose named places are filled with values; a value may be a sentence again."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        """Return it in English, for logs, exceptions and whoever has no Django settings."""
        return self.said(str)

    @property
    def told(self) -> str:
        """Return it in the reader's language."""
        return self.said(gettext)

    def said(self, translate: Callable[[str], str]) -> str:
        """Return it as something translates its templates."""
        return translate(self.template) % {name: say(value, translate) for name, value in self.values.items()}


def sentence(template: str, /, **values: object) -> Sentence:
    """Return a sentence; imported as `_`, so that the collector of translations finds its template."""
    return Sentence(template, values)


def say(value: object, translate: Callable[[str], str] = gettext) -> object:
    """Return a value as it stands, a sentence as something translates it."""
    return value.said(translate) if isinstance(value, Sentence) else value
