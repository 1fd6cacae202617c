"""HTML made flat and balanced before it is cleaned, so that no page can make the cleaner slow.

The cleaner (nh3) decides what is safe, and needs quadratic time for 20,000 nested elements or attributes
(1 s and more, measured). What it is given here is balanced and bounded by construction.
"""

import re
from itertools import islice

from congvu.mail.headers import Allowance

DEEPEST = 100  # elements in elements; what is deeper stays as text without its tags
MANY_ATTRIBUTES = 20
LONGEST_VALUE = 4_000  # characters of an attribute; the cleaner needs quadratic time for some
STEPS = 20_000  # what taming and cleaning one page may cost, about a microsecond each

VOID = frozenset(("br", "hr", "img", "col"))
_TAG = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})(?![a-zA-Z0-9:-])((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>"
)
# The cleaner needs quadratic time to write U+0080 to U+00BF in a long text. A comment, which it takes out, parts it;
# forty characters after the last ampersand no reference is cut.
_LONG_TEXT = re.compile(r".{500}[^&]{0,40}", re.DOTALL)
_ATTRIBUTE = re.compile(r"([a-zA-Z][a-zA-Z-]*+)\s*+(?:=\s*+(\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++))?")
_OTHER = re.compile(r"<[a-zA-Z/!?]")
_HIDDEN_WORDS = "script style title textarea xmp noembed noframes template iframe noscript select"
_BLOCK_WORDS = "address blockquote center div dl figure h1 h2 h3 h4 h5 h6 hr ol p pre table ul li dd dt"
_HIDDEN, _BLOCKS = frozenset(_HIDDEN_WORDS.split()), frozenset(_BLOCK_WORDS.split())
_OF_TABLE = frozenset(("table", "tbody", "thead", "tfoot"))
# An opening tag ends the nearest of these elements, if none of those stands between.
_ENDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "li": (("li",), ("ul", "ol", "table")),
    "dt": (("dt", "dd"), ("dl", "table")),
    "dd": (("dt", "dd"), ("dl", "table")),
    "td": (("td", "th"), ("table",)),
    "th": (("td", "th"), ("table",)),
    "tr": (("tr",), ("table",)),
    "tbody": (("tbody", "thead", "tfoot"), ("table",)),
    "thead": (("tbody", "thead", "tfoot"), ("table",)),
    "tfoot": (("tbody", "thead", "tfoot"), ("table",)),
    "a": (("a",), ("table",)),
}


def tame(page: str, *, tags: frozenset[str]) -> tuple[str, str]:
    """Return a page with the given tags only, each closed, at most `DEEPEST` deep, and what was too much of it.

    The second is empty unless there are very many tags: the page as it is, from where the allowance was used up.
    """
    return _Tamer(page, tags).run()


class _Tamer:
    def __init__(self, page: str, tags: frozenset[str]) -> None:
        self._page, self._lower, self._tags = page, page.lower(), tags
        self._out: list[str] = []
        self._open: list[str] = []
        self._allowance = Allowance(STEPS)
        if len(self._lower) != len(page):  # letters that grow in lower case would shift every place
            self._lower = page

    def run(self) -> tuple[str, str]:
        position, at = 0, self._page.find("<")
        while at != -1 and self._allowance.left > 0 and (position := self._show(position, at)) == at:
            position = self._take(at)
            at = self._page.find("<", position)
        if at == -1:
            position = self._show(position, len(self._page))
        self._close(0)
        return "".join(self._out), self._page[position:]

    def _show(self, start: int, end: int) -> int:
        """Take text over, up to a reference for which nothing is left; return where that is."""
        pieces = self._page[start:end].split("&", max(self._allowance.left // 2, 0) + 1)
        self._allowance.take(2 * len(pieces) + 1)
        if self._allowance.left <= 0 and len(pieces) > 1:
            end -= len(pieces.pop()) + 1
        text = "&".join(pieces)
        if text.strip(" \t\n\f\r"):
            self._enter_cell()
        is_quick = text.isascii() and len(pieces) == 1
        self._out.append(text if is_quick else _LONG_TEXT.sub(r"\g<0><!---->", text))
        return end

    def _enter_cell(self) -> None:
        """Give text that stands in a table and in no cell a cell; else the cleaner moves it, and joins it all again."""
        if self._open[-1:] == ["colgroup"]:
            self._close(len(self._open) - 1)
        inner = self._open[-1] if self._open else ""
        missing = ["td"] if inner == "tr" else ["tr", "td"] if inner in _OF_TABLE else []
        self._out.extend(f"<{name}>" for name in missing)
        self._open += missing

    def _take(self, at: int) -> int:
        """Take what begins with a `<`; return where to go on."""
        if self._page.startswith("<!--", at):
            return self._behind("-->", at + 4)
        match = _TAG.match(self._page, at)
        if not match:
            return self._take_odd(at)
        name = match[2].lower()
        if name in _HIDDEN and not match[1]:
            return self._behind(">", self._behind(f"</{name}", match.end()))
        if name in self._tags:
            self._end(name) if match[1] else self._begin(name, match[3])
        return match.end()

    def _take_odd(self, at: int) -> int:
        """Drop what looks like markup up to the next bracket; show any other `<` as such."""
        if not _OTHER.match(self._page, at):
            self._out.append("&lt;")
            return at + 1
        following = self._page.find("<", at + 1)
        reach = len(self._page) if following < 0 else following
        end = self._page.find(">", at, reach)
        return reach if end < 0 else end + 1

    def _behind(self, mark: str, start: int) -> int:
        found = self._lower.find(mark, start)
        return len(self._page) if found < 0 else found + len(mark)

    def _begin(self, name: str, attributes: str) -> None:
        if name in _ENDS:
            self._end_nearest(*_ENDS[name])
        if name in _BLOCKS and self._open[-1:] == ["p"]:
            self._close(len(self._open) - 1)
        is_void = name in VOID
        if not is_void and len(self._open) >= DEEPEST:
            return
        found = islice(_ATTRIBUTE.finditer(attributes), MANY_ATTRIBUTES)
        written = [f' {match[1]}="{_value(match[2] or "")}"' for match in found if not _is_endless(match)]
        self._allowance.take(len(written) + 2 * attributes.count("&"))
        self._out.append(f"<{name}{''.join(written)}>")
        if not is_void:
            self._open.append(name)

    def _end(self, name: str) -> None:
        """Close an element; a cell is left only by what belongs to its table."""
        is_of_table = name in {"table", "td", "th", "tr", "tbody", "thead", "tfoot"}
        self._end_nearest((name,), ("table",) if is_of_table else ("td", "th", "table"))

    def _end_nearest(self, names: tuple[str, ...], borders: tuple[str, ...]) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place] in names:
                self._close(place)
                return
            if self._open[place] in borders:
                return

    def _close(self, place: int) -> None:
        self._out.extend(f"</{name}>" for name in reversed(self._open[place:]))
        del self._open[place:]


def _is_endless(attribute: re.Match[str]) -> bool:
    """Tell whether an attribute is longer than any should be, and is no picture's own bytes."""
    value = attribute[2] or ""
    return len(value) > LONGEST_VALUE and not (
        value.isascii() and value.lstrip("\"'\t\n\f\r ").startswith("data:")
    )


def _value(text: str) -> str:
    bare = text[1:-1] if text[:1] in {'"', "'"} else text
    return bare.replace('"', "&quot;")
