"""The rulebook that ships, and what a broken one is told: file, line, norm, what is wrong, how it is mended."""

import re
import shutil
import time
from pathlib import Path

import pytest

from congvu.rules import shelf
from congvu.rules.cli import register
from tests.rules.worlds import RULEBOOK

MAIL = "vn.binh-duong.mail-2009.yaml"
NORMS = [
    ("MAIL-BD-1", "obligation", "evidence"),
    ("MAIL-BD-2", "obligation", "evidence"),
    ("MAIL-BD-3", "obligation", "evidence"),
    ("MAIL-BD-4", "obligation", "report"),
    ("MAIL-BD-5", "recommendation", "count"),
    ("MAIL-BD-6", "legal_effect", "count"),
    ("MAIL-BD-7", "legal_effect", "count"),
    ("MAIL-BD-8", "obligation", "report"),
    ("MAIL-BD-9", "consequence", "people"),
]


@pytest.fixture
def folder(tmp_path) -> Path:
    """One book and the calendars: the others would only be read again for each test."""
    made = tmp_path / "rulebook"
    shutil.copytree(RULEBOOK / "calendars", made / "calendars")
    shutil.copy(RULEBOOK / MAIL, made)
    return made


def problems(folder: Path) -> list[str]:
    return [str(one) for one in shelf.shelve(folder).problems]


def test_the_rulebook_that_ships_is_whole_and_its_examples_hold():
    assert shelf.shelve(RULEBOOK).problems == ()


def test_every_norm_of_the_regulation_is_there_and_fed_as_decided():
    book = next(one for one in shelf.shelve(RULEBOOK, with_examples=False).books if one.file == MAIL)
    assert [(norm.code, norm.kind, norm.feed) for norm in book.norms] == NORMS
    assert (book.source.number, book.source.signed.isoformat()) == ("82/2009/QĐ-UBND", "2009-12-18")


def test_every_article_that_nobody_read_says_so():
    found = [norm.cite for book in shelf.shelve(RULEBOOK, with_examples=False).books for norm in book.norms]
    assert {one.article for one in found if one.wording in {"press", "none"}} == {"not-established"}


def test_no_book_names_a_web_host():
    for path in RULEBOOK.rglob("*.yaml"):
        assert "://" not in path.read_text()


BROKEN = [
    ("    every: working_day", "    evry: working_day", 62, "check-mailbox: unknown key `evry`. Did you mean `every`?"),
    ('["08:00/09:00"', '["12:00/13:00"', 53, "check-mailbox: the window 12:00/13:00 never opens"),
    ('["08:00/09:00"', '["09:00/08:00"', 63, "check-mailbox: `09:00/08:00` is no span of hours."),
    ('["08:00/09:00"', '["08:00/14:30"', 53, "check-mailbox: the windows 08:00/14:30 and 14:00/15:00 overlap."),
    ("at_most: 480", "at_most: 3", 25, "acknowledge_within: at_least 5 is more than at_most 3"),
    ("kind: mail.mailbox.checked", "kind: mail.mailbox.seen", 64, "check-mailbox: `fulfil` names the event `mail.mailbox.seen`"),
    ("after: acknowledge_within", "after: answer_within", 70, "acknowledge: the parameter `answer_within` is not declared."),
    ('en: "Check the mailbox"', 'kk: "Поштаны тексеру"', 56, "check-mailbox: the key `en` is missing."),
    ("wording: press", "wording: hearsay", 42, "give-address: `wording: hearsay` is not known."),
    ("article: not-established", "article: Điều 7", 42, "give-address: article Điều 7 is cited, and its words come from `press`."),
    ("- id: rating", "- id: acknowledge", 157, "acknowledge: another norm has this id."),
    ("automatic: false, box: [personal", "automatic: maybe, box: [personal", 79, "acknowledge: `automatic` can never be `maybe`. Possible are: true, false."),
    ("same: [message, mailbox]", "same: [message, mailbx]", 81, "acknowledge: `same: mailbx` is not known. Did you mean `mailbox`?"),
    ("calendar: vn", "calendar: fr", 1, "there is no calendar `fr`. Known are: kz, ru, vn."),
    ("status: late, due", "status: fulfilled, due", 260, "example acknowledge: it expects"),
    ("in_force: {from: 2010-01-01}", "in_force: {from: January}", 20, "in_force: `from` must be a day."),
    ("signed: 2009-12-18", "signed: 2009-13-18", 12, "`2009-13-18` is neither a number nor a day."),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "line", "said"), BROKEN, ids=[bad[:30] for _, bad, _, _ in BROKEN])
def test_a_broken_book_is_told_where_and_what(folder, good, bad, line, said):
    path = folder / MAIL
    text = path.read_text()
    assert good in text
    path.write_text(text.replace(good, bad, 1))
    found = problems(folder)
    assert [one for one in found if one.startswith(f"{MAIL}:{line}: {said}")], found


def test_all_problems_are_told_at_once(folder):
    path = folder / MAIL
    text = path.read_text()
    for good, bad, _, _ in BROKEN[:1] + BROKEN[4:9]:
        text = text.replace(good, bad, 1)
    path.write_text(text)
    assert len(problems(folder)) >= 6


def test_overlapping_versions_are_refused_and_following_ones_are_not(folder):
    text = (folder / MAIL).read_text()
    second = folder / "vn.binh-duong.mail-2020.yaml"
    second.write_text(text.replace("version: 1", "version: 2", 1).split("\nscenes:")[0])
    assert [one for one in problems(folder) if "in force at the same time" in one]
    second.write_text(second.read_text().replace("from: 2010-01-01", "from: 2030-01-01"))
    (folder / MAIL).write_text(text.replace("{from: 2010-01-01}", "{from: 2010-01-01, to: 2030-01-01}"))
    assert problems(folder) == []


HOSTILE = {
    "an alias bomb": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b, *b]\n",
    "a Python object": "book: !!python/object/apply:os.system ['true']\n",
    "endless nesting": "[" * 20_000,
    "two keys of one name": "book: a\nbook: b\n",
    "no mapping": "- just\n- a list\n",
    "a number for a book": "42\n",
    "nothing": "",
    "a tab": "book:\n\t- a\n",
    "no UTF-8": b"book: \xff\xfe\n",
    "a zero octet": "book: a\x00b\n",
    "too much": b"a: '" + b"x" * 10_000_000 + b"'\n",
    "many keys": "".join(f"k{number}: {number}\n" for number in range(20_000)),
    "a broken norm": "book: a\nnorms: [1, [2], {id: {a: b}}, null]\nexamples: [3, {given: [{at: 4}]}]\nparameters: [5]\n",
    "strange values": "book: [a]\nversion: -1\ntitle: x\nsource: 7\nin_force: {from: 5, to: []}\nparameters: {a: {unit: 1, at_least: x}}\nnorms: {a: b}\n",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_soon(folder, name):
    content = HOSTILE[name]
    (folder / "bad.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    began = time.monotonic()
    found = problems(folder)
    assert time.monotonic() - began < 20
    assert found
    assert all(one.startswith("bad.yaml:") for one in found)


def test_a_broken_calendar_is_told_too(folder):
    path = folder / "calendars" / "vn.yaml"
    path.write_text(path.read_text().replace('"13:00/17:00"]', '"11:00/17:00"]', 1))
    assert problems(folder)[0].startswith("vn.yaml:8: the hours of monday overlap or touch.")


def test_a_calendar_is_called_as_its_file(folder):
    (folder / "calendars" / "vn.yaml").rename(folder / "calendars" / "la.yaml")
    assert problems(folder)[0] == "la.yaml:3: the calendar is called `vn`. Call it as its file is called."


def test_the_clerk_of_the_rulebook_is_told_on_the_command_line(folder, capsys):
    import argparse  # noqa: PLC0415 -- one use

    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())

    def run(*words: str) -> tuple[int, str, str]:
        arguments = parser.parse_args(["rules", *words])
        code = arguments.run(arguments)
        return (code, *capsys.readouterr())

    code, out, err = run("check", str(folder))
    assert (code, err) == (0, "")
    assert re.fullmatch(r"\d+ books, \d+ norms, \d+ examples, 0 problems\n", out)
    (folder / "bad.yaml").write_text("book: a\nbook: b\n")
    code, out, err = run("check", str(folder))
    assert (code, err) == (1, "bad.yaml:2: the key `book` stands twice. Keep one of the two.\n")
    assert out.endswith("1 problems\n")
    assert run("check", str(folder / "nowhere"))[0] == 2
    assert "encouraged-by-mail" in run("list")[1]
    assert '2026-02-17: "Lunar New Year"' in run("seed", "vn", "2026", "2026")[1]
    assert run("seed", "QQ", "2026", "2026")[0] == 2
