"""What the machine must have: a missing program is a skip that names its package, and under CI=true a failure."""

import os
import shutil
from pathlib import Path

import pytest

from bench.postgresql import programs


def program(name: str, *, package: str) -> str:
    """Return the path of a program, or end the test naming the Debian package that brings it."""
    found = shutil.which(name)
    if found is None:
        missing(f"{name} is not installed; the Debian package {package} brings it")
    return str(found)


def browser() -> str:
    """Return the path of Chromium: its shell without windows, which costs a third of the processor, where it is there."""
    return shutil.which("chromium-headless-shell") or program("chromium", package="chromium")


def folder(path: str | Path, *, package: str) -> Path:
    """Return a folder that a Debian package installs, or end the test naming the package."""
    found = Path(path)
    if not found.is_dir():
        missing(f"{found} does not exist; the Debian package {package} brings it")
    return found


def setting(name: str, *, meaning: str) -> str:
    """Return an environment variable, or end the test saying what it should hold."""
    value = os.environ.get(name, "")
    if not value:
        missing(f"{name} is not set; it holds {meaning}")
    return value


def missing(what: str) -> None:
    """End the test: skipped on a developer's machine, failed under CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def postgresql() -> Path:
    """Return the folder of PostgreSQL's programs, or end the test naming the package."""
    found = programs()
    if found is None:
        missing("PostgreSQL is not installed; the Debian package postgresql brings it")
    return found
