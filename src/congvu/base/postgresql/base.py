"""The engine that `CONGVU_DATABASE` names; Django asks for a module of this name."""

import re
from typing import Any

import psycopg
from django.db.backends.postgresql import base, features
from psycopg.types.json import Jsonb, JsonbDumper
from psycopg.types.string import StrDumper
from psycopg.types.string import StrDumperUnknown as PlainDumper

_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # as JSON writes it; a backslash before it may be one's own


def without_nul(text: str) -> str:
    """Return a text as PostgreSQL can hold it: U+0000, which no text there may have, is U+FFFD."""
    return text.replace("\0", "\ufffd") if "\0" in text else text


class _Typed(StrDumper):
    def dump(self, obj: str) -> Any:
        return super().dump(without_nul(obj))


class _Plain(PlainDumper):
    def dump(self, obj: str) -> Any:
        return super().dump(without_nul(obj))


class _Json(JsonbDumper):
    def dump(self, obj: Any) -> Any:
        data = super().dump(obj)
        return _NUL.sub(rb"\1\\ufffd", bytes(data)) if data and b"\\u0000" in bytes(data) else data


class DatabaseFeatures(features.DatabaseFeatures):
    """What Congvu expects of PostgreSQL."""

    minimum_database_version = (15,)  # the oldest that it is tested on


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL, for processes that live long and take texts from strangers."""

    features_class = DatabaseFeatures

    def get_new_connection(self, conn_params: dict[str, Any]) -> "psycopg.Connection[Any]":
        """Return a connection that takes any text."""
        made: psycopg.Connection[Any] = super().get_new_connection(conn_params)
        made.adapters.register_dumper(str, _Typed)
        made.adapters.register_dumper(str, _Plain)
        made.adapters.register_dumper(Jsonb, _Json)
        return made

    def ensure_connection(self) -> None:
        """Connect anew when the server had closed the connection, but never inside a transaction."""
        if self.connection is not None and self.connection.closed and not self.in_atomic_block:
            self.close()
        super().ensure_connection()
