"""The parts of a running agency: web, mail door and clerk, forked from one process that has imported all of them.

Who forks opens nothing and starts no thread before: no descriptor, lock or cache is shared but what is on disk.
"""

import multiprocessing
import multiprocessing.process
import os
import signal
import sys
import threading

from django.conf import settings

from congvu.base.processes import call_process, end_with_parent, is_orphan
from congvu.ledger.fence import SequencerRunningError

PARTS = ("web", "door", "clerk")
SECOND_CLERK = "congvu: another clerk works on this data folder; this one ends."
FORK = multiprocessing.get_context("fork")
_ENDING = {signal.SIGINT, signal.SIGTERM}


def preload() -> None:
    """Import what the parts import, so that each of them begins at once and shares its pages with the others."""
    import granian.server.mp  # noqa: F401, PLC0415 -- slow import
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 -- slow import
    from django.urls import get_resolver  # noqa: PLC0415 -- slow import

    import congvu.cli.clerk  # noqa: PLC0415 -- slow import
    import congvu.mail.server  # noqa: F401, PLC0415 -- slow import

    get_wsgi_application()
    _ = get_resolver().url_patterns


def begin(part: str) -> multiprocessing.process.BaseProcess:
    """Fork a part; it leads a session of its own and ends with this process, however that ends."""
    child = FORK.Process(target=_enter, args=(part, os.getpid()), name=part)
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)  # until the child has its own ears
    try:
        child.start()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    return child


def work(part: str) -> int:
    """Be a part until a signal comes; return the exit status."""
    if part == "web":
        _serve_web()
        return 0
    stop = threading.Event()
    for name in _ENDING:
        signal.signal(name, lambda *_: stop.set())
    try:
        _serve(part, stop)
    except SequencerRunningError:
        print(SECOND_CLERK, file=sys.stderr)
        return 3
    return 0


def _enter(part: str, parent: int) -> None:
    for name in _ENDING:
        signal.signal(name, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    os.setsid()
    end_with_parent()
    if is_orphan(parent):  # it died before the tie was made
        return
    call_process(f"congvu {part}")
    sys.exit(work(part))


def _serve(part: str, stop: threading.Event) -> None:
    if part == "door":
        from congvu.mail import server  # noqa: PLC0415 -- only this part needs it

        server.serve(stop, lambda: None)
    else:
        from congvu.cli import clerk  # noqa: PLC0415 -- only this part needs it

        clerk.serve(stop, lambda: None)


def _serve_web() -> None:
    from granian import Granian  # noqa: PLC0415 -- only this part needs it
    from granian.constants import Interfaces  # noqa: PLC0415 -- as above
    from granian.log import LogLevels  # noqa: PLC0415 -- as above

    Granian(
        "congvu.config.wsgi:application",
        address=settings.CONGVU_WEB_ADDRESS,
        port=settings.CONGVU_WEB_PORT,
        interface=Interfaces.WSGI,
        websockets=False,
        log_level=LogLevels.warning,
        blocking_threads=settings.CONGVU_WEB_THREADS,
        workers=1,
    ).serve()
