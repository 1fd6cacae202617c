"""Migrations: one head per package, pointing down, none missing."""

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations import Migration
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.loader import MigrationLoader
from django.test.utils import isolate_apps

from tests.architecture.planting import assert_none
from tools import ladder, lineage

RANKS = ladder.heights()


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    """The migrations on disk; no database is asked."""
    return MigrationLoader(None)


def test_migrations_are_one_line_each_and_point_down(loader: MigrationLoader) -> None:
    assert_none(lineage.faults(loader.graph, ranks=RANKS))


def test_no_migration_is_missing(loader: MigrationLoader) -> None:
    assert_none(lineage.missing(loader, apps, ranks=RANKS))


def planted(*edges: tuple[str, str | None]) -> MigrationGraph:
    """Draw a graph from `package.name` to its parent."""
    graph = MigrationGraph()
    for child in dict.fromkeys(child for child, _ in edges):
        package, name = child.split(".")
        graph.add_node((package, name), Migration(name, package))
    for child, parent in edges:
        if parent:
            key = (child.split(".")[0], child.split(".")[1])
            graph.add_dependency(None, key, (parent.split(".")[0], parent.split(".")[1]))
    return graph


def test_a_straight_line_passes() -> None:
    graph = planted(("base.0001", None), ("mail.0001", "base.0001"), ("mail.0002", "mail.0001"))
    assert list(lineage.faults(graph, ranks=RANKS)) == []


def test_a_fork_is_caught() -> None:
    graph = planted(("mail.0001", None), ("mail.0002_a", "mail.0001"), ("mail.0002_b", "mail.0001"))
    assert list(lineage.faults(graph, ranks=RANKS)) == [
        "mail.0001 forks into 0002_a and 0002_b",
        "mail has 2 heads: 0002_a, 0002_b",
    ]


def test_a_step_that_stands_on_a_package_above_is_caught() -> None:
    graph = planted(("mail.0001", None), ("ledger.0001", "mail.0001"))
    assert list(lineage.faults(graph, ranks=RANKS)) == ["ledger.0001 stands on mail, which is not below"]


def test_a_change_without_migration_is_caught(loader: MigrationLoader) -> None:
    with isolate_apps("congvu.ledger") as registry:
        assert registry is not None

        class Forgotten(models.Model):
            class Meta:
                app_label = "ledger"
                apps = registry

        found = list(lineage.missing(loader, registry, ranks=RANKS))
    assert next(fault for fault in found if "Create model Forgotten" in fault).startswith(
        "ledger lacks a migration"
    )
