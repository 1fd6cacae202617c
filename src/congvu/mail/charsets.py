"""Bytes to text for mail, whatever the label says: never raises, linear in length."""

import re
import string
import unicodedata
from encodings.aliases import aliases
from functools import lru_cache
from itertools import islice

# Text encodings that mail may name; punycode, escapes and their like are codecs but no charsets.
_CHARSET = re.compile(r"utf|ascii|iso|latin|cp|koi8|gb|big5|euc|shift|hz|mac|tis")
_KNOWN = {name for name in aliases.values() if _CHARSET.match(name)}
_MULTIBYTE = re.compile(r"utf_(7|16|32)|iso2022|hz|gb|big5|euc|shift|cp(932|949|950)$|johab")
_SENSELESS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]+")
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r"))
_RARE = 8  # of so many letters one may be broken
_SAMPLE = 4_000  # octets by which a charset is guessed, from the first letter that is not ASCII
_LETTERS = string.ascii_letters.encode()
_HIGH_LETTERS = bytes(range(0xC0, 0x100))
_HIGH = re.compile(rb"[\xc0-\xff]")
_VIETNAMESE_TONE = re.compile(
    rb"[AEIOUYaeiouy\xc2\xc3\xca\xd4\xd5\xdd\xe2\xe3\xea\xf4\xf5\xfd][\xcc\xd2\xde\xec\xf2]"
)
# Marks over one letter; composing sorts them, and a hundred thousand of them would take minutes.
_TALLEST = 30  # as the Stream-Safe Text Format has it (UAX #15, 13)
_DOUBLE_MARKS = "\u0f73\u0f75\u0f81"  # no marks by their class, two of them when taken apart
_MARKS = "".join(letter for letter in map(chr, range(0x300, 0xD800)) if unicodedata.combining(letter))
_STACK = re.compile(f"[{_MARKS}{_DOUBLE_MARKS}\ufb1e\ufe20-\ufe2f\U00010000-\U0010ffff]{{{_TALLEST + 1},}}")
_SLOW = re.compile("[\U0001d15e-\U0001d1c0\U0002f800-\U0002fa1f]")  # 0.3 µs each to compose, and needless
_VIETNAMESE_LETTER = re.compile(rb"[\xd0\xf0\xdd\xfd\xd5\xf5\xc3\xe3]")


def decode(data: bytes, *, declared: str = "") -> tuple[str, bool]:
    """Decode bytes to composed text without control characters, and tell whether the label was right.

    A known multi-byte label is believed first, UTF-8 next, then a one-byte label, then a multi-byte one with some
    broken letters; then the most likely of
    windows-1258, windows-1251 and windows-1252; Latin-1 takes what is left. Line ends become line feeds.
    """
    codec = _codec(declared)
    if data.isascii() and not _MULTIBYTE.match(codec):
        return _clean(data.decode("ascii")), True
    trials = [codec, "utf_8"] if _MULTIBYTE.match(codec) else ["utf_8", codec]
    for trial in filter(None, trials):
        text = _attempt(data, trial)
        if text is not None:
            return _clean(text), trial == codec or not declared
    text = _mostly(data, codec) or _attempt(data, _guess(data)) or data.decode("latin-1")
    return _clean(text), False


def without_controls(text: str) -> str:
    """Make one line of a text: control characters and line ends become blanks, lone surrogates go."""
    return " ".join(_SENSELESS.sub(" ", text).split())


@lru_cache(256)
def _codec(declared: str) -> str:
    """Find Python's name for a declared charset without asking its unbounded registry; "" if unknown."""
    name = re.sub(r"[^a-z0-9]+", "_", declared[:40].lower()).strip("_")
    name = aliases.get(name, name)
    return name if name in _KNOWN else ""


def _attempt(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _mostly(data: bytes, codec: str) -> str | None:
    """Believe a multi-byte label in which only a letter here and there is broken."""
    if not _MULTIBYTE.match(codec) or codec == "utf_7":  # which takes long to be read with its faults
        return None
    try:
        text = data.decode(codec, "replace")
    except (UnicodeError, LookupError, ValueError):
        return None
    return text if text.count("\ufffd") * _RARE < len(text) else None


def _guess(data: bytes) -> str:
    """Choose among the code pages of this part of the world by what their letters look like."""
    first = _HIGH.search(data)
    start = max(first.start() - 1, 0) if first else 0
    sample = data[start : start + _SAMPLE]
    if _VIETNAMESE_LETTER.search(sample) and len(list(islice(_VIETNAMESE_TONE.finditer(sample), 2))) > 1:
        return "cp1258"
    is_cyrillic = _count(sample, _HIGH_LETTERS) > _count(sample, _LETTERS)
    return "cp1251" if is_cyrillic else "cp1252"


def _count(sample: bytes, octets: bytes) -> int:
    return len(sample) - len(sample.translate(None, octets))


def composed(text: str) -> str:
    """Compose letters with their marks (NFC), of which at most thirty stand over one letter; linear in length."""
    if text.isascii():
        return text
    flat = _STACK.sub(_flattened, text)
    return flat if _SLOW.search(flat) else unicodedata.normalize("NFC", flat)


def _flattened(match: re.Match[str]) -> str:
    kept, height = [], 0
    for letter in match[0]:
        height = height + 1 if unicodedata.combining(letter) or letter in _DOUBLE_MARKS else 0
        if height <= _TALLEST:
            kept.append(letter)
    return "".join(kept)


def sensible(text: str) -> str:
    """Take control characters and lone surrogates out of a text, save line feeds and tabs."""
    return text.encode("utf-8", "ignore").translate(None, _CONTROLS).decode()


def _clean(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return composed(sensible(lines))
