"""Writing figures in the Prometheus text format 0.0.4."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LABEL = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
_HELP = str.maketrans({"\\": r"\\", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name with its unit, its type, what it means, and its samples by their labels."""

    name: str
    type: Literal["gauge", "counter"]
    help: str
    samples: Sequence[tuple[Mapping[str, str], float]] = field(default=())


def written(families: Iterable[Family]) -> str:
    """Return the text; a family without samples is left out."""
    return "".join(_family(one) for one in families if one.samples)


def _family(one: Family) -> str:
    head = f"# HELP {one.name} {one.help.translate(_HELP)}\n# TYPE {one.name} {one.type}\n"
    return head + "".join(f"{one.name}{_labels(labels)} {_number(value)}\n" for labels, value in one.samples)


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{value.translate(_LABEL)}"' for name, value in labels.items()) + "}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
