"""The ladder of packages, read from the one place that declares it: `.importlinter`."""

import configparser
import re
from pathlib import Path

from tools import tree

SECTION = "importlinter:contract:ladder"


def heights(*, declared: Path = tree.ROOT / ".importlinter") -> dict[str, int]:
    """Give each package its height; a package knows itself and what is lower, never its neighbor."""
    contracts = configparser.ConfigParser()
    contracts.read(declared)
    rows = contracts[SECTION]["layers"].split("\n")
    rungs = [re.findall(r"\w+", row) for row in reversed(rows) if row.strip()]
    return {package: height for height, row in enumerate(rungs) for package in row}


def may_know(package: str, other: str, *, ranks: dict[str, int]) -> bool:
    """Tell whether a package may depend on another."""
    return package == other or ranks[other] < ranks[package]
