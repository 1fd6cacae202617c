"""A dictionary that keeps what was used last in memory and the rest in a scratch file, so that memory is bounded."""

import marshal
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any, Generic, TypeVar

Kept = TypeVar("Kept")

HOT = 50_000  # values in memory
SLOTS = 1 << 26  # bits that tell what is surely not in the file
MASK = SLOTS - 1
MISSING: Any = object()


def dump(plain: Any) -> bytes:
    """Return equal octets for equal plain values: version 2 knows no references to one and the same object."""
    return marshal.dumps(plain, 2)


def load(octets: bytes) -> Any:
    """Return the value that `dump` wrote in this process."""
    return marshal.loads(octets)  # noqa: S302 -- written by this process into a file only it may read


@dataclass(frozen=True, slots=True)
class Form(Generic[Kept]):
    """How a value is written: as one octet string, text or number, and beside it the columns by which one asks."""

    pack: Callable[[Kept], tuple[Any, ...]]
    unpack: Callable[[Any], Kept]
    columns: tuple[str, ...] = ()


PLAIN: Form[Any] = Form(pack=lambda value: (dump(value),), unpack=load)


class Seen:
    """Says of a key that it is surely not, or perhaps, among the kept (a Bloom filter of one bit a key)."""

    def __init__(self) -> None:
        self.bits = bytearray(SLOTS // 8)

    def add(self, keys: Iterable[str]) -> None:
        """Take keys."""
        bits = self.bits
        for key in keys:
            place = hash(key) & MASK
            bits[place >> 3] |= 1 << (place & 7)

    def may_hold(self, key: str) -> int:
        """Say whether the key may have been taken: 0 for surely not."""
        place = hash(key) & MASK
        return self.bits[place >> 3] >> (place & 7) & 1


class Spilled(dict[str, Kept]):  # writes: a scratch file
    """A dictionary of text to values; `cool` moves what came first into a table, any lookup brings it back.

    Iteration and length speak of what is in memory only. Between two calls of `cool` no value moves out, so that
    what is held meanwhile may be changed in place.
    """

    def __init__(
        self,
        file: sqlite3.Connection,
        table: str,
        *,
        hot: int = HOT,
        form: Form[Kept] = PLAIN,
    ) -> None:
        super().__init__()
        self.file, self.table, self.hot = file, table, hot
        self.form = form
        self.seen = Seen()
        self.has_cold = False
        named = "".join(f", {name}" for name in form.columns)
        marks = ", ".join("?" * (2 + len(form.columns)))
        file.execute(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, value{named}) WITHOUT ROWID")
        self.put = f"INSERT OR REPLACE INTO {table} VALUES ({marks})"  # noqa: S608 -- our own table
        self.ask = f"SELECT value FROM {table} WHERE key = ?"  # noqa: S608 -- our own table

    def __missing__(self, key: str) -> Kept:
        found: Kept = self._warm(key)
        if found is MISSING:
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        return dict.__contains__(self, key) or (self.has_cold and self._warm(str(key)) is not MISSING)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a value, wherever it lies."""
        found: Any = dict.get(self, key, MISSING)
        if found is not MISSING:
            return found
        if self.has_cold and (found := self._warm(key)) is not MISSING:
            return found
        return default

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Return a value, wherever it lies, or keep the default as it."""
        found: Any = dict.get(self, key, MISSING)
        if found is not MISSING:
            return found
        if self.has_cold and (found := self._warm(key)) is not MISSING:
            return found
        self[key] = default
        return default

    def cool(self) -> None:
        """Move the older half out when there are more values in memory than may be."""
        if len(self) > self.hot:
            self._move(len(self) - self.hot // 2)

    def settle(self) -> None:
        """Move everything out."""
        self._move(len(self))

    def all(self) -> Iterator[tuple[str, Kept]]:
        """Yield everything in the order of keys; whatever is in memory moves out first."""
        self.settle()
        for key, value in self.file.execute(f"SELECT key, value FROM {self.table} ORDER BY key"):  # noqa: S608 -- our own table
            yield key, self.form.unpack(value)

    def _warm(self, key: str) -> Any:
        if not self.seen.may_hold(key):
            return MISSING
        row = self.file.execute(self.ask, (key,)).fetchone()
        if row is None:
            return MISSING
        found = self[key] = self.form.unpack(row[0])
        return found

    def _move(self, count: int) -> None:
        moved, take, pack = list(islice(self, count)), self.pop, self.form.pack
        self.seen.add(moved)
        rows = [(key, *pack(take(key))) for key in moved]
        rows.sort(key=itemgetter(0))  # in the order of the table, where neighbors share a page
        self.file.executemany(self.put, rows)
        self.has_cold = self.has_cold or bool(moved)
