"""A dictionary that keeps what was used last in memory and the rest in a scratch file, so that memory is bounded."""

import marshal
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

Kept = TypeVar("Kept")

HOT = 50_000  # values in memory
SLOTS = 1 << 26  # bits that tell what is surely not in the file
SECOND = 32  # where in the hash of a key its second bit begins
BITS = 16  # a key, of the filter of one table
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
    """Says of a key that it is surely not, or perhaps, among the kept (a Bloom filter of two bits a key).

    It has room for so many bits as `slots`, a power of two.
    """

    def __init__(self, slots: int = SLOTS) -> None:
        self.mask = slots - 1
        self.bits = bytearray(max(1, slots // 8))

    def add(self, keys: Iterable[str]) -> None:
        """Take keys."""
        bits, mask = self.bits, self.mask
        for key in keys:
            mark = hash(key)
            for place in (mark & mask, (mark >> SECOND) & mask):
                bits[place >> 3] |= 1 << (place & 7)

    def may_hold(self, key: str) -> int:
        """Say whether the key may have been taken: 0 for surely not."""
        mark, mask, bits = hash(key), self.mask, self.bits
        place = mark & mask
        if not bits[place >> 3] >> (place & 7) & 1:
            return 0
        place = (mark >> SECOND) & mask
        return bits[place >> 3] >> (place & 7) & 1


class Run(NamedTuple):
    """What moved out together, as a table of its own in the order of its keys."""

    table: str
    seen: Seen


class Spilled(dict[str, Kept]):  # writes: a scratch file
    """A dictionary of text to values; `cool` moves what came first into a table, any lookup brings it back.

    Iteration and length speak of what is in memory only. Between two calls of `cool` no value moves out, so that
    what is held meanwhile may be changed in place.

    What moves out together becomes a table of its own: keys are random, and one great table would have to be
    written all over each time. Of a key in several tables the newest counts; `settle` makes one table of them.
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
        self.runs: list[Run] = []
        self.made = 0
        self.columns = ("key", "value", *form.columns)
        self._show(self._new(0).table)

    def __missing__(self, key: str) -> Kept:
        found: Kept = self._warm(key)
        if found is MISSING:
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        return dict.__contains__(self, key) or (bool(self.runs) and self._warm(str(key)) is not MISSING)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a value, wherever it lies."""
        found: Any = dict.get(self, key, MISSING)
        if found is not MISSING:
            return found
        if self.runs and (found := self._warm(key)) is not MISSING:
            return found
        return default

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Return a value, wherever it lies, or keep the default as it."""
        found: Any = dict.get(self, key, MISSING)
        if found is not MISSING:
            return found
        if self.runs and (found := self._warm(key)) is not MISSING:
            return found
        self[key] = default
        return default

    def asked(self, condition: str, values: tuple[Any, ...]) -> set[str]:
        """Return the keys of what moved out and meets a condition on the columns, now or in an older state."""
        found: set[str] = set()
        for run in self.runs:
            rows = self.file.execute(f"SELECT key FROM {run.table} WHERE {condition}", values)  # noqa: S608 -- our own table
            found.update(key for (key,) in rows)
        return found

    def cool(self) -> None:
        """Move the older half out when there are more values in memory than may be."""
        if len(self) > self.hot:
            self._move(len(self) - self.hot // 2)

    def settle(self) -> None:
        """Move everything out, into one table that has the dictionary's name."""
        self._move(len(self))
        if len(self.runs) > 1:
            old, self.runs = self.runs, []
            run = self._new(sum(one.seen.mask + 1 for one in old) // BITS)
            self._put(run, self._newest(old, run.seen))
            for one in old:
                self.file.execute(f"DROP TABLE {one.table}")
        if self.runs:
            self._show(self.runs[0].table)

    def all(self) -> Iterator[tuple[str, Kept]]:
        """Yield everything in the order of keys; whatever is in memory moves out first."""
        self.settle()
        for key, value in self.file.execute(f"SELECT key, value FROM {self.table} ORDER BY key"):  # noqa: S608 -- our own table
            yield key, self.form.unpack(value)

    def _warm(self, key: str) -> Any:
        if not self.seen.may_hold(key):
            return MISSING
        for run in reversed(self.runs):
            if run.seen.may_hold(key):
                row = self.file.execute(f"SELECT value FROM {run.table} WHERE key = ?", (key,)).fetchone()  # noqa: S608 -- our own table
                if row is not None:
                    found = self[key] = self.form.unpack(row[0])
                    return found
        return MISSING

    def _move(self, count: int) -> None:
        moved, take, pack = list(islice(self, count)), self.pop, self.form.pack
        if not moved:
            return
        rows = [(key, *pack(take(key))) for key in moved]
        rows.sort(key=itemgetter(0))
        run = self._new(len(moved))
        run.seen.add(moved)
        self.seen.add(moved)
        self._put(run, rows)

    def _new(self, count: int) -> Run:
        """Make a table for so many values, that nobody asks yet."""
        self.made += 1
        run = Run(f"{self.table}_{self.made}", Seen(1 << max(3, (BITS * count).bit_length())))
        named = ", ".join(self.columns[1:])
        self.file.execute(f"CREATE TABLE {run.table} (key TEXT PRIMARY KEY, {named}) WITHOUT ROWID")
        return run

    def _put(self, run: Run, rows: Iterable[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(self.columns))
        self.file.executemany(f"INSERT INTO {run.table} VALUES ({marks})", rows)  # noqa: S608 -- our own table
        self.runs.append(run)

    def _newest(self, runs: list[Run], seen: Seen) -> Iterator[tuple[Any, ...]]:
        rows = merge(*(self._rows(run) for run in reversed(runs)), key=itemgetter(0))
        for key, same in groupby(rows, key=itemgetter(0)):
            seen.add((key,))
            yield next(same)

    def _rows(self, run: Run) -> Iterator[tuple[Any, ...]]:
        rows: Iterator[tuple[Any, ...]] = self.file.execute(f"SELECT * FROM {run.table} ORDER BY key")  # noqa: S608 -- our own table
        return rows

    def _show(self, table: str) -> None:
        """Let the dictionary's name stand for a table."""
        self.file.execute(f"DROP VIEW IF EXISTS {self.table}")
        self.file.execute(f"CREATE VIEW {self.table} AS SELECT * FROM {table}")  # noqa: S608 -- our own table
