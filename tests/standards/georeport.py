"""Documents of GeoReport v2 by chance, with everything in their texts that XML makes difficult."""

import random
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, Union, get_args, get_origin, get_type_hints

from congvu.standards.open311 import documents

ROOTS: Sequence[tuple[str, type]] = (
    ("services", documents.Service),
    ("service_definition", documents.ServiceDefinition),
    ("service_requests", documents.ServiceRequest),
    ("service_requests", documents.BulkRequest),
    ("service_requests", documents.Created),
    ("service_requests", documents.Redeemed),
    ("service_request_updates", documents.Update),
    ("service_request_updates", documents.UpdateReceived),
    ("errors", documents.Error),
    ("discovery", documents.Discovery),
)
SINGLE = frozenset({"service_definition", "discovery"})
LETTERS = "ab01 đạқё\r\n\t<&]>\"'\x00\x0b\x7f\x85\u2028\ufffe\ufeff\U0001f4a1"
LEAVES: Mapping[type, Callable[[random.Random], Any]] = {
    str: lambda chance: "".join(chance.choices(LETTERS, k=chance.randrange(12))),
    bool: lambda chance: chance.random() < 0.5,
    int: lambda chance: chance.randrange(-(2**40), 2**40),
    float: lambda chance: chance.choice((chance.uniform(-180, 180), 0.0, -0.0, 5e-324, 1e22, 180.0)),
    datetime: lambda chance: datetime(1900, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.uniform(0, 9e9)),
}


def sample(form: Any, chance: random.Random) -> Any:
    """Return a value of a form: a document, or what a field of one holds."""
    if form in LEAVES:
        return LEAVES[form](chance)
    if get_origin(form) in {Union, types.UnionType}:
        return sample(get_args(form)[0], chance) if chance.random() < 0.7 else None
    if get_origin(form) is tuple:
        return tuple(sample(get_args(form)[0], chance) for _ in range(chance.randrange(4)))
    hints = get_type_hints(form)
    return form(**{one.name: sample(hints[one.name], chance) for one in fields(form)})


def answers(count: int, chance: random.Random, *, members: int) -> Iterator[tuple[str, Any]]:
    """Yield whole answers by their names, each list of so many members, until there were so many documents."""
    while count > 0:
        for name, form in ROOTS:
            held = 1 if name in SINGLE else min(members, count)
            made = [sample(form, chance) for _ in range(held)]
            yield name, made[0] if name in SINGLE else made
            count -= held
            if count <= 0:
                return
