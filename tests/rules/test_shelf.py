"""Two folders of books: those that ship, and the agency's own, read again when one is published."""

from datetime import date
from pathlib import Path

import pytest

from congvu.rules import shelf
from tests.rules import statutes

FIRST = statutes.STATUTES["city-1.yaml"].replace(", to: 2024-01-01", "")
SECOND = statutes.STATUTES["city-2.yaml"]


@pytest.fixture
def installation(tmp_path: Path, settings) -> Path:
    """An installation whose rulebook is the invented nation and an open version of the city's book."""
    folder = tmp_path / "rulebook"
    (folder / "calendars").mkdir(parents=True)
    for path in statutes.CALENDAR_FOLDER.glob("*.yaml"):
        (folder / "calendars" / path.name).write_bytes(path.read_bytes())
    (folder / "law.yaml").write_text(statutes.STATUTES["law.yaml"])
    (folder / "city.yaml").write_text(FIRST)
    settings.CONGVU_RULEBOOK = folder
    settings.CONGVU_DATA = tmp_path / "data"
    return tmp_path


def days(book: str) -> list[tuple[int, date, date | None]]:
    return [(one.version, one.in_force_from, one.in_force_to) for one in shelf.versions(book)]


def test_a_published_version_is_read_at_once_and_ends_the_open_one(installation: Path) -> None:
    assert days("vn.city") == [(1, date(2020, 1, 1), None)]
    before = shelf.shelf()
    assert shelf.shelf() is before
    book = shelf.publish(SECOND.encode())
    assert (book.id, book.version) == ("vn.city", 2)
    assert days("vn.city") == [(1, date(2020, 1, 1), date(2024, 1, 1)), (2, date(2024, 1, 1), None)]
    assert [path.name for path in (installation / "data" / "rulebook").iterdir()] == ["vn.city.v2.yaml"]
    assert (installation / "rulebook" / "city.yaml").read_text() == FIRST


def test_another_process_publishes_and_this_one_reads_it(installation: Path) -> None:
    shelf.shelf()
    folder = installation / "data" / "rulebook"
    folder.mkdir(parents=True)
    aside = folder / ".aside"
    aside.write_text(SECOND)
    aside.rename(folder / "own.yaml")
    assert [version for version, _, _ in days("vn.city")] == [1, 2]


def test_a_third_version_ends_the_second(installation: Path) -> None:
    shelf.publish(SECOND.encode())
    third = SECOND.replace("version: 2", "version: 3", 1).replace("from: 2024-01-01", "from: 2027-01-01")
    shelf.publish(third.encode())
    assert [end for _, _, end in days("vn.city")] == [date(2024, 1, 1), date(2027, 1, 1), None]


BAD = {
    "a version before the one in force": SECOND.replace("from: 2024-01-01", "from: 2019-01-01"),
    "a version that is there": SECOND.replace("version: 2", "version: 1", 1),
    "a fault": SECOND.replace("bearer: agency", "bearer: nobody"),
    "a failing example": SECOND + statutes.EXAMPLES.replace("norm: answer", "norm: answer-here").replace("[]", "[{status: late}]"),
    "no YAML": "book: [",
    "no book": "42",
    "a way out of the folder": SECOND.replace("book: vn.city", "book: ../../city", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_would_break_the_rulebook_is_not_published(installation: Path, name: str) -> None:
    before = shelf.shelf()
    with pytest.raises(shelf.BrokenRulebookError, match=r"draft\.yaml:\d+"):
        shelf.publish(BAD[name].encode())
    assert not (installation / "data" / "rulebook").exists()
    assert shelf.shelf() is before


def test_what_is_published_stays_as_it_is(installation: Path) -> None:
    shelf.publish(SECOND.encode())
    with pytest.raises(shelf.BrokenRulebookError, match="is version 2 of this book already"):
        shelf.publish(SECOND.encode())
    path = installation / "data" / "rulebook" / "vn.city.v2.yaml"
    with pytest.raises(shelf.AlreadyPublishedError):
        shelf._lay(path.parent, path.name, b"book: other")
    assert path.read_text() == SECOND


def test_a_broken_published_file_stops_judging_and_says_so(installation: Path) -> None:
    folder = installation / "data" / "rulebook"
    folder.mkdir(parents=True)
    (folder / "bad.yaml").write_text("book: a\nbook: b\n")
    with pytest.raises(shelf.BrokenRulebookError, match=r"bad\.yaml:2: the key `book` stands twice"):
        shelf.shelf()
