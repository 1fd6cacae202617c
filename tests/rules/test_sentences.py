"""What the loader and the checks say of a book: one sentence, said in the reader's language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from congvu.cli.__main__ import main
from congvu.rules import checks, sentences
from congvu.rules.loader import read_book
from congvu.rules.sentences import Sentence
from congvu.rules.sentences import sentence as _
from congvu.rules.source import Problem
from congvu.rules.yaml_faults import reason
from tests.rules import statutes

RULES = Path(sentences.__file__).parent
PLACE = re.compile(r"%\((\w+)\)s")
WORDS_OF_YAML = {"true, false"}  # the same in every language


def templates() -> Iterator[tuple[str, str]]:
    """Yield the file and template of every sentence that a module of the rules may say."""
    for path in sorted(RULES.rglob("*.py")):
        text = path.read_text()
        if "import sentence as _" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                yield path.name, ast.literal_eval(node.args[0])


TEMPLATES = list(templates())


def test_every_module_that_tells_problems_has_sentences() -> None:
    assert len(TEMPLATES) > 200
    assert {"source.py", "reading.py", "norm_loader.py", "calendar_loader.py", "loader.py"} < {
        file for file, _template in TEMPLATES
    }
    assert {f"{one.stem}.py" for one in (RULES / "checking").glob("*.py")} - {
        file for file, _template in TEMPLATES
    } == {"__init__.py", "telling.py"}


def said_in(language: str) -> dict[str, str]:
    with translation.override(language):
        return {template: translation.gettext(template) for _file, template in TEMPLATES}


def test_every_problem_is_said_in_vietnamese() -> None:
    assert [one for one, other in said_in("vi").items() if one == other and one not in WORDS_OF_YAML] == []


@pytest.mark.parametrize("language", ["vi", "kk", "ru"])
def test_every_translation_has_the_places_of_its_sentence(language: str) -> None:
    assert {one: sorted(PLACE.findall(other)) for one, other in said_in(language).items()} == {
        one: sorted(PLACE.findall(one)) for _file, one in TEMPLATES
    }


def problem_of(text: str) -> Problem:
    (found,) = read_book(text.encode(), name="draft.yaml").problems
    return found


def test_one_problem_is_said_in_two_languages() -> None:
    found = problem_of("book: a\nbook: b\n")
    with translation.override("vi"):
        assert found.told == ("", "khóa `book` xuất hiện hai lần.", "Hãy giữ một trong hai.")
        assert found.line_told == "draft.yaml:2: khóa `book` xuất hiện hai lần. Hãy giữ một trong hai."
        assert str(found) == "draft.yaml:2: the key `book` stands twice. Keep one of the two."


def test_a_sentence_within_a_sentence_is_said_in_the_same_language() -> None:
    found = problem_of("book: a\n  title: b: c\n")
    with translation.override("vi"):
        assert found.told.what == (
            "nội dung này không phải YAML: không được đặt `:` ở đây, có thể do thụt đầu dòng sai hoặc thiếu dấu nháy."
        )
    assert str(found.what) == "this is not YAML: mapping values are not allowed in this context."


def test_what_a_writer_wrote_is_never_taken_for_a_place() -> None:
    found = Sentence("unknown key `%(key)s`.", {"key": "100%(x)s {y}"})
    assert str(found) == "unknown key `100%(x)s {y}`."
    assert reason("a rare complaint, 100%") == "a rare complaint, 100%"


def test_sentences_are_equal_when_their_values_are() -> None:
    assert _("the key `%(key)s` is missing.", key="book") == _("the key `%(key)s` is missing.", key="book")
    assert len({_("the key `%(key)s` is missing.", key=one) for one in ("book", "book", "title")}) == 2


def test_a_check_speaks_the_reader_s_language_too() -> None:
    (law, *_others) = statutes.books()
    late = [one for one in checks.problems([law], {}) if "calendar" in str(one.what)]
    with translation.override("vi"):
        assert late[0].told.what == f"không có lịch `{law.calendar}`."
        assert late[0].told.mend == "Các giá trị có sẵn: không có."


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        ((), "C.UTF-8", "bad.yaml:2: the key `book` stands twice."),
        ((), "vi_VN.UTF-8", "bad.yaml:2: khóa `book` xuất hiện hai lần."),
        (("--lang", "ru"), "vi_VN.UTF-8", "bad.yaml:2: ключ `book` встречается дважды."),
        (("--lang", "kk"), "vi_VN.UTF-8", "bad.yaml:2: `book` кілті екі рет тұр."),
    ],
)
def test_the_command_answers_in_the_language_of_the_terminal(
    arguments: tuple[str, ...],
    environment: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LC_ALL", environment)
    (tmp_path / "bad.yaml").write_text("book: a\nbook: b\n")
    assert main(["rules", "check", str(tmp_path), *arguments]) == 1
    assert said in capsys.readouterr().err
