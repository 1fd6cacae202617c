"""Ties between the processes of an installation."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # prctl(2)
_PR_SET_NAME = 15


def end_with_parent() -> None:
    """Have the system end this process when the one that started it is gone, however it went; Linux only.

    Else a killed supervisor would leave servers behind that hold the ports and the fence. It ends at once, as the
    supervisor did, so that a new one finds both free; what was acknowledged is on disk. The tie holds over exec.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def call_process(name: str) -> None:
    """Name this process as `ps -o comm` and `top` show it, at most 15 octets; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode())


def is_orphan(parent: int) -> bool:
    """Tell whether the process that started this one, by its id, is gone already."""
    return os.getppid() != parent
