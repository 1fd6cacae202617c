"""Migrations: one line per package, pointing down the ladder, and none missing."""

from collections.abc import Iterator

from django.apps.registry import Apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tools import ladder


def faults(graph: MigrationGraph, *, ranks: dict[str, int]) -> Iterator[str]:
    """Yield forks within a package, and steps that stand on a package above."""
    for (package, name), node in sorted(graph.node_map.items()):
        if package not in ranks:
            continue
        children = sorted(child.key[1] for child in node.children if child.key[0] == package)
        if len(children) > 1:
            yield f"{package}.{name} forks into {' and '.join(children)}"
        for parent in sorted(one.key[0] for one in node.parents):
            if parent in ranks and not ladder.may_know(package, parent, ranks=ranks):
                yield f"{package}.{name} stands on {parent}, which is not below"
    for package in sorted(ranks):
        heads = graph.leaf_nodes(package)
        if len(heads) > 1:
            yield f"{package} has {len(heads)} heads: {', '.join(name for _, name in heads)}"


def missing(loader: MigrationLoader, registry: Apps, *, ranks: dict[str, int]) -> Iterator[str]:
    """Yield the changes of models that no migration makes."""
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(registry))
    for package, migrations in sorted(detector.changes(graph=loader.graph).items()):
        if package in ranks:
            for migration in migrations:
                steps = "; ".join(operation.describe() for operation in migration.operations)
                yield f"{package} lacks a migration: {steps}"
