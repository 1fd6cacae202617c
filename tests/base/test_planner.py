"""SQLite's planner knows how its tables are filled, in every process."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from congvu.base import database
from congvu.petitions.models import ApiKey
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _forgotten():
    """Let the planner of the next test know nothing."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS sqlite_stat1")


@pytest.mark.usefixtures("_forgotten")
def test_rows_found_by_name_are_not_sought_among_all_of_the_agency(agency, data_folder):
    made = [ApiKey(agency=agency, label="", digest=f"{one:064}", created_at=NOW) for one in range(1_200)]
    ApiKey.objects.bulk_create(made)
    named = ApiKey.objects.filter(agency=agency, handle__in=[one.handle for one in made[:50]])
    assert "(agency_id=?)" in named.explain()
    said, values = named.query.sql_with_params()
    asked = said.replace("%s", "?")
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
        rows = other.execute(asked, values).fetchall()
        database.count_for_planner()
        assert "(handle=?)" in named.explain()
        assert sorted(other.execute(asked, values)) == sorted(rows)
        plan = other.execute(f"EXPLAIN QUERY PLAN {asked}", values).fetchall()
        assert "(handle=?)" in str(plan)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        assert cursor.fetchall() == [("petitions_api_key",)]
