"""Sentences of Django and django-allauth: catalogs of ours for what theirs leave untranslated, or say wrongly.

`make messages` runs this, so that after an upgrade whatever is new stands there, to be translated.
"""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from tools import catalogs, tree

PACKAGES = (
    "django.conf",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "allauth",
)
OURS = tree.SOURCE / "ui" / "borrowed"
VALUE = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")
DATES = re.compile(r'^"(POT-Creation-Date|Report-Msgid-Bugs-To):.*\n', re.MULTILINE)


def upstream(language: str) -> list[Path]:
    """List the catalogs that the installed packages bring in a language; some bring none."""
    paths = [catalogs.catalog(Path(str(files(name))), language) for name in PACKAGES]
    return [path for path in paths if path.exists()]


def english() -> dict[str, str]:
    """Read every message of the packages."""
    return {name: text for path in upstream("en") for name, text in catalogs.english(path).items()}


def said(language: str) -> dict[str, str]:
    """Read what pages say in a language: what the packages translate, and over it what we do."""
    paths = [*upstream(language), catalogs.catalog(OURS, language)]
    return {
        name: text
        for path in paths
        for name, text in catalogs.read(path.with_suffix(".mo").read_bytes()).items()
    }


def faults(wanted: Mapping[str, str], have: Mapping[str, str]) -> Iterator[str]:
    """Yield each message that is translated nowhere, and each translation that fills in other values."""
    for name in sorted({name.removesuffix(catalogs.PLURAL) for name in wanted} - have.keys()):
        yield f"{name!r} has no translation"
    for name, text in have.items():
        single = name.removesuffix(catalogs.PLURAL)
        sources = [wanted[one] for one in (single, single + catalogs.PLURAL) if one in wanted]
        if sources and _values(text) not in map(_values, sources):
            yield f"{single!r} fills in other values in {text!r}"


def _values(text: str) -> Counter[str]:
    return Counter(VALUE.findall(text))


def refresh(language: str, scratch: Path) -> None:
    """Bring our catalog up to the installed packages: what is new stands untranslated, what is gone goes."""
    ours, theirs, template = catalogs.catalog(OURS, language), scratch / f"{language}.po", scratch / "en.po"
    _write(template, "msgcat", "--use-first", "--no-location", *upstream("en"))
    _write(theirs, "msgcat", "--use-first", "--no-location", *upstream(language))
    kept = _chosen(ours, template, "--translated", scratch / "kept.po")
    new = _chosen(theirs, template, "--untranslated", scratch / "new.po")
    _write(ours, "msgcat", "--use-first", "--no-wrap", kept, new)
    ours.write_text(DATES.sub("", ours.read_text()))
    _write(ours.with_suffix(".mo"), "msgfmt", ours)


def _chosen(catalog: Path, template: Path, which: str, result: Path) -> Path:
    """Keep those messages of a catalog that the template has and that are translated, or are not."""
    _write(result, "msgmerge", "--quiet", "--no-fuzzy-matching", catalog, template)
    _write(result, "msgattrib", "--force-po", "--no-obsolete", which, result)
    return result


def _write(result: Path, program: str, *arguments: str | Path) -> None:
    subprocess.run([program, "--output-file", result, *arguments], check=True)


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        for code in catalogs.LANGUAGES:
            refresh(code, Path(folder))
