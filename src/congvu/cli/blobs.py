"""congvu blobs strays: stored bytes that no row names, left where a crash came between a file and its row."""

import argparse
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.apps import apps

from congvu.base import blobs, clock

GRACE = timedelta(days=1)  # what is younger may be named at any moment
_CHUNK = 500


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun `blobs` and its verb."""
    noun = subparsers.add_parser("blobs", help="the stored bytes of letters and files")
    verbs = noun.add_subparsers(dest="verb", required=True)
    strays_ = verbs.add_parser(
        "strays",
        help="count stored bytes older than a day that nothing names: a crash left them, nobody got them",
    )
    strays_.add_argument("--destroy", action="store_true", help="destroy them, keys first")
    strays_.set_defaults(run=run_strays)


def run_strays(arguments: argparse.Namespace) -> int:
    """Count the strays, and destroy them when told to."""
    found = list(strays(clock.now() - GRACE))
    for handle in found if arguments.destroy else ():
        blobs.destroy(handle)
    done = "destroyed" if arguments.destroy else "found; --destroy destroys them"
    print(f"{len(found)} older than a day that nothing names: {done}" if found else "Nothing is left over.")
    return 0


def strays(before: datetime) -> Iterable[str]:
    """Yield the handles of blobs stored before an instant that no row of any package names."""
    owners = [
        (model._base_manager, field.name)  # noqa: SLF001 -- Django's public name
        for model in apps.get_models()
        for field in model._meta.concrete_fields  # noqa: SLF001 -- as above
        if field.name == "blob" or field.name.endswith("_blob")
    ]
    waiting = blobs.stored_before(before)
    for start in range(0, len(waiting), _CHUNK):
        part = waiting[start : start + _CHUNK]
        named = {
            one
            for rows, column in owners
            for one in rows.filter(**{f"{column}__in": part}).values_list(column, flat=True)
        }
        yield from (one for one in part if one not in named)
