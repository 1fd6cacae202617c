"""Where the sources are, and how a comment in place exempts from a check."""

import ast
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "congvu"
HEAD_OF_FILE = 5

Function = ast.FunctionDef | ast.AsyncFunctionDef


def packages(*, source: Path = SOURCE) -> list[str]:
    """Name the packages of the ladder that exist."""
    return sorted(path.parent.name for path in source.glob("*/__init__.py"))


def tracked(*, root: Path = ROOT) -> list[Path]:
    """List the files that belong to the project: known to git, or new and not ignored."""
    git = ["git", "-c", "safe.directory=*", "-C", str(root)]  # a clone may belong to somebody else
    command = [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, check=True, capture_output=True).stdout
    return [path for name in listing.decode().split("\0") if name and (path := root / name).is_file()]


def modules(*, source: Path = SOURCE) -> Iterator[Path]:
    """Yield every Python file of the packages; migrations are written by Django, not by us."""
    yield from (path for path in sorted(source.rglob("*.py")) if "migrations" not in path.parts)


def shown(path: Path, *, root: Path = ROOT) -> str:
    """Name a file as a person at the root of the project would."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def marked(lines: Sequence[str], mark: str, *, first: int, last: int) -> bool:
    """Tell whether lines first to last (from 1) or the head of the file carry `mark: reason`."""
    pattern = re.compile(rf"(#|/\*|<!--|\{{#)\s*{re.escape(mark)}: \S+")
    chosen = [*lines[:HEAD_OF_FILE], *lines[first - 1 : last]]
    return any(pattern.search(line) for line in chosen)


def heading(function: Function | ast.ClassDef) -> tuple[int, int]:
    """Give the first and the last line of a definition's head: decorators, wrapped parameters, docstring."""
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    start = function.body[0]
    documented = isinstance(start, ast.Expr) and isinstance(start.value, ast.Constant)
    last = start.end_lineno or start.lineno if documented else start.lineno - 1
    return first, max(function.lineno, last)
