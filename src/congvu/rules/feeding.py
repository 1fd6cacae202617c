"""What makes a norm apply in this installation, and what nothing feeds yet."""

from collections.abc import Iterator

from congvu.rules import vocabulary
from congvu.rules.book import Feed, Norm


def feed(norm: Norm) -> Feed:
    """Return what feeds a norm; `nothing` too when it waits for events that no channel records yet."""
    return "nothing" if waits(norm) else norm.feed


def waits(norm: Norm) -> bool:
    """Say whether a norm needs events that no channel records yet, so that nobody could ever show it was met."""
    return any(kind in vocabulary.ANNOUNCED for kind in needed(norm))


def needed(norm: Norm) -> Iterator[str]:
    """Yield the kinds of events without which a norm can never be judged."""
    conditions = [norm.when, norm.fulfil, norm.report, norm.count]
    conditions += [norm.cap.part, norm.cap.whole] if norm.cap else []
    yield from (one.kind for one in conditions if one is not None)
