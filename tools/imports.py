"""What a file that stands alone imports."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tools import tree


def faults(path: Path, *, allowed: frozenset[str]) -> Iterator[str]:
    """Yield the imports of one file that are neither the standard library's nor allowed."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=module):
                modules = [module or "."]
            case _:
                continue
        for module in modules:
            top = module.partition(".")[0]
            if top not in sys.stdlib_module_names and top not in allowed:
                yield f"{tree.shown(path)}:{node.lineno}: imports {module}"
