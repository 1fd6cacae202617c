"""Bytes for rows that are about to be written: none stays that no row names, however deep the act was."""

from datetime import UTC, datetime

import pytest

from congvu.base import blobs
from congvu.base.database import UnknownOutcomeError, atomic, on_rollback
from congvu.base.keeping import kept
from congvu.mail.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _here(data_folder):
    """Blobs lie in a folder of the test's own."""


def lying() -> int:
    return len(blobs.stored_before(datetime.max.replace(tzinfo=UTC)))


class FellError(Exception):
    pass


def store(*, is_inside: bool, error: type[Exception], falls_later: bool) -> None:
    """Store two blobs for rows that are never written, alone or inside another act, and fall."""
    if not is_inside:
        with kept([b"a", b"b"], rows=Message.objects), atomic():
            raise error
    with atomic():
        with kept([b"a", b"b"], rows=Message.objects), atomic():
            if not falls_later:
                raise error
        raise error


@pytest.mark.parametrize(("is_inside", "falls_later"), [(False, False), (True, False), (True, True)])
def test_after_a_fall_nothing_is_left(is_inside, falls_later):
    with pytest.raises(FellError):
        store(is_inside=is_inside, error=FellError, falls_later=falls_later)
    assert lying() == 0


@pytest.mark.parametrize("is_inside", [False, True])
def test_what_may_stand_after_all_keeps_its_bytes(is_inside):
    with pytest.raises(UnknownOutcomeError):
        store(is_inside=is_inside, error=UnknownOutcomeError, falls_later=False)
    assert lying() == 2


def test_what_committed_keeps_its_bytes():
    with atomic(), kept([b"a"], rows=Message.objects):
        pass
    with pytest.raises(FellError), atomic():  # a later act undoes its own alone
        raise FellError
    assert (lying(), on_rollback(lambda: None)) == (1, False)
