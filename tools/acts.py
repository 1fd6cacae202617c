"""Every public act that writes also records evidence, unless `# no-evidence: reason` says why not."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools import tree, writes

MARK = "no-evidence"
RECORDING = {"record", "record_many"}

Place = tuple[str, str]
"""A dotted module and the name of a function in it."""


@dataclass
class Doing:
    """What one function does by itself, and whom it calls in its own package."""

    line: int
    path: Path
    marked: bool
    writes: bool = False
    records: bool = False
    calls: set[Place] = field(default_factory=set)


def faults(package: Path) -> Iterator[str]:
    """Yield the public functions of a package's actions that write and leave no evidence."""
    doings = survey(package)
    for place, doing in sorted(doings.items()):
        public_act = _is_action(place[0]) and not place[1].startswith("_")
        if not public_act or doing.marked or place[1] in RECORDING:
            continue
        reached = [doings[one] for one in _reach(place, doings)]
        if any(one.writes for one in reached) and not any(one.records for one in reached):
            yield f"{tree.shown(doing.path)}:{doing.line}: {place[1]} writes but records no evidence"


def survey(package: Path) -> dict[Place, Doing]:
    """Describe every function of a package, by module and name."""
    doings: dict[Place, Doing] = {}
    for path in tree.modules(source=package):
        dotted = ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
        doings.update(_module(path, dotted, package.name))
    return doings


def _is_action(dotted: str) -> bool:
    return "actions" in dotted.split(".")


def _module(path: Path, dotted: str, package: str) -> Iterator[tuple[Place, Doing]]:
    lines = path.read_text().splitlines()
    module = ast.parse("\n".join(lines))
    known = _imports(module, package)
    texts = writes.constants(module)
    for node in ast.walk(module):
        if isinstance(node, tree.Function):
            first, last = tree.heading(node)
            exempt = tree.marked(lines, MARK, first=first, last=last)
            doing = Doing(line=node.lineno, path=path, marked=exempt)
            for call in (one for one in ast.walk(node) if isinstance(one, ast.Call)):
                _note(call, doing, dotted, known, texts)
            yield (dotted, node.name), doing


def _note(call: ast.Call, doing: Doing, dotted: str, known: Mapping[str, str], texts: dict[str, str]) -> None:
    doing.writes |= writes.writing(call, texts) is not None
    match call.func:
        case ast.Name(id=name):
            doing.records |= name in RECORDING
            module, _, function = known.get(name, f"{dotted}.{name}").rpartition(".")
            doing.calls.add((module, function))
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
            doing.calls.add((dotted, name))
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            doing.records |= name in RECORDING
            doing.calls.add((known.get(owner, owner), name))
        case ast.Attribute(attr=name):
            doing.records |= name in RECORDING


def _imports(module: ast.Module, package: str) -> dict[str, str]:
    """Map each name imported from the same package to its place, as `pkg.module.name`."""
    prefix = f"congvu.{package}"
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}".removeprefix("congvu.")
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module and f"{node.module}.".startswith(f"{prefix}.")
        for alias in node.names
    }


def _reach(place: Place, doings: Mapping[Place, Doing]) -> set[Place]:
    """Follow calls inside the package from one function, itself included."""
    seen: set[Place] = set()
    ahead = [place]
    while ahead:
        here = ahead.pop()
        if here in doings and here not in seen:
            seen.add(here)
            ahead.extend(doings[here].calls)
    return seen
