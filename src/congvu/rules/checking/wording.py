"""Texts in the languages that are due, and names that something uses."""

import re
from collections.abc import Iterator

from congvu.rules.book import Book, Norm
from congvu.rules.checking import stories
from congvu.rules.checking.telling import Fault, of
from congvu.rules.source import Problem

ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")  # it names files and pages


def book(one: Book) -> Iterator[Problem]:
    """Yield what a book lacks in its original language, and what it declares for nobody."""
    if not ID.fullmatch(one.id):
        fault = (f"`{one.id}` is no id.", "Use small letters, digits, dots and hyphens.")
        yield of(one, fault, where="book")
    if one.original and one.original not in one.title:
        what = f"the original language `{one.original}` is missing."
        yield of(one, (what, "Write the title in it."), where="title")
    used = {norm.deadline.parameter for norm in one.norms if norm.deadline}
    for name in one.parameters:
        if name not in used:
            mend = f"Write `after: {name}` in a deadline, or drop it."
            yield of(one, ("no norm uses this parameter.", mend), where=name)
    for example in one.examples:
        for fault in stories.faults(one, example):
            yield of(one, fault, where=f"example {example.norm}", line=example.line)


def norm(one: Book, norm: Norm) -> Iterator[Fault]:
    """Yield the texts of a norm that lack the original language."""
    for name in ("title", "quote"):
        texts = getattr(norm, name)
        if texts and one.original and one.original not in texts:
            yield f"`{name}` lacks the original language `{one.original}`.", f"Add `{one.original}:`."
