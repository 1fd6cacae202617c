"""The published files follow the rows: what was approved lies in the folder, what was withdrawn lies aside."""

import os

from congvu.rules import shelf
from congvu.rules.models import BookDraft, DraftState

ASIDE = ".withdrawn"


def name(book: str, version: int) -> str:
    """Return how the file of a version is called."""
    return f"{book}.v{version}.yaml"


def align() -> None:
    """Lay every approved version that lacks its file, and put withdrawn ones aside. It may run at any time, twice too.

    Raises BrokenRulebookError or OSError when a file cannot be laid; the next run tries again.
    """
    folder = shelf.published_folder()
    wanted = BookDraft.objects.filter(state__in=[DraftState.PUBLISHED, DraftState.WITHDRAWN])
    for pk, book, version, state in wanted.order_by("pk").values_list("pk", "book", "version", "state"):
        path = folder / name(book, version)
        if state == DraftState.PUBLISHED and not path.exists():
            text = BookDraft.objects.values_list("text", flat=True).get(pk=pk)
            shelf.publish(text.encode())
        elif state == DraftState.WITHDRAWN and path.exists():
            path.rename(path.with_name(path.name + ASIDE))
            _sync(folder)


def _sync(folder: os.PathLike[str]) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def taken(book: str) -> frozenset[int]:
    """Return the version numbers of a book that were given, withdrawn ones too: none is given twice."""
    given = BookDraft.objects.filter(book=book, state__in=[DraftState.PUBLISHED, DraftState.WITHDRAWN])
    return frozenset(given.values_list("version", flat=True)) | {one.version for one in shelf.versions(book)}
