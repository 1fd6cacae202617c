"""What processes have cost the processors: user and system time, children and what they waited for included."""

import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

TICK = 1.0 / os.sysconf("SC_CLK_TCK")
_PARENT, _FIRST, _AFTER = (
    1,
    11,
    15,
)  # fields of /proc/PID/stat after the name: parent; user, system, and of children


def spent(roots: Mapping[str, int]) -> dict[str, float]:
    """Return the seconds that each process, by its name and id, has cost with everything below it. proc(5)."""
    costs: dict[int, float] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        process = int(folder.name)
        children[int(fields[_PARENT])].append(process)
        costs[process] = TICK * sum(map(int, fields[_FIRST:_AFTER]))
    return {name: _with_children(root, costs, children) for name, root in roots.items()}


def _with_children(root: int, costs: dict[int, float], children: dict[int, list[int]]) -> float:
    return costs.get(root, 0.0) + sum(_with_children(one, costs, children) for one in children[root])
