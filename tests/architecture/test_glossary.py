"""One word per thing in four languages, and docstrings that keep to it."""

import re
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from tests.architecture.planting import assert_none, plant
from tools import catalogs, glossary, tree

TERMS = glossary.read()


def term(**changed: Any) -> dict[str, Any]:
    whole = {"en": "post", "vi": "vị trí", "kk": "лауазым", "ru": "должность"}
    return {**whole, "definition": {"en": "A place.", "vi": "Một chỗ."}, **changed}


def test_the_glossary_is_complete_and_without_doubles() -> None:
    assert_none(glossary.faults(TERMS))


@pytest.mark.parametrize("package", tree.packages())
def test_docstrings_speak_as_the_glossary(package: str) -> None:
    rooms = tree.modules(source=tree.SOURCE / package)
    files = [room for room in rooms if room.name == "models.py" or "models" in room.parts]
    files.append(tree.SOURCE / package / "__init__.py")
    assert_none(fault for path in files for fault in glossary.disagreements(path, TERMS))


@pytest.mark.parametrize("package", tree.packages())
def test_every_package_says_its_name_in_vietnamese_and_kazakh(package: str) -> None:
    assert len(list(glossary.spoken(tree.SOURCE / package / "__init__.py"))) == 1


def test_every_table_says_its_name_in_vietnamese_and_kazakh() -> None:
    tables = [table for table in apps.get_models() if table.__module__.startswith("congvu.")]
    assert [
        table._meta.label
        for table in tables
        if not glossary.SPOKEN.search(" ".join((table.__doc__ or "").split()))
    ] == []


def test_pages_and_rule_books_excuse_by_one_word() -> None:
    pairs: list[tuple[str, str]] = []
    for package in tree.packages():
        path = catalogs.catalog(tree.SOURCE / package, "vi").with_suffix(".mo")
        if path.exists():
            held: dict[object, str] = vars(GNUTranslations(path.open("rb")))["_catalog"]
            pairs += [(str(key), text) for key, text in held.items()]
    for book in (tree.ROOT / "rulebook").glob("*.yaml"):
        pairs += [(en, vi) for vi, en in re.findall(r'vi: "(.*)"\n +en: "(.*)"', book.read_text())]
    excusing = [(en, vi.casefold()) for en, vi in pairs if re.search(r"\b[Ee]xcus", en)]
    assert len(excusing) > 10
    assert [en for en, vi in excusing if TERMS["excuse"]["vi"] not in vi] == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"kk": ""}, "post has no kk term"),
        ({"ru": " "}, "post has no ru term"),
        ({"definition": {"en": "A place."}}, "post is not defined in vi"),
        ({"shares": ["kk"]}, "post says that it shares its kk term, but it does not"),
    ],
)
def test_an_incomplete_term_is_caught(changed: dict[str, Any], fault: str) -> None:
    assert list(glossary.faults({"post": term(**changed)})) == [fault]


def test_one_word_for_two_things_is_caught_unless_both_say_so() -> None:
    other = {"en": "seat", "vi": "ghế", "kk": "Лауазым", "ru": "место"}
    assert list(glossary.faults({"post": term(), "seat": term(**other)})) == [
        "'лауазым' (kk) stands for post and seat"
    ]
    shared = {"shares": ["kk"]}
    assert list(glossary.faults({"post": term(**shared), "seat": term(**other, **shared)})) == []


def test_a_docstring_with_another_word_is_caught(tmp_path: Path) -> None:
    path = plant(
        tmp_path,
        "models.py",
        '''
        class Post:
            """A place (vi: Vị trí; kk: лауазым). W3C ORG."""


        class Seat:
            """A place (vi: vị trí;
            kk: орын)."""
        ''',
    )
    found = [fault.split("models.py:")[1] for fault in glossary.disagreements(path, {"post": term()})]
    assert found == ["5: (vi: vị trí; kk: орын) is not in docs/glossary.toml; [post] is vị trí / лауазым"]
