"""Letters bent in every way that a program or an enemy bends them: none raises, none takes long, all are read alike."""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from congvu.mail import archives, html, messages, mime
from congvu.mail.door import inspection
from tests.mail.bent_letters import bent, made
from tests.torture.proof import tell

SECONDS = float(os.environ.get("CONGVU_FUZZ_SECONDS", "3600"))
AIM = 0.05  # seconds of the processor
SLOWEST = 2 * AIM  # other work on the machine slows this one down
TRIES = 8  # of what took longer than the aim; the quickest counts
MANY_ATTACHMENTS = 5


@pytest.mark.torture
def test_no_letter_raises_or_takes_long():
    seed = int(os.environ.get("CONGVU_TORTURE_SEED", time.time_ns() % 100_000))
    dice = random.Random(seed)  # noqa: S311 -- a torture repeats itself
    originals = [*made(), *_real()]
    end, tried, raised = time.monotonic() + SECONDS, 0, list[str]()
    reading, showing = (0.0, 0), (0.0, 0)
    while time.monotonic() < end:
        number = dice.randrange(1 << 62)
        raw = bent(originals, random.Random(number))  # noqa: S311 -- the same
        try:
            reading = max(reading, (_seconds(_read, raw), number))
            showing = max(showing, (_seconds(_show, raw), number))
            _open_attachments(raw)
        except Exception as error:  # noqa: BLE001 -- each is told with what makes it again
            raised.append(f"{number}: {type(error).__name__}: {error}")
        tried += 1
    tell(
        "bent letters",
        seed=seed,
        tried=tried,
        exceptions=len(raised),
        slowest_reading=(round(reading[0] * 1e3, 1), reading[1]),
        slowest_showing=(round(showing[0] * 1e3, 1), showing[1]),
    )
    assert (raised, reading[0] < SLOWEST, showing[0] < SLOWEST) == ([], True, True)


def _seconds(work: Callable[[bytes], float], raw: bytes) -> float:
    """Return how long some work takes; the quickest of several times, when the first was slow."""
    taken = work(raw)
    return taken if taken < AIM else min(work(raw) for _ in range(TRIES))


def _read(raw: bytes) -> float:
    """Read a letter as the door and search do."""
    begun = time.process_time()
    tree = mime.take_apart(raw)
    inspection.secrecy_mark(tree)
    messages.reading(tree).text.encode()
    return time.process_time() - begun


def _show(raw: bytes) -> float:
    """Clean a letter's page as its reader sees it."""
    page = messages.read(raw).html or ""
    begun = time.process_time()
    html.sanitize(page).html.encode()
    return time.process_time() - begun


def _open_attachments(raw: bytes) -> None:
    for found in messages.read(raw).attachments[:MANY_ATTACHMENTS]:
        messages.attachment(raw, index=found.index)


def _real() -> list[bytes]:
    folder = Path(os.environ.get("CONGVU_CORPUS", "")) / "mail"
    if not os.environ.get("CONGVU_CORPUS"):
        return []
    found = (one for path in sorted(folder.iterdir()) for one in archives.messages(path))
    return [one.raw for one in found if isinstance(one, archives.Found)]
