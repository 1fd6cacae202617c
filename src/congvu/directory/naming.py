"""How people, units and addresses are written: clean texts, and local parts made from names."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from congvu.base.fold import fold

TEXT_LIMIT = 200
LOCAL_LIMIT = 64  # octets, RFC 5321 section 4.5.3.1.1
LOCAL_PART = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
CODE = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")  # it stands in addresses and in the origin of a log
DOMAIN = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]|localhost"
)
LANGUAGE = re.compile(r"[a-z]{2,3}")
# Names that every mail system keeps for its own duties: RFC 2142, RFC 5321 section 4.5.1, and custom.
RESERVED = frozenset(
    {
        "abuse", "admin", "administrator", "hostmaster", "info", "mailer-daemon", "marketing",
        "news", "nobody", "noc", "noreply", "no-reply", "postmaster", "root",
        "sales", "security", "support", "usenet", "uucp", "webmaster", "www",
    }
)  # fmt: skip
# Russian letters as ICAO Doc 9303 part 3 writes them; Kazakh letters as their nearest Latin ones.
_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
        "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
        "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y",
        "ь": "", "э": "e", "ю": "iu", "я": "ia",
        "ә": "a", "ғ": "g", "қ": "q", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i",
    }
)  # fmt: skip


class TextError(Exception):
    """A text, code or address is not written as it must be."""


class BlankTextError(TextError):
    """A name or title has no letters."""


class LongTextError(TextError):
    """A name or title is longer than 200 characters."""


class ControlCharacterError(TextError):
    """A name or title holds a character that cannot be printed."""


class BadCodeError(TextError):
    """A code is not lowercase letters and digits joined by points, hyphens or underscores."""


class BadSlugError(TextError):
    """An agency's slug is not 2 to 40 lowercase letters, digits and hyphens between them."""


class BadLocalPartError(TextError):
    """The part before the @ is not lowercase letters and digits joined by points, hyphens or underscores."""


class ReservedLocalPartError(TextError):
    """The part before the @ is kept for the mail system or for an office (RFC 2142)."""


class BadDomainError(TextError):
    """A mail domain is not a host name in ASCII."""


def clean_text(text: str) -> str:
    """Return a name or title in NFC with single spaces; raises one of this module's errors."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"} for letter in clean):
        raise ControlCharacterError(text)
    if not any(letter.isalnum() for letter in clean):
        raise BlankTextError(text)
    if len(clean) > TEXT_LIMIT:
        raise LongTextError(text)
    return clean


def clean_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Return clean texts by language; those left blank are dropped, one at least must stay."""
    found = {language: clean_text(text) for language, text in texts.items() if text.strip()}
    if not found or not all(LANGUAGE.fullmatch(language) for language in found):
        raise BlankTextError(str(texts))
    return found


def clean_code(code: str) -> str:
    """Return a unit's or post's code in lowercase; raises BadCodeError."""
    clean = code.strip().lower()
    if not CODE.fullmatch(clean) or len(clean) > 40:  # noqa: PLR2004 -- the width of the column
        raise BadCodeError(code)
    return clean


def clean_slug(slug: str) -> str:
    """Return an agency's slug in lowercase; raises BadSlugError."""
    clean = slug.strip().lower()
    if not SLUG.fullmatch(clean) or not 2 <= len(clean) <= 40:  # noqa: PLR2004 -- the width of the column
        raise BadSlugError(slug)
    return clean


def clean_domain(domain: str) -> str:
    """Return a mail domain in lowercase; raises BadDomainError."""
    clean = domain.strip().lower().rstrip(".")
    if not DOMAIN.fullmatch(clean):
        raise BadDomainError(domain)
    return clean


def clean_local_part(local_part: str, *, reserved: bool = False) -> str:
    """Return a chosen local part in lowercase; a reserved one only for an office (`reserved`)."""
    clean = local_part.strip().lower()
    if not LOCAL_PART.fullmatch(clean) or len(clean) > LOCAL_LIMIT:
        raise BadLocalPartError(local_part)
    if clean in RESERVED and not reserved:
        raise ReservedLocalPartError(local_part)
    return clean


def latin(text: str) -> str:
    """Return text in lowercase ASCII letters, digits and spaces: marks off, Cyrillic as Latin."""
    letters = fold(text).translate(_CYRILLIC)
    bare = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def local_part_from(
    full_name: str, *, is_taken: Callable[[str], bool], numbers: dict[str, int] | None = None
) -> str:
    """Return a free local part made from a name: `nguyen.van.an`, then `nguyen.van.an2` and so on.

    `numbers` remembers over many calls which number came last, so that the hundredth namesake is found at once.
    """
    stem = latin(full_name).replace(" ", ".")[: LOCAL_LIMIT - 8].strip(".") or "person"
    if stem not in RESERVED and not is_taken(stem):
        return stem
    number = 2 if numbers is None else numbers.get(stem, 2)
    while is_taken(f"{stem}{number}"):
        number += 1
    if numbers is not None:
        numbers[stem] = number + 1
    return f"{stem}{number}"
