"""The ledger on a real PostgreSQL: its own tests inside it, many writers at once, and servers that cannot be used."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from bench.postgresql import Server, serving
from congvu.config.databases import DatabaseSettingError, database
from tests import requires
from tests.torture.writers_proof import prove, write_at_once

TESTS = Path(__file__).parents[1]
INSIDE = ("ledger/on_postgresql.py", "mail/on_postgresql.py")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Serve for the tests of this file; each has a database of its own. No power fails here."""
    with serving(requires.postgresql(), fsync="off") as started:
        yield started


def test_what_differs_on_postgresql_holds_inside_it(server):
    environment = {**os.environ, "CONGVU_TEST_DATABASE": server.url("inside")}
    command = [sys.executable, "-m", "pytest", "--nomigrations", *(str(TESTS / name) for name in INSIDE)]
    done = subprocess.run(
        command, env=environment, cwd=TESTS.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3_000:]


def test_no_entry_of_eight_writers_is_missed_or_doubled(server, tmp_path):
    _, proof = write_at_once(tmp_path, server, "many", writers=8, seconds=4)
    assert proof.faults == 0
    assert proof.transactions > 8
    told = tmp_path / "writer-0"
    lines = told.read_text()
    one = next(line.split()[1] for line in lines.splitlines() if line.startswith("done"))
    told.write_text(f"{lines}done {'x' * 26}\nlost {one}\n")  # the proof can fail
    wrong = prove(tmp_path)
    assert {name: count for name, count in asdict(wrong).items() if count != asdict(proof)[name]} == {
        "transactions": proof.transactions + 1,
        "rolled_back": proof.rolled_back + 1,
        "missed": 1,
        "ghosts": 1,
    }


ASK = """
import sys
import django
django.setup()
from django.db import connection
from congvu.base.postgresql.server import objection
from congvu.config.databases import database
for url in sys.argv[1:]:
    connection.settings_dict.update(database(url, folder=None))
    print(objection())
"""


def ask(tmp_path: Path, database: str, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a program in an installation with this database."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CONGVU_")},
        "DJANGO_SETTINGS_MODULE": "congvu.config.settings",
        "CONGVU_DATA": str(tmp_path / "data"),
        "CONGVU_DATABASE": database,
    }
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://u:secret@h/d", "it must begin with postgresql://, or be empty for SQLite"),
        ("postgresql://u:secret@h", "it names no database: postgresql://user@host/DATABASE"),
        ("postgresql://u:secret@h:abc/d", "its port is no number"),
        ("postgresql://u:secret@h/d?colour=red", "it is no address of a PostgreSQL database"),
    ],
)
def test_a_setting_that_names_no_database_is_refused_without_its_password(tmp_path, url, reason):
    with pytest.raises(DatabaseSettingError) as caught:
        database(url, folder=tmp_path)
    assert str(caught.value) == reason


def test_databases_that_cannot_be_used_are_refused_with_the_reason(server, tmp_path):
    server.tell("CREATE ROLE guest LOGIN")
    server.make("latin", "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    server.make("closed")
    server.make("standby")
    server.tell("ALTER DATABASE standby SET default_transaction_read_only = on")
    urls = [server.url("latin"), server.url("closed", "guest"), server.url("standby"), server.url("closed")]
    done = ask(tmp_path, urls[0], "-c", ASK, *urls)
    assert done.stdout.splitlines() == [
        (
            "the database latin is encoded in LATIN1 and cannot hold every name; make one with:"
            " CREATE DATABASE latin ENCODING 'UTF8' TEMPLATE template0"
        ),
        "the role guest may not make tables in public; let it own the database: ALTER DATABASE closed OWNER TO guest",
        "the database standby can only be read; it is a standby, or set so",
        "the database server would forget what was acknowledged when the power fails (fsync = off); set it to on",
    ], done.stderr


def test_a_command_says_that_the_database_cannot_be_used_and_ends(server, tmp_path):
    done = ask(tmp_path, server.url("nowhere"), "-m", "congvu.cli", "ledger", "check")
    assert (done.returncode, done.stdout) == (2, "")
    assert 'FATAL:  database "nowhere" does not exist' in done.stderr
    assert "Traceback" not in done.stderr
