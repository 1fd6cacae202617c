"""Tables: foreign keys point down, names are explicit, rows and unique constraints have their agency."""

import inspect
import re
from collections.abc import Iterable, Iterator

from django.db import models
from django.db.models.constraints import UniqueConstraint

from tools import ladder

MARK = re.compile(r"# no-agency: \S")
NO_DOMAIN = {"base", "ui", "standards"}


def faults(tables: Iterable[type[models.Model]], *, ranks: dict[str, int]) -> Iterator[str]:
    """Yield what is wrong with the given models of the packages."""
    for table in tables:
        yield from foreign_keys(table, ranks=ranks)
        yield from names(table)
        if table._meta.app_label not in NO_DOMAIN:
            yield from agency(table)


def foreign_keys(table: type[models.Model], *, ranks: dict[str, int]) -> Iterator[str]:
    """Yield the relations that point up or sideways, or that open a way back."""
    for field in [*table._meta.local_fields, *table._meta.local_many_to_many]:
        if field.remote_field is None or _is_inherited(table, field.name):
            continue
        place = f"{table._meta.label}.{field.name}"
        target = field.remote_field.model._meta
        if target.app_label in ranks and not ladder.may_know(
            table._meta.app_label, target.app_label, ranks=ranks
        ):
            yield f"{place} points up to {target.label}"
        if field.remote_field.related_name != "+":
            yield f"{place} opens a way back; write related_name='+'"


def names(table: type[models.Model]) -> Iterator[str]:
    """Yield a fault unless the table's name is written down and starts with its package."""
    options = table._meta
    if "db_table" not in options.original_attrs:
        yield f"{options.label} leaves db_table to chance"
    elif options.db_table != options.app_label and not options.db_table.startswith(f"{options.app_label}_"):
        yield f"{options.label} has db_table {options.db_table!r}; it starts with {options.app_label}_"


def agency(table: type[models.Model]) -> Iterator[str]:
    """Yield a fault unless rows and unique constraints name their agency; `# no-agency: reason` exempts."""
    source = inspect.getsource(table).splitlines()
    head = next(number for number, line in enumerate(source) if line.lstrip().startswith("class "))
    fields = {field.name: field for field in table._meta.local_fields}
    if MARK.search(source[head]) or table._meta.label.endswith(".Agency"):
        return
    if "agency" not in fields:
        yield f"{table._meta.label} has no agency"
        return
    for constraint in table._meta.constraints:
        named = isinstance(constraint, UniqueConstraint) and "agency" not in constraint.fields
        if named and not _is_marked(source, f'"{constraint.name}"'):
            yield f"{table._meta.label}: {constraint.name} is unique across agencies"
    for field in fields.values():
        alone = field.unique and not field.primary_key and field.name not in {"handle", "agency"}
        if alone and not _is_marked(source, f"{field.name} = "):
            yield f"{table._meta.label}.{field.name} is unique across agencies"


def _is_marked(source: list[str], named: str) -> bool:
    """Tell whether the line that names something, or a neighbor of it, carries the mark."""
    return any(
        named in line and MARK.search(" ".join(source[max(0, number - 1) : number + 2]))
        for number, line in enumerate(source)
    )


def _is_inherited(table: type[models.Model], name: str) -> bool:
    """Tell whether a field comes from an abstract model of Django, whose names we do not choose."""
    return any(
        name in {field.name for field in base._meta.get_fields()}
        for base in table.__mro__[1:]
        if hasattr(base, "_meta") and base._meta.abstract and not base.__module__.startswith("congvu.")
    )
