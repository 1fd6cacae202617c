"""Names and shapes of the rooms: what a package may be called, and what its front door holds."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools import tree

VAGUE = {
    "utils", "util", "helpers", "helper", "common", "core",
    "manager", "managers", "service", "services", "misc",
}  # fmt: skip


def vague_name(path: Path) -> Iterator[str]:
    """Yield a fault when a file or a folder of it has a name that says nothing."""
    parts = {*path.with_suffix("").parts}
    for word in sorted(VAGUE & parts):
        yield f"{path}: {word!r} says nothing; name it after what it holds"


def front_door(path: Path) -> Iterator[str]:
    """Yield a fault when an `__init__.py` holds more than one docstring of one paragraph."""
    body = ast.parse(path.read_text()).body
    if not body:
        return
    text = ast.get_docstring(ast.Module(body=body, type_ignores=[]))
    if text is None or len(body) > 1 or "\n\n" in text:
        yield f"{tree.shown(path)}: an __init__.py holds one docstring paragraph and nothing else"
