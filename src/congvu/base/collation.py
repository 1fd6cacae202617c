"""The order of names and words in lists: one for the readers of all four languages.

Vietnamese only adds to the Latin alphabet, and Kazakh only to the Russian one, so that neither order disturbs another.
A key is made of the digits 0 to 9 and the letters a to f: every database sorts those alike.
"""

import unicodedata

from congvu.base.fold import fold

_LATIN = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_CYRILLIC = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_END, _SPACE = "00", "01"
_WEIGHTS = {
    letter: f"{weight:02x}" for weight, letter in enumerate("0123456789" + _LATIN + _CYRILLIC, start=2)
}
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: only where the letters are the same


class _Weighed(dict[str, tuple[str, str]]):
    """The weight and the tone of each letter, found when it is first asked for."""

    def __missing__(self, letter: str) -> tuple[str, str]:
        found = self[letter] = _weigh(letter)
        return found


_WEIGHED = _Weighed()


def key(text: str) -> str:
    """Return what a text is sorted by: its letters, then its tones; case and punctuation do not count."""
    words = unicodedata.normalize("NFC", text.lower()).split()
    weighed = [[_WEIGHED[letter] for letter in word] for word in words]
    letters = _SPACE.join("".join(weight for weight, _ in word) for word in weighed)
    return letters + _END + "".join(tone for word in weighed for _, tone in word)


def person_key(full_name: str) -> str:
    """Return what a person is sorted by: a name in Latin letters by its last word, as Vietnamese lists are, then whole.

    A name in Cyrillic letters begins with the family's and is sorted as it stands.
    """
    *before, last = full_name.split() or [""]
    return key(" ".join([last, *before])) if fold(last[:1]).isascii() else key(full_name)


def _weigh(letter: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", letter)
    tone = next((str(place) for place, mark in enumerate(_TONES, start=1) if mark in parts), "0")
    bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    weight = _WEIGHTS.get(bare) or _WEIGHTS.get(fold(letter))
    if weight is None and not letter.isalnum():
        return "", ""
    return weight or f"ff{ord(letter):06x}", tone
