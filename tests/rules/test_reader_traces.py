"""The reader over random traces: the same rows in any batches, with nothing kept in memory between two of them."""

from dataclasses import dataclass, fields

import pytest

from congvu.rules import readers, standing
from congvu.rules.examples import Told
from congvu.rules.hand import COLUMNS
from congvu.rules.law import Law
from congvu.rules.models import Obligation
from congvu.rules.readers import Judge, digest
from tests.rules.comparison import drawn, judged
from tests.rules.lawgiver import CALENDAR

SEEDS = [*range(12), *(pytest.param(seed, marks=pytest.mark.torture) for seed in range(12, 40))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Told):
    agency: str


def entries(agency, told) -> list[Entry]:
    plain = [{one.name: getattr(entry, one.name) for one in fields(Told)} for entry in told]
    return [Entry(**one, agency=agency.handle) for one in plain]


def read(agency, told, size) -> str:
    """Read in batches of a size, as after a restart each time; return the digest of all rows."""
    reader = Judge()
    reader.reset(agency=agency.handle)
    for start in range(0, len(told), size):
        reader.apply(entries(agency, told[start : start + size]))
        standing.drop(agency)
    return digest(agency=agency.handle)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_any_batches_give_the_same_rows(agency, monkeypatch, seed):
    world, told = drawn(seed)
    law = Law(world.books, CALENDAR)
    monkeypatch.setattr(readers, "law_of", lambda _: law)
    whole = read(agency, told, len(told))
    assert [read(agency, told, size) for size in (1, 2, 7)] == [whole] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_the_rows_are_what_the_judge_alone_finds(agency, monkeypatch, seed):
    world, told = drawn(seed)
    law = Law(world.books, CALENDAR)
    monkeypatch.setattr(readers, "law_of", lambda _: law)
    read(agency, told, 3)
    kept = {one["handle"]: one for one in Obligation.objects.filter(agency=agency).values(*COLUMNS)}
    state = judged(law, told, agency.handle)
    assert {
        handle: {name: getattr(one, name) for name in COLUMNS} for handle, one in state.obligations.items()
    } == kept
