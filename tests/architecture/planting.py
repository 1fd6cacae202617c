"""Sources with a planted fault, laid out as a small tree, so that every checker is seen catching one."""

from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent


def plant(folder: Path, name: str, text: str) -> Path:
    """Write one source under a folder and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text).lstrip())
    return path


def line(fault: str) -> str:
    """Give the part of a fault after its path: `12: what is wrong`."""
    return fault.split(".py:", 1)[-1]


def assert_none(faults: Iterable[str]) -> None:
    """End the test with every fault on its own line."""
    found = list(faults)
    assert found == [], "\n" + "\n".join(found)
