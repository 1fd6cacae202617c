"""Letters bent in every way that a program or an enemy bends them: none raises, none takes long, all are read alike."""

import os
import random
import time
from pathlib import Path

import pytest

from congvu.mail import archives, mime
from congvu.mail.door import inspection
from congvu.mail.messages import attachment, reading
from tests.mail.bent_letters import bent, made
from tests.torture.proof import tell

SECONDS = float(os.environ.get("CONGVU_FUZZ_SECONDS", "3600"))
SLOWEST = 0.25  # seconds of the processor; 0.05 is the aim, the rest is for other work on the machine
MANY_ATTACHMENTS = 5


@pytest.mark.torture
def test_no_letter_raises_or_takes_long():
    seed = int(os.environ.get("CONGVU_TORTURE_SEED", time.time_ns() % 100_000))
    dice = random.Random(seed)  # noqa: S311 -- a torture repeats itself
    originals = [*made(), *_real()]
    end, tried, raised, slowest = time.monotonic() + SECONDS, 0, list[str](), (0.0, 0)
    while time.monotonic() < end:
        number = dice.randrange(1 << 62)
        raw = bent(originals, random.Random(number))  # noqa: S311 -- the same
        try:
            slowest = max(slowest, (_seconds(raw), number))
        except Exception as error:  # noqa: BLE001 -- each is told with what makes it again
            raised.append(f"{number}: {type(error).__name__}: {error}")
        tried += 1
    milliseconds = round(slowest[0] * 1e3, 1)
    tell(
        "bent letters",
        seed=seed,
        tried=tried,
        exceptions=len(raised),
        slowest_ms=milliseconds,
        which=slowest[1],
    )
    assert (raised, slowest[0] < SLOWEST) == ([], True)


def _seconds(raw: bytes) -> float:
    """Read a letter as the door and the reader do; return the quicker of two times, when the first was slow."""
    taken = min(_read(raw) for _ in range(2))
    for found in reading(mime.take_apart(raw)).attachments[:MANY_ATTACHMENTS]:
        attachment(raw, index=found.index)
    return taken


def _read(raw: bytes) -> float:
    begun = time.process_time()
    tree = mime.take_apart(raw)
    inspection.secrecy_mark(tree)
    reading(tree).text.encode()
    return time.process_time() - begun


def _real() -> list[bytes]:
    folder = Path(os.environ.get("CONGVU_CORPUS", "")) / "mail"
    if not os.environ.get("CONGVU_CORPUS"):
        return []
    found = (one for path in sorted(folder.iterdir()) for one in archives.messages(path))
    return [one.raw for one in found if isinstance(one, archives.Found)]
