"""The due times of petitions beside a wall calendar and a clock that shows minutes."""

import pytest

from bench.petition_terms import compare

CASES = 300_000


@pytest.mark.torture
def test_no_due_time_of_any_petition_book_differs_from_the_wall_calendar():
    found = compare(CASES, seed=7)
    said = f"{CASES:,} cases, {found.due_times:,} due times of {found.norms} norms: {len(found.different)} differ"
    print(said)  # noqa: T201 -- the point of a long run is its figures
    assert (found.different, found.norms) == ([], 42)
