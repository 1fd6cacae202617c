"""Bytes on disk for rows that are about to be written, and none of them left behind when these fail."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from django.db import transaction
from django.db.models import Manager, Model

from congvu.base import blobs
from congvu.base.database import UnknownOutcomeError, on_rollback


@contextlib.contextmanager
def kept(contents: Sequence[bytes], *, rows: Manager[Model]) -> Iterator[list[str]]:
    """Store contents for the block whose rows name them in their column `blob`.

    After an exception what no row names is destroyed; inside an open transaction that is decided at its end.
    """
    stored = blobs.put_many(list(contents)) if contents else []
    if on_rollback(partial(_forget, stored, rows)):
        yield stored
        return
    try:
        yield stored
    except UnknownOutcomeError:  # rows that name them may still appear
        raise
    except BaseException:
        _forget(stored, rows)
        raise


def destroy_after(stored: Iterable[str]) -> None:
    """Destroy blobs once the open transaction, in which rows cease to name them, has become durable."""
    gone = [one for one in stored if one]  # read now: the rows change next
    if gone:
        transaction.on_commit(lambda: blobs.destroy_many(gone))


def _forget(stored: Sequence[str], rows: Manager[Model]) -> None:
    """Destroy blobs that no row names; what cannot be told or destroyed stays, sealed and unnamed."""
    with contextlib.suppress(Exception):
        named = set(rows.filter(blob__in=stored).values_list("blob", flat=True))
        for handle in set(stored) - named:
            blobs.destroy(handle)
