"""Time is taken at the door: below it nobody asks the clock, and nobody asks another clock than ours."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools import tree

MARK = "clock"
OTHERS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "timezone.now", "datetime.datetime.now", "datetime.date.today",
}  # fmt: skip
UNLESS_TOLD = {"timezone.localdate", "timezone.localtime"}  # they ask when no instant is given
OURS = "clock.now"
BELOW = {"actions", "queries", "policies", "models", "readers", "public", "events", "standards"}


def faults(path: Path) -> Iterator[str]:
    """Yield each question to a clock that is not ours, or that is asked below the door; `# clock: reason` exempts."""
    lines = path.read_text().splitlines()
    below = bool(BELOW & {path.stem, *path.parts})
    for node in ast.walk(ast.parse("\n".join(lines))):
        if not isinstance(node, ast.Call):
            continue
        asked = ast.unparse(node.func)
        exempt = tree.marked(lines, MARK, first=node.lineno, last=node.end_lineno or node.lineno)
        asks = asked in OTHERS or (asked in UNLESS_TOLD and not node.args)
        if asks and not exempt:
            yield f"{tree.shown(path)}:{node.lineno}: {asked}() is another clock than congvu.base.clock"
        if asked == OURS and below and not exempt:
            yield f"{tree.shown(path)}:{node.lineno}: asks the clock below the door; take `now` as a parameter"
