"""The pages of docs/reference that follow from the code: `python -m tools.reference` writes them."""

import argparse
import dataclasses
import enum
import importlib
import inspect
import os
import re
import typing
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from tools import tree, vocabulary

EVENTS = tree.ROOT / "docs" / "reference" / "events.md"
COMMANDS = tree.ROOT / "docs" / "reference" / "cli.md"
BOOKS = tree.ROOT / "docs" / "reference" / "books.md"
TREATMENTS = ("encoded", "human", "not_applicable")
BY = "<!-- Written by `make reference` from the code; change it there. -->"


def main() -> None:
    """Write every page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "congvu.config.settings")
    import django  # noqa: PLC0415 -- settings must be named first

    django.setup()
    EVENTS.write_text(events_page(events()))
    COMMANDS.write_text(commands_page(parser()))
    BOOKS.write_text(books_page(books()))


def events() -> list[type]:
    """List every event of the packages."""
    for path in sorted(tree.SOURCE.rglob("events.py")):
        importlib.import_module(".".join(("congvu", *path.relative_to(tree.SOURCE).with_suffix("").parts)))
    base = importlib.import_module("congvu.ledger.events").Event
    return [event for event in vocabulary.subclasses(base) if event.__module__.startswith("congvu.")]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command `congvu`."""
    made: argparse.ArgumentParser = importlib.import_module("congvu.cli.__main__")._parser()
    return made


def books() -> list[Any]:
    """List the books of the rulebook that ships, by their ids and versions."""
    shelf = importlib.import_module("congvu.rules.shelf")
    found = shelf.shelve(tree.ROOT / "rulebook", with_examples=False).books
    return sorted(found, key=lambda book: (book.id, book.version))


def events_page(found: Iterable[type]) -> str:
    """Describe events: what each says, its version and its attributes with their words."""
    return "\n".join(
        [
            BY,
            "# Events",
            "",
            "What the packages tell the ledger. An entry holds its kind, version, time, agency and the attributes",
            "below: closed words, counts and yes or no. Who and what it was about stands in its disclosures, which",
            "are salted, shown one by one, and can be destroyed.",
            "",
            *(line for event in sorted(found, key=_kind) for line in _event(event)),
        ]
    )


def _kind(event: Any) -> str:
    return str(event.kind)


def _event(event: Any) -> Iterator[str]:
    yield f"## `{event.kind}`"
    yield ""
    yield f"{_text(inspect.getdoc(event))} Version {event.version}."
    yield ""
    hints = typing.get_type_hints(event)
    for field in dataclasses.fields(event):
        yield f"- `{field.name}`: {_words(event, field.name, hints[field.name])}"
    if dataclasses.fields(event):
        yield ""


def _words(event: type, name: str, hint: Any) -> str:
    """Say what an attribute can hold."""
    parts = [part for part in typing.get_args(hint) or (hint,) if part is not type(None)]
    if typing.get_origin(hint) is Literal or all(isinstance(part, str) for part in parts):
        return ", ".join(str(part) for part in parts)
    held = parts[0]
    if typing.get_origin(held) is Literal:
        return ", ".join(str(word) for word in typing.get_args(held))
    if isinstance(held, type) and issubclass(held, enum.Enum):
        return ", ".join(str(member.value) for member in held)
    if held in {int, bool}:
        return "a number" if held is int else "yes or no"
    told = re.search(rf"\b{name}: (\w+(?:,\s+\w+)*)", event.__doc__ or "")
    marked = re.search(rf"^\s+{name}\s*:.*vocabulary: (.+)$", inspect.getsource(event), re.MULTILINE)
    return _text(told.group(1)) if told else marked.group(1) if marked else "a word"


def commands_page(whole: argparse.ArgumentParser) -> str:
    """Describe every command: what it does and what it takes."""
    return "\n".join(
        [
            BY,
            "# Commands",
            "",
            "`congvu <noun> <verb>`; every command answers `--help`. It ends with 0 when all is well.",
            "",
            *_commands(whole, "congvu", ""),
        ]
    )


def _commands(one: argparse.ArgumentParser, name: str, told: str) -> Iterator[str]:
    groups = [action for action in one._actions if isinstance(action, argparse._SubParsersAction)]
    for group in groups:
        helps = {choice.dest: choice.help or "" for choice in group._choices_actions}
        for word, inner in group.choices.items():
            yield from _commands(inner, f"{name} {word}", helps.get(word, ""))
    if groups:
        return
    yield f"## `{name}`"
    yield ""
    yield _sentence(one.description or told)
    yield ""
    shown = [action for action in one._actions if action.help != argparse.SUPPRESS]
    takes = [action for action in shown if not isinstance(action, argparse._HelpAction)]
    yield from (f"- {_argument(action)}" for action in takes)
    if takes:
        yield ""


def books_page(found: Iterable[Any]) -> str:
    """Count the norms of each book by treatment: encoded, for people to judge, not applicable."""
    counted = [(book, [norm.treatment for norm in book.norms]) for book in found]
    rows = [_book(book, treatments) for book, treatments in counted]
    whole = [one for _, treatments in counted for one in treatments]
    examples = sum(len(book.examples) for book, _ in counted)
    return "\n".join(
        [
            BY,
            "# Books",
            "",
            "The legal texts of the [rulebook](rulebook.md). An encoded norm is judged, counted or reported on",
            "evidence; one for people is shown with the questions that they ask; one that does not apply says why.",
            "The last column says what the text was compared with.",
            "",
            "| book | legal text | in force | norms | encoded | for people | not applicable | examples | checked |",
            "|---|---|---|---|---|---|---|---|---|",
            *rows,
            f"| {len(rows)} books | | | {len(whole)} | {_treated(whole)} | {examples} | |",
            "",
        ]
    )


def _book(book: Any, treatments: list[str]) -> str:
    until = f" until {book.in_force_to}" if book.in_force_to else ""
    name = f"[{book.id}](../../rulebook/{book.file}) {book.version}"
    title = f"{book.title['en']} ({book.source.number})"
    return (
        f"| {name} | {title} | {book.in_force_from}{until} | {len(treatments)} | {_treated(treatments)} "
        f"| {len(book.examples)} | {book.source.checked} |"
    )


def _treated(treatments: list[str]) -> str:
    return " | ".join(str(treatments.count(name)) for name in TREATMENTS)


def _argument(action: argparse.Action) -> str:
    words = action.option_strings or [action.metavar if isinstance(action.metavar, str) else action.dest]
    value = (
        "" if action.nargs == 0 or not action.option_strings else f" {action.metavar or action.dest.upper()}"
    )
    choices = f" One of: {', '.join(str(choice) for choice in action.choices)}." if action.choices else ""
    return f"`{', '.join(words)}{value}`: {_sentence(action.help or 'no description')}{choices}"


def _sentence(text: str) -> str:
    text = _text(text)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def _text(text: str | None) -> str:
    return " ".join((text or "").split())


if __name__ == "__main__":
    main()
