"""A process that has imported everything and forks the door, the clerk or the web whenever it is asked.

A life of theirs then costs milliseconds, so that thousands can be ended. `python -m tests.torture.nursery` reads the
name of a part per line and answers with the id of the process, which leads a group of its own. What was forked runs
the program's own entry, and shares nothing with other lives but what is on disk.
"""

import os
import signal
import sys
import threading


def preload() -> None:
    """Import what the parts import, and open nothing."""
    import django  # noqa: PLC0415 -- after the environment is known

    django.setup()
    from congvu.cli import parts  # noqa: PLC0415 -- after setup

    parts.preload()
    assert threading.active_count() == 1, "a thread does not outlive a fork"


def fork(part: str) -> int:
    """Begin a life; return its id."""
    child = os.fork()
    if child:
        return child
    status = 70
    try:
        _live(part)
        status = 0
    finally:
        os._exit(status)


def _live(part: str) -> None:
    from congvu.base.processes import end_with_parent  # noqa: PLC0415 -- in the child
    from congvu.cli import parts  # noqa: PLC0415 -- in the child

    os.setsid()
    end_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what it says goes into the log, ids go to who asked
    parts.work(part)  # what `congvu run --only` enters


def main() -> None:
    """Fork what is asked for until nobody asks any more."""
    preload()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    print("ready", flush=True)  # noqa: T201 -- read by who asks
    for line in sys.stdin:
        print(fork(line.strip()), flush=True)  # noqa: T201 -- as above


if __name__ == "__main__":
    main()
