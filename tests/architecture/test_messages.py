"""Catalogs: as the sources speak, complete in every language, compiled."""

import re
import subprocess
from pathlib import Path

import pytest

from tests import requires
from tests.architecture.planting import assert_none, plant
from tools import catalogs, tree


@pytest.fixture(autouse=True)
def gettext_tools() -> None:
    """Ask for GNU gettext."""
    requires.program("msgfmt", package="gettext")


@pytest.mark.parametrize("package", tree.packages())
def test_the_catalogs_of_a_package_are_whole(package: str, tmp_path: Path) -> None:
    fresh = catalogs.extract(tree.SOURCE / package, tmp_path)
    assert_none(catalogs.faults(tree.SOURCE / package, fresh))


def test_no_two_packages_translate_one_message_differently() -> None:
    assert_none(catalogs.quarrels(tree.SOURCE / package for package in tree.packages()))


@pytest.mark.parametrize("package", tree.packages())
def test_officials_are_addressed_in_one_way(package: str) -> None:
    """Among officials it is "anh/chị"; "bạn" is for friends, "đồng chí" for members of the Party."""
    path = catalogs.catalog(tree.SOURCE / package, "vi")
    lines = path.read_text().splitlines() if path.exists() else []
    assert_none(
        [
            one
            for one in lines
            if one.startswith("msgstr") and re.search(r"\b[Bb]ạn\b(?! bè)|\b[Đđ]ồng chí\b", one)
        ]
    )


SOURCE = """
from django.utils.translation import gettext as _, ngettext

GREETING = _("Good morning")
COUNT = lambda n: ngettext("%(n)d letter", "%(n)d letters", n) % {"n": n}
"""
HEAD = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
GREETING = 'msgid "Good morning"\nmsgstr "Xin chào"\n\n'
COUNT = '#, python-format\nmsgid "%(n)d letter"\nmsgid_plural "%(n)d letters"\nmsgstr[0] "%(n)d thư"\n\n'


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A package with two messages and whole catalogs."""
    package = tmp_path / "desk"
    plant(package, "views.py", SOURCE)
    for language in catalogs.LANGUAGES:
        write(package, HEAD + GREETING + COUNT, language=language)
    return package


def write(package: Path, text: str, *, language: str = "vi", compiled: bool = True) -> None:
    path = catalogs.catalog(package, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if compiled:
        subprocess.run(["msgfmt", "-o", str(path.with_suffix(".mo")), str(path)], check=True)


def faults(package: Path, tmp_path: Path) -> list[str]:
    return list(catalogs.faults(package, catalogs.extract(package, tmp_path / "scratch")))


def test_whole_catalogs_pass(desk: Path, tmp_path: Path) -> None:
    assert faults(desk, tmp_path) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (HEAD + COUNT, "desk/vi lacks 'Good morning'"),
        (HEAD + GREETING + COUNT + 'msgid "Bye"\nmsgstr "x"\n', "desk/vi keeps 'Bye', which no source says"),
        (HEAD + GREETING.replace("Xin chào", "") + COUNT, "desk/vi has no translation of 'Good morning'"),
        (HEAD + "#, fuzzy\n" + GREETING + COUNT, "desk/vi only guesses 'Good morning'"),
    ],
)
def test_a_catalog_that_is_not_whole_is_caught(desk: Path, tmp_path: Path, text: str, fault: str) -> None:
    write(desk, text)
    assert faults(desk, tmp_path) == [fault]


def test_a_lost_placeholder_is_caught(desk: Path, tmp_path: Path) -> None:
    write(desk, HEAD + GREETING + COUNT.replace("%(n)d thư", "%(m)d thư"))
    assert [fault.split(":")[0] for fault in faults(desk, tmp_path)] == ["desk/vi does not hold together"]


def test_a_missing_or_stale_compilation_is_caught(desk: Path, tmp_path: Path) -> None:
    write(desk, HEAD + GREETING.replace("Xin chào", "Chào anh") + COUNT, compiled=False)
    catalogs.catalog(desk, "kk").with_suffix(".mo").unlink()
    assert faults(desk, tmp_path) == [
        "desk/vi is compiled from an older catalog",
        "desk/kk is not compiled",
    ]


def test_two_packages_that_translate_one_message_differently_are_caught(desk: Path, tmp_path: Path) -> None:
    mail = tmp_path / "mail"
    for language in catalogs.LANGUAGES:
        write(mail, HEAD + GREETING.replace("Xin chào", "Chào anh") + COUNT, language=language)
    assert list(catalogs.quarrels([desk, mail])) == [
        f"mail/{language} says 'Chào anh' for 'Good morning', desk says 'Xin chào'"
        for language in catalogs.LANGUAGES
    ]


def test_a_missing_catalog_is_caught(desk: Path, tmp_path: Path) -> None:
    catalogs.catalog(desk, "ru").unlink()
    assert faults(desk, tmp_path) == ["desk/ru has no catalog for 2 messages; `make messages` makes it"]
