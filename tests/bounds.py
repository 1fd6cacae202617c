"""A guard against work without end: far above what a test needs, far below what a fault of growth takes."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

FAR_ABOVE = 10.0  # seconds of the processor; the guarded inputs need some hundredths, and took minutes when a fault was in


@contextmanager
def soon_done() -> Iterator[None]:
    """Fail when what is inside takes ten seconds of this thread's processor time; the collector of garbage rests meanwhile."""
    gc.disable()
    begun = time.thread_time()
    try:
        yield
        assert time.thread_time() - begun < FAR_ABOVE
    finally:
        gc.enable()
