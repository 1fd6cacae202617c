"""Reading located values into fields: every complaint is collected with its line, nothing is raised."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time
from difflib import get_close_matches

from congvu.base.texts import Texts
from congvu.rules.book import Value
from congvu.rules.sentences import Sentence
from congvu.rules.sentences import sentence as _
from congvu.rules.source import Located, Problem

LANGUAGES = ("vi", "en", "kk", "ru")


@dataclass
class Reading:
    """One mapping of a file, being read; `where` is what a complaint is about."""

    file: str
    where: Sentence | str
    node: Located
    problems: list[Problem]
    needed: Collection[str] = field(default=())

    def __post_init__(self) -> None:
        self.fields = self.node.value if isinstance(self.node.value, dict) else {}

    def complain(self, what: Sentence, mend: Sentence, *, at: str = "") -> None:
        """Note a problem at the line of a key, or of the whole mapping."""
        line = self.fields[at].line if at in self.fields else self.node.line
        self.problems.append(Problem(file=self.file, line=line, where=self.where, what=what, mend=mend))

    def keys(self, required: str, optional: str = "") -> None:
        """Complain of a value that is no mapping, of unknown keys and of missing ones."""
        if not isinstance(self.node.value, dict):
            self.complain(_("a mapping is expected here."), _("Write `key: value` lines."))
            return
        known = required.split() + optional.split()
        for key in self.fields:
            if key not in known:
                self.complain(_("unknown key `%(key)s`.", key=key), _hint(key, known), at=key)
        for key in required.split():
            if key not in self.fields:
                self.complain(_("the key `%(key)s` is missing.", key=key), _("Add `%(key)s:`.", key=key))

    def inner(self, key: str, where: str = "") -> "Reading | None":
        """Return the mapping under a key, None when the key is absent."""
        node = self.fields.get(key)
        return None if node is None else replace(self, node=node, where=where or self.where)

    def each(self, key: str) -> "Iterator[Reading]":
        """Yield the mappings of the list under a key."""
        for node in self.sequence(key):
            yield replace(self, node=node)

    def sequence(self, key: str) -> list[Located]:
        """Return the list under a key; one value counts as a list of one."""
        node = self.fields.get(key)
        if node is None:
            return []
        return node.value if isinstance(node.value, list) else [node]

    def text(self, key: str, *, known: Collection[str] = (), default: str = "") -> str:
        """Return a word or sentence, complaining when it is none or none of the known ones."""
        node = self.fields.get(key)
        if node is None:
            return default
        return self.word(node, key, known)

    def word(self, node: Located, key: str, known: Collection[str] = ()) -> str:
        """Return one value of a list as a word."""
        if not isinstance(node.value, str) or not node.value.strip():
            self.complain(_("`%(key)s` must be text.", key=key), _("Put it in quotes."), at=key)
            return ""
        if known and node.value not in known:
            what = _("`%(key)s: %(value)s` is not known.", key=key, value=node.value)
            self.complain(what, _hint(node.value, known), at=key)
        return node.value

    def words(self, key: str, *, known: Collection[str] = ()) -> tuple[str, ...]:
        """Return a list of words."""
        return tuple(self.word(node, key, known) for node in self.sequence(key))

    def number(self, key: str, *, default: int = 0) -> int:
        """Return a whole number from 1 to a million."""
        node = self.fields.get(key)
        if node is None:
            return default
        if type(node.value) is not int or not 1 <= node.value <= 1_000_000:  # noqa: PLR2004 -- any sane bound
            self.complain(
                _("`%(key)s` must be a whole number from 1 on.", key=key), _("Write digits only."), at=key
            )
            return max(default, 1)
        return node.value

    def flag(self, key: str) -> bool:
        """Return true or false."""
        node = self.fields.get(key)
        if node is not None and not isinstance(node.value, bool):
            self.complain(
                _("`%(key)s` must be true or false.", key=key), _("Write `true` or `false`."), at=key
            )
        return node is not None and node.value is True

    def day(self, key: str) -> date | None:
        """Return a legal day."""
        node = self.fields.get(key)
        if node is None:
            return None
        try:
            return date.fromisoformat(str(node.value)) if not isinstance(node.value, date) else node.value
        except ValueError:
            self.complain(_("`%(key)s` must be a day.", key=key), _("Write it as 2010-01-31."), at=key)
            return None

    def texts(self, key: str, *, required: Collection[str] = ("vi", "en")) -> Texts:
        """Return `{language: text}`, complaining of a missing language."""
        inner = self.inner(key)
        return {} if inner is None else inner.here(required=required)

    def here(self, *, required: Collection[str] = ("vi", "en")) -> Texts:
        """Return this mapping as `{language: text}`, complaining of a missing language."""
        self.keys(" ".join(required), " ".join(sorted(set(LANGUAGES) - set(required))))
        return {language: self.text(language) for language in self.fields if language in LANGUAGES}

    def parsed(self, key: str, parse: Callable[[str], tuple[time, time]]) -> Iterator[tuple[time, time]]:
        """Yield the spans of hours under a key."""
        for node in self.sequence(key):
            try:
                yield parse(str(node.value))
            except ValueError:
                self.complain(
                    _("`%(value)s` is no span of hours.", value=node.value),
                    _("Write it as 08:00/09:00, earlier first."),
                    at=key,
                )

    def scalar(self, key: str) -> Value | None:
        """Return a word, number or truth value; a day as its text."""
        value = self.fields[key].value
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, (str, int)):
            return value
        if value is not None:
            self.complain(
                _("`%(key)s` must be one word, number or truth value.", key=key),
                _("Write one value."),
                at=key,
            )
        return None


def _hint(said: str, known: Collection[str]) -> Sentence:
    """Return the word that was probably meant, else all that there are."""
    near = get_close_matches(said, known, 1)
    if near:
        return _("Did you mean `%(near)s`?", near=near[0])
    return _("Known are: %(known)s.", known=", ".join(known))
