"""Links of the docs that lead to files of the project."""

import re
from collections.abc import Iterator
from pathlib import Path

from tools import tree

LINK = re.compile(r"\]\(([^)\s]+)\)")
OUTSIDE = re.compile(r"^[a-z]+:|^#")


def faults(path: Path) -> Iterator[str]:
    """Yield the links of one page that lead nowhere."""
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        for target in LINK.findall(line):
            inside = not OUTSIDE.search(target)
            if inside and not (path.parent / target.partition("#")[0]).exists():
                yield f"{tree.shown(path)}:{number}: {target} leads nowhere"
