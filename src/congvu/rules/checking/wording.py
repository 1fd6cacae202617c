"""Texts in the languages that are due, and names that something uses."""

import re
from collections.abc import Iterator

from congvu.rules.book import Book, Norm
from congvu.rules.checking import stories
from congvu.rules.checking.telling import Fault, of
from congvu.rules.sentences import sentence as _
from congvu.rules.source import Problem

ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")  # it names files and pages


def book(one: Book) -> Iterator[Problem]:
    """Yield what a book lacks in its original language, and what it declares for nobody."""
    if not ID.fullmatch(one.id):
        fault = (_("`%(id)s` is no id.", id=one.id), _("Use small letters, digits, dots and hyphens."))
        yield of(one, fault, where="book")
    if one.original and one.original not in one.title:
        what = _("the original language `%(language)s` is missing.", language=one.original)
        yield of(one, (what, _("Write the title in it.")), where="title")
    used = {norm.deadline.parameter for norm in one.norms if norm.deadline}
    for name in one.parameters:
        if name not in used:
            mend = _("Write `after: %(name)s` in a deadline, or drop it.", name=name)
            yield of(one, (_("no norm uses this parameter."), mend), where=name)
    for example in one.examples:
        for fault in stories.faults(one, example):
            yield of(one, fault, where=_("example %(norm)s", norm=example.norm), line=example.line)


def norm(one: Book, norm: Norm) -> Iterator[Fault]:
    """Yield the texts of a norm that lack the original language."""
    for name in ("title", "quote"):
        texts = getattr(norm, name)
        if texts and one.original and one.original not in texts:
            yield (
                _("`%(key)s` lacks the original language `%(language)s`.", key=name, language=one.original),
                _("Add `%(key)s:`.", key=one.original),
            )
