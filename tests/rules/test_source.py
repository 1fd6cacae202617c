"""Hostile and broken files: refused in words, with a line, soon; never a traceback."""

import time
from random import Random
from typing import Any

import pytest

from congvu.rules import checks
from congvu.rules.loader import read_book
from congvu.rules.source import DEPTH, LIMIT, UnreadableError, parse
from tests.rules import statutes
from tests.rules.planted import plain, written

CALENDARS = statutes.calendars()
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
REFUSED = {
    "a billion laughs": (LAUGHS, 1, "anchors and aliases are not allowed."),
    "an anchor on a key": ("&a book: b\n", 1, "anchors and aliases are not allowed."),
    "a tag on a list": ("book: !!python/object/apply:os.system ['true']\n", 1, "tags are not allowed."),
    "a tag on a word": ("a: 1\nb: !!int abc\n", 2, "tags are not allowed."),
    "endless lists": ("[" * 100_000, 1, "values are nested too deep."),
    "endless mappings": ("".join(f"{' ' * one}a:\n" for one in range(40)), DEPTH + 2, "values are nested too deep."),
    "a zero octet": ("book: a\x00b\n", 1, "this is not YAML"),
    "a bell": ("book: a\x07b\n", 1, "this is not YAML"),
    "UTF-16": ("book: a\n".encode("utf-16"), 1, "the file is not UTF-8."),
    "a byte that is no UTF-8": (b"book: a\n\xff\n", 1, "the file is not UTF-8."),
    "a key twice": ("a: 1\nb: 2\na: 3\n", 3, "the key `a` stands twice."),
    "a tab": ("book:\n\t- a\n", 2, "this is not YAML"),
    "a number of ten thousand digits": (f"a: 1\nversion: {'9' * 10_000}\n", 2, "is neither a number nor a day."),
    "a day that does not exist": ("a: 1\nday: 2026-02-30\n", 2, "`2026-02-30` is neither a number nor a day."),
    "a fraction": ("a: 1.5\n", 1, "values of the type `float` are not used."),
    "a number in hexadecimal": ("a: 0x1F\n", 1, "values of the type `float` are not used."),
    "a second document": ("a: 1\n---\nb: 2\n", 2, "a second document begins."),
    "a list for a key": ("? [a]\n: b\n", 1, "a key must be one plain word."),
    "an open bracket": ("a: [1, 2\nb: 3\n", 2, "this is not YAML"),
    "an open quote": ("a: 'x\n", 2, "this is not YAML"),
    "nothing": ("", 1, "the file is empty."),
    "a remark": ("# nothing\n", 1, "the file is empty."),
    "too much": ("a: '" + "x" * LIMIT + "'\n", 1, "the file is larger than 8,000,000 octets."),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_with_its_line_and_a_mend(name: str) -> None:
    content, line, what = REFUSED[name]
    began = time.monotonic()
    with pytest.raises(UnreadableError) as caught:
        parse(content if isinstance(content, bytes) else content.encode(), name="bad.yaml")
    assert time.monotonic() - began < 10
    problem = caught.value.problem
    assert (problem.file, problem.line) == ("bad.yaml", line)
    assert what in str(problem.what)
    assert str(problem.mend)


def test_a_mark_of_byte_order_is_no_fault() -> None:
    assert parse("book: a\n".encode("utf-8-sig"), name="a.yaml") == parse(b"book: a\n", name="a.yaml")


def told(text: bytes, name: str = "law.yaml") -> int:
    """Return how many problems a changed book has; a traceback fails the test."""
    loaded = read_book(text, name=name)
    others = [one for one in OTHERS if one.file != name]
    found = [
        *loaded.problems,
        *checks.problems([*others, *([loaded.book] if loaded.book else [])], CALENDARS),
    ]
    assert all(one.file and one.line >= 1 and one.what and one.mend for one in found)
    assert all(str(one) for one in found)
    return len(found)


OTHERS = statutes.books()
LAW = statutes.STATUTES["law.yaml"]


@pytest.mark.parametrize("seed", range(60))
def test_noise_in_a_file_never_makes_a_traceback(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 -- a seed, no secret
    octets = bytearray(LAW.encode())
    for _ in range(rng.randint(1, 12)):
        place = rng.randrange(len(octets))
        noise = rng.choice(
            [
                b"",
                b":",
                b"[",
                b"{",
                b"- ",
                b"\n",
                b"\t",
                b"null",
                b"~",
                b"9" * 30,
                b"\xff",
                b"'",
                b"&a ",
                b"\n\n  ",
            ]
        )
        octets[place : place + rng.randint(0, 20)] = noise
    told(bytes(octets))


STRANGE: list[Any] = [None, True, -1, 0, 10**40, "", " ", "x" * 5000, [], {}, [[]], [None], {"a": {}}, [{}], "2026-02-30", "../..", "a/b/c", {"kind": []}, {"within": {"day": []}}, [["a"], {"b": 1}], "🦆", "\u202e"]  # fmt: skip


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return every place in nested data."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return (
        [way, *(one for key, inner in steps for one in places(inner, (*way, key)))] if way or steps else [way]
    )


@pytest.mark.parametrize("seed", range(120))
def test_a_strange_value_anywhere_never_makes_a_traceback(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 -- a seed, no secret
    data = plain(LAW)
    for _ in range(3):
        *way, last = rng.choice([one for one in places(data) if one])
        inner: Any = data
        for key in way:
            inner = inner[key]
        inner[last] = rng.choice(STRANGE)
    told(written(data).encode())
