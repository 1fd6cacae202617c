"""What a user can set has its place in the reference."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

SETTING = re.compile(r"CONGVU_[A-Z0-9_]+")
HEADING = re.compile(r"^#{2,4} `([^`]+)`", re.MULTILINE)


def headings(text: str) -> list[str]:
    """List what a reference page describes: its headings in code type."""
    return HEADING.findall(text)


def faults(names: Iterable[str], text: str, *, page: str) -> Iterator[str]:
    """Yield the names that a page lacks, and the headings whose thing is gone."""
    have, described = set(names), headings(text)
    yield from (f"{page} does not describe {name}" for name in sorted(have - set(described)))
    yield from (f"{page} describes {name}, which does not exist" for name in sorted(set(described) - have))
    yield from (
        f"{page} describes {name} twice" for name in sorted(set(described)) if described.count(name) > 1
    )


def settings(sources: Iterable[Path]) -> set[str]:
    """Collect the settings that sources name, as words of code: not in docstrings, not in comments."""
    found: set[str] = set()
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Constant(value=str() as word) if SETTING.fullmatch(word):
                    found.add(word)
                case ast.Name(id=word) | ast.Attribute(attr=word) if SETTING.fullmatch(word):
                    found.add(word)
    return found
