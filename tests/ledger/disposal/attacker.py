"""Somebody who has every file as it stands, every receipt's form, all that the directory knows, and time.

`Attacker` was told everything before: it took note of the letter's words, of salts, keys and disclosures. Afterwards it
looks for each of them in every file, opens all that any remaining key opens, recomputes digests with every
value that it can think of, and returns what it found.
"""

import base64
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from congvu.base import keys
from congvu.base.fold import fold
from congvu.ledger import queries as ledger
from congvu.ledger.models import Disclosure
from congvu.standards import disclosures as sd

ZEROS = b"\0" * 12


def spellings(word: str) -> set[bytes]:
    """Return a word as it may stand in a file."""
    texts = {word, word.lower(), fold(word), *(unicodedata.normalize(form, word) for form in ("NFC", "NFD"))}
    found = {text.encode(name) for text in texts for name in ("utf-8", "utf-16-le", "utf-16-be")}
    for data in [text.encode() for text in texts]:
        for cut in range(3):  # wherever it stands in what was encoded
            inner = base64.b64encode(b"x" * cut + data)[4 if cut else 0 : -4]
            found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
        found.add(data.hex().encode())
    return {one for one in found if len(one) > 5}


class Attacker:
    """What was known before, and the search for it afterwards."""

    def __init__(self, data: Path, agency: str) -> None:
        self.data, self.agency = data, agency
        self.words: set[str] = set()
        self.secrets: dict[str, bytes] = {}
        self.digests: dict[str, str] = {}

    def note(self, entries: Iterable[str], *, words: Iterable[str]) -> None:
        """Take note of salts, keys and disclosures of entries, and of words."""
        entries = list(entries)
        self.words |= set(words)
        for entry, key in keys.get_many(entries).items():
            self.secrets[f"key of {entry}"] = key
        for entry, texts in ledger.disclosure_strings(entries, agency=self.agency).items():
            for text in texts:
                self.secrets[f"disclosure of {entry}"] = text.encode()
                said = sd.parse(text)
                self.secrets[f"salt of {entry}, {said.name}"] = said.salt.encode()
                self.digests[sd.digest(text)] = f"{entry}: {said.name}"
        for row in Disclosure.objects.filter(entry__in=entries):
            self.secrets[f"sealed of {row.entry}"] = bytes(row.sealed)

    def note_key(self, handle: str) -> None:
        """Take note of a blob's key and bytes."""
        self.secrets[f"key of {handle}"] = keys.get_many([handle])[handle]

    def attack(self, candidates: Iterable[str]) -> list[str]:
        """Return everything that is recovered, by any of the ways."""
        return sorted({*self._read(), *self._open(), *self._guess(set(candidates))})

    def _read(self) -> Iterator[str]:
        """Look for words and secrets in all files, also those that compress or that a key opens."""
        patterns = [(word, one) for word in self.words for one in spellings(word)]
        patterns += [
            (name, one) for name, data in self.secrets.items() for one in (data, base64.b64encode(data))
        ]
        for name, data in self._contents():
            yield from (f"{what} in {name}" for what, one in patterns if one in data)

    def _contents(self) -> Iterator[tuple[str, bytes]]:
        for path in self._files():
            data = path.read_bytes()
            yield path.name, data
            yield from ((f"{path.name}, opened", text) for text in self._opened(path, data))
        left = list(Disclosure.objects.values_list("entry", flat=True))
        for texts in ledger.disclosure_strings(left, agency=self.agency).values():
            yield from (("a row, opened", sd.decode_base64url(text)) for text in texts)

    def _files(self) -> list[Path]:
        database = Path(connection.settings_dict["NAME"])
        beside = [Path(f"{database}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")]
        return [
            *(one for one in self.data.rglob("*") if one.is_file()),
            *(one for one in beside if one.exists()),
        ]

    def _opened(self, path: Path, data: bytes) -> Iterator[bytes]:
        """Yield what any key of the store opens of a file that is sealed as a whole."""
        if path.suffix in {".sqlite3", ".term", ".idx", ".pos", ".store"} or len(data) < 28:
            return
        for handle, key in self._keys():
            for nonce, body in ((ZEROS, data), (data[:12], data[12:])):
                for bound in (handle, path.parent.name + "/" + path.name):
                    try:
                        yield AESGCM(key).decrypt(nonce, body, bound.encode())
                    except InvalidTag:
                        continue

    def _keys(self) -> list[tuple[str, bytes]]:
        with closing(sqlite3.connect(self.data / "keys.sqlite3")) as store:
            rows: list[tuple[str, bytes]] = store.execute("SELECT handle, key FROM record_key").fetchall()
        return rows

    def _open(self) -> Iterator[str]:
        """Try every key that is left on every sealed row that was noted, and on every row that is left."""
        noted = [data for name, data in self.secrets.items() if name.startswith("sealed of ")]
        for handle, key in self._keys():
            for data in noted:
                try:
                    AESGCM(key).decrypt(ZEROS, data, handle.encode())
                except InvalidTag:
                    continue
                yield f"the key of {handle} opens a destroyed row"

    def _guess(self, candidates: set[str]) -> Iterator[str]:
        """Recompute digests: every name and value that can be thought of, with every salt that is left."""
        left = list(Disclosure.objects.values_list("entry", flat=True))
        strings = ledger.disclosure_strings(left, agency=self.agency).values()
        texts = [text for some in strings for text in some]
        names = {where.rsplit(": ", 1)[1] for where in self.digests.values()}
        yield from (
            f"still disclosed: {self.digests[sd.digest(one)]}"
            for one in texts
            if sd.digest(one) in self.digests
        )
        for salt in {sd.decode_base64url(sd.parse(text).salt) for text in texts}:
            guesses = (
                (name, value, sd.make(name, value, salt=salt)) for name in names for value in candidates
            )
            yield from (
                f"guessed {name} = {value}" for name, value, one in guesses if one.digest in self.digests
            )
