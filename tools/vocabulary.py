"""Events: unique kinds named after their package, coarse attributes in closed words."""

import dataclasses
import enum
import inspect
import re
import types
import typing
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

KIND = re.compile(r"[a-z_]+\.[a-z_]+\.[a-z_]+")
MARK = re.compile(r"#.*vocabulary: \S")


def subclasses(base: type) -> list[type]:
    """List every class below a base, without the unslotted twin that a slotted dataclass leaves behind."""
    found: dict[tuple[str, str], type] = {}
    below: list[type] = base.__subclasses__()
    for one in below:
        for each in [one, *subclasses(one)]:
            key = (each.__module__, each.__qualname__)
            found[key] = getattr(inspect.getmodule(each), each.__name__, each)
    return list(found.values())


def faults(events: Iterable[type]) -> Iterator[str]:
    """Yield what is wrong with the given event classes."""
    kinds: dict[str, str] = {}
    for event in events:
        name = f"{event.__module__}.{event.__qualname__}"
        kind = str(getattr(event, "kind", ""))
        if kind in kinds:
            yield f"{name} takes the kind {kind} of {kinds[kind]}"
        kinds[kind] = name
        yield from _kind(event, name, kind)
        yield from _attributes(event, name)


def _kind(event: type, name: str, kind: str) -> Iterator[str]:
    package = event.__module__.split(".")[1:2]
    if not KIND.fullmatch(kind) or kind.split(".")[:1] != package:
        yield f"{name} has the kind {kind!r}; it reads {'.'.join(package)}.<noun>.<past tense>"
    parameters = getattr(event, "__dataclass_params__", None)
    if parameters is None or not parameters.frozen:
        yield f"{name} is not a frozen dataclass"
    version = getattr(event, "version", 0)
    if not isinstance(version, int) or version < 1:
        yield f"{name} has no version"


def _attributes(event: type, name: str) -> Iterator[str]:
    if not dataclasses.is_dataclass(event):
        return
    hints = typing.get_type_hints(event)
    source = inspect.getsource(event).splitlines()
    for field in dataclasses.fields(event):
        line = next((line for line in source if re.match(rf"\s+{field.name}\s*:", line)), "")
        told = re.search(rf"\b{field.name}: \w+(,\s+\w+)*", event.__doc__ or "")
        if not (is_closed(hints[field.name]) or told or MARK.search(line)):
            yield f"{name}.{field.name} is open; use Literal, or list its words in the docstring"


def is_closed(hint: Any) -> bool:
    """Tell whether a type holds only words that are known beforehand, or numbers."""
    origin = typing.get_origin(hint)
    if origin in {typing.Union, types.UnionType}:
        return all(part is type(None) or is_closed(part) for part in typing.get_args(hint))
    if origin in {Literal, ClassVar}:
        return True
    return hint in {int, bool} or (isinstance(hint, type) and issubclass(hint, enum.Enum))
