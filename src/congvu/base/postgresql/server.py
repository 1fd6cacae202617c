"""What a server must be like before anything is acknowledged on it; each objection is a sentence for the operator."""

from django.db import Error, NotSupportedError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_STANDING = (
    "SELECT current_database(), current_user, coalesce(current_schema(), ''),"
    " current_setting('server_encoding'), current_setting('fsync'), current_setting('full_page_writes'),"
    " current_setting('synchronous_commit'), current_setting('transaction_read_only'),"
    " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"
)
_CLOSED = (
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND NOT"
    " has_table_privilege(format('%I.%I', schemaname, tablename), 'INSERT') LIMIT 1"
)


def objection(asked: BaseDatabaseWrapper | None = None) -> str:
    """Return why a database cannot be used; empty when it can, and for SQLite. Leaves no connection open."""
    asked = asked or connections["default"]
    if asked.vendor != "postgresql":
        return ""
    try:
        return _objection(asked)
    except NotSupportedError as error:
        return f"the database server is too old: {error}"
    except Error as error:
        return f"the database that CONGVU_DATABASE names cannot be used: {str(error).strip()}"
    finally:
        asked.close()


def _objection(asked: BaseDatabaseWrapper) -> str:
    with asked.cursor() as cursor:
        cursor.execute(_STANDING)
        database, role, schema, encoding, fsync, pages, commit, read_only, may_create = cursor.fetchone()
        cursor.execute(_CLOSED.replace("%I", "%%I"), [])
        closed = cursor.fetchone()
    if encoding != "UTF8":
        return (
            f"the database {database} is encoded in {encoding} and cannot hold every name;"
            f" make one with: CREATE DATABASE {database} ENCODING 'UTF8' TEMPLATE template0"
        )
    if read_only == "on":
        return f"the database {database} can only be read; it is a standby, or set so"
    if not may_create or closed:
        what = (
            f"may not write the table {closed[0]}"
            if closed
            else f"may not make tables in {schema or 'any schema'}"
        )
        return f"the role {role} {what}; let it own the database: ALTER DATABASE {database} OWNER TO {role}"
    return _forgetful({"fsync": fsync, "full_page_writes": pages, "synchronous_commit": commit})


def _forgetful(standing: dict[str, str]) -> str:
    words = ", ".join(f"{name} = off" for name, value in standing.items() if value == "off")
    if not words:
        return ""
    return (
        f"the database server would forget what was acknowledged when the power fails ({words}); set it to on"
    )
