# writes: the same rows, into another database
"""congvu move: an installation from SQLite to PostgreSQL; its data folder stays as it is."""

import argparse
import sys
from collections.abc import Callable

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Model

from congvu.base import clock
from congvu.base.chunks import chunked
from congvu.base.database import atomic
from congvu.base.postgresql.server import objection
from congvu.config.databases import DatabaseSettingError, database
from congvu.ledger.fence import SequencerRunningError
from congvu.ledger.models import Ledger
from congvu.ledger.sequencer import Sequencer

TARGET = "target"
CHUNK = 2_000  # rows


class NotEmptyError(Exception):
    """The new database has an agency already."""


class DifferentError(Exception):
    """A table has another number of rows there than here; the argument names it."""


SENTENCES: dict[type[Exception], str] = {
    SequencerRunningError: "the agency is running; stop it first",
    NotEmptyError: "the database has an agency already",
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `move`."""
    parser = subparsers.add_parser(
        "move", help="move a stopped installation from SQLite to an empty PostgreSQL database"
    )
    parser.add_argument("database", help="postgresql://user:password@host:port/name")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Move every row, or none; the data folder and the SQLite file stay as they are."""
    if reason := _objection(arguments.database):
        return _refused(reason)
    try:
        moved = move(_say)
    except tuple(SENTENCES) as error:
        return _refused(SENTENCES[type(error)])
    except (DifferentError, DatabaseError) as error:
        return _refused(f"the database does not take every row: {str(error).strip()}")
    _say(f"{moved:,} rows moved. From now on: CONGVU_DATABASE={_without_password(arguments.database)}")
    _say(f"The folder {settings.CONGVU_DATA} stays; its truth.sqlite3 is no longer used.")
    return 0


def _objection(url: str) -> str:
    """Return why the installation cannot move there; make the new database known when it can."""
    if connection.vendor != "sqlite":
        return "this installation is on PostgreSQL already"
    try:
        described = database(url, folder=settings.CONGVU_DATA)
    except DatabaseSettingError as error:
        return str(error)
    connections.databases[TARGET] = {**connection.settings_dict, **described, "TEST": {}}
    return "the address is SQLite's" if not url else objection(connections[TARGET])


def move(say: Callable[[str], None]) -> int:
    """Copy all tables in one transaction and return how many rows; nobody writes meanwhile.

    Raises SequencerRunningError, NotEmptyError, DifferentError or the database's error; nothing is moved then.
    """
    target = connections[TARGET]
    with Sequencer() as fenced:
        while fenced.step(clock.now()):
            pass
        call_command("migrate", database=TARGET, verbosity=0, interactive=False)
        if Ledger.objects.using(TARGET).exists():
            raise NotEmptyError
        models = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed]  # noqa: SLF001 -- documented
        with atomic(), transaction.atomic(using=TARGET):
            _empty(models)
            moved = sum(_copy(model, say) for model in models)
            with target.cursor() as cursor:
                for statement in target.ops.sequence_reset_sql(no_style(), models):
                    cursor.execute(statement)
    return moved


def _empty(models: list[type[Model]]) -> None:
    """Take out what the migrations put in: the same rows come with keys of their own."""
    target = connections[TARGET]
    tables = ", ".join(target.ops.quote_name(one._meta.db_table) for one in models)  # noqa: SLF001 -- documented
    with target.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables}")


def _copy(model: type[Model], say: Callable[[str], None]) -> int:
    """Copy a table with its keys."""
    rows, moved = model._base_manager.using("default").order_by("pk").iterator(CHUNK), 0  # noqa: SLF001 -- documented
    there = model._base_manager.using(TARGET)  # noqa: SLF001 -- documented
    for chunk in chunked(rows, CHUNK):
        there.bulk_create(chunk)
        moved += len(chunk)
    table = model._meta.db_table  # noqa: SLF001 -- documented
    if there.count() != moved:
        raise DifferentError(table)
    if moved:
        say(f"{moved:>12,} {table}")
    return moved


def _without_password(url: str) -> str:
    front, at, host = url.rpartition("@")
    scheme, slashes, who = front.partition("//")
    user, colon, _ = who.partition(":")
    return f"{scheme}{slashes}{user}{':…' if colon else ''}{at}{host}" if at else url


def _refused(reason: str) -> int:
    print(f"congvu: {reason}; nothing was moved", file=sys.stderr)
    return 2


def _say(line: str) -> None:
    print(line, flush=True)
