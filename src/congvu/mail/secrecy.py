"""Marks of state secrecy on what comes in: a marked message is refused at every door."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal

Mark = Literal["secret", "top_secret", "special_importance"]

FIRST_LINES = 40  # the stamp stands at the head of a document
LONGEST_LINE = 80  # and alone on its line

REFUSAL_EN = (
    "Refused: this message carries a mark of state secrecy. The Law on Protection of State Secrets\n"
    "No. 117/2025/QH15 keeps state secrets off networked systems (article not established here).\n"
    "Nothing of it was stored. Hand the document over on paper or by the means that your unit in\n"
    "charge of state secrets provides. If it is no state secret, remove the mark and send it again."
)
REFUSAL_VI = (
    "Từ chối: thư mang dấu chỉ độ mật của bí mật nhà nước. Luật Bảo vệ bí mật nhà nước\n"
    "số 117/2025/QH15 không cho phép đưa bí mật nhà nước lên hệ thống mạng (chưa xác định điều).\n"
    "Hệ thống không lưu nội dung. Hãy chuyển tài liệu bằng giấy hoặc bằng phương tiện do bộ phận\n"
    "phụ trách bí mật nhà nước cung cấp. Nếu không phải bí mật nhà nước, hãy bỏ dấu mật và gửi lại."
)

_RANK: dict[Mark, int] = {"secret": 1, "top_secret": 2, "special_importance": 3}
_STAMPS: dict[str, Mark] = {
    "mật": "secret",
    "tối mật": "top_secret",
    "tuyệt mật": "special_importance",
    "құпия": "secret",
    "өте құпия": "top_secret",
    "секретно": "secret",
    "совершенно секретно": "top_secret",
    "сов. секретно": "top_secret",
    "особой важности": "special_importance",
}
_TYPED_WITHOUT_MARKS: dict[str, Mark] = {"TOI MAT": "top_secret", "TUYET MAT": "special_importance"}
# "tối mật" and its like occur in no other word: they may stand at the edge of a title without a separator
_UNMISTAKABLE = ("tối mật", "tuyệt mật", "өте құпия", "совершенно секретно", "сов. секретно")

_ROOTS = ("mật", "құпия", "секретно", "особойважности", "toimat", "tuyetmat")

_DECORATION = " \t\"'“”«»*_=#~|/\\<>!.,-–—[](){}"
_LABEL = re.compile(
    r"(?:(?:mức )?độ mật|dấu (?:chỉ )?độ mật|cấp độ mật|гриф(?: секретности)?"
    r"|құпиялылық (?:белгісі|дәрежесі))\s*[:\-–—]\s*(?P<stamp>.+)",
    re.IGNORECASE,
)
_COPY_NUMBER = re.compile(r"\s*(?:экз(?:емпляр)?|дана|bản số)\.?\s*№?\s*\d+\s*$", re.IGNORECASE)
_BRACKETED = re.compile(r"^\s*[\[({«]([^\])}»]{2,30})[\])}»]|[\[({«]([^\])}»]{2,30})[\])}»]\s*$")
_ANSWER = re.compile(r"^(?:\s*(?:re|fwd?|tl|trả lời|chuyển tiếp|отв|ответ|жауап)\s*:)+\s*", re.IGNORECASE)
_HEAD = re.compile(r"^\s*(.{2,30}?)\s*(?:[:|–—]|\s-|-\s)")
_TAIL = re.compile(r"(?:[:|–—]|\s-|-\s)\s*([^:|–—]{2,30})$")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def marking(*, subject: str, filenames: Iterable[str] = (), lines: Iterable[str] = ()) -> Mark | None:
    """Find the highest mark of state secrecy that stands as a mark, not inside a word or sentence.

    Of the text only the first `FIRST_LINES` lines are read, each as a whole. Marks: mật, tối mật,
    tuyệt mật (Law 117/2025/QH15), құпия, өте құпия, and секретно, совершенно секретно, особой важности.
    """
    titles = [subject, *(_stem(name) for name in filenames)]
    heads = [line for line in islice(lines, FIRST_LINES) if len(line) <= LONGEST_LINE]
    found = [_of_title(_plain(title)) for title in titles if _may_hold(title)]
    if _may_hold("\n".join(heads)):
        found += [_of_line(_plain(line)) for line in heads]
    return highest(found)


def highest(marks: Iterable[Mark | None]) -> Mark | None:
    """Return the gravest of some marks."""
    return max((mark for mark in marks if mark), key=_RANK.__getitem__, default=None)


def _may_hold(text: str) -> bool:
    """Tell in a glance whether a closer look is worth while: most mail holds none of the words."""
    composed = text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    squeezed = "".join(composed.lower().split())
    return any(root in squeezed for root in _ROOTS)


def _plain(text: str) -> str:
    """Compose letters (NFC), drop invisible characters, make every run of white space one blank."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text[:1000])).split())


def _stem(filename: str) -> str:
    return filename.rpartition("/")[2].rpartition(".")[0].replace("_", " ") or filename


def _of_title(title: str) -> Mark | None:
    bare = _ANSWER.sub("", title)
    return _of_line(bare) or next((mark for part, bold in _parts(bare) if (mark := _stamp(part, bold))), None)


def _parts(title: str) -> Iterator[tuple[str, bool]]:
    """Yield the places of a title where a stamp is put, and whether the place alone makes it a stamp."""
    for match in _BRACKETED.finditer(title):
        yield match.group(1) or match.group(2), True
    for pattern in (_HEAD, _TAIL):
        if match_ := pattern.search(title):
            yield match_.group(1), False
    for stamp in _UNMISTAKABLE:
        for edge in (title[: len(stamp)], title[-len(stamp) :]):
            if edge.isupper() and edge.lower() == stamp:
                yield edge, False


def _of_line(line: str) -> Mark | None:
    """Read a line that is nothing but a stamp, with its decoration, label or copy number."""
    bare = _COPY_NUMBER.sub("", line).strip(_DECORATION)
    if labelled := _LABEL.fullmatch(bare):
        return _STAMPS.get(labelled["stamp"].strip(_DECORATION).lower())
    tokens = bare.split(" ")
    if len(tokens) > 2 and all(len(token) == 1 for token in tokens):  # noqa: PLR2004 -- "M Ậ T" spaced out
        return _spaced(bare)
    return _stamp(bare, is_bold=False)


def _spaced(letters: str) -> Mark | None:
    joined = letters.replace(" ", "").lower()
    return next((mark for stamp, mark in _STAMPS.items() if stamp.replace(" ", "") == joined), None)


def _stamp(text: str, is_bold: bool) -> Mark | None:  # noqa: FBT001 -- private, read at two places
    """Look a stamp up; a single word counts only as it is stamped, since mật is also honey."""
    bare = text.strip(_DECORATION)
    mark = _STAMPS.get(bare.lower())
    if mark is None:
        return _TYPED_WITHOUT_MARKS.get(bare) if is_bold else None
    if bare.lower() in _UNMISTAKABLE or bare.isupper():
        return mark
    is_capitalized = bare[:1].isupper()
    return mark if is_capitalized and (is_bold or bare.lower() != "mật") else None
