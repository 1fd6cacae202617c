"""An exception to a rule carries its reason in place."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tools import tree

NOQA = re.compile(r"#\s*(ruff:\s*|flake8:\s*)?noqa", re.IGNORECASE)
NOQA_REASONED = re.compile(r"# noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)* -- \S")
IGNORE = re.compile(r"#\s*(type:\s*ignore|mypy:|pyright:)", re.IGNORECASE)
IGNORE_REASONED = re.compile(r"# type: ignore\[[a-z-]+(, ?[a-z-]+)*\]\s+# (-- )?\S")


def faults(path: Path) -> Iterator[str]:
    """Yield the comments of one Python file that silence a tool without saying why."""
    with io.StringIO(path.read_text()) as text:
        comments = [part for part in tokenize.generate_tokens(text.readline) if part.type == tokenize.COMMENT]
    for comment in comments:
        where = f"{tree.shown(path)}:{comment.start[0]}"
        if NOQA.search(comment.string) and not NOQA_REASONED.search(comment.string):
            yield f"{where}: write `# noqa: CODE -- reason`"
        if IGNORE.search(comment.string) and not IGNORE_REASONED.search(comment.string):
            yield f"{where}: write `# type: ignore[code]  # reason`"
