"""Work that dies as by `kill -9` between any two of its steps."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from congvu.base import blobs


def killed(work: Callable[[], object], place: tuple[object, str], *, nth: int, before: bool) -> bool:
    """Do work in a process of its own that dies as by `kill -9` at the nth call of a function; return whether it did."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            blobs._several = ThreadPoolExecutor(2)
            _arm(place, nth=nth, before=before)
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9


def _arm(place: tuple[object, str], *, nth: int, before: bool) -> None:
    where, name = place
    whole, calls = getattr(where, name), []

    def armed(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) == nth and before:
            os.kill(os.getpid(), 9)
        done = whole(*args, **kwargs)
        if len(calls) == nth:
            os.kill(os.getpid(), 9)
        return done

    setattr(where, name, armed)
