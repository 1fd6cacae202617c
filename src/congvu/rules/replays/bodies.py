"""What is kept of a replay, as plain values for JSON: differences side by side, and figures without people."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from congvu.rules.replay import Difference, Side, Summary


def body(one: Difference) -> dict[str, Any]:
    """Return a difference with both sides; instants as text."""
    return {
        "kind": one.kind,
        "book": one.book,
        "norm": one.norm,
        "changes": list(one.changes),
        "is_worse": one.is_worse,
        "old": _side(one.old),
        "new": _side(one.new),
    }


def figures(summary: Summary) -> dict[str, Any]:
    """Return the figures of a replay."""
    return {
        "entries": summary.entries,
        "seen": summary.seen.isoformat() if summary.seen else None,
        "duties_old": summary.duties_old,
        "duties_new": summary.duties_new,
        "kinds": dict(summary.kinds),
        "worse": summary.worse,
        "better": summary.better,
        "norms": [[*key, count] for key, count in sorted(summary.norms.items())],
        "units": [[*key, count] for key, count in sorted(summary.units.items())],
        "counted": [[*key, *pair] for key, pair in summary.counted.items()],
        "titles": [[*key, texts] for key, texts in summary.titles.items()],
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {name: _plain(value) for name, value in asdict(side).items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
