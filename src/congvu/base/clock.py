"""The only place that asks what time it is.

Doors (views, SMTP, commands, tasks) take `now` here and hand it down; nothing below a door asks again.
A demonstration may set the clock; the ledger then refuses every log whose origin is not marked as one.
"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

_demonstration: datetime | None = None


def now() -> datetime:
    """Return the present instant: aware, UTC, microseconds."""
    return _demonstration or datetime.now(UTC)


def is_demonstration() -> bool:
    """Return whether the time is being told by a demonstration."""
    return _demonstration is not None


def set_demonstration(instant: datetime | None) -> None:
    """Set the demonstration's time for this process; None gives the clock back to the machine."""
    global _demonstration  # noqa: PLW0603 -- one clock a process is the point
    _demonstration = None if instant is None else instant.astimezone(UTC)


@contextlib.contextmanager
def demonstration(instant: datetime) -> Iterator[None]:
    """Tell a demonstration's time inside the block."""
    before = _demonstration
    set_demonstration(instant)
    try:
        yield
    finally:
        set_demonstration(before)
