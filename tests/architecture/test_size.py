"""Small rooms: files under 500 lines, functions under 60."""

from pathlib import Path

import pytest

from tests.architecture.planting import assert_none, line, plant
from tools import size, tree

SOURCES = [path for path in tree.tracked() if size.concerned(path.relative_to(tree.ROOT))]


def test_files_and_functions_are_small() -> None:
    assert_none(fault for path in SOURCES for fault in size.faults(path))


def body(count: int) -> str:
    return "".join(f"    x = {number}\n" for number in range(count))


def test_a_long_function_is_caught(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("import os\n\n\ndef act():\n" + body(59) + "\n\ndef fits():\n" + body(58))
    assert [line(fault) for fault in size.faults(path)] == ["4: act has 60 lines; a function stays under 60"]


def test_a_long_file_is_caught(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("x = 1\n" * 500)
    assert [fault.rsplit(": ", 1)[1] for fault in size.faults(path)] == ["500 lines; a file stays under 500"]


@pytest.mark.parametrize(
    "text", ["# size: a table of bytes\n" + "x = 1\n" * 600, "/* size: tokens */\n" * 600]
)
def test_a_reason_exempts_a_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / ("long.py" if text.startswith("#") else "long.css")
    path.write_text(text)
    assert list(size.faults(path)) == []


def test_a_reason_exempts_a_function_and_silence_does_not(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    pad = "import os\n" * 5
    path.write_text(f"{pad}def one():  # size: a table\n{body(70)}\n\ndef two():  # size:\n{body(70)}")
    assert [line(fault).split(": ")[1][:3] for fault in size.faults(path)] == ["two"]


def test_what_others_wrote_is_not_measured() -> None:
    assert [
        size.concerned(Path(name)) for name in ("ui/static/vendor/htmx.js", "a/migrations/0001.py", "a/b.py")
    ] == [
        False,
        False,
        True,
    ]


def test_a_planted_source_is_read_as_written(tmp_path: Path) -> None:
    assert plant(tmp_path, "a/b.py", "    x = 1\n").read_text() == "x = 1\n"
