"""What differs between two versions: norm by norm for readers, line by line beside each other for texts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from typing import Literal

from congvu.rules.book import Book, Norm

How = Literal["added", "removed", "changed", "same"]
AROUND = 3
UNSEEN = {"line"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NormChange:
    """One norm that two versions hold differently; `what` names the fields that changed."""

    id: str
    how: How
    before: Norm | None
    after: Norm | None
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of two texts beside each other; a number is 0 where a side has no line."""

    how: How
    left_number: int
    left: str
    right_number: int
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Lines that changed, with some around them; `skipped` says how many unchanged lines stand before."""

    skipped: int
    rows: tuple[Row, ...]


def norms(before: Book, after: Book) -> tuple[NormChange, ...]:
    """Return the norms that were added, removed or changed, in the order of the later version."""
    old = {one.id: one for one in before.norms}
    new = {one.id: one for one in after.norms}
    found = [
        _change(name, old.get(name), new.get(name))
        for name in (*new, *(one for one in old if one not in new))
    ]
    return tuple(one for one in found if one.how != "same")


def _change(name: str, old: Norm | None, new: Norm | None) -> NormChange:
    what: tuple[str, ...] = ()
    if old and new:
        names = (one.name for one in fields(Norm) if one.name not in UNSEEN)
        what = tuple(one for one in names if getattr(old, one) != getattr(new, one))
    how: How = "added" if old is None else "removed" if new is None else "changed" if what else "same"
    return NormChange(id=name, how=how, before=old, after=new, what=what)


def is_same_law(before: Book, after: Book) -> bool:
    """Say whether two versions hold the same rules, whatever their numbers and days."""
    return _rules(before) == _rules(after)


def _rules(book: Book) -> object:
    return tuple(replace(one, line=0) for one in book.norms), tuple(sorted(book.parameters.items()))


def lines(left: str, right: str) -> tuple[Hunk, ...]:
    """Return two texts beside each other: changed lines with three unchanged ones around them."""
    a, b = left.splitlines(), right.splitlines()
    matcher = SequenceMatcher(None, a, b, autojunk=False) if len(a) + len(b) < 8_000 else None  # noqa: PLR2004 -- quadratic
    matcher = matcher or SequenceMatcher(None, a, b, autojunk=True)
    hunks, end = [], 0
    for group in matcher.get_grouped_opcodes(AROUND):
        rows = tuple(row for code in group for row in _rows(code, a, b))
        hunks.append(Hunk(skipped=group[0][1] - end, rows=rows))
        end = group[-1][2]
    return tuple(hunks)


def _rows(code: tuple[str, int, int, int, int], a: Sequence[str], b: Sequence[str]) -> Iterator[Row]:
    tag, i1, i2, j1, j2 = code
    for offset in range(max(i2 - i1, j2 - j1)):
        i, j = i1 + offset, j1 + offset
        has_left, has_right = i < i2, j < j2
        how: How = "same" if tag == "equal" else "changed"
        if tag != "equal" and not (has_left and has_right):
            how = "removed" if has_left else "added"
        yield Row(
            how=how,
            left_number=i + 1 if has_left else 0,
            left=a[i] if has_left else "",
            right_number=j + 1 if has_right else 0,
            right=b[j] if has_right else "",
        )
