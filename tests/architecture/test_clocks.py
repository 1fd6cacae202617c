"""Time is taken at the door."""

from pathlib import Path

import pytest

from tests.architecture.planting import assert_none, line, plant
from tools import clocks, tree

CLOCK = tree.SOURCE / "base" / "clock.py"


@pytest.mark.parametrize("package", tree.packages())
def test_nobody_below_the_door_asks_the_clock(package: str) -> None:
    rooms = [room for room in tree.modules(source=tree.SOURCE / package) if room != CLOCK]
    assert_none(fault for room in rooms for fault in clocks.faults(room))


@pytest.mark.parametrize(
    "call", ["datetime.now(UTC)", "timezone.now()", "date.today()", "time.time()", "timezone.localtime()"]
)
def test_another_clock_is_caught_anywhere(tmp_path: Path, call: str) -> None:
    path = plant(tmp_path, "web/views.py", f"x = {call}\n")
    asked = call.partition("(")[0]
    assert [line(fault) for fault in clocks.faults(path)] == [
        f"1: {asked}() is another clock than congvu.base.clock"
    ]


@pytest.mark.parametrize("room", ["actions.py", "actions/posts.py", "queries.py", "readers.py", "models.py"])
def test_the_clock_asked_below_the_door_is_caught(tmp_path: Path, room: str) -> None:
    path = plant(tmp_path, room, "def act():\n    return clock.now()\n")
    assert [line(fault) for fault in clocks.faults(path)] == [
        "2: asks the clock below the door; take `now` as a parameter"
    ]


@pytest.mark.parametrize(
    ("room", "code"),
    [
        ("web/views.py", "clock.now()"),
        ("cli.py", "clock.now()"),
        ("actions.py", "time.monotonic()"),
        ("actions.py", "timezone.localtime(at)"),
        ("actions.py", "clock.now()  # clock: the log's own time"),
    ],
)
def test_the_door_may_ask_and_a_reason_exempts(tmp_path: Path, room: str, code: str) -> None:
    assert list(clocks.faults(plant(tmp_path, room, f"x = {code}\n"))) == []
