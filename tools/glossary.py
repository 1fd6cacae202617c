"""The glossary: complete, without doubles, and spoken by every docstring that gives vi and kk terms."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools import tree

LANGUAGES = ("en", "vi", "kk", "ru")
DEFINED = ("en", "vi")
SPOKEN = re.compile(r"\(vi:\s*([^;()]+);\s*kk:\s*([^;()]+)\)")

Terms = Mapping[str, Mapping[str, Any]]


def read(path: Path = tree.ROOT / "docs" / "glossary.toml") -> Terms:
    """Read the terms by their key."""
    return tomllib.loads(path.read_text())


def faults(terms: Terms) -> Iterator[str]:
    """Yield incomplete terms, and words that stand for two terms without saying so."""
    for key, term in terms.items():
        gaps = [language for language in LANGUAGES if not str(term.get(language, "")).strip()]
        yield from (f"{key} has no {language} term" for language in gaps)
        definitions = term.get("definition", {})
        yield from (f"{key} is not defined in {one}" for one in DEFINED if not definitions.get(one))
    for language in LANGUAGES:
        yield from _doubles(terms, language)


def _doubles(terms: Terms, language: str) -> Iterator[str]:
    owners: dict[str, list[str]] = {}
    for key, term in terms.items():
        owners.setdefault(str(term.get(language, "")).casefold(), []).append(key)
    for word, keys in owners.items():
        sharing = [key for key in keys if language in terms[key].get("shares", [])]
        if word and len(keys) > 1 and sharing != keys:
            yield f"{word!r} ({language}) stands for {' and '.join(keys)}"
        if len(keys) == 1 and sharing:
            yield f"{keys[0]} says that it shares its {language} term, but it does not"


def spoken(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield line, vi term and kk term of each class or package docstring that names them."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef | ast.Module):
            line = getattr(node, "lineno", 1)
            text = " ".join((ast.get_docstring(node) or "").split())
            yield from ((line, vi.strip(), kk.strip()) for vi, kk in SPOKEN.findall(text))


def disagreements(path: Path, terms: Terms) -> Iterator[str]:
    """Yield the docstrings of one file whose pair of terms the glossary does not hold."""
    pairs = {(str(term["vi"]).casefold(), str(term["kk"]).casefold()): key for key, term in terms.items()}
    known = {word: key for pair, key in pairs.items() for word in pair}
    for line, vi, kk in spoken(path):
        if (vi.casefold(), kk.casefold()) not in pairs:
            near = known.get(vi.casefold()) or known.get(kk.casefold())
            hint = f"; [{near}] is {terms[near]['vi']} / {terms[near]['kk']}" if near else ""
            yield f"{tree.shown(path)}:{line}: (vi: {vi}; kk: {kk}) is not in docs/glossary.toml{hint}"
