"""The docs lead somewhere, the README's commands exist, and a missing program is named."""

import re
import subprocess
from pathlib import Path

import pytest

from bench.__main__ import main as bench
from bench.__main__ import measurements
from tests import requires
from tests.architecture.planting import assert_none
from tools import links, tree

PAGES = [path for path in tree.tracked() if path.suffix == ".md"]


def test_every_link_leads_somewhere() -> None:
    assert_none(fault for path in PAGES for fault in links.faults(path))


def test_a_link_that_leads_nowhere_is_caught(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text("[here](a.md#top) [out](https://example.org)\n[gone](b.md)\n")
    assert [fault.split(":")[1:] for fault in links.faults(page)] == [["2", " b.md leads nowhere"]]


def test_every_page_is_reached_from_the_readme() -> None:
    reached, ahead = set(), [tree.ROOT / "README.md"]
    while ahead:
        page = ahead.pop().resolve()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        inside = [one for one in links.LINK.findall(page.read_text()) if not links.OUTSIDE.search(one)]
        targets = [page.parent / one.partition("#")[0] for one in inside]
        ahead += [found for one in targets for found in (one.glob("*.md") if one.is_dir() else [one])]
    docs = {page for page in PAGES if tree.ROOT / "docs" in page.parents}
    assert_none(f"{tree.shown(page)} is reached from nowhere" for page in sorted(docs - reached))


def test_the_readme_gives_commands_that_make_knows() -> None:
    given = re.findall(r"^make (\w+)$", (tree.ROOT / "README.md").read_text(), re.MULTILINE)
    known = re.findall(r"^(\w+):.*## ", (tree.ROOT / "Makefile").read_text(), re.MULTILINE)
    assert given == ["run", "test"]
    assert set(given) <= set(known)


def test_the_door_of_the_proof_is_whole() -> None:
    door = tree.ROOT / ".ci" / "run"
    assert door.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(door)], check=False).returncode == 0


def test_a_missing_program_is_a_skip_that_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="the Debian package crystal-ball brings it"):
        requires.program("crystal-ball-gazer", package="crystal-ball")
    with pytest.raises(pytest.skip.Exception, match="the Debian package crystal-ball brings it"):
        requires.folder("/usr/share/crystal-ball", package="crystal-ball")
    with pytest.raises(pytest.skip.Exception, match="CONGVU_CRYSTAL is not set"):
        requires.setting("CONGVU_CRYSTAL", meaning="a ball")


def test_a_missing_program_is_a_failure_where_everything_must_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="the Debian package crystal-ball brings it"):
        requires.program("crystal-ball-gazer", package="crystal-ball")


def test_what_is_there_is_given_back() -> None:
    assert Path(requires.program("bash", package="bash")).name == "bash"
    assert requires.folder(tree.ROOT, package="congvu") == tree.ROOT


def test_measurements_are_listed_and_an_unknown_one_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench([]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(measurements())
    assert bench(["crystal_ball"]) == 2
    assert "There is no measurement 'crystal_ball'" in capsys.readouterr().err
