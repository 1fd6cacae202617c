"""Small rooms: files under 500 lines, functions under 60."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools import tree

FILE_LIMIT = 500
FUNCTION_LIMIT = 60
MARK = "size"
SUFFIXES = {".py", ".html", ".css", ".js"}


def faults(path: Path) -> Iterator[str]:
    """Yield what is too long in one file, unless `# size: reason` stands at its head or on the definition."""
    lines = path.read_text().splitlines()
    whole = tree.marked(lines, MARK, first=1, last=1)
    if len(lines) >= FILE_LIMIT and not whole:
        yield f"{tree.shown(path)}: {len(lines)} lines; a file stays under {FILE_LIMIT}"
    if path.suffix == ".py" and not whole:
        yield from _long_functions(path, lines)


def _long_functions(path: Path, lines: list[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse("\n".join(lines))):
        if not isinstance(node, tree.Function):
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        first, last = tree.heading(node)
        if length >= FUNCTION_LIMIT and not tree.marked(lines, MARK, first=first, last=last):
            yield (
                f"{tree.shown(path)}:{node.lineno}: {node.name} has {length} lines; "
                f"a function stays under {FUNCTION_LIMIT}"
            )


def concerned(path: Path) -> bool:
    """Tell whether a file's size is ours to keep: not what others wrote, not what Django wrote."""
    return path.suffix in SUFFIXES and not {"vendor", "migrations"} & set(path.parts)
