"""Catalogs of messages: up to date with the sources, complete in every language, compiled."""

import gettext
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

LANGUAGES = ("vi", "kk", "ru")
PLURAL = " (plural)"


def catalog(package: Path, language: str) -> Path:
    """Name the file of a package's messages in a language."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def extract(package: Path, scratch: Path) -> Path:
    """Copy a package to a scratch folder, let Django find its messages there, and return the copy."""
    copy = scratch / package.name
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "locale").mkdir(exist_ok=True)
    arguments = [f"--locale={language}" for language in LANGUAGES]
    command = [sys.executable, "-P", "-m", "django", "makemessages", *arguments, "--no-location"]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=copy, check=True, capture_output=True, env=environment)
    return copy


def faults(package: Path, fresh: Path) -> Iterator[str]:
    """Yield what is wrong with a package's catalogs, compared with its freshly extracted copy."""
    for language in LANGUAGES:
        now, then = catalog(fresh, language), catalog(package, language)
        place = f"{package.name}/{language}"
        wanted = identifiers(now) if now.exists() else set()
        if wanted and not then.exists():
            yield f"{place} has no catalog for {len(wanted)} messages; `make messages` makes it"
            continue
        have = identifiers(then) if then.exists() else set()
        yield from (f"{place} lacks {one!r}" for one in sorted(wanted - have))
        yield from (f"{place} keeps {one!r}, which no source says" for one in sorted(have - wanted))
        if not then.exists():
            continue
        yield from compiled(then, place)
        yield from complete(then, place)


def quarrels(packages: Iterable[Path]) -> Iterator[str]:
    """Yield each message that two packages translate differently: Django keeps one of the two for all pages."""
    for language in LANGUAGES:
        said: dict[str, tuple[str, str]] = {}
        for package in packages:
            path = catalog(package, language)
            held = read(_run("msgfmt", "--output-file=-", str(path), feed=b"")) if path.exists() else {}
            for message, text in held.items():
                other, before = said.setdefault(message, (package.name, text))
                if before != text:
                    yield f"{package.name}/{language} says {text!r} for {message!r}, {other} says {before!r}"


def identifiers(path: Path) -> set[str]:
    """Collect the messages of a catalog, translated or not; a context stands before its message."""
    return {name.removesuffix(PLURAL) for name in english(path)}


def english(path: Path) -> dict[str, str]:
    """Read the messages of a catalog as their source says them, named as in `read`."""
    filled = _run("msgen", str(path), feed=b"")
    return read(_run("msgfmt", "--output-file=-", "-", feed=filled))


def complete(path: Path, place: str) -> Iterator[str]:
    """Yield what a catalog leaves untranslated, only guesses, or translates so that it would not format."""
    for option, what in (("--untranslated", "has no translation of"), ("--only-fuzzy", "only guesses")):
        chosen = _run("msgattrib", option, "--no-obsolete", "--clear-fuzzy", str(path), feed=b"")
        if chosen.strip():
            filled = _run("msgen", "-", feed=chosen)
            held = read(_run("msgfmt", "--output-file=-", "-", feed=filled))
            yield from (f"{place} {what} {one!r}" for one in sorted(held))
    checked = subprocess.run(
        ["msgfmt", "--check-format", "--check-domain", "--output-file=-", str(path)],
        check=False,
        capture_output=True,
    )
    if checked.returncode:
        yield f"{place} does not hold together: {checked.stderr.decode().strip()}"


def compiled(path: Path, place: str) -> Iterator[str]:
    """Yield whether the compiled file of a catalog is missing or older than it."""
    made = path.with_suffix(".mo")
    if not made.exists():
        yield f"{place} is not compiled"
    elif read(made.read_bytes()) != read(_run("msgfmt", "--output-file=-", str(path), feed=b"")):
        yield f"{place} is compiled from an older catalog"


def read(data: bytes) -> dict[str, str]:
    """Read a compiled catalog; a plural is held under its message and number."""
    held: dict[object, str] = vars(gettext.GNUTranslations(io.BytesIO(data)))["_catalog"]
    return {_named(key): text for key, text in held.items() if key}


def _named(key: object) -> str:
    message, form = key if isinstance(key, tuple) else (key, 0)
    return str(message).replace("\x04", " | ") + ("" if form == 0 else PLURAL)


def _run(program: str, *arguments: str, feed: bytes) -> bytes:
    return subprocess.run([program, *arguments], input=feed, check=True, capture_output=True).stdout
