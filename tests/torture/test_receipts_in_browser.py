"""Tens of thousands of receipts and proofs, genuine and changed: page and congvu-verify say the same of every one."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from random import Random
from types import ModuleType

import pytest
from django.urls import reverse

from tests.portal import test_check_in_browser, test_conflicts_in_browser
from tests.portal.checking import Asked, by_python, differences
from tests.portal.test_check_in_browser import LANGUAGES, POLICIES, mutated
from tests.ui.conftest import browser, opened  # noqa: F401 -- fixtures

MANY = int(os.environ.get("CONGVU_TORTURE_RECEIPTS") or 30_000)


def asked(sort: ModuleType, seed: int, counted: Counter[str]) -> Iterator[Asked]:
    """Yield the files; every tenth is genuine, every seventh comes with a policy of the reader's own."""
    dice, kept = Random(seed), [*sort.genuine(), *sort.wrong()]  # noqa: S311 -- repeatable, not secret
    for at, data in enumerate(mutated(MANY, seed, sort.genuine())):
        one = Asked(
            data=data if at % 10 else dice.choice(kept),
            key=dice.choice([None, sort.KEY]),
            policy=None if at % 7 else dice.choice(POLICIES),
            spoken=(dice.choice(LANGUAGES),),
        )
        said = by_python(one)
        counted["proven" if said["ok"] else "not proven" if said["readable"] else "unreadable"] += 1
        yield one


@pytest.mark.torture
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sort", [test_check_in_browser, test_conflicts_in_browser])
def test_the_script_and_the_program_say_the_same_of_every_file(data_folder, opened, seed, sort) -> None:  # noqa: F811 -- a fixture
    page = opened(reverse("portal:verify"))
    counted: Counter[str] = Counter()
    begun = time.monotonic()
    found = differences(page, asked(sort, seed, counted))
    print(  # noqa: T201 -- the point of a long run is its figures
        f"seed {seed}: {counted.total():,} files, {counted['proven']:,} proven, {counted['not proven']:,} not proven, "
        f"{counted['unreadable']:,} unreadable; told otherwise by the page: {len(found)}; {time.monotonic() - begun:.0f} s"
    )
    assert found[:3] == []
    assert min(counted.values()) > MANY / 100
