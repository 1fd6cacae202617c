"""The preloaded library: built with gcc, and told from inside the program under test when which fault begins."""

import ctypes
import os
import subprocess
from pathlib import Path

from tests import requires

SOURCE = Path(__file__).with_name("faults.c")
KINDS = ("none", "cut", "kill", "torn", "full", "broken", "short", "readonly", "fsync")


def build(folder: Path) -> Path:
    """Compile it; say which package is missing."""
    gcc = requires.program("gcc", package="gcc")
    library = folder / "faults.so"
    options = ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", str(library)]
    subprocess.run([gcc, *options, str(SOURCE), "-ldl"], check=True)
    return library


def environment(library: Path) -> dict[str, str]:
    """Return the environment of a program under test."""
    return {**os.environ, "LD_PRELOAD": str(library)}


def begin(folder: Path, journal: Path, kind: str, *, at: int = 0, span: int = -1, seed: int = 0) -> None:
    """Watch a folder from now on, and begin the fault at the call of this number, for `span` calls (-1: for good).

    cut, kill: the program dies. torn: it dies in the middle of the next write. full: no room. broken: the disk
    answers with errors, reads too. short: writes take a part only. readonly: the file system refuses. fsync: the
    next sync fails and loses its data; the program dies `span` calls later.
    """
    library = ctypes.CDLL(None)
    library.faults_begin.argtypes = [
        ctypes.c_char_p,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_long,
        ctypes.c_long,
    ]
    library.faults_begin.argtypes.append(ctypes.c_uint)
    library.faults_begin(str(folder).encode(), str(journal).encode(), KINDS.index(kind), at, span, seed)


def count() -> int:
    """Return how many calls that change something were made since `begin`."""
    library = ctypes.CDLL(None)
    library.faults_count.restype = ctypes.c_long
    return int(library.faults_count())


def end() -> None:
    """Let every call pass again."""
    ctypes.CDLL(None).faults_end()
