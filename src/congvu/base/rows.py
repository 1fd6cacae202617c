# writes: for the acts that call it
"""New rows in great number, and known ones again and again, without what a framework does for each of them."""

import functools
from collections.abc import Callable, Sequence, Sized
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Field, JSONField, Model, QuerySet

Row = TypeVar("Row", bound=Model)
Plain = str | int | bytes

_PARAMETERS = 30_000  # of one statement, where the database names no limit
_STREAM = 5  # rows, from which a stream is worth its beginning and its end
_REMEMBERED = 10_000  # objects of one kind
_PLAIN = frozenset({str, int, bool, type(None)})


class _Plan(NamedTuple):
    """How rows of one model are written."""

    columns: (
        "tuple[tuple[str, Field[Any, Any], bool], ...]"  # the last: a plain value is written as it stands
    )
    into: str
    row: str  # marks for its values


def insert(rows: Sequence[Model], *, keyed: bool = False) -> None:
    """Insert new rows of one model in the open transaction; with `keyed` each is given its primary key.

    No signal is sent, nothing is validated. Raises the database's error.
    """
    if not rows:
        return
    plan = _plan(type(rows[0]), connection.vendor)
    values = [_values(row, plan) for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite" and not keyed:
            cursor.executemany(f"{plan.into} VALUES {plan.row}", values)
            return
        most = (connection.features.max_query_params or _PARAMETERS) // len(plan.columns)
        for start in range(0, len(rows), most):  # each statement is a way to the server and back
            some = values[start : start + most]
            lists = ", ".join([plan.row] * len(some)) + (" RETURNING id" if keyed else "")
            cursor.execute(f"{plan.into} VALUES {lists}", [one for row in some for one in row])
            if keyed:
                _give_keys(rows[start:], cursor.fetchall())


def _give_keys(rows: Sequence[Model], keys: Sequence[tuple[int]]) -> None:
    for row, (key,) in zip(rows, keys, strict=False):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 -- as Django's own insert


def write(model: type[Model], columns: Sequence[str], values: Sequence[Sequence[Plain]]) -> None:
    """Insert rows of plain values in the open transaction; where the database can, as one stream (COPY).

    Columns that are not named take the database's default. Raises the database's error.
    """
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))  # noqa: SLF001 -- documented
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(values) >= _STREAM:
            _stream(cursor, f"COPY {table} ({names}) FROM STDIN", values)
        else:
            into = f"INSERT INTO {table} ({names})"
            cursor.executemany(f"{into} VALUES ({marks(columns)})", values)


def _stream(cursor: Any, statement: str, values: Sequence[Sequence[Plain]]) -> None:
    with connection.wrap_database_errors, cursor.copy(statement) as stream:
        for row in values:
            stream.write_row(row)


@functools.cache
def _plan(model: type[Model], _vendor: str) -> _Plan:
    quote = connection.ops.quote_name
    fields = tuple(one for one in model._meta.local_concrete_fields if not one.primary_key)  # noqa: SLF001 -- documented
    columns = ", ".join(quote(str(one.column)) for one in fields)
    table = quote(model._meta.db_table)  # noqa: SLF001 -- documented
    return _Plan(
        columns=tuple((one.attname, one, not isinstance(one, JSONField)) for one in fields),
        into=f"INSERT INTO {table} ({columns})",
        row=f"({marks(fields)})",
    )


def _values(row: Model, plan: _Plan) -> list[Any]:
    """Return a row's values as the database takes them."""
    held = row.__dict__
    return [
        value if is_plain and type(value := held[name]) in _PLAIN else _prepared(field, held[name])
        for name, field, is_plain in plan.columns
    ]


def _prepared(field: "Field[Any, Any]", value: object) -> object:
    return _moment(value) if type(value) is datetime else field.get_db_prep_save(value, connection=connection)


@functools.lru_cache(maxsize=256)
def _moment(value: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(value)


def marks(values: Sized) -> str:
    """Return a mark for each value, for a list in SQL."""
    return ", ".join(["%s"] * len(values))


class Remembered(Generic[Row]):
    """Rows that change rarely, with what they point to: read anew each time, but made into objects once.

    The same values in every column give the same object, which nobody may change.
    """

    def __init__(self, query: Callable[[], "QuerySet[Row]"]) -> None:
        self._query = query
        self._objects: dict[tuple[object, ...], Row] = {}

    def find(self, condition: str, parameters: Sequence[str | int | float]) -> list[Row]:
        """Return the rows that meet a condition in SQL, as they stand now."""
        with connection.cursor() as cursor:
            cursor.execute(f"{self._select} WHERE {condition}", parameters)
            found = cursor.fetchall()
        fresh = [row for row in found if row not in self._objects]
        if fresh:
            self._make(fresh)
        return [one for row in found if (one := self._objects.get(row)) is not None]

    @functools.cached_property
    def _select(self) -> str:
        return self._query().order_by().query.sql_with_params()[0]

    def _make(self, found: Sequence[tuple[object, ...]]) -> None:
        if len(self._objects) > _REMEMBERED:
            self._objects = {}
        made = self._query().in_bulk([row[0] for row in found])
        self._objects |= {row: made[row[0]] for row in found if row[0] in made}
