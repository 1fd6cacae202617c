"""Words that have no place in the product: the workplace, its tickets, its makers, its registries."""

import re
from collections.abc import Iterator
from pathlib import Path

from tools import tree

# One letter of each stands in brackets, so that this file does not find itself.
WORDS = re.compile(
    r"""
      /wo[r]k/(main|shared|\.library) | \.\./sha[r]ed\b | /tm[p]/(brief|shots) | /op[t]/(pypi|wheels)
    | \biss[u]e\s+\#?\d+ | \bissues\ sh[o]w\b | \bthis\ iss[u]e\b
    | \b(clau[d]e|anthr[o]pic|chatg[p]t)\b
    | (index|find-links)[-_]?(url)?[=\s]\s*(https?|file)[:]
    """,
    re.IGNORECASE | re.VERBOSE,
)


def faults(path: Path) -> Iterator[str]:
    """Yield each line of a text file that speaks of the workplace instead of the product."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return
    for number, line in enumerate(lines, start=1):
        if found := WORDS.search(line):
            yield f"{tree.shown(path)}:{number}: {found.group()!r} belongs to the workplace"
