"""The installation's search index behind one small interface (tantivy).

Every document carries its agency and the readers who may see it; a search always names both, inside the index.
One process writes (the clerk); any process reads.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import tantivy
from django.conf import settings

from congvu.base.chunks import chunked
from congvu.base.fold import as_russian, fold

_HEAP = 64_000_000
_TERMS = 1_000  # in one question


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is found: a key inside a kind, its text, who may see it, and by which marks (`name=value`) it is sieved."""

    kind: str
    key: str
    agency: str
    readers: Sequence[str]
    at: datetime
    text: str
    marks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of keys, best or newest first, and how many there are in all."""

    keys: list[str]
    total: int


class Index:
    """The index of one installation."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(settings.CONGVU_DATA) / "search"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(_schema(), path=str(self._folder), reuse=True)

    @contextlib.contextmanager
    def writing(self) -> Iterator["Writer"]:
        """Give a writer; what it wrote is on disk when the block ends."""
        writer = self._index.writer(_HEAP, 1)
        try:
            yield Writer(writer)
            writer.commit()
        finally:
            writer.wait_merging_threads()

    @contextlib.contextmanager
    def rewriting(self) -> Iterator["Writer"]:
        """Give a writer of an empty index, which takes the place of all there is when the block ends.

        Removing a document only marks it; its words leave the disk with the file in which they stand.
        """
        with self.writing() as writer:
            writer.clear()
            yield writer
        last = self._index.writer(_HEAP, 1)
        last.garbage_collect_files()
        last.wait_merging_threads()

    def traces(self, keys: Iterable[str]) -> int:
        """Return how many of these documents are found, and how many files still hold words of removed ones."""
        state = json.loads((self._folder / "meta.json").read_text())
        live = {one["segment_id"].replace("-", "") for one in state["segments"] if not one["deletes"]}
        names = {file.name.split(".")[0] for file in self._folder.iterdir() if not file.name.startswith(".")}
        stale = names - live - {"meta"}
        self._index.reload()
        searcher, found = self._index.searcher(), 0
        for some in chunked(keys, _TERMS):
            query = tantivy.Query.term_set_query(self._index.schema, "key", some)
            found += searcher.search(query, limit=1, count=True).count or 0  # type: ignore[attr-defined]  # as below
        return found + len(stale)

    def search(
        self,
        *,
        kind: str,
        agency: str,
        readers: Sequence[str],
        words: str,
        marks: Sequence[str] = (),
        until: datetime | None = None,
        offset: int = 0,
        limit: int = 25,
    ) -> Hits:
        """Return keys whose text holds all the words, with or without accents; the last word may be a beginning.

        Each has all the marks, and is not newer than `until`.
        """
        terms = _terms(words)
        if not terms or not readers:
            return Hits([], 0)
        self._index.reload()
        query = self._query(kind, agency, readers, terms, marks, until)
        searcher = self._index.searcher()
        found = searcher.search(query, limit=limit, offset=offset, order_by_field="at", count=True)
        keys = [searcher.doc(address).to_dict()["key"][0] for _, address in found.hits]
        return Hits(keys, found.count or 0)  # type: ignore[attr-defined]  # the stub lacks it

    def _query(
        self,
        kind: str,
        agency: str,
        readers: Sequence[str],
        terms: list[str],
        marks: Sequence[str],
        until: datetime | None,
    ) -> tantivy.Query:
        must = tantivy.Occur.Must
        term = tantivy.Query.term_query
        schema = self._index.schema
        parts = [
            (must, term(schema, "kind", kind)),
            (must, term(schema, "agency", agency)),
            (must, tantivy.Query.term_set_query(schema, "readers", list(readers))),
            *((must, term(schema, "readers", one)) for one in marks),
        ]
        if until is not None:
            last = _micros(until)
            parts.append((must, tantivy.Query.range_query(schema, "at", tantivy.FieldType.Integer, 0, last)))
        for position, word in enumerate(terms):
            parts.append((must, self._word(word, is_last=position == len(terms) - 1)))
        return tantivy.Query.boolean_query(parts)

    def _word(self, word: str, *, is_last: bool) -> tantivy.Query:
        schema, should = self._index.schema, tantivy.Occur.Should
        folded = fold(word)
        russian = as_russian(folded)
        ways = [("folded", folded), ("kazakh", russian)]
        if russian != folded:
            ways.append(("folded", russian))  # of a text without Kazakh letters
        queries = [(should, tantivy.Query.term_query(schema, field, text)) for field, text in ways]
        if is_last and len(word) > 1:
            queries += [
                (should, tantivy.Query.fuzzy_term_query(schema, field, text, distance=0, prefix=True))
                for field, text in ways
            ]
        return tantivy.Query.boolean_query(queries)


class Writer:
    """Adds and removes documents within one commit."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer, self._is_empty = writer, False

    def put(self, documents: Iterable[Document]) -> None:
        """Add documents, each in the place of an older one with the same key."""
        for document in documents:
            if not self._is_empty:
                self.remove(document.key)
            self._writer.add_document(_to_tantivy(document))

    def remove(self, key: str) -> None:
        """Remove a document by its key."""
        self._writer.delete_documents_by_term("key", key)

    def clear(self) -> None:
        """Remove everything; each key is then put once."""
        self._writer.delete_all_documents()
        self._is_empty = True


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("kind", "key", "agency", "readers"):
        builder.add_text_field(name, stored=name == "key", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("at", stored=False, indexed=True, fast=True)
    for name in ("exact", "folded", "kazakh"):  # exact: of older indexes, empty now
        builder.add_text_field(name, stored=False, tokenizer_name="default", index_option="position")
    return builder.build()


def _to_tantivy(document: Document) -> tantivy.Document:
    row = tantivy.Document()
    row.add_text("kind", document.kind)
    row.add_text("key", document.key)
    row.add_text("agency", document.agency)
    for one in (*document.readers, *document.marks):  # no reader's name holds a `=`
        row.add_text("readers", one)
    row.add_integer("at", _micros(document.at))
    folded = fold(document.text)
    russian = as_russian(folded)
    row.add_text("folded", folded)
    if russian != folded:
        row.add_text("kazakh", russian)
    return row


def _micros(instant: datetime) -> int:
    return int(instant.timestamp() * 1_000_000)


def _terms(words: str) -> list[str]:
    cleaned = "".join(letter if letter.isalnum() else " " for letter in words)
    return cleaned.split()[:20]
