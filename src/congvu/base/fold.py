"""One fold for indexing and for asking, so that an official may type without marks."""

import unicodedata

_LATIN_END = 0x250
_FIXED = str.maketrans({"đ": "d", "Đ": "d", "ı": "i", "ł": "l", "ø": "o", "ё": "е"})
_KAZAKH = str.maketrans("әғқңөұүһі", "агкноуухи")


def fold(text: str) -> str:
    """Return lowercase text without Vietnamese tone and vowel marks; Cyrillic letters stay whole."""
    lowered = unicodedata.normalize("NFC", text).lower().translate(_FIXED)
    return "".join(_base(letter) for letter in lowered)


def fold_kazakh_as_russian(text: str) -> str:
    """Return the fold with Kazakh letters as they are typed on a Russian keyboard."""
    return fold(text).translate(_KAZAKH)


def _base(letter: str) -> str:
    if letter.isascii():
        return letter
    decomposed = unicodedata.normalize("NFD", letter)
    if ord(decomposed[0]) >= _LATIN_END and not unicodedata.combining(decomposed[0]):
        return letter
    return "".join(part for part in decomposed if not unicodedata.combining(part))
