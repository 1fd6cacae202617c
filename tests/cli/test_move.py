"""An installation moves from SQLite to PostgreSQL, whole or not at all."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.postgresql import Server, serving
from tests import requires

FOUNDED = (
    "--agency",
    "Sở Nội vụ",
    "--slug",
    "so-noi-vu",
    "--domain",
    "agency.example",
    "--administrator",
    "Nguyễn Thị An",
)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(requires.postgresql()) as started:
        yield started


def congvu(folder: Path, *arguments: str, database: str = "") -> "subprocess.CompletedProcess[str]":
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CONGVU_")},
        "DJANGO_SETTINGS_MODULE": "congvu.config.settings",
        "CONGVU_DATA": str(folder / "data"),
        "CONGVU_CHECKPOINT_COPY": str(folder / "copy"),
        "CONGVU_DATABASE": database,
    }
    command = [sys.executable, "-m", "congvu.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.torture
def test_an_installation_moves_with_every_row_and_its_log_goes_on(server, tmp_path):
    there = server.make("moved")
    assert congvu(tmp_path, "init", *FOUNDED).returncode == 0
    moved = congvu(tmp_path, "move", there)
    assert moved.returncode == 0, moved.stderr
    assert moved.stdout.splitlines()[-1].endswith("its truth.sqlite3 is no longer used.")
    assert server.tell("SELECT count(*) FROM directory_account", database="moved") == [(1,)]
    (next_key,) = server.tell(
        "SELECT nextval(pg_get_serial_sequence('directory_unit', 'id'))", database="moved"
    )
    assert next_key == (2,)  # new rows get new keys
    checked = congvu(tmp_path, "ledger", "check", database=there)
    assert (checked.returncode, "whole" in checked.stdout) == (0, True), checked.stdout
    again = congvu(tmp_path, "move", there)
    assert (again.returncode, again.stderr) == (
        2,
        "congvu: the database has an agency already; nothing was moved\n",
    )
