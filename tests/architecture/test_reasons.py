"""Exceptions carry their reason, rooms have telling names, front doors hold one paragraph, words fit."""

from pathlib import Path

import pytest

from tests.architecture.planting import assert_none, line, plant
from tools import reasons, rooms, tree, words

TRACKED = tree.tracked()
PYTHON = [path for path in TRACKED if path.suffix == ".py"]


def test_every_exception_has_its_reason() -> None:
    assert_none(fault for path in PYTHON for fault in reasons.faults(path))


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ("x = 1  # noqa", True),
        ("x = 1  # noqa: S101", True),
        ("x = 1  # noqa: S101 --", True),
        ("x = 1  # noqa: S101, E501 -- a table", False),
        ("# ruff: noqa", True),
        ("x = 1  # type: ignore", True),
        ("x = 1  # type: ignore[misc]", True),
        ("x = 1  # type: ignore[misc]  # the stubs are wrong", False),
        ("# mypy: ignore-errors", True),
        ("x = '# noqa'", False),
    ],
)
def test_an_exception_without_reason_is_caught(tmp_path: Path, *, code: str, caught: bool) -> None:
    assert bool(list(reasons.faults(plant(tmp_path, "a.py", f"{code}\n")))) == caught


def test_no_room_has_a_name_that_says_nothing() -> None:
    assert_none(fault for path in PYTHON for fault in rooms.vague_name(path.relative_to(tree.ROOT)))


@pytest.mark.parametrize("name", ["mail/utils.py", "core/models.py", "mail/helpers/text.py", "a/managers.py"])
def test_a_vague_name_is_caught(name: str) -> None:
    assert len(list(rooms.vague_name(Path(name)))) == 1


@pytest.mark.parametrize("name", ["mail/score.py", "directory/managing.py", "encore/models.py"])
def test_a_telling_name_passes(name: str) -> None:
    assert list(rooms.vague_name(Path(name))) == []


def test_front_doors_hold_one_paragraph() -> None:
    doors = [path for path in tree.modules() if path.name == "__init__.py"]
    assert_none(fault for path in doors for fault in rooms.front_door(path))


@pytest.mark.parametrize(
    "text",
    ['"""One."""\nfrom x import y\n', '"""One.\n\nTwo.\n"""\n', "x = 1\n", '"""One."""\n__all__ = []\n'],
)
def test_a_crowded_front_door_is_caught(tmp_path: Path, text: str) -> None:
    assert len(list(rooms.front_door(plant(tmp_path, "__init__.py", text)))) == 1


@pytest.mark.parametrize("text", ["", '"""One."""\n'])
def test_a_plain_front_door_passes(tmp_path: Path, text: str) -> None:
    assert list(rooms.front_door(plant(tmp_path, "__init__.py", text))) == []


def test_nothing_speaks_of_the_workplace() -> None:
    assert_none(fault for path in TRACKED for fault in words.faults(path))


# The words are spelled with a bar that the test takes out, so that this file does not find itself.
@pytest.mark.parametrize(
    "text",
    ["see /wo|rk/main", "iss|ue #7", "as iss|ue 2 asks", "/op|t/wheels", "--index-|url https://x", "Clau|de"],
)
def test_a_word_of_the_workplace_is_caught(tmp_path: Path, text: str) -> None:
    path = plant(tmp_path, "a.py", f"# fine\n# {text.replace('|', '')}\n")
    assert [line(fault).split(":")[0] for fault in words.faults(path)] == ["2"]


@pytest.mark.parametrize(
    "text", ["issued 2 documents", "working with tissue", "an index of 3", "make work/ready"]
)
def test_a_harmless_word_passes(tmp_path: Path, text: str) -> None:
    assert list(words.faults(plant(tmp_path, "a.py", f"# {text}\n"))) == []


def test_a_file_of_bytes_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "font.woff2"
    path.write_bytes(b"\xff\xfe/wo|rk/main".replace(b"|", b""))
    assert list(words.faults(path)) == []
