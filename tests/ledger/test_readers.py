"""Reading with a cursor."""

import pytest

from congvu.ledger import readers, sequencer
from congvu.ledger.models import Position
from tests.ledger.conftest import mend


class Counting:
    name = "test.counting"

    def __init__(self) -> None:
        self.heights: list[int] = []
        self.fall_at: int | None = None

    def prepare(self, entries):
        pass

    def apply(self, entries):
        for one in entries:
            if one.kind == "test.lamp.mended":
                self.heights.append(one.attributes["height"])
        if self.fall_at is not None and len(self.heights) > self.fall_at:
            raise ZeroDivisionError

    def reset(self, *, agency):  # noqa: ARG002 -- the form of a reader
        self.heights = []


def test_a_reader_reads_each_entry_once(ledger):
    reader = Counting()
    mend(ledger, 5)
    sequencer.settle()
    assert [readers.advance(reader, agency=ledger.agency, limit=4) for _ in range(3)] == [4, 2, 0]
    mend(ledger, 2)
    sequencer.settle()
    readers.advance(reader, agency=ledger.agency)
    assert reader.heights == [0, 1, 2, 3, 4, 0, 1]


def test_state_and_position_move_together(ledger):
    reader = Counting()
    reader.fall_at = 3
    mend(ledger, 5)
    sequencer.settle()
    with pytest.raises(ZeroDivisionError):
        readers.advance(reader, agency=ledger.agency)
    assert Position.objects.count() == 0


def test_a_rewound_reader_reads_everything_again(ledger):
    reader = Counting()
    mend(ledger, 3)
    sequencer.settle()
    readers.advance(reader, agency=ledger.agency)
    readers.rewind(reader, agency=ledger.agency)
    assert (reader.heights, readers.is_behind(reader, agency=ledger.agency)) == ([], True)
    readers.advance(reader, agency=ledger.agency)
    assert (reader.heights, readers.is_behind(reader, agency=ledger.agency)) == ([0, 1, 2], False)


def test_a_reader_that_runs_twice_is_stopped(ledger):
    class Overtaken(Counting):
        def prepare(self, entries):  # noqa: ARG002 -- the form of a reader
            readers.advance(Counting(), agency=ledger.agency)

    mend(ledger, 3)
    sequencer.settle()
    twin = Overtaken()
    with pytest.raises(readers.OvertakenError):
        readers.advance(twin, agency=ledger.agency)
    assert twin.heights == []
