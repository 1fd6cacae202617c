"""Lay out the first migration of a package with every table whole: `python -m tools.migrations mail`.

Django's generator adds constraints, indexes and some fields after the tables; each addition makes a table of SQLite
anew, so that founding an installation took seven seconds. Run it after each `makemigrations`; it changes no table.
"""

import sys
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import django
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.writer import MigrationWriter

DOCSTRING = '"""Initial tables."""\n\n'
OPTION = {AddConstraint: "constraints", AddIndex: "indexes"}


def lay_out(package: str) -> Path:
    """Write the first migration of a package anew; return its path."""
    name = f"congvu.{package}.migrations.0001_initial"
    migration = import_module(name).Migration("0001_initial", package)
    migration.operations = whole(migration)
    path = Path("src", *name.split(".")).with_suffix(".py")
    path.write_text(DOCSTRING + MigrationWriter(migration).as_string(), encoding="utf-8")
    return path


def whole(migration: Migration) -> list[CreateModel]:
    """Return tables with all that belongs to them, each after those that it points to."""
    tables = {one.name_lower: one for one in migration.operations if isinstance(one, CreateModel)}
    for one in migration.operations:
        if isinstance(one, AddField):
            tables[one.model_name_lower].fields.append((one.name, one.field))
        elif isinstance(one, AddConstraint | AddIndex):
            held = one.constraint if isinstance(one, AddConstraint) else one.index
            tables[one.model_name_lower].options.setdefault(OPTION[type(one)], []).append(held)
        elif not isinstance(one, CreateModel):
            raise SystemExit(f"{one.describe()}: not known here")
    order = TopologicalSorter(
        {name: _pointed_at(table, migration.app_label) for name, table in tables.items()}
    )
    return [tables[name] for name in order.static_order()]


def _pointed_at(table: CreateModel, package: str) -> set[str]:
    named = [field.remote_field.model for _, field in table.fields if field.remote_field]
    pairs = [str(one).lower().split(".") for one in named if isinstance(one, str)]
    return {model for app, model in pairs if app == package} - {table.name_lower}


if __name__ == "__main__":
    django.setup()
    for each in sys.argv[1:]:
        print(lay_out(each))  # noqa: T201 -- it is a command
