"""Only actions, readers and migrations write rows; elsewhere `# writes: reason` says why."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools import tree

MARK = "writes"
ROOMS = {"actions", "readers", "migrations"}
# Django's writing methods take keywords only, so dict.update(other) and hash.update(data) do not match.
KEYWORD_ONLY = {"save", "create", "update", "delete", "asave", "acreate", "aupdate", "adelete"}
ALWAYS = {
    "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create",
}  # fmt: skip
EXECUTE = {"execute", "executemany", "executescript"}
WRITING_SQL = re.compile(r"\s*(insert|update|delete|replace|create|alter|drop)\b", re.IGNORECASE)


def is_room(path: Path) -> bool:
    """Tell whether the file is a room that may write."""
    return path.stem in ROOMS or bool(ROOMS & set(path.parts))


def writing(call: ast.Call, constants: dict[str, str]) -> str | None:
    """Name the write that a call makes on a manager, a query, an instance or a cursor."""
    if not isinstance(call.func, ast.Attribute):
        return None
    name = call.func.attr
    if name in ALWAYS:
        return name
    if name in KEYWORD_ONLY and not call.args:
        return None if name.endswith("update") and not call.keywords else name
    if name in EXECUTE and call.args and WRITING_SQL.match(_text(call.args[0], constants)):
        return name
    return None


def faults(path: Path) -> Iterator[str]:
    """Yield every write in one file that is neither in a writing room nor marked."""
    if is_room(path):
        return
    lines = path.read_text().splitlines()
    module = ast.parse("\n".join(lines))
    known = constants(module)
    for node, spans in _calls(module):
        name = writing(node, known)
        if name and not any(tree.marked(lines, MARK, first=first, last=last) for first, last in spans):
            yield f"{tree.shown(path)}:{node.lineno}: .{name}() writes outside actions"


def constants(module: ast.Module) -> dict[str, str]:
    """Collect the texts that the module names at its top, so that SQL kept in a constant is seen too."""
    return {
        target.id: _text(node.value, {})
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _text(node: ast.expr, known: dict[str, str]) -> str:
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.Name(id=name):
            return known.get(name, "")
        case ast.JoinedStr(values=[first, *_]):
            return _text(first, known)
        case ast.BinOp(left=left):
            return _text(left, known)
    return ""


def _calls(
    node: ast.AST, around: tuple[tuple[int, int], ...] = ()
) -> Iterator[tuple[ast.Call, tuple[tuple[int, int], ...]]]:
    """Yield each call with the lines where a mark counts: its own, and the heads of what it stands in."""
    for child in ast.iter_child_nodes(node):
        inner = around
        if isinstance(child, tree.Function | ast.ClassDef):
            inner = (*around, tree.heading(child))
        if isinstance(child, ast.Call):
            yield child, (*around, (child.lineno, child.end_lineno or child.lineno))
        yield from _calls(child, inner)
