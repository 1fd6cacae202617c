"""One fold for indexing and for asking, so that an official may type without marks."""

import unicodedata

_LATIN_END = 0x250
_FIXED = {ord(letter): plain for letter, plain in zip("đıłøё", "diloе", strict=True)}
_KAZAKH = str.maketrans("әғқңөұүһі", "агкноуухи")


class _Bases(dict[int, str]):
    """Letters without their marks, each found when it is first asked for."""

    def __missing__(self, code: int) -> str:
        base = self[code] = _FIXED.get(code) or _base(chr(code))
        return base


_BASES = _Bases()


def fold(text: str) -> str:
    """Return lowercase text without Vietnamese tone and vowel marks; Cyrillic letters stay whole."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text).lower().translate(_BASES)


def fold_kazakh_as_russian(text: str) -> str:
    """Return the fold with Kazakh letters as they are typed on a Russian keyboard."""
    return as_russian(fold(text))


def as_russian(folded: str) -> str:
    """Return folded text with Kazakh letters as they are typed on a Russian keyboard."""
    return folded if folded.isascii() else folded.translate(_KAZAKH)


def _base(letter: str) -> str:
    decomposed = unicodedata.normalize("NFD", letter)
    if ord(decomposed[0]) >= _LATIN_END and not unicodedata.combining(decomposed[0]):
        return letter
    return "".join(part for part in decomposed if not unicodedata.combining(part))
