"""Every letter of the four languages is in a file that was committed, and a page fetches only what it shows."""

import re
import unicodedata
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "src" / "congvu" / "ui" / "static" / "ui"
FACE = re.compile(r'url\("\.\./fonts/([^"]+)"\).*?unicode-range: ([^;]+);')
VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0301\u0303\u0309\u0323"
VIETNAMESE = "đ" + "".join(
    unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in ("", *TONES)
)
LATIN = "abcdefghijklmnopqrstuvwxyz"
RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
KAZAKH = "әғқңөұүһі"
LETTERS = {
    "en": LATIN + LATIN.upper() + "0123456789 .,:;!?–—…“”‘’«»()/%&@#*+-=<>[]{}|~^_$€×·•",
    "vi": VIETNAMESE + VIETNAMESE.upper(),
    "ru": RUSSIAN + RUSSIAN.upper() + "№",
    "kk": KAZAKH + KAZAKH.upper() + RUSSIAN,
}
SMALL = {
    "noto-sans-latin.woff2",
    "noto-sans-vietnamese.woff2",
    "noto-sans-cyrillic.woff2",
    "noto-sans-kazakh.woff2",
}


# A letter that a file lacks falls to the next family; serif and monospace then measure differently.
MEASURE = """async ([address, letters]) => {
  const face = new FontFace("Tried", `url(${address})`);
  await face.load();
  document.fonts.add(face);
  const pen = document.createElement("canvas").getContext("2d");
  const width = (letter, other) => {
    pen.font = `64px Tried, ${other}`;
    return pen.measureText(letter.repeat(4)).width;
  };
  const lacking = [...letters].filter((letter) => width(letter, "serif") !== width(letter, "monospace"));
  document.fonts.delete(face);
  return lacking;
}"""
FETCHED = """() => performance.getEntriesByType("resource").map((entry) => entry.name.split("/").pop())
  .filter((name) => name.endsWith(".woff2")).sort()"""


def faces() -> list[tuple[str, list[tuple[int, int]]]]:
    """Return each file with the ranges that it is declared for, in the order of the style sheet."""
    found = []
    for file, ranges in FACE.findall((STATIC / "css" / "fonts.css").read_text()):
        pairs = [part.strip().removeprefix("U+").split("-") for part in ranges.split(",")]
        found.append((file, [(int(pair[0], 16), int(pair[-1], 16)) for pair in pairs]))
    return found


def file_for(letter: str) -> str:
    """Return the file that a browser takes: the last declared wins."""
    return [file for file, ranges in faces() if any(low <= ord(letter) <= high for low, high in ranges)][-1]


def test_every_declared_file_is_committed_with_its_licence():
    declared = {file for file, _ in faces()}
    assert {path.name for path in (STATIC / "fonts").iterdir()} == {*declared, "OFL.txt"}
    assert "SIL OPEN FONT LICENSE Version 1.1" in (STATIC / "fonts" / "OFL.txt").read_text()


@pytest.mark.parametrize("language", LETTERS)
def test_the_letters_of_a_language_come_from_small_files(language):
    assert {file_for(letter) for letter in LETTERS[language]} - SMALL == set()
    assert sum((STATIC / "fonts" / file).stat().st_size for file in SMALL) < 40_000


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LETTERS)
def test_every_letter_is_drawn_by_the_file_that_is_declared_for_it(opened, live_server, language):
    page = opened("/account/login/")
    for file in {file_for(letter) for letter in LETTERS[language]}:
        letters = "".join(letter for letter in LETTERS[language] if file_for(letter) == file)
        assert page.evaluate(MEASURE, [f"{live_server.url}/static/ui/fonts/{file}", letters]) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_letter_that_a_file_lacks_is_noticed(opened, live_server):
    page = opened("/account/login/")
    address = f"{live_server.url}/static/ui/fonts/noto-sans-vietnamese.woff2"
    assert page.evaluate(MEASURE, [address, "đăa"]) == ["a"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "scripts"),
    [
        ("en", ["latin"]),
        ("vi", ["latin", "vietnamese"]),
        ("ru", ["cyrillic", "latin"]),
        ("kk", ["cyrillic", "kazakh", "latin"]),
    ],
)
def test_a_first_view_fetches_the_reader_s_script_only(opened, language, scripts):
    fetched = opened("/account/login/", language=language).evaluate(FETCHED)
    assert fetched == [f"noto-sans-{script}.woff2" for script in scripts]
