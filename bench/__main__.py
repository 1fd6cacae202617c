"""Run one measurement by its name, or list them all: `python -m bench [NAME [argument …]]`."""

import ast
import importlib
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def measurements() -> dict[str, str]:
    """Return every measurement with the first line of what it says about itself."""
    found = {}
    for path in sorted(FOLDER.glob("[!_]*.py")):
        module = ast.parse(path.read_text())
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in module.body):
            found[path.stem] = (ast.get_docstring(module) or "").split("\n")[0]
    return found


def main(arguments: list[str]) -> int:
    """Run the measurement that the first argument names; without one, list them."""
    known = measurements()
    if not arguments:
        for name, line in known.items():
            print(f"  {name:<16} {line}")
        return 0
    name, *rest = arguments
    if name not in known:
        print(f"There is no measurement {name!r}; there are: {', '.join(known) or 'none'}.", file=sys.stderr)
        return 2
    return importlib.import_module(f"bench.{name}").main(rest) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
